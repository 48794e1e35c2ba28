from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nuages.local import pages

PAGE = """<!doctype html><title>Log in | Site</title>
<link rel="icon" href="/i.ico">
<link rel="stylesheet" href="/static/a.css"><link rel='preload stylesheet' href="b.css?v=1">
<link rel="stylesheet" href="https://cdn.example.org/x.css">
<form method="post" action="/in/"><input name="csrfmiddlewaretoken" value="t">
<input name="username"><input type="password" name="password"><input type="submit"></form>
<form action="/search"><input name="q"></form>"""


def test_reads_what_a_proof_needs() -> None:
    page = pages.read(PAGE)
    assert page.title == "Log in | Site"
    own, external = pages.own_styles(page, "https://localhost:8000/in/")
    assert own == ["https://localhost:8000/static/a.css", "https://localhost:8000/in/b.css?v=1"]
    assert external == ["https://cdn.example.org/x.css"]
    form = pages.login_form(page)
    assert form is not None
    assert (form.action, form.method) == ("/in/", "post")
    assert form.fields == {"csrfmiddlewaretoken": "t", "username": "", "password": ""}


def test_a_login_form_by_other_names() -> None:
    text = """<form><input type=hidden name=step value=auth><input type=email name=auth-username>
    <input type=password name=auth-password><input type=submit name=go></form>"""
    form = pages.login_form(pages.read(text))
    assert form is not None
    assert (form.first, form.passwords) == ("auth-username", ["auth-password"])
    assert form.fields == {"step": "auth", "auth-username": "", "auth-password": ""}


def test_a_form_to_register_is_no_login() -> None:
    twice = "<form><input name=n><input type=password name=a><input type=password name=b></form>"
    assert pages.login_form(pages.read(twice)) is None


def test_a_search_form_is_no_login() -> None:
    assert pages.login_form(pages.read("<form><input name=q></form>")) is None


@given(st.text(alphabet="<>/='\" abformlinkstylesheet-!&;\n"))
def test_no_html_is_too_broken(html: str) -> None:
    pages.read(html)
