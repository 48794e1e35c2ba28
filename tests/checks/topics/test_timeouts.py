"""Rules about timeouts."""

from __future__ import annotations

import pytest
from clean_site import found

YAML = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"


def test_the_default_chain_holds() -> None:
    for rule in ("TIM001", "TIM002", "TIM004"):
        assert not found(rule, {"nuages.yaml": YAML})


def test_the_place_is_the_timeout_that_was_written() -> None:
    text = f"{YAML}server:\n  timeout: 20s\n"
    (finding,) = found("TIM001", {"nuages.yaml": text})
    assert finding.location.line == 5


def test_a_timeout_of_nothing_is_found_in_the_file_and_on_the_line() -> None:
    (finding,) = found("TIM003", {"gunicorn.conf.py": "workers = 2\ntimeout = 0\n"})
    assert (finding.location.path, finding.location.line) == ("gunicorn.conf.py", 2)
    image = 'FROM python:3.13-slim\nUSER 2000\nCMD ["gunicorn", "-t", "0", "shop.wsgi"]\n'
    assert found("TIM003", {"Dockerfile": image})


def test_a_session_and_arguments_in_a_dict_may_hold_a_timeout() -> None:
    code = "import requests\nrequests.get('x', **options)\nrequests.Session().get('x')\n"
    assert not found("TIM005", {"orders/views.py": code})
    assert found("TIM005", {"orders/views.py": "import requests\nrequests.post('x', json={})\n"})


def test_a_file_is_told_once_and_no_tool_is() -> None:
    code = "import requests\nrequests.get('x')\nrequests.get('y')\n"
    (finding,) = found("TIM005", {"orders/views.py": code})
    assert "1 times more" in finding.message
    for path in ("scripts/fetch.py", ".github/fetch.py", "docs/conf.py"):
        assert not found("TIM005", {path: code})


@pytest.mark.parametrize(
    ("code", "endless"),
    [
        ("from requests import Session\nhttp = Session()\nhttp.get('x')", True),
        ("import requests\nhttp = requests.Session()\nhttp.get('x', timeout=3)", False),
        (
            "import requests\nhttp = requests.Session()\nhttp.mount('x', Slow())\nhttp.get('x')",
            False,
        ),
        ("from requests import get\nget('x')", True),
        ("from urllib.request import urlopen\nurlopen('x')", True),
        ("from urllib.request import urlopen\nurlopen('x', None, 5)", False),
        ("from orders import http\nhttp.get('x')", False),
        ("import requests\nrequest.session.get('x')", False),
    ],
)
def test_who_else_waits_for_ever(code: str, endless: bool) -> None:
    assert bool(found("TIM005", {"orders/views.py": code})) is endless


def test_minutes_count_as_minutes() -> None:
    text = "location / {\n  proxy_read_timeout 6m;\n}\n"
    assert not found("TIM006", {"deploy/nginx.conf": text})
