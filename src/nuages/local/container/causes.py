"""What a failed build or start of containers most likely means."""

from __future__ import annotations

import re

from nuages.artifacts.dockerfile import SAID
from nuages.effects.shell import Finished
from nuages.errors import InputNeeded, NuagesError, StepFailed
from nuages.local import causes
from nuages.local.causes import Cause

_IMAGE = r"(?:failed to resolve source metadata for|pull access denied for|manifest for) (?P<a>\S+)"
TABLE: tuple[tuple[str, str, str, str], ...] = (
    (
        "image-unavailable",
        _IMAGE,
        "the image {subject} is not here and cannot be fetched",
        "See that its registry can be reached, or pull it first: docker pull {subject}",
    ),
    (
        "disk-full",
        r"(?P<a>no space left on device)",
        "the disk of the Docker engine is full",
        "Make room: docker system prune",
    ),
    (
        "port-taken",
        r"(?P<a>port is already allocated|address already in use)",
        "the port is taken",
        "Choose another with --port.",
    ),
    (
        "killed",
        r"(?P<a>OOMKilled|exit(?:ed with)? code:? 137)",
        "a process was killed, most likely for want of memory",
        "Give it more: deployment.resources.memory in nuages.yaml.",
    ),
)


def likely(log: str) -> Cause | None:
    """The first cause that the log shows: those of containers, then those of any site."""
    for code, pattern, explanation, remedy in TABLE:
        match = re.search(pattern, log)
        if match:
            subject = match["a"].rstrip(":,")
            words = {"subject": subject}
            return Cause(code, explanation.format(**words), remedy.format(**words), subject)
    return causes.likely(without_prefixes(log))


def told(log: str) -> tuple[str, ...]:
    """What steps of a build that went on without them had to say."""
    found = re.findall(rf"(?m)^(?:#\d+ [\d.]+ ){SAID}(.+)$", log)
    return tuple(dict.fromkeys(found))


def without_prefixes(log: str) -> str:
    """The log as the program printed it: BuildKit and compose put a prefix on each line."""
    return re.sub(r"(?m)^(?:#\d+ [\d.]+ |[\w.-]+ +\| )", "", log)


def failure(finished: Finished, title: str, reason: str) -> NuagesError:
    """The error for a step that failed, with the end of its log and its likely cause."""
    cause = likely(finished.text)
    where = f" (the whole log: {finished.log})" if finished.log else ""
    kind = InputNeeded if cause and cause.code in causes.FOR_THE_USER else StepFailed
    why = cause.explanation if cause else f"it ended with status {finished.status}"
    return kind(
        f"{title}: {why}{where}",
        reason=cause.code if cause else reason,
        hint=cause.remedy if cause else "",
        detail=finished.tail(30),
    )
