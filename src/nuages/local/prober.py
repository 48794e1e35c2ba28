"""Asks a running site as a browser, a proxy and a load balancer do; ``proof`` judges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

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
HEALTH = ("/health/live", "/health/")
ADDRESS = "10.1.2.3"


def prove(running: Running, project: Project) -> Proof:
    """Everything that a served site must answer, and the likely cause where it does not."""
    with httpx.Client(timeout=60, verify=False, follow_redirects=False) as client:  # noqa: S501
        checks = _Prober(running, client).checks(candidates(running, project))
    return Proof(tuple(checks), proof.advice(checks, _log(running.logs)))


def candidates(running: Running, project: Project) -> list[str]:
    """Paths to try for a page: the root, then what the URLs name; never two for one place."""
    urls = ["/", *running.pages, *(fact.value for fact in project.urls)]
    skipped = re.compile(r"logout|delete|admin|api-auth|__|\.(txt|xml|ico|json)$|sitemap|health")
    return list(dict.fromkeys(url for url in urls if url == "/" or not skipped.search(url)))


@dataclass
class _Prober:
    running: Running
    client: httpx.Client

    def checks(self, paths: list[str]) -> list[Check]:
        tried = self._pages(paths)
        best = min(tried, key=proof.rank)
        found = [proof.page(_relevant(tried)), self._style("style sheet", best)]
        if self.running.admin:
            found += self._admin(self.running.admin)
        found += [proof.health(path, self._plain(path, ADDRESS)) for path in HEALTH]
        refused = self._get(best.path, host=FOREIGN)
        return [*found, proof.foreign(refused)]

    def _pages(self, paths: list[str]) -> list[Response]:
        """Pages until one with a style sheet is found, a handful at most."""
        tried: list[Response] = []
        for path in paths[:PAGES]:
            tried.append(self._follow(path))
            if proof.rank(tried[-1]) == 0:
                break
        return tried

    def _style(self, name: str, response: Response) -> Check:
        if not pages.is_html(response.headers):
            return proof.skipped(name, "this is no page")
        page = pages.read(response.text)
        own, external = pages.own_styles(page, response.url)
        fetched = [self._get(self._path(url)) for url in own[:4]]
        return proof.style(name, len(page.styles), fetched, external)

    def _admin(self, path: str) -> list[Check]:
        shown = self._follow(path)
        found = [proof.admin(shown)]
        if found[0].passed:
            found.append(self._style("admin style sheet", shown))
            form = pages.login_form(pages.read(shown.text))
            if form is not None:
                found.append(self._login(shown, form))
        return found

    def _login(self, shown: Response, form: pages.Form) -> Check:
        user = self.running.superuser
        if user is None or not user.password:
            return proof.skipped("log in", "no password is known")
        names = [n for n in form.fields if n not in {"csrfmiddlewaretoken", "next", "password"}]
        values = {**form.fields, (names or ["username"])[0]: user.name, "password": user.password}
        target = urljoin(shown.url, form.action or shown.url)
        headers = self._headers(self.running.host)
        headers |= {"Origin": self._origin(), "Referer": shown.url}
        answer = self.client.post(self._connect(target), data=values, headers=headers)
        session = any("session" in name.lower() for name in self.client.cookies)
        return proof.login(shown, self._response(target, answer), session)

    # --- asking ------------------------------------------------------------------------------

    def _follow(self, path: str) -> Response:
        """A path and where it redirects to, as long as that is on this site."""
        response = self._get(path)
        for hop in range(1, HOPS):
            target = response.headers.get("location")
            if response.status not in {301, 302, 303, 307, 308} or not target:
                break
            where = urljoin(response.url, target)
            if urlsplit(where).netloc not in {self.running.host, "", "localhost"}:
                return Response(where, response.status, response.headers, "elsewhere", hop)
            response = self._get(self._path(where))
        return response

    def _get(self, path: str, host: str | None = None) -> Response:
        url = f"{self._origin()}{path}"
        try:
            headers = self._headers(host or self.running.host)
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

    def _headers(self, host: str) -> dict[str, str]:
        return {"Host": host, "X-Forwarded-Proto": "https", "Accept": "text/html,*/*;q=0.8"}

    def _origin(self) -> str:
        """Behind a proxy that speaks https, as the forwarded header says."""
        return f"https://{self.running.host}"

    def _path(self, url: str) -> str:
        parts = urlsplit(url)
        return f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"

    def _connect(self, url: str) -> str:
        return f"{self.running.connect}{self._path(url)}"

    def _response(self, url: str, answer: httpx.Response) -> Response:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return Response(url, answer.status_code, headers, answer.text[:TEXT])


def _relevant(tried: list[Response]) -> list[Response]:
    """The pages to judge: where the root is no page, the first that is stands for the site."""
    return [r for r in tried if r.status >= 500 or r.status == 0 or proof.rank(r) < 4] or tried


def _log(folder: Path) -> str:
    """The end of the log of the server."""
    texts = []
    for path in sorted(folder.glob("web*.log")):
        text = path.read_text(encoding="utf-8", errors="replace")
        texts.append(text[-LOG:])
    return "\n".join(texts)
