"""Asks a running site as a browser, a proxy and a load balancer do; ``proof`` judges."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from nuages.local import pages, proof
from nuages.local.engine import Running
from nuages.local.proof import Check, Proof, Response
from nuages.project.facts import Project

HOPS = 6
PAGES = 6
TEXT = 400_000
LOG = 60_000
FOREIGN = "foreign.example.org"
OTHER_COOKIE = re.compile(r"(?i)csrf|xsrf|message|lang")
"""What a site may set for somebody who is not logged in."""
HEALTH = ("/health/live", "/health/")
UNDONE = frozenset({"step-failed", "no-node"})
"""Notices of what was left out, and may be why a page lacks something."""
ADDRESS = "10.1.2.3"
_OUTCOMES = ("proved", "failed", "not-applicable")
"""Of several ways to log in, one that works is enough, and a fault is told first."""


def prove(running: Running, project: Project, root: Path | None = None) -> Proof:
    """Everything that a served site must answer, and the likely cause where it does not.

    ``root`` is the project's folder, where it is known; with a front end, any file may be made.
    """
    whole = root if project.frontend is None else None
    with httpx.Client(timeout=30, verify=False, follow_redirects=False) as client:  # noqa: S501
        prober = _Prober(running, client, whole)
        checks = prober.checks(candidates(running, project))
    failed = [notice.text for notice in running.notices if notice.code in UNDONE]
    return proof.judged(checks, _log(running.logs), failed, prober.identity)


def candidates(running: Running, project: Project) -> list[str]:
    """Paths to try for a page: the root, then what the URLs name; never two for one place."""
    urls = ["/", *running.pages, *(fact.value for fact in project.urls)]
    skipped = re.compile(
        r"logout|delete|admin|api-auth|callback|webhook|__|\.(txt|xml|ico|json)$|sitemap|health"
    )
    return list(dict.fromkeys(url for url in urls if url == "/" or not skipped.search(url)))


@dataclass
class _Prober:
    running: Running
    client: httpx.Client
    root: Path | None = None
    identity: str = ""
    """By what the superuser could log in."""

    def checks(self, paths: list[str]) -> list[Check]:
        tried = self._pages(paths)
        path = self.running.admin
        admin = self._follow(path) if path else None
        found = [proof.page(_relevant(tried), admin)]
        best = min((*tried, *([admin] if admin else [])), key=_before_the_admin(admin))
        found.append(self._style("style sheet", best))
        if path and admin:
            found += self._admin(admin, path)
        found += [proof.health(path, self._plain(path, ADDRESS)) for path in HEALTH]
        refused = self._get(best.path, host=FOREIGN)
        return [*found, proof.foreign(refused, asks=self.running.asks_host)]

    def _pages(self, paths: list[str]) -> list[Response]:
        """Pages until one with a style sheet is found, a handful at most."""
        tried: list[Response] = []
        for path in paths[:PAGES]:
            tried.append(self._follow(path))
            if proof.rank(tried[-1]) == 0:
                break
        return tried

    def _style(self, name: str, response: Response, *, ours: bool = False) -> Check:
        if not pages.is_html(response.headers):
            return proof.skipped(name, "this is no page")
        page = pages.read(response.text)
        own, external = pages.own_styles(page, response.url)
        fetched = [self._get(self._path(url)) for url in own[:4]]
        lost = [r.path for r in fetched if r.status == 404 and not ours]
        nowhere = [path for path in lost if self.root and not is_among(self.root, path)]
        return proof.style(name, len(page.styles), fetched, external, ours=ours, nowhere=nowhere)

    def _admin(self, shown: Response, path: str) -> list[Check]:
        found = [proof.admin(shown)]
        if found[0].outcome == "proved":
            found.append(self._style("admin style sheet", shown, ours=True))
            found += [self._login(shown, path, scheme) for scheme in self._schemes()]
        return found

    def _schemes(self) -> tuple[str, ...]:
        """As the browser at the printed address sends it, and behind a proxy with https."""
        own = self.running.address.partition("://")[0]
        return tuple(dict.fromkeys((own, "https")))

    def _login(self, shown: Response, path: str, scheme: str) -> Check:
        name = f"log in over {scheme}"
        user = self.running.superuser
        form = pages.login_form(pages.read(shown.text))
        if form is None:
            return proof.skipped(name, "the admin logs in by other means than a form")
        if pages.asks_for_a_captcha(shown.text):
            return proof.skipped(name, "the form asks for a captcha")
        if user is None or not user.password:
            return proof.skipped(name, "no password is known")
        tried = []
        known = (self.identity,) if self.identity else (user.name, *user.others)
        for identity in sorted(known, key=lambda text: "@" not in text and bool(form.emails)):
            tried.append(self._attempt(name, path, scheme, identity))
            if tried[-1].outcome == "proved":
                self.identity = identity
                break
        return min(tried, key=lambda check: _OUTCOMES.index(check.outcome))

    def _attempt(self, name: str, path: str, scheme: str, identity: str) -> Check:
        self.client.cookies.clear()
        fresh = self._follow(path, scheme)
        form = pages.login_form(pages.read(fresh.text))
        if form is None:
            return proof.no(name, f"{fresh.path} has no form any more")
        if len(form.texts) > 1:
            return proof.skipped(name, f"the form asks for more: {', '.join(form.texts[1:])}")
        password = self.running.superuser.password if self.running.superuser else None
        values = {**form.fields, form.first: identity, form.passwords[0]: password or ""}
        target = urljoin(fresh.url, form.action or fresh.url)
        headers = self._headers(self.running.host, scheme)
        headers |= {"Origin": self._origin(scheme), "Referer": fresh.url}
        before = set(self._session())
        answer = self.client.post(self._connect(target), data=values, headers=headers)
        session = bool(set(self._session()) - before)
        after = self._response(target, answer)
        return proof.login(name, fresh, after, session, self.running.own_logins)

    def _session(self) -> Iterator[tuple[str, str]]:
        """Cookies that may say who is logged in."""
        for cookie in self.client.cookies.jar:
            if not OTHER_COOKIE.search(cookie.name):
                yield cookie.name, cookie.value or ""

    # --- asking ------------------------------------------------------------------------------

    def _follow(self, path: str, scheme: str = "https") -> Response:
        """A path and where it redirects to, as long as that is on this site."""
        response = self._get(path, scheme=scheme)
        for hop in range(1, HOPS):
            target = response.headers.get("location")
            if response.status not in {301, 302, 303, 307, 308} or not target:
                break
            where = urljoin(response.url, target)
            if urlsplit(where).netloc not in {self.running.host, "", "localhost"}:
                return Response(where, response.status, response.headers, proof.ELSEWHERE, hop)
            response = self._get(self._path(where), scheme=scheme)
        return response

    def _get(self, path: str, host: str | None = None, scheme: str = "https") -> Response:
        url = f"{self._origin(scheme)}{path}"
        try:
            headers = self._headers(host or self.running.host, scheme)
            return self._response(url, self.client.get(self._connect(url), headers=headers))
        except httpx.HTTPError as error:
            return Response(url, 0, {}, f"{type(error).__name__}: {error}")

    def _plain(self, path: str, host: str) -> Response:
        """As a load balancer asks: by address, with no word of https."""
        url = f"{self._origin()}{path}"
        try:
            return self._response(url, self.client.get(self._connect(url), headers={"Host": host}))
        except httpx.HTTPError as error:
            return Response(url, 0, {}, f"{type(error).__name__}: {error}")

    def _headers(self, host: str, scheme: str) -> dict[str, str]:
        """A proxy says what it was asked by; a browser on this machine says nothing."""
        accepted = {"Host": host, "Accept": "text/html,*/*;q=0.8"}
        return accepted | ({"X-Forwarded-Proto": "https"} if scheme == "https" else {})

    def _origin(self, scheme: str = "https") -> str:
        return f"{scheme}://{self.running.host}"

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"

    def _connect(self, url: str) -> str:
        return f"{self.running.connect}{self._path(url)}"

    def _response(self, url: str, answer: httpx.Response) -> Response:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(url, answer.status_code, headers, answer.text[:TEXT])


def is_among(root: Path, path: str) -> bool:
    """Whether the project, or what was made of it here, has a file of a URL's name."""
    name = unquote(urlsplit(path).path).rpartition("/")[2]
    found = (files for _, _, files in os.walk(root))
    return not name or any(name in files for files in found)


def _before_the_admin(admin: Response | None) -> Callable[[Response], tuple[bool, int]]:
    """Pages of the site's own come first, be they plain; then the admin; then what is no page."""
    return lambda response: (
        proof.rank(response) >= 4,
        proof.rank(response) + (4 if response is admin else 0),
    )


def _relevant(tried: list[Response]) -> list[Response]:
    """The pages to judge: where the root is no page, the first that is stands for the site."""
    return [r for r in tried if r.status >= 500 or r.status == 0 or proof.rank(r) < 4] or tried


def _log(folder: Path) -> str:
    """The end of the log of the server, without what our own foreign Host made it say."""
    texts: list[str] = []
    for path in sorted(folder.glob("web*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        texts += [line for line in text[-LOG:].splitlines() if FOREIGN not in line]
    return "\n".join(texts)
