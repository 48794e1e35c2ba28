"""Asks a revision that nobody is sent to yet, as those will who are sent there next."""

from __future__ import annotations

import httpx

from nuages.effects import clock
from nuages.errors import ProofFailed
from nuages.steps.step import Probe, Question
from nuages.targets.target import Client

TIMEOUT = 30
"""Seconds for one answer: the first one may start an instance."""
_REFUSED = (401, 403)


def ask(probe: Probe, client: Client) -> None:
    """Put every question until it is answered right; raises ProofFailed when patience ends."""
    end = clock.elapsed() + probe.patience
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as http:
        for question in probe.questions:
            while (said := _wrong(http, probe, question, client)) is not None:
                if clock.elapsed() > end:
                    raise _failed(probe, question, said)
                clock.pause(1)


def _failed(probe: Probe, question: Question, said: str) -> ProofFailed:
    return ProofFailed(
        f"{probe.url.rstrip('/')}{question.path} answers {said}",
        hint="Nobody was sent there. `nuages logs` shows what the site said.",
        reason="candidate-failed",
    )


def _wrong(http: httpx.Client, probe: Probe, question: Question, client: Client) -> str | None:
    """What is wrong with the answer; None: nothing."""
    url = probe.url.rstrip("/") + question.path
    try:
        answer = http.get(url)
        if answer.status_code in _REFUSED and probe.audience:
            token = client.identity(probe.audience)
            answer = http.get(url, headers={"Authorization": f"Bearer {token}"})
    except httpx.HTTPError as error:
        return f"nothing ({type(error).__name__})"
    if answer.status_code in question.statuses:
        return None
    return f"{answer.status_code} {answer.text[:200].strip()}".strip()
