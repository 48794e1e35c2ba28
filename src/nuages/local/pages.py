"""What a page says: its style sheets, its forms, its errors. Pure, out of the HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    """Names of the fields that somebody writes into and that are shown."""
    passwords: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    """Those of ``texts`` that take an address and nothing else."""

    @property
    def first(self) -> str:
        """The field that says who: the first to be written into."""
        return next(iter(self.texts), "username")


@dataclass
class Page:
    title: str = ""
    styles: list[str] = field(default_factory=list)
    inline_style: bool = False
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "link" and "stylesheet" in values.get("rel", "").lower():
            self.page.styles.append(values.get("href", ""))
        elif tag == "a" and values.get("href"):
            self.page.links.append(values["href"])
        elif tag == "form":
            method = values.get("method", "get").lower()
            self.page.forms.append(Form(values.get("action", ""), method))
        elif tag == "input" and self.page.forms and values.get("name"):
            self._input(values, self.page.forms[-1])
        self._in_title = tag == "title"
        self.page.inline_style = self.page.inline_style or tag == "style" or "style" in values

    def _input(self, values: dict[str, str], form: Form) -> None:
        kind = values.get("type", "text").lower()
        if kind in {"submit", "button", "image", "reset"}:
            return
        form.fields[values["name"]] = values.get("value", "")
        if kind == "password":
            form.passwords.append(values["name"])
        elif kind in {"text", "email", "tel", ""}:
            form.texts.append(values["name"])
            form.emails += [values["name"]] if kind == "email" else []

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.page.title = " ".join(f"{self.page.title} {data}".split())


def read(html: str) -> Page:
    """The parts of a page that a proof looks at; no HTML is so broken that it fails."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


def login_form(page: Page) -> Form | None:
    """The form that asks for one password: two are asked for where somebody registers."""
    return next((form for form in page.forms if len(form.passwords) == 1), None)


CAPTCHA = re.compile(r"""["'\s](?:g-recaptcha|h-captcha|cf-turnstile|altcha-widget)\b|captcha_0""")


def asks_for_a_captcha(html: str) -> bool:
    """Whether a page wants to be sure that a person fills in its form."""
    return CAPTCHA.search(html) is not None


def own_styles(page: Page, url: str) -> tuple[list[str], list[str]]:
    """The style sheets of a page as absolute URLs: the site's own, and those of others."""
    found = [urljoin(url, style) for style in page.styles if style]
    host = urlsplit(url).netloc
    own = [style for style in found if urlsplit(style).netloc == host]
    return own, [style for style in found if style not in own]


def is_html(headers: Mapping[str, str]) -> bool:
    return "html" in headers.get("content-type", "")


def is_json(headers: Mapping[str, str]) -> bool:
    return "json" in headers.get("content-type", "")
