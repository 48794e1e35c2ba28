"""A superuser in the database of the containers: given, or made up once and kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from nuages.effects import files
from nuages.local.container import causes
from nuages.local.container.record import ContainerRecord
from nuages.local.container.site import ContainerSite
from nuages.local.engine import Superuser
from nuages.local.process.flaws import flaw
from nuages.local.process.workspace import Workspace

PREFIX = "DJANGO_SUPERUSER_"


def create(
    site: ContainerSite,
    workspace: Workspace,
    record: ContainerRecord,
    known: Mapping[str, str],
) -> Superuser | None:
    """Make the superuser that ``known`` describes, unless there is one; None: it cannot be."""
    given = {k: v for k, v in known.items() if k.startswith(PREFIX) and v}
    generated = f"{PREFIX}PASSWORD" not in given
    values = {
        f"{PREFIX}USERNAME": "admin",
        f"{PREFIX}EMAIL": "admin@localhost.localdomain",
        f"{PREFIX}PASSWORD": "" if not generated else _kept(workspace),
        **given,
    }
    with record.listener.step("Make a superuser"):
        finished, answer = site.script("superuser", "NUAGES-SUPERUSER", **values)
    if answer is None or answer["incomplete"]:
        record.notice("superuser", flaw(answer, finished, causes.likely(finished.text)))
    if answer is None:
        return None
    password = values[f"{PREFIX}PASSWORD"] if answer["password"] else None
    others = tuple(answer["others"])
    return Superuser(
        answer["login"], answer["name"], password, answer["created"], generated, others
    )


def _kept(workspace: Workspace) -> str:
    path = workspace.home / "superuser-password"
    if not path.exists():
        files.write_secret(path, secrets.token_urlsafe(12))
    return path.read_text(encoding="utf-8").strip()
