from __future__ import annotations

import pytest

from nuages.effects.shell import Finished
from nuages.errors import InputNeeded, StepFailed
from nuages.local.container import causes


@pytest.mark.parametrize(
    ("log", "code", "subject"),
    [
        (
            "ERROR: failed to resolve source metadata for docker.io/library/node:22-slim: no host",
            "image-unavailable",
            "docker.io/library/node:22-slim",
        ),
        (
            "Bind for 127.0.0.1:8000 failed: port is already allocated",
            "port-taken",
            "port is already allocated",
        ),
        ("write /x: no space left on device", "disk-full", "no space left on device"),
        ("#12 0.391 KeyError: 'STRIPE_KEY'", "missing-variable", "STRIPE_KEY"),
        (
            "migrate-1  | ModuleNotFoundError: No module named 'babel'",
            "missing-module",
            "babel",
        ),
    ],
)
def test_a_log_shows_its_cause(log: str, code: str, subject: str) -> None:
    found = causes.likely(log)
    assert found is not None
    assert (found.code, found.subject) == (code, subject)


def test_a_quiet_log_shows_none() -> None:
    assert causes.likely("#1 [internal] load build definition\n#1 DONE 0.0s") is None


def test_prefixes_of_buildkit_and_compose_are_not_the_programs() -> None:
    assert causes.without_prefixes("#12 0.39 a\nweb-1  | b\nc | d") == "a\nb\nd"


@pytest.mark.parametrize(
    ("line", "kind", "reason"),
    [
        ("KeyError: 'STRIPE_KEY'", InputNeeded, "missing-variable"),
        ("who knows", StepFailed, "build-failed"),
    ],
)
def test_only_what_the_user_can_give_is_asked_of_the_user(
    line: str, kind: type[Exception], reason: str
) -> None:
    error = causes.failure(Finished(("docker",), 1, (line,)), "It fails", "build-failed")
    assert type(error) is kind
    assert error.reason == reason


def test_steps_that_were_gone_without_are_told_and_commands_are_not() -> None:
    log = (
        "#12 [site 4/4] RUN compilemessages || echo 'nuages: `compilemessages` failed'\n"
        "#12 3.081 CommandError: nothing\n"
        "#12 3.114 nuages: `compilemessages` failed\n"
    )
    assert causes.told(log) == ("`compilemessages` failed",)
    assert causes.told("#12 3.114 fine\n") == ()
