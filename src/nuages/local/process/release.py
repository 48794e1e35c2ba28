"""The steps of a release here: migrate, what the project documents, superuser, static files."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nuages.effects import files, shell
from nuages.errors import InputNeeded, StepFailed
from nuages.local import causes
from nuages.local.engine import Request, Superuser
from nuages.local.process import copying
from nuages.local.process.flaws import flaw
from nuages.local.process.record import Record
from nuages.local.process.site import Site
from nuages.local.process.unmigrated import Unmigrated, superseded, unmigrated, untracked
from nuages.local.process.workspace import Workspace

HOST = "localhost"
LESS = {
    "--lenient": "collectstatic fails as the project has it, and a dead reference was left alone",
    "--plain": "static files have no hashed names",
}
"""What collecting without some of it is called, and what came of it: the fuller first."""


@dataclass
class Release:
    request: Request
    workspace: Workspace
    record: Record
    site: Site
    facts: dict[str, Any]
    mend: Callable[[str], Site | None] = lambda _: None
    """Put right what a log shows to be missing, and go on with that site; None: nothing can be."""

    def run(self, superuser: Mapping[str, str]) -> Superuser | None:
        with self.request.listener.step("Apply the migrations"):
            self._migrate()
        for command in self._documented("release"):
            self._optional(command)
        self._site_of_requests()
        for command in self.request.deployment.image.build_commands:
            self._optional(command)
        self._collect()
        return self.superuser(superuser) if self.facts.get("user") else None

    def _migrate(self) -> None:
        without = self._without_migrations()
        if without.made:
            self._make_migrations(without.made)
        synced = ("--run-syncdb",) if without.synced else ()
        if synced:  # its tables may refer to those of the migrations, so these come first
            self.site.manage("migrate", "--noinput")
            self.record.notice("no-migrations", untracked(without.synced))
        self._demand(("migrate", "--noinput", *synced), "Apply the migrations")
        for alias in _others(self.facts.get("databases", {})):
            command = ("migrate", "--noinput", *synced, "--database", alias)
            finished = self.site.manage(*command)
            if not finished.ok:
                self.record.notice(
                    "migrate", f"migrate --database {alias} failed (log: {finished.log})"
                )

    def _without_migrations(self) -> Unmigrated:
        copy, tables = self.workspace.copy, self.facts.get("tables", [])
        listed = copying.listed(copy)
        for path in superseded(tables, copy, listed):
            files.remove(path)
        return unmigrated(tables, (self.facts.get("user") or {}).get("app"), copy, listed)

    def _make_migrations(self, labels: tuple[str, ...]) -> None:
        finished = self.site.manage("makemigrations", "--noinput", *labels)
        names = " ".join(labels)
        if finished.ok:
            text = (
                f"{', '.join(labels)}: models without committed migrations, which were made in "
                f"the copy. A deployment will lack these tables until they are committed: "
                f"python manage.py makemigrations {names}"
            )
        else:
            cause = causes.likely(finished.text)
            why = cause.explanation if cause else finished.tail(1)
            text = f"`makemigrations {names}` failed, so that tables will be missing: {why}"
        self.record.notice("uncommitted-migrations", text)

    def _documented(self, when: str) -> list[tuple[str, ...]]:
        steps = self.request.project.management_steps
        return [fact.value.command for fact in steps if fact.value.when == when]

    def _optional(self, command: tuple[str, ...]) -> None:
        """A step whose failure need not keep the site from serving."""
        if command[0] in {"migrate", "collectstatic", "createsuperuser"}:
            return
        with self.request.listener.step(f"Run {' '.join(command)}"):
            finished = self._with_static_files(command)
        if not finished.ok:
            cause = causes.likely(finished.text)
            why = cause.explanation if cause else finished.tail(1)
            self.record.notice("step-failed", f"`{' '.join(command)}` failed: {why}")

    def _site_of_requests(self) -> None:
        """django.contrib.sites answers pages with an error where it finds no Site for a request."""
        if "django.contrib.sites" not in self.facts.get("apps", ()):
            return
        _, answer = self.site.script("sites", "NUAGES-SITES", HOST)
        if answer and answer["made"]:
            self.record.notice(
                "site",
                f"django.contrib.sites had no Site for {HOST}: one was made; make one for your "
                "domain in production",
            )

    def superuser(self, given: Mapping[str, str]) -> Superuser | None:
        values = {
            "DJANGO_SUPERUSER_USERNAME": "admin",
            "DJANGO_SUPERUSER_EMAIL": "admin@localhost.localdomain",
            "DJANGO_SUPERUSER_PASSWORD": self._password(given),
            **given,
        }
        generated = "DJANGO_SUPERUSER_PASSWORD" not in given
        with self.request.listener.step("Make a superuser"):
            finished, answer = self.site.script("superuser", "NUAGES-SUPERUSER", **values)
        if answer is None or answer["incomplete"]:
            self.record.notice("superuser", flaw(answer, finished, causes.likely(finished.text)))
        if answer is None:
            return None
        password = values["DJANGO_SUPERUSER_PASSWORD"] if answer["password"] else None
        return Superuser(
            answer["login"],
            answer["name"],
            password,
            answer["created"],
            generated,
            tuple(answer["others"]),
        )

    def _password(self, given: Mapping[str, str]) -> str:
        """The one given, or the one that an earlier run made."""
        if "DJANGO_SUPERUSER_PASSWORD" in given:
            return given["DJANGO_SUPERUSER_PASSWORD"]
        kept = self.workspace.home / "superuser-password"
        if not kept.exists():
            files.write_secret(kept, secrets.token_urlsafe(12))
        return kept.read_text(encoding="utf-8").strip()

    def _collect(self) -> None:
        if self.request.deployment.image.collectstatic:
            with self.request.listener.step("Collect the static files"):
                self._collected()

    def _collected(self) -> None:
        """Collect; with Django's own command, or less than all of it, where that fails."""
        files.folder(self.workspace.static)
        command = (*self.request.deployment.image.collectstatic, "--verbosity", "0")
        finished = self._mended(command)
        if finished.ok:
            return
        own, _ = self.site.script("collectstatic", "")
        if own.ok:
            text = "the project's collectstatic does not work here: Django's own collected"
            self.record.notice("collectstatic", text)
            return
        cause = causes.likely(finished.text)
        why = cause.explanation if cause else causes.place(finished.text)
        for word, outcome in LESS.items():
            collected, _ = self.site.script("collectstatic", "", word)
            if collected.ok:
                self.record.notice("manifest", f"{outcome}: {why}")
                return
        raise self._failed(finished, "Collect the static files")

    def _demand(self, command: tuple[str, ...], title: str) -> None:
        finished = self._with_static_files(command)
        if not finished.ok and asks_too_early(finished.text):
            text = "the site's URLs ask for tables while they are imported, which an empty database"
            self.record.notice("early-query", f"{text} does not have: migrated without the checks")
            finished = self._with_static_files((*command, "--skip-checks"))
        if not finished.ok:
            raise self._failed(finished, title)

    def _with_static_files(self, command: tuple[str, ...]) -> shell.Finished:
        """Run a command; once more with them collected, as in an image, where it wants them."""
        finished = self._mended(command)
        if asks_for_static_files(finished):
            self._collected()
            finished = self._mended(command)
        return finished

    def _mended(self, command: tuple[str, ...]) -> shell.Finished:
        """Run a command, and again while what it lacks can be brought."""
        finished = self.site.manage(*command)
        while not finished.ok and (mended := self.mend(finished.text)):
            self.site = mended
            finished = self.site.manage(*command)
        return finished

    def _failed(self, finished: shell.Finished, title: str) -> StepFailed | InputNeeded:
        cause = causes.likely(finished.text)
        why = cause.explanation if cause else "the command failed"
        kind = InputNeeded if cause and cause.code in causes.FOR_THE_USER else StepFailed
        return kind(
            f"{title}: {why} (the whole log: {finished.log})",
            reason=cause.code if cause else f"{finished.argv[3]}-failed",
            hint=cause.remedy if cause else "",
            detail=finished.tail(),
        )


def asks_too_early(log: str) -> bool:
    """Whether Django's checks, which import the URLs, ended with a query for an absent table."""
    cause = causes.likely(log)
    return "run_checks" in log and cause is not None and cause.code == "missing-table"


def asks_for_static_files(finished: shell.Finished) -> bool:
    """Whether a command wants them collected first: it fails, or bundles none of them.

    Migrations may send mail, whose templates name some.
    """
    if finished.ok:
        return re.search(r"(?m)^Compressed 0 block\(s\)", finished.text) is not None
    cause = causes.likely(finished.text)
    return cause is not None and cause.code == "manifest-entry"


def _others(databases: Mapping[str, Mapping[str, str]]) -> list[str]:
    """The aliases whose database is not the default one under another name."""
    default = databases.get("default", {})
    ignored = {"", "django.db.backends.dummy"}
    return [
        alias
        for alias, entry in databases.items()
        if alias != "default" and entry != default and entry.get("engine", "") not in ignored
    ]
