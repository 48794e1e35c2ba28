"""Rules about probes."""

from __future__ import annotations

import pytest
from clean_site import found

BARE = {"shop/urls.py": "urlpatterns = []\n"}
IMAGE = (
    "FROM python:3.13-slim\nUSER 2000\n"
    "HEALTHCHECK CMD curl -f http://localhost:8000{path} || exit 1\n"
    'CMD ["gunicorn", "shop.wsgi"]\n'
)


@pytest.mark.parametrize(
    "answer",
    [
        "re_path(r'^healthz/?$', view)",
        "path('api/v1/ping/', view)",
        "path('', include('health_check.urls'))",
        "path('up/status', view)",
    ],
)
def test_any_usual_name_is_an_endpoint(answer: str) -> None:
    urls = f"from django.urls import path\n\nurlpatterns = [{answer}]\n"
    assert found("PRO001", BARE)
    assert not found("PRO001", {"shop/urls.py": urls})


def test_a_middleware_may_answer() -> None:
    code = (
        "class Health:\n    def __init__(self, get_response):\n        pass\n"
        "    def __call__(self, request):\n        return request.path == '/healthz'\n"
    )
    assert not found("PRO001", {**BARE, "shop/health.py": code})


def test_the_image_may_probe_only_what_is_there() -> None:
    assert not found("PRO002", {"Dockerfile": IMAGE.format(path="/health/")})
    (finding,) = found("PRO002", {"Dockerfile": IMAGE.format(path="/up")})
    assert (finding.location.path, finding.location.line) == ("Dockerfile", 3)


def test_a_redirect_matters_only_where_there_is_one() -> None:
    assert not found("PRO003", {"settings.py": "SECURE_SSL_REDIRECT = False\n"})
    assert found("PRO003", {"settings.py": "SECURE_REDIRECT_EXEMPT = [r'^status/']"})
