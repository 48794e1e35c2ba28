"""One launch in containers: the files, the image, the services, the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nuages.effects import clock, files, network, shell
from nuages.effects.shell import Finished
from nuages.local import ports
from nuages.local.container import causes, superuser
from nuages.local.container.building import Building
from nuages.local.container.project import Project
from nuages.local.container.record import ContainerRecord
from nuages.local.container.site import ContainerSite
from nuages.local.container.tables import synced
from nuages.local.container.variables import Variables
from nuages.local.engine import Request, Running, Superuser, Value
from nuages.local.process import certificate, unmigrated, variables
from nuages.local.process.provision import tools_environment
from nuages.local.process.workspace import Workspace
from nuages.project.tree import Tree

HOST = "localhost"
ATTEMPTS = 40
"""Most failures are variables that reading the settings missed, one at a time."""
PROXY_SECONDS = 20


@dataclass
class Launch:
    """Carries a request out."""

    request: Request
    workspace: Workspace

    def run(self) -> Running:
        files.folder(self.workspace.logs)
        for log in self.workspace.logs.glob("*.log"):
            files.remove(log)
        values = self._variables.assigned(self._variables.place())
        self._variables.keep(values, self.project)
        self.record.started()
        self._tls()
        self._image.build()
        values, facts = self._import(values)
        self._make_tables(facts)
        values = self._start(values)
        self._documented()
        account = self._superuser() if facts.get("user") else None
        return self._running(values, account, facts)

    @cached_property
    def project(self) -> Project:
        """Compose takes the caller's variables before those of ``.env``: it sees none of them."""
        kept = ("DOCKER_", "BUILDKIT_", "COMPOSE_PARALLEL", "SSH_", "XDG_")
        names = {"PATH", "HOME", "USER", "LANG", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "TMPDIR"}
        tools = tools_environment(self.request.environment)
        own = {k: v for k, v in tools.items() if k.upper() in names or k.startswith(kept)}
        return Project(self.workspace.root, own, self.request.listener.line)

    @cached_property
    def record(self) -> ContainerRecord:
        return ContainerRecord(self.workspace, self.request.listener, self._address)

    @property
    def _variables(self) -> Variables:
        return Variables(self.request, self.workspace, self._port)

    @cached_property
    def _reserved(self) -> network.Reservation:
        """Held while the image is built, which takes a while."""
        return ports.reserved(self.request.port)

    @property
    def _port(self) -> int:
        return self._reserved.port

    @property
    def _address(self) -> str:
        return f"{self._variables.scheme}://{HOST}:{self._port}"

    def _tls(self) -> None:
        """nginx, which is not root in its container, must be able to read the key."""
        if self.request.tls:
            folder = self.workspace.home / "tls"
            _, key = certificate.make(folder, tools_environment(self.request.environment))
            key.chmod(0o644)
            folder.chmod(0o755)

    # --- the image ---------------------------------------------------------------------------

    @cached_property
    def _image(self) -> Building:
        deployment = self.request.deployment
        return Building(self.request, self.workspace, self.project, self.record, deployment)

    # --- the site ----------------------------------------------------------------------------

    def _site(self, *, alone: bool) -> ContainerSite:
        line = self.request.listener.line
        place = Path("/app")
        return ContainerSite(
            Path("python"), place, {}, self.workspace.logs, line, self.project, alone
        )

    def _import(self, values: tuple[Value, ...]) -> tuple[tuple[Value, ...], dict[str, Any]]:
        """Import the settings and every app with the values that the site will have."""
        with self.request.listener.step("Import the settings"):
            for _ in range(ATTEMPTS):
                finished, facts = self._site(alone=True).script("survey", "NUAGES-SURVEY")
                if facts is not None:
                    return values, facts
                if self._image.mend(finished):
                    continue
                values = self._amended(values, finished)
                self._variables.keep(values, self.project)
        raise causes.failure(finished, "The settings cannot be imported", "settings-failed")

    def _make_tables(self, facts: Mapping[str, Any]) -> None:
        """An image holds what is committed: migrations made in it would differ each time.

        Tables of apps that have none at all are made by ``migrate --run-syncdb``.
        """
        listed = Tree.open(self.workspace.root).files
        user = (facts.get("user") or {}).get("app")
        found = unmigrated.unmigrated(facts.get("tables", []), user, Path("/app"), listed)
        if found.synced:
            self._image.deployment = synced(self._image.deployment)
            self._image.write(self._image.deployment)
        if found.made:
            self.record.notice("uncommitted-migrations", unmigrated.uncommitted(found.made))
        if found.synced:
            self.record.notice("no-migrations", unmigrated.untracked(found.synced))

    def _amended(self, values: tuple[Value, ...], finished: Finished) -> tuple[Value, ...]:
        cause = causes.likely(finished.text)
        names = {"missing-variable", "empty-setting"}
        name = cause.subject if cause and cause.code in names else ""
        place = self._variables.place()
        after = variables.with_stand_in(values, name, place) if name else None
        if after is None:
            raise causes.failure(finished, "The settings cannot be imported", "settings-failed")
        return after

    def _start(self, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """Start everything; on another port where ours was taken in the meantime."""
        scale = ("--scale", f"web={self.request.replicas}") if self.request.replicas else ()
        with self.request.listener.step("Start the containers, and migrate"):
            for _ in range(ATTEMPTS):
                self._reserved.release()
                finished = self.project.run("up", "--detach", "--wait", *scale, log="up")
                if finished.ok and clock.until(self._responds, PROXY_SECONDS):
                    self._follow()
                    return values
                said = self._said(finished)
                if not self._image.mend(said):
                    values = self._on_another_port(values, finished, said)
        raise self._does_not_start(said)

    def _responds(self) -> bool:
        """Whether nginx answers: compose waits for it to run, not for it to listen."""
        answers = network.answers if self.request.tls else network.responds
        return answers(self._port)

    def _on_another_port(
        self, values: tuple[Value, ...], finished: Finished, said: Finished
    ) -> tuple[Value, ...]:
        cause = causes.likely(finished.text)
        if cause is None or cause.code != "port-taken" or self.request.port is not None:
            raise self._does_not_start(said)
        del self._reserved
        self.record.address = self._address
        self.record.started()
        fresh = {v.name: v for v in self._variables.assigned(self._variables.place())}
        after = tuple(fresh.get(v.name, v) for v in values)
        self._variables.keep(after, self.project)
        return after

    def _said(self, finished: Finished) -> Finished:
        """With the logs of what ended badly, which say more than compose does."""
        failed = self.project.failed()
        log = self.workspace.logs / "failed.log"
        lines = list(finished.lines)
        for container in failed:
            lines += shell.run(self.project.logs(container, "--tail", "60"), log=log).lines
        return replace(finished, lines=tuple(lines), log=log if failed else finished.log)

    def _does_not_start(self, said: Finished) -> Exception:
        names = ", ".join(dict.fromkeys(self.project.failed().values())) or "A container"
        return causes.failure(said, f"{names} does not start", "containers-failed")

    def _follow(self) -> None:
        """Each container's log to a file of its own, for as long as it runs."""
        for container in self.project.containers():
            name = container.removeprefix(f"{self.project.name}-")
            call = self.project.logs(container, "--follow")
            log = self.workspace.logs / f"{name}.log"
            shell.spawn(name, call, log, self.record.started)

    def _documented(self) -> None:
        """What the project runs at a release beyond its migrations; a failure is told."""
        for job in self._image.deployment.jobs:
            if job.purpose != "other":
                continue
            with self.request.listener.step(f"Run {job.name}"):
                finished = self.project.run(
                    "run", "--rm", "-T", "--no-deps", job.name, log=job.name
                )
            if not finished.ok:
                cause = causes.likely(finished.text)
                why = cause.explanation if cause else finished.tail(1)
                self.record.notice("step-failed", f"`{job.name}` failed: {why}")

    def _superuser(self) -> Superuser | None:
        known = {**self.request.environment, **self.request.given}
        site = self._site(alone=False)
        return superuser.create(site, self.workspace, self.record, known)

    # --- telling -----------------------------------------------------------------------------

    def _running(
        self, values: tuple[Value, ...], account: Superuser | None, facts: dict[str, Any]
    ) -> Running:
        self.record.differ(values, tls=self.request.tls)
        return Running(
            engine="docker",
            address=self._address,
            connect=f"{self._variables.scheme}://{network.LOOPBACK}:{self._port}",
            host=f"{HOST}:{self._port}",
            superuser=account,
            values=values,
            differences=tuple(self.record.differences),
            notices=tuple(self.record.notices),
            processes=tuple(self.record.processes),
            containers=self.project.containers(),
            logs=self.workspace.logs,
            admin=facts.get("admin"),
            pages=tuple(facts.get("pages", ())),
            own_logins=tuple(facts.get("own_logins", ())),
        )
