"""Files that cannot be parsed: what is found, and what is not said of them."""

from __future__ import annotations

from clean_site import found, site

from nuages.checks.runner import report

NEWER = "try:\n    pass\nexcept ValueError, TypeError:\n    pass"


def test_a_syntax_error_is_named_with_its_place() -> None:
    (finding,) = found("CON022", {"settings.py": "DEBUG = bool('DEBUG', default=(1)"})
    assert finding.severity == "error"
    assert "was never closed" in finding.message
    assert finding.location.path == "shop/settings.py"
    assert finding.location.line
    assert finding.location.column
    assert finding.fix.startswith("Correct this line")


def test_a_view_that_cannot_be_parsed() -> None:
    (finding,) = found("CON022", {"shop/urls.py": "urlpatterns = [)"})
    assert finding.location.path == "shop/urls.py"


def test_newer_syntax_than_the_python_that_is_named() -> None:
    finding, image = found("CON022", {"settings.py": NEWER, ".python-version": "3.12"})
    assert "Dockerfile:1 names Python 3.13" in image.message
    assert "Python 3.14" in finding.message
    assert ".python-version" in finding.message
    assert finding.fix.startswith("This is no mistake of the syntax")


def test_newer_syntax_where_the_python_is_as_new() -> None:
    files = {
        "settings.py": NEWER,
        ".python-version": "3.14",
        "Dockerfile": "FROM python:3.14-slim\nCOPY . .\nCMD gunicorn shop.wsgi",
    }
    assert found("CON022", files) == []


def test_nothing_is_said_to_be_missing_from_settings_that_cannot_be_read_whole() -> None:
    absent = "# no SECURE_HSTS_SECONDS\n# no CACHES\n# no STATIC_ROOT\n# no ALLOWED_HOSTS"
    torn = report(site({"settings.py": f"{absent}\nfrom .base impot *"}), as_is=True)
    assert {finding.rule.id for finding in torn.findings} == {"CON022"}
    whole = report(site({"settings.py": absent}), as_is=True)
    assert {"CAC001", "STA001"} & {finding.rule.id for finding in whole.findings}


def test_what_a_broken_line_adds_to_a_setting_is_not_said_to_be_missing() -> None:
    broken = {"settings.py": "DATABASES['default']['CONN_MAX_AGE'] = (60\n# no"}
    assert found("DB012", broken) == []
