"""Commands that run once: by the release, by hand, or by the clock."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from importlib.resources import files

from nuages.config import overlay
from nuages.config.inputs import Inputs
from nuages.config.profiles import MIB
from nuages.config.schema.deployment import Resources
from nuages.config.secret_names import DATABASE_PASSWORD, SUPERUSER_PASSWORD
from nuages.model import Database, Job

CPU = 1.0
MEMORY = 512 * MIB
MIGRATE_TIMEOUT = 3600
TIMEOUT = 900
DJANGO = ("python", "-m", "django")
"""Not manage.py, which may choose other settings."""
_OURS = frozenset({"migrate", "collectstatic", "createsuperuser"})
_COPIES = ("replica", "read", "readonly", "slave", "follower")
"""Aliases that show the data of another one."""

_SUPERUSER = """
import os
from django.contrib.auth import get_user_model
user = get_user_model()
fields = [user.USERNAME_FIELD, *user.REQUIRED_FIELDS]
values = {name: os.environ.get("DJANGO_SUPERUSER_" + name.upper(), "") for name in fields}
login, password = values[user.USERNAME_FIELD], os.environ.get("DJANGO_SUPERUSER_PASSWORD", "")
if not login or not password:
    raise SystemExit("Set DJANGO_SUPERUSER_" + user.USERNAME_FIELD.upper() + " and ..._PASSWORD.")
if user._default_manager.filter(**{user.USERNAME_FIELD: login}).exists():
    print(login + " exists already; nothing is changed.")
else:
    user._default_manager.create_superuser(password=password, **values)
    print(login + " is a superuser now.")
"""


def jobs(inputs: Inputs, database: Database | None, secrets: tuple[str, ...]) -> tuple[Job, ...]:
    """Every job, those of a first release in their order."""
    found = [*_of_release(inputs, database, secrets), *_documented(inputs, secrets)]
    found += _schedules(inputs, secrets, {job.name for job in found})
    return tuple(found)


def _job(name: str, command: tuple[str, ...], secrets: tuple[str, ...], **extra: object) -> Job:
    values: dict[str, object] = {"cpu": CPU, "memory": MEMORY, "timeout": TIMEOUT, **extra}
    return Job(name=name, command=command, secrets=secrets, **values)  # type: ignore[arg-type]


def _of_release(
    inputs: Inputs, database: Database | None, secrets: tuple[str, ...]
) -> Iterator[Job]:
    if database is not None and database.engine != "sqlite":
        yield _db_init(database)
    migrate = _migrate(overlay.database_aliases(inputs))
    yield _job("migrate", migrate, secrets, timeout=MIGRATE_TIMEOUT, purpose="migrate")
    everything = (*secrets, SUPERUSER_PASSWORD)
    yield _job("superuser", _script(_SUPERUSER), everything, purpose="superuser")


def database_role() -> str:
    """The program that makes the role and the extensions, for any Python with a driver."""
    return files("nuages.config").joinpath("scripts", "database_role.py").read_text("utf-8")


def _db_init(database: Database) -> Job:
    wanted = {"DB_EXTENSIONS": ",".join(database.extensions)} if database.extensions else {}
    command = ("python", "-c", database_role())
    return _job("db-init", command, (DATABASE_PASSWORD,), environment=wanted, purpose="db-init")


def _script(text: str) -> tuple[str, ...]:
    return (*DJANGO, "shell", "-c", text.strip())


def _migrate(aliases: tuple[str, ...]) -> tuple[str, ...]:
    """One command, or a script of one for each database that holds data of its own."""
    others = [a for a in aliases[1:] if not any(word in a.lower() for word in _COPIES)]
    first = (*DJANGO, "migrate", "--noinput")
    if not others:
        return first
    lines = [first, *((*first, f"--database={alias}") for alias in others)]
    return ("/bin/sh", "-ec", "\n".join(shlex.join(line) for line in lines))


def _documented(inputs: Inputs, secrets: tuple[str, ...]) -> Iterator[Job]:
    """Commands that the project runs at each release, after its migrations."""
    for fact in inputs.project.management_steps:
        step = fact.value
        if step.when == "release" and step.command[0] not in _OURS:
            yield _job(step.command[0].replace("_", "-"), (*DJANGO, *step.command), secrets)


def _schedules(inputs: Inputs, secrets: tuple[str, ...], taken: set[str]) -> Iterator[Job]:
    for name, section in (inputs.manifest.schedules or {}).items():
        if name in taken:
            raise inputs.error(("schedules", name), "a job of that name exists", "rename it")
        resources = section.resources or Resources.model_construct()
        yield _job(
            name,
            (*DJANGO, *_management(section.command)),
            secrets,
            cpu=resources.cpu or CPU,
            memory=resources.memory or MEMORY,
            timeout=section.timeout or TIMEOUT,
            schedule=section.cron,
            retries=section.retries or 0,
            purpose="schedule",
        )


def _management(command: tuple[str, ...]) -> tuple[str, ...]:
    """What comes after manage.py, where people wrote that too."""
    for index, word in enumerate(command[:3]):
        if word.endswith("manage.py") or word == "django-admin":
            return command[index + 1 :] or command
    return command[3:] if command[1:3] == ("-m", "django") and len(command) > 3 else command
