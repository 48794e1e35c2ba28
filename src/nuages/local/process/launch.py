"""One launch, step by step: the copy, the environment, the services, the site."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.effects import clock, files, network, shell
from nuages.effects.shell import Process
from nuages.errors import InputNeeded, StepFailed, UsageError
from nuages.local import causes, env_file, state
from nuages.local.engine import Notice, Request, Running, Superuser, Value
from nuages.local.process import (
    age,
    certificate,
    copying,
    frontend,
    interpreter,
    server,
    variables,
)
from nuages.local.process.environment import Builder, Environment
from nuages.local.process.release import Release
from nuages.local.process.services import Services
from nuages.local.process.site import Site, search_path
from nuages.local.process.stand_ins import Place
from nuages.local.process.workspace import Workspace
from nuages.project.tree import Tree
from nuages.text import looks_secret

HOST = "localhost"
RETRIES = 12
"""How many variables that reading the settings missed are given a stand-in."""


@dataclass
class Launch:
    """Carries a request out; what it started is written down before anything else happens."""

    request: Request
    workspace: Workspace
    uv: str
    processes: list[Process] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    values: tuple[Value, ...] = ()
    _mended: bool = False

    def run(self) -> Running:
        self.request.listener.line(f"logs in {files.folder(self.workspace.logs)}")
        source = self._copy()
        environment = self._environment()
        self._frontend(source)
        beside = self._services()
        self.values = self._values(beside)
        site, facts = self._survey(environment)
        release = Release(self.request, self.workspace, site, facts, environment.packages)
        superuser = release.run(self._superuser_values())
        self._tell(release.notices)
        self._serve(site, environment)
        self._services_of_deployment(site, beside)
        return self._running(superuser, release.facts)

    # --- what is run -------------------------------------------------------------------------

    def _copy(self) -> str:
        tree = Tree.open(self.workspace.root)
        with self.request.listener.step("Copy the project's files"):
            for log in self.workspace.logs.glob("*.log"):
                files.remove(log)
            copying.update(self.workspace.root, self.workspace.copy, tree.files)
            for folder in copying.absent(self.request.project.static.value.dirs):
                files.folder(self.workspace.copy / folder)
            files.remove(self.workspace.overlay)
            for artifact in cloud_settings(self.request.deployment):
                if artifact.path.startswith(".nuages/"):
                    files.write(self.workspace.root / artifact.path, artifact.text)
        return self.workspace.copy.with_name("build.json").read_text(encoding="utf-8")

    def _environment(self) -> Environment:
        project = self.request.project
        requires = project.python_requires.value if project.python_requires else None
        syntax = project.syntax.value if project.syntax else None
        own = self._tools_environment
        found, notice = interpreter.find(project.python.value, requires, syntax, self.uv, own)
        if notice:
            self._notice("python", notice)
        self._builder = Builder(
            self.uv,
            found,
            self.request.deployment.image,
            project.dependencies,
            self.workspace.copy,
            self.request.cache,
            own,
            self.workspace.logs / "install.log",
            self.request.listener,
        )
        with self.request.listener.step(f"Install the packages (Python {found.version})"):
            built = self._builder.build()
        for text in built.notices:
            self._notice("install", text)
        return built

    @cached_property
    def _tools_environment(self) -> dict[str, str]:
        """For uv, node and the servers: the caller's, index settings and proxies included."""
        hidden = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "DJANGO_SETTINGS_MODULE"}
        return {k: v for k, v in self.request.environment.items() if k not in hidden}

    def _frontend(self, source: str) -> None:
        wanted = self.request.deployment.image.frontend
        if wanted is None:
            return
        own = self._tools_environment
        prefix = frontend.available(wanted, own.get("PATH"))
        if prefix is None:
            missing = f"there is no {wanted.tool} here, so the front end is not built: its CSS, its"
            self._notice("no-node", f"{missing} scripts and pages that need them are missing")
            return
        log = self.workspace.logs / "frontend.log"
        build = frontend.Build(wanted, self.workspace.copy, own, log, self.request.listener.line)
        with self.request.listener.step("Build the front end"):
            build.run(prefix, source)

    # --- what it runs with -------------------------------------------------------------------

    @cached_property
    def _kept(self) -> dict[str, str]:
        path = self.workspace.variables
        return env_file.parse(path.read_text(encoding="utf-8"), str(path)) if path.exists() else {}

    def _services(self, extensions: Iterable[str] = ()) -> Services:
        beside = Services(
            self.request,
            self.workspace,
            self.uv,
            sys.executable,
            self._tools_environment,
        )
        try:
            beside.start(tuple(extensions))
        finally:
            self.processes += beside.started
            self._write_down()
        self.differences += beside.differences
        return beside

    @cached_property
    def _port(self) -> int:
        wanted = self.request.port
        if wanted is not None and not network.is_free(wanted):
            raise UsageError(
                f"Port {wanted} is taken", hint="Choose another with --port.", reason="port-taken"
            )
        port = wanted or network.free_port()
        if port is None:
            raise UsageError("No port from 8000 to 8999 is free", hint="Choose one with --port.")
        return port

    def _place(self, beside: Services) -> Place:
        return Place(
            self._port,
            "https" if self.request.tls else "http",
            beside.database,
            beside.redis,
            str(files.folder(self.workspace.media)),
            lambda: secrets.token_urlsafe(48),
        )

    def _values(self, beside: Services) -> tuple[Value, ...]:
        self._current_place = self._place(beside)
        sources = variables.Sources(
            self.request.given, self.request.environment, self._kept, self._dotenv()
        )
        values, missing = variables.assigned(
            self.request.project, self.request.deployment, sources, self._current_place
        )
        values = variables.completed(values, missing, self.request.ask)
        self._keep(values)
        return values

    def _keep(self, values: Iterable[Value]) -> None:
        kept = variables.to_keep(values, self._kept)
        files.write_secret(self.workspace.variables, env_file.text(kept))

    def _dotenv(self) -> dict[str, str]:
        path = self.workspace.root / self.request.project.manage_dir.value / ".env"
        try:
            return env_file.parse(path.read_text(encoding="utf-8"), str(path))
        except (OSError, UnicodeDecodeError, UsageError):
            return {}

    # --- the site ----------------------------------------------------------------------------

    def _site(self, environment: Environment) -> Site:
        manage = self.workspace.inside(self.request.project.manage_dir.value)
        own = variables.inherited(self.request.environment)
        own |= {value.name: value.value for value in self.values}
        own |= {
            "DJANGO_SETTINGS_MODULE": self.request.deployment.settings_module,
            "PYTHONPATH": search_path(self.workspace.overlay, manage),
            "PYTHONUNBUFFERED": "1",
            "PATH": f"{environment.folder / 'bin'}:{own.get('PATH', '')}",
            "VIRTUAL_ENV": str(environment.folder),
            "STATIC_ROOT": str(self.workspace.static),
            "MEDIA_ROOT": str(self.workspace.media),
        }
        own |= self._plain_http()
        line = self.request.listener.line
        return Site(environment.python, manage, own, self.workspace.logs, line)

    def _plain_http(self) -> dict[str, str]:
        """A browser keeps no Secure cookie from plain http, and would be sent to https."""
        if self.request.tls:
            return {}
        self._difference(
            "plain http: the redirect to https, HSTS and Secure cookies are off (--tls has them on)"
        )
        names = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
        off = dict.fromkeys(names, "False") | {"SECURE_HSTS_SECONDS": "0"}
        return (
            {"DJANGO_HTTPS": "off"} | off | {f"DJANGO_{name}": value for name, value in off.items()}
        )

    def _survey(self, environment: Environment) -> tuple[Site, dict[str, object]]:
        """Import the settings and every app; a variable that was missed gets a stand-in."""
        with self.request.listener.step("Import the settings"):
            for _ in range(RETRIES):
                site = self._site(environment)
                finished, facts = site.script("survey", "NUAGES-SURVEY")
                if facts is not None:
                    return site, facts
                self._amend(finished, environment)
        raise self._settings_fail(finished)

    def _amend(self, finished: shell.Finished, environment: Environment) -> None:
        """Mend what kept the settings from being imported, or raise what only the user can."""
        folder = causes.missing_folder(finished.text, str(self.workspace.copy))
        if folder and not (self.workspace.copy / folder).is_dir():
            files.folder(self.workspace.copy / folder)
            return
        cause = causes.likely(finished.text)
        if self._brought_back(finished.text, environment):
            return
        if cause is None or cause.code not in {"missing-variable", "secret-key-empty"}:
            raise self._settings_fail(finished)
        after = variables.with_stand_in(self.values, cause.subject, self._current_place)
        if after is None:
            raise self._settings_fail(finished)
        self.values = after
        self._keep(after)

    def _settings_fail(self, finished: shell.Finished) -> StepFailed | InputNeeded:
        cause = causes.likely(finished.text)
        where = causes.place(finished.text, str(self.workspace.copy))
        message = f"The settings cannot be imported: {cause.explanation if cause else where}"
        kind = InputNeeded if cause and cause.code in causes.FOR_THE_USER else StepFailed
        return kind(
            message,
            reason=cause.code if cause else "settings-failed",
            hint=cause.remedy if cause else "",
            detail=finished.tail(),
        )

    def _superuser_values(self) -> dict[str, str]:
        names = ("USERNAME", "EMAIL", "PASSWORD")
        known = {**self.request.environment, **self.request.given}
        keys = (f"DJANGO_SUPERUSER_{name}" for name in names)
        return {key: known[key] for key in keys if known.get(key)}

    # --- serving -----------------------------------------------------------------------------

    def _serve(self, site: Site, environment: Environment) -> None:
        process = self.request.deployment.web.server
        installed = frozenset(environment.packages)
        runnable = server.runnable(process, installed) if process else None
        if runnable is None:
            raise StepFailed("No production server is installed in the environment")
        listening = server.Listening(
            self._port,
            self.request.replicas or 2,
            self.workspace.logs / "access.log",
            files.folder(self.workspace.data),
            *self._certificate(),
            worker_class=server.worker_class(runnable.asgi, installed),
            graceful=server.is_graceful(environment.packages.get("uvicorn")),
        )
        argv = server.argv(runnable, listening, environment.folder / "bin")
        with self.request.listener.step(f"Start {runnable.kind} on port {self._port}"):
            started = self._spawn(site, "web", argv)
            if not self._is_up(started) and self._brought_back(_text(started.log), environment):
                started = self._spawn(site, "web", argv)
            if not self._is_up(started):
                raise _server_fails(_text(started.log))

    def _brought_back(self, log: str, environment: Environment) -> bool:
        """Install what old packages import and today's setuptools lacks; False: not the cause."""
        cause = causes.likely(log)
        if cause is None or cause.code not in {"pkg-resources", "distutils"} or self._mended:
            return False
        self._mended = True
        self._builder.add(environment, age.SETUPTOOLS)
        self._notice(cause.code, f"{cause.explanation}: {age.SETUPTOOLS} is installed")
        return True

    def _certificate(self) -> tuple[Path | None, Path | None]:
        if not self.request.tls:
            return None, None
        return certificate.make(self.workspace.home / "tls", self._tools_environment)

    def _spawn(self, site: Site, name: str, argv: tuple[str, ...]) -> Process:
        process, _ = shell.spawn(name, site.call(*argv), self.workspace.logs / f"{name}.log")
        self.processes.append(process)
        self._write_down()
        return process

    def _is_up(self, process: Process) -> bool:
        clock.until(lambda: network.answers(self._port) or not shell.alive(process), seconds=120)
        return shell.alive(process) and network.answers(self._port)

    def _services_of_deployment(self, site: Site, beside: Services) -> None:
        """Workers and the scheduler, where there is a broker for them."""
        wanted = [service for service in self.request.deployment.services if service.command]
        if wanted and not beside.redis:
            names = ", ".join(service.name for service in wanted)
            self._difference(f"{names} does not run: there is no broker here")
            return
        for service in wanted:
            self._spawn(site, service.name, service.command)

    # --- telling -----------------------------------------------------------------------------

    def _notice(self, code: str, text: str) -> None:
        self.notices.append(Notice(code, text))
        self.request.listener.notice(code, text)

    def _tell(self, notices: Iterable[Notice]) -> None:
        for notice in notices:
            self._notice(notice.code, notice.text)

    def _difference(self, text: str) -> None:
        if text not in self.differences:
            self.differences.append(text)

    def _write_down(self) -> None:
        address = f"{'https' if self.request.tls else 'http'}://{HOST}:{self._port}"
        state.write(self.workspace.state, "process", address, self.processes)

    def _running(self, superuser: Superuser | None, facts: dict[str, object]) -> Running:
        scheme = "https" if self.request.tls else "http"
        made_up = [value.name for value in self.values if value.note]
        if made_up:
            self._difference(f"{', '.join(made_up)}: made up, so what needs them does not work")
        admin, pages = facts.get("admin"), facts.get("pages")
        return Running(
            engine="process",
            address=f"{scheme}://{HOST}:{self._port}",
            connect=f"{scheme}://127.0.0.1:{self._port}",
            host=f"{HOST}:{self._port}",
            superuser=superuser,
            values=tuple(v for v in self.values if not looks_secret(v.name) or v.origin),
            differences=tuple(self.differences),
            notices=tuple(self.notices),
            processes=tuple(self.processes),
            containers=(),
            logs=self.workspace.logs,
            admin=admin if isinstance(admin, str) else None,
            pages=tuple(pages) if isinstance(pages, list) else (),
        )


def _server_fails(log: str) -> StepFailed:
    cause = causes.likely(log)
    return StepFailed(
        f"The server does not start{f': {cause.explanation}' if cause else ''}",
        reason=cause.code if cause else "server-failed",
        hint=cause.remedy if cause else "",
        detail="\n".join(log.splitlines()[-25:]),
    )


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")
