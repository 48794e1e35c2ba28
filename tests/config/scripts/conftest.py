"""Real servers of databases, with TLS, and a Python that has every driver."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ADMIN = "boss"
ADMIN_PASSWORD = "the-administrators-own"
_POSTGRES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/15/bin", os.environ["PATH"])
_DRIVERS = (
    *("Django~=5.2.0", "dj-database-url"),
    *("psycopg[binary]", "psycopg2-binary", "PyMySQL", "mysqlclient"),
)


@dataclass(frozen=True)
class Server:
    port: int
    log: Path
    query: Callable[[str], str]
    """As the true superuser: what it answers, in lines."""


def program(*names: str, path: str | None = None) -> str:
    found = next(filter(None, (shutil.which(name, path=path) for name in names)), None)
    if found is None and os.environ.get("CI") == "true":
        pytest.fail(f"CI has no {names[0]}: the script would go out unproved")
    if found is None:
        pytest.skip(f"NO {names[0]}: nothing was run against the real server")
    return found


def owner(name: str) -> dict[str, str]:
    """No server runs as root."""
    return {"user": name, "group": name} if os.geteuid() == 0 else {}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    key, crt = folder / "server.key", folder / "server.crt"
    subject = ("-subj", "/CN=the database", "-days", "2", "-nodes", "-newkey", "rsa:2048")
    argv = ("openssl", "req", "-x509", *subject, "-keyout", str(key), "-out", str(crt))
    subprocess.run(argv, check=True, capture_output=True)
    return key, crt


def wait(ready: Callable[[], bool], log: Path) -> None:
    for _ in range(300):
        if ready():
            return
        time.sleep(0.1)
    pytest.fail(log.read_text("utf-8", "replace")[-2000:])


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drivers") / "venv"
    program("uv")
    subprocess.run(("uv", "venv", "-q", "--python", sys.executable, str(folder)), check=True)
    found = folder / "bin" / "python"
    argv = ("uv", "pip", "install", "-q", "--python", str(found), *_DRIVERS)
    subprocess.run(argv, check=True)
    return found


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One that the servers' own accounts reach."""
    folder = Path(f"/tmp/nuages-servers-{os.getpid()}")
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql(shared_folder: Path) -> Iterator[Server]:
    binaries = Path(next(filter(None, (shutil.which("initdb", path=p) for p in _POSTGRES)), ""))
    initdb = program("initdb", path=str(binaries.parent)) if binaries.name else program("initdb")
    data, log, port = shared_folder / "postgresql", shared_folder / "postgresql.log", free_port()
    as_owner = owner("postgres")
    data.mkdir(mode=0o700)
    key, crt = certificate(data)
    rest = shared_folder / "certificate"
    rest.mkdir()
    for path in (key, crt):
        shutil.move(path, rest)
        (rest / path.name).chmod(0o600)
    for path in (data, rest, *rest.iterdir()) if as_owner else ():
        shutil.chown(path, "postgres", "postgres")
    auth = ("--auth-local=trust", "--auth-host=scram-sha-256", "--username=root")
    subprocess.run((initdb, "-D", data, *auth), check=True, capture_output=True, **as_owner)
    (data / "pg_hba.conf").write_text(
        "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n", "utf-8"
    )
    options = f"-p {port} -k {rest} -h 127.0.0.1 -c log_statement=all -c ssl=on"
    options += f" -c ssl_cert_file={rest}/server.crt -c ssl_key_file={rest}/server.key"
    server = str(Path(initdb).with_name("postgres"))
    with log.open("w") as said:
        process = subprocess.Popen(
            (server, "-D", data, *options.split()), stdout=said, stderr=said, **as_owner
        )
    psql = (program("psql"), "-h", str(rest), "-p", str(port), "-U", "root", "-At", "-d")

    def query(sql: str, database: str = "postgres") -> str:
        argv = (*psql, database, "-v", "ON_ERROR_STOP=1", "-c", sql)
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout

    wait(lambda: (rest / f".s.PGSQL.{port}").exists() and "ready to accept" in log.read_text(), log)
    query(f"CREATE ROLE {ADMIN} LOGIN CREATEROLE CREATEDB PASSWORD '{ADMIN_PASSWORD}'")
    query(f"CREATE DATABASE site OWNER {ADMIN}")
    yield Server(port, log, query)
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def mariadb(shared_folder: Path) -> Iterator[Server]:
    server, install = program("mariadbd"), program("mariadb-install-db")
    data, log, port = shared_folder / "mariadb", shared_folder / "mariadb.log", free_port()
    as_owner = owner("mysql")
    data.mkdir(mode=0o755)
    key, crt = certificate(shared_folder)
    for path in (data, key, crt) if as_owner else ():
        shutil.chown(path, "mysql", "mysql")
    root = "--auth-root-authentication-method=normal"
    made = (install, "--no-defaults", f"--datadir={data}", root)
    subprocess.run(made, check=True, capture_output=True, **as_owner)
    options = (
        *(f"--datadir={data}", f"--socket={data}/s", f"--port={port}", "--bind-address=127.0.0.1"),
        *(f"--ssl-cert={crt}", f"--ssl-key={key}", "--require-secure-transport=ON"),
        *(f"--pid-file={data}/pid", "--general-log=0"),
    )
    with log.open("w") as said:
        argv = (server, "--no-defaults", *options)
        process = subprocess.Popen(argv, stdout=said, stderr=said, **as_owner)

    def query(sql: str) -> str:
        argv = (program("mariadb"), "--no-defaults", f"--socket={data}/s", "-u", "root", "-N", "-e")
        return subprocess.run((*argv, sql), check=True, capture_output=True, text=True).stdout

    wait(lambda: "ready for connections" in log.read_text("utf-8", "replace"), log)
    query("CREATE DATABASE site; DELETE FROM mysql.global_priv WHERE User=''; FLUSH PRIVILEGES")
    query(
        f"CREATE USER '{ADMIN}'@'%' IDENTIFIED BY '{ADMIN_PASSWORD}';"
        f"GRANT CREATE USER ON *.* TO '{ADMIN}'@'%';"
        f"GRANT ALL PRIVILEGES ON site.* TO '{ADMIN}'@'%' WITH GRANT OPTION"
    )
    yield Server(port, log, query)
    process.terminate()
    process.wait(30)


@pytest.fixture
def environment() -> Mapping[str, str]:
    """What the job has, but for the server's port."""
    return {
        "PATH": os.environ["PATH"],
        "DB_HOST": "127.0.0.1",
        "DB_NAME": "site",
        "DB_USER": "site_user",
        "DB_PASSWORD": 'it\'s 100% "secret"',
        "DB_TLS": "require",
        "DB_ADMIN_USER": ADMIN,
        "DB_ADMIN_PASSWORD": ADMIN_PASSWORD,
    }
