"""Rules about the settings contract: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from contract_site import manifest


def test_a_misspelled_variable_of_a_compose_file() -> None:
    compose = "services:\n  web:\n    build: .\n    environment:\n      - EMAIL_HOTS=smtp\n"
    (finding,) = found("CON007", {"compose.yaml": compose})
    assert finding.severity == "warning"
    assert finding.fix == "Write EMAIL_HOST."
    assert str(finding.location).startswith("compose.yaml:5")


@pytest.mark.parametrize(
    "name", ["AWS_ACCESS_KEY_ID", "WEB_CONCURRENCY", "DJANGO_SUPERUSER_EMAIL", "PAYMENT_URL"]
)
def test_variables_that_libraries_or_other_files_read(name: str) -> None:
    view = 'import os\n\nURL = os.getenv("PAYMENT_URL")\n'
    files = {"nuages.yaml": manifest(f"{name}: some"), "orders/views.py": view}
    assert found("CON007", files) == []


def test_a_variable_that_nothing_of_the_project_names() -> None:
    (finding,) = found("CON007", {"nuages.yaml": manifest("PAYMENT_URL: https://pay.example")})
    assert finding.severity == "info"


def test_a_misspelled_variable_with_a_prefix_that_others_use() -> None:
    files = {
        "settings.py": "PAGES = env('DJANGO_PAGES')",
        "nuages.yaml": manifest("DJANGO_PAGE: '5'"),
    }
    (finding,) = found("CON007", files)
    assert finding.fix == "Write DJANGO_PAGES."


def test_a_variable_with_its_words_in_another_order() -> None:
    files = {"settings.py": "SENDER = env('SENDER_OF_MAIL')"}
    files["nuages.yaml"] = manifest("MAIL_OF_SENDER: shop@example.com")
    (finding,) = found("CON007", files)
    assert finding.fix == "Write SENDER_OF_MAIL."


def test_a_secret_under_the_name_that_another_template_has() -> None:
    listed = "domain: shop.example.com\nsecrets: [DJANGO_SECRET_KEY]\n"
    (finding,) = found("CON007", {"nuages.yaml": listed})
    assert finding.fix == "Write SECRET_KEY."
