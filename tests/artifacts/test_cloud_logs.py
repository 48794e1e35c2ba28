"""Lines of the log, field by field as the documents of Google Cloud have them.

https://docs.cloud.google.com/error-reporting/docs/formatting-error-messages says what an error is;
https://docs.cloud.google.com/logging/docs/structured-logging which fields are taken out of a line.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django_environments import VERSIONS, Django, django, written
from handmade import deployment, overlay

from nuages.artifacts.cloud_settings import cloud_settings

pytestmark = pytest.mark.slow
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
W3C = f"00-{TRACE}-{SPAN}-01"
URLS = """
import logging
from django.http import HttpResponse
try:
    from django.urls import re_path
except ImportError:
    from django.conf.urls import url as re_path
def fails(request):
    logging.getLogger("shop").warning("before it")
    raise ValueError("a basket without a shop")
def fine(request):
    return HttpResponse("fine")
urlpatterns = [re_path("^fails", fails), re_path("^fine", fine)]
"""
SETTINGS = """
SECRET_KEY = "own"
DEBUG = True
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
INSTALLED_APPS = []
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
"""
ASK = """
import json, sys
import django
django.setup()
from django.test import Client
headers = dict(json.loads(sys.argv[2]), HTTP_USER_AGENT="a browser")
try:
    Client().get(sys.argv[1] + "?password=secret", **headers)
except ValueError:
    pass  # the client of the tests hands it on, once it is logged
"""


@pytest.fixture(params=VERSIONS)
def here(request: pytest.FixtureRequest) -> Django:
    return django(request.param)


def lines(here: Django, folder: Path, headers: dict[str, str], **environ: str) -> list[Any]:
    parts = overlay(
        base_module="shop_settings", django=here.version, logging=True, secret_key=False,
        database=False, cache=False, hosts=False, https=False, health=False, storages=False,
        whitenoise=False, static_root=False, media=False,
    )  # fmt: skip
    site = written(
        folder, cloud_settings(deployment(overlay=parts)), shop_settings=SETTINGS, urls=URLS
    )
    done = here.run(site, ASK, "/fails", json.dumps(headers), environ=environ)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_error_is_what_error_reporting_counts(here: Django, tmp_path: Path) -> None:
    google = {
        "LOG_FORMAT": "google",
        "ERROR_REPORTING": "on",
        "GOOGLE_CLOUD_PROJECT": "my-project",
        "K_SERVICE": "shop",
        "K_REVISION": "shop-00007-abc",
    }
    warning, error = lines(here, tmp_path, {"HTTP_TRACEPARENT": W3C}, **google)
    assert error.pop("time").endswith("+00:00")
    stack = error.pop("stack_trace")
    assert stack.startswith("Traceback (most recent call last):\n")
    assert stack.endswith("ValueError: a basket without a shop")
    assert error == {
        "severity": "ERROR",
        "logger": "django.request",
        "message": "Internal Server Error: /fails",
        "status": 500,
        "@type": "type.googleapis.com/"
        "google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent",
        "serviceContext": {"service": "shop", "version": "shop-00007-abc"},
        "context": {
            "httpRequest": {
                "method": "GET",
                "url": "/fails",
                "userAgent": "a browser",
                "responseStatusCode": 500,
            }
        },
        "logging.googleapis.com/trace": f"projects/my-project/traces/{TRACE}",
        "logging.googleapis.com/spanId": SPAN,
        "logging.googleapis.com/trace_sampled": True,
    }
    assert warning["logging.googleapis.com/trace"] == error["logging.googleapis.com/trace"]
    assert warning["severity"] == "WARNING"
    assert "@type" not in warning


def test_by_default_a_line_is_of_no_cloud(here: Django, tmp_path: Path) -> None:
    warning, error = lines(here, tmp_path, {"HTTP_TRACEPARENT": W3C})
    assert "googleapis" not in json.dumps([warning, error])
    assert error["trace_id"] == TRACE
    assert error["exception"].endswith("ValueError: a basket without a shop")
    assert set(warning) <= {"severity", "time", "logger", "message", "trace_id"}


@pytest.mark.parametrize(
    ("header", "trace", "span", "sampled"),
    [
        (f"{TRACE}/123;o=1", TRACE, "000000000000007b", True),
        (f"{TRACE}/123;o=0", TRACE, "000000000000007b", False),
        (TRACE, TRACE, None, False),
        ("'; DROP TABLE", None, None, None),
        ("", None, None, None),
    ],
)
def test_the_load_balancers_own_header(
    header: str, trace: str | None, span: str | None, sampled: bool | None, tmp_path: Path
) -> None:
    here = django("5.2")
    given = {"HTTP_X_CLOUD_TRACE_CONTEXT": header}
    error = lines(here, tmp_path, given, LOG_FORMAT="google", GOOGLE_CLOUD_PROJECT="p")[-1]
    wanted = f"projects/p/traces/{trace}" if trace else None
    assert error.get("logging.googleapis.com/trace") == wanted
    assert error.get("logging.googleapis.com/spanId") == span
    assert error.get("logging.googleapis.com/trace_sampled") is sampled
