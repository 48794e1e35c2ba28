"""One launch, step by step: the copy, the environment, the services, the site."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from nuages.effects import files, network
from nuages.errors import StepFailed
from nuages.local import env_file, ports
from nuages.local.engine import Request, Running, Superuser, Value
from nuages.local.process import keys, variables
from nuages.local.process.environment import Builder, Environment
from nuages.local.process.importing import Importer
from nuages.local.process.interpreter import is_late
from nuages.local.process.provision import Mend, Provision, tools_environment
from nuages.local.process.record import Record
from nuages.local.process.release import HOST, Release
from nuages.local.process.services import Services
from nuages.local.process.serving import Serving
from nuages.local.process.site import Site, code_folders, search_path
from nuages.local.process.stand_ins import Place
from nuages.local.process.workspace import Workspace

SUPERUSER = ("USERNAME", "EMAIL", "PASSWORD")


@dataclass(frozen=True)
class Prepared:
    """A project whose settings can be imported."""

    environment: Environment
    beside: Services
    importer: Importer
    site: Site
    facts: dict[str, Any]


@dataclass
class Launch:
    """Carries a request out."""

    request: Request
    workspace: Workspace
    uv: str

    def run(self) -> Running:
        prepared = self.prepared()
        ready, facts, importer = prepared.site, prepared.facts, prepared.importer
        mend = self.provision.mender(importer.mend, lambda: importer.site(importer.values))
        release = Release(self.request, self.workspace, self.record, ready, facts, mend)
        superuser = release.run(self._superuser_values())
        serving = self._served(prepared, release.site, mend)
        serving.beside(prepared.beside.redis)
        return self._running(prepared.importer.values, superuser, facts)

    def _served(self, prepared: Prepared, ready: Site, mend: Mend) -> Serving:
        """The server, started; on another port where ours was taken in the meantime."""
        for last in (False, False, True):
            parts = self.request, self.workspace, self.record, ready, prepared.environment
            serving = Serving(*parts, self._port)
            self._reserved.release()
            try:
                serving.start(mend)
                break
            except StepFailed as error:
                if error.reason != "port-taken" or self.request.port is not None or last:
                    raise
            ready = self._on_another_port(prepared)
        return serving

    def _on_another_port(self, prepared: Prepared) -> Site:
        del self._reserved
        self.record.address = self._address
        importer = prepared.importer
        importer.place = self._place(prepared.beside)
        fresh = {value.name: value for value in self._values(importer.place)}
        importer.values = tuple(fresh.get(value.name, value) for value in importer.values)
        return importer.site(importer.values)

    def prepared(self, *, front_end: bool = True) -> Prepared:
        """The project with its packages, its services and its settings, before any command."""
        files.folder(self.workspace.logs)
        source = self.provision.copy()
        builder = self.provision.builder()
        environment = builder.build()
        for text in environment.notices:
            self.record.notice("install", text)
        if front_end:
            self.provision.front_end(source)
        beside = self._services()
        importer = self._importer(builder, environment, beside)
        ready, facts = importer.run()
        if beside.lacks(facts.get("extensions", ())):
            self._restart(beside, facts["extensions"])
            importer = self._importer(builder, environment, beside)
            ready, facts = importer.run()
        ready, facts = self._other_databases(importer, ready, facts)
        self._keep(importer.values)
        return Prepared(environment, beside, importer, ready, facts)

    def give_up(self) -> None:
        """Let go of what is not a process: the port."""
        if "_reserved" in self.__dict__:
            self._reserved.release()

    @cached_property
    def record(self) -> Record:
        return Record(self.workspace, self.request.listener, self._address)

    @cached_property
    def provision(self) -> Provision:
        return Provision(self.request, self.workspace, self.record, self.uv, self.tools)

    @cached_property
    def tools(self) -> dict[str, str]:
        return tools_environment(self.request.environment)

    # --- what it runs with -------------------------------------------------------------------

    @cached_property
    def _reserved(self) -> network.Reservation:
        return ports.reserved(self.request.port)

    @property
    def _port(self) -> int:
        return self._reserved.port

    @property
    def _scheme(self) -> str:
        return "https" if self.request.tls else "http"

    @property
    def _address(self) -> str:
        return f"{self._scheme}://{HOST}:{self._port}"

    def _services(self) -> Services:
        tools = self.uv, sys.executable, self.tools
        beside = Services(self.request, self.workspace, *tools, self.record.started)
        beside.start()
        for text in beside.differences:
            self.record.difference(text)
        return beside

    def _restart(self, beside: Services, extensions: Iterable[str]) -> None:
        """Only migrations say which extensions they create, and these are read by Django."""
        self.record.forget(beside.started)
        with self.request.listener.step("Start a PostgreSQL with what the migrations create"):
            beside.restart(extensions)

    def _importer(self, builder: Builder, environment: Environment, beside: Services) -> Importer:
        place = self._place(beside)
        values = self._values(place)
        project = self.request.project
        manage = project.manage_dir.value

        def site(values: tuple[Value, ...]) -> Site:
            return self._site(environment, values)

        return Importer(
            self.workspace,
            self.record,
            builder,
            environment,
            place,
            values,
            site,
            self._sources,
            self.workspace.inside(manage),
            tuple(v.name for v in (*project.contract, *project.elsewhere)),
            is_late(project, builder.interpreter),
        )

    def _place(self, beside: Services) -> Place:
        return Place(
            self._port,
            self._scheme,
            beside.database,
            beside.redis,
            str(files.folder(self.workspace.media)),
            lambda: secrets.token_urlsafe(48),
            partial(keys.kept_pair, self.workspace.home / "keys", self.tools),
            str(self.workspace.static),
            str(files.folder(self.workspace.data / "own")),
        )

    def _values(self, place: Place) -> tuple[Value, ...]:
        request = self.request
        values, missing = variables.assigned(
            request.project, request.deployment, self._sources, place
        )
        values = variables.completed(values, missing, request.ask)
        self._keep(values)
        return values

    @property
    def _sources(self) -> variables.Sources:
        request = self.request
        folders = (request.project.manage_dir.value, ".")
        manage, root = (self.workspace.root / folder for folder in folders)
        examples = env_file.examples(root) | env_file.examples(manage)
        own = env_file.lenient(manage / ".env")
        return variables.Sources(request.given, request.environment, self._kept, own, examples)

    @property
    def _kept(self) -> dict[str, str]:
        path = self.workspace.variables
        return env_file.parse(path.read_text(encoding="utf-8"), str(path)) if path.exists() else {}

    def _keep(self, values: Iterable[Value]) -> None:
        kept = variables.to_keep(values, self._kept)
        files.write_secret(self.workspace.variables, env_file.text(kept))

    def _superuser_values(self) -> dict[str, str]:
        known = {**self.request.environment, **self.request.given}
        keys = (f"DJANGO_SUPERUSER_{name}" for name in SUPERUSER)
        return {key: known[key] for key in keys if known.get(key)}

    def _other_databases(
        self, importer: Importer, ready: Site, facts: dict[str, Any]
    ) -> tuple[Site, dict[str, Any]]:
        """The database here for those beside the default one whose servers do not answer."""
        overlay = self.request.deployment.overlay
        stood_in = variables.other_databases(facts.get("databases", {}), importer.place.database)
        known = {value.name for value in importer.values}
        fresh = tuple(value for value in stood_in if value.name not in known)
        if not fresh or not overlay.database:
            return ready, facts
        importer.values = (*importer.values, *fresh)
        for value in fresh:
            alias = value.name.removesuffix("_DATABASE_URL").lower()
            self.record.difference(f"the database {alias}: the default one stands in for it")
        return importer.run()

    # --- the site ----------------------------------------------------------------------------

    def _site(self, environment: Environment, values: tuple[Value, ...]) -> Site:
        manage = self.workspace.inside(self.request.project.manage_dir.value)
        inherited = variables.inherited(self.request.environment)
        own = inherited | {value.name: value.value for value in values}
        own |= {
            "DJANGO_SETTINGS_MODULE": self.request.deployment.settings_module,
            "PYTHONPATH": search_path(
                self.workspace.overlay, *code_folders(manage, self.workspace.copy)
            ),
            "PYTHONUNBUFFERED": "1",
            "PATH": f"{environment.folder / 'bin'}:{own.get('PATH', '')}",
            "VIRTUAL_ENV": str(environment.folder),
            # As in the official image of Python: https://hub.docker.com/_/python
            "PYTHON_VERSION": environment.version,
            "MEDIA_ROOT": str(self.workspace.media),
            "HOME": str(files.folder(self.workspace.own_home)),  # as in the image: not the user's
        }
        if not self.request.project.static.value.committed_root:  # that one is served as it is
            own["STATIC_ROOT"] = str(self.workspace.static)
        own |= {} if self.request.tls else variables.PLAIN_HTTP
        line = self.request.listener.line
        return Site(environment.python, manage, own, self.workspace.logs, line)

    def _running(
        self, values: tuple[Value, ...], superuser: Superuser | None, facts: dict[str, Any]
    ) -> Running:
        self._differences(values)
        return Running(
            engine="process",
            address=self._address,
            connect=f"{self._scheme}://{network.LOOPBACK}:{self._port}",
            host=f"{HOST}:{self._port}",
            superuser=superuser,
            values=values,
            differences=tuple(self.record.differences),
            notices=tuple(self.record.notices),
            processes=tuple(self.record.processes),
            containers=(),
            logs=self.workspace.logs,
            admin=facts.get("admin"),
            pages=tuple(facts.get("pages", ())),
            own_logins=tuple(facts.get("own_logins", ())),
            asks_host=facts.get("asks_host", True),
        )

    def _differences(self, values: tuple[Value, ...]) -> None:
        if not self.request.tls:
            self.record.difference(
                "plain http: the redirect to https, HSTS and Secure cookies are off "
                "(--tls has them on)"
            )
        made_up = [value.name for value in values if value.note and value.origin == "stand-in"]
        if made_up:
            names = ", ".join(made_up)
            self.record.difference(f"{names}: made up, so what needs them does not work")
