"""The judgement over what a site answered: pure, one named check for each thing proved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from nuages.local import causes, pages

ELSEWHERE = "elsewhere"
"""The text of a redirect that leads away from the site."""


@dataclass(frozen=True)
class Response:
    """An answer of the site; ``status`` 0 says that there was none, and ``text`` why."""

    url: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = field(default="", repr=False)
    hops: int = 0

    @property
    def path(self) -> str:
        rest = self.url.partition("://")[2]
        return "/" + rest.partition("/")[2]


@dataclass(frozen=True)
class Check:
    name: str
    passed: bool
    detail: str
    outcome: Literal["proved", "failed", "not-applicable"] = "proved"


@dataclass(frozen=True)
class Proof:
    checks: tuple[Check, ...]
    advice: str = ""
    identity: str = ""
    """What the superuser gave as a name, where that and the password opened a session."""
    reason: str = ""
    """The code of the likely cause of a failure, where the log shows one that is known."""

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)

    @property
    def styled(self) -> bool:
        """Whether a page was served with a style sheet of the site's own."""
        return any(c.name.endswith("style sheet") and c.outcome == "proved" for c in self.checks)


def yes(name: str, detail: str) -> Check:
    return Check(name, True, detail)


def no(name: str, detail: str) -> Check:
    return Check(name, False, detail, "failed")


def skipped(name: str, detail: str) -> Check:
    return Check(name, True, detail, "not-applicable")


def rank(response: Response) -> int:
    """How good a page is as the one to judge a site by: lower is better."""
    if response.status == 200 and pages.is_html(response.headers):
        return 0 if pages.read(response.text).styles else 1
    if response.status == 200 and pages.is_json(response.headers):
        return 2
    if response.status in {401, 403}:
        return 3
    return 4 if response.status and response.status < 400 else 5


def page(responses: list[Response], admin: Response | None = None) -> Check:
    """A page answers; an error of the server on any of them fails, whatever others say.

    A site all of whose pages are the admin's has no other.
    """
    broken = [r for r in responses if r.status >= 500 or r.status == 0]
    if broken:
        return no("page", f"{broken[0].path} answers {_status(broken[0])}")
    best = min(responses, key=rank, default=None)
    if best is None or rank(best) >= 4:
        said = ", ".join(f"{r.path} {_status(r)}" for r in responses[:4])
        if admin is not None and rank(admin) == 0:
            return yes("page", f"{admin.path} {_status(admin)}: only the admin has any ({said})")
        return no("page", f"no page was found ({said})")
    return yes("page", f"{best.path} {_status(best)}, {_kind(best)}")


def _kind(response: Response) -> str:
    if pages.is_json(response.headers):
        return "JSON: an API without pages"
    if response.status in {401, 403}:
        return "it asks who is there"
    title = pages.read(response.text).title
    return f"“{title[:60]}”" if title else response.headers.get("content-type", "no type")


def _status(response: Response) -> str:
    return str(response.status) if response.status else f"nothing ({response.text})"


def style(
    name: str,
    named: int,
    fetched: list[Response],
    external: list[str],
    *,
    ours: bool = False,
    nowhere: Collection[str] = (),
) -> Check:
    """At least one style sheet that the page names arrives whole, and none is missing.

    ``ours``: they come with the site (the admin's), so that elsewhere they would not be found.
    ``nowhere``: paths that the site's code names and no file of the project could answer. Beside
    one that arrives, such a name is told, and is no failure: it is a mistake in the page.
    """
    good = [r for r in fetched if is_style(r)]
    dead = [r for r in fetched if r.status == 404 and r.path in nowhere] if good else []
    bad = [r for r in fetched if r.status != 200 and r not in dead]
    if bad:
        return no(name, f"{bad[0].path} answers {_status(bad[0])}")
    if good:
        gone = f"; {dead[0].path} is named, and the project has no such file" if dead else ""
        return yes(name, f"{good[0].path} 200, {len(good[0].text)} characters{gone}")
    if fetched:
        kind = fetched[0].headers.get("content-type", "no type")
        return no(name, f"{fetched[0].path} is {kind}, {len(fetched[0].text)} characters")
    if external and ours:
        return no(name, f"all {named} are said to be elsewhere ({external[0]})")
    if external:
        return skipped(name, f"all {named} come from elsewhere ({external[0]})")
    return skipped(name, "the page names none")


def is_style(response: Response) -> bool:
    kind = response.headers.get("content-type", "")
    return response.status == 200 and "css" in kind and bool(response.text.strip())


def login(
    name: str, before: Response, after: Response, session: bool, own: Sequence[str] = ()
) -> Check:
    """The login POST passes CSRF and leads on, with a session.

    ``own``: back ends of the project's that decide who may log in. What they ask for beyond a
    name and a password cannot be known, so that a refusal by them is not a fault.
    """
    if after.status == 403 and "csrf" in after.text.lower():
        return no(name, f"the POST to {before.path} fails CSRF")
    if (after.status >= 400 and not (own and is_refusal(after))) or after.status == 0:
        return no(name, f"the POST to {before.path} answers {_status(after)}")
    if session and not _asks_again(after):
        return yes(name, f"POST {before.path} passes CSRF and opens a session")
    if own:
        said = f"POST {before.path} passes CSRF; {own[0]} judges, and refuses the superuser"
        return skipped(name, said)
    return no(name, "the name and password were not taken")


def is_refusal(after: Response) -> bool:
    """Not let in, as some back ends say it; too many attempts are one of their reasons."""
    return after.status in {401, 403, 429}


def _asks_again(after: Response) -> bool:
    return after.status == 200 and pages.login_form(pages.read(after.text)) is not None


def admin(response: Response) -> Check:
    """The admin shows a way in, or the site's own code says that there is none."""
    if response.status == 404:
        return skipped("admin", f"{response.path} answers 404: the site hides it")
    if response.text == ELSEWHERE:
        host = response.url.partition("://")[2].partition("/")[0]
        return skipped("admin", f"it sends to {host}, where people log in")
    if response.status != 200 or not pages.is_html(response.headers):
        return no("admin", f"{response.path} answers {_status(response)}")
    if pages.login_form(pages.read(response.text)) is None:
        return yes("admin", f"{response.path} 200, logs in by other means than a form")
    return yes("admin", f"{response.path} 200")


def health(path: str, response: Response) -> Check:
    """A probe by address and plain http is answered, with no redirect."""
    if response.status == 200:
        return yes(path, "200 under an address as Host, over plain http")
    return no(path, f"{_status(response)} {response.text[:160]}".strip())


def foreign(response: Response, *, asks: bool = True) -> Check:
    """A Host that is not the site's is refused; 400 is what Django itself answers.

    ``asks``: some middleware asks for the Host of every request. Without, no page depends on
    it, and Django does not look whether it is allowed.
    """
    if 400 <= response.status < 500:
        return yes("foreign host", str(response.status))
    if response.status >= 500:
        said = f"{response.status}: refused by an error of the site's own, not by a plain 400"
        return skipped("foreign host", said)
    if not asks:
        return skipped("foreign host", f"{_status(response)}: nothing asks who is addressed")
    return no("foreign host", f"{response.path} answers {_status(response)} to an unknown Host")


def judged(
    checks: Sequence[Check], log: str, undone: Sequence[str] = (), identity: str = ""
) -> Proof:
    """The proof, with the likely cause of a failure: a step before, the server's log.

    What the log says explains a page that fails with an error, not a style sheet that is missing.
    """
    proof = Proof(tuple(checks), identity=identity)
    if all(check.passed for check in checks):
        return proof
    if all("style sheet" in check.name for check in checks if not check.passed):
        text = f"Before it was served: {'; '.join(undone)}" if undone else ""
        return replace(proof, advice=text, reason="step-failed" if undone else "")
    cause = causes.likely(log)
    if cause is not None:
        text = f"Likely: {cause.explanation}. {cause.remedy}"
        return replace(proof, advice=text, reason=cause.code)
    raised = [line for line in log.splitlines() if causes.EXCEPTION.match(line)]
    return replace(proof, advice=f"The log ends with: {raised[-1]}") if raised else proof
