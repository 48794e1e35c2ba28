"""Secrets that go into an image, where everybody who can pull it reads them."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.secret_text import is_placeholder, is_unset, keeps_secret, login, tokens
from nuages.project.python_source import ancestors, joined, parent
from nuages.text import Location

_IGNORED = "https://docs.docker.com/build/concepts/context/#dockerignore-files"
_BUILD = 'FROM python:3.13-slim\nWORKDIR /app\nRUN pip list\n{}USER 2000\nCMD ["gunicorn"]\n'
_SECRET_FILES = re.compile(
    r"(?:^|/)(?:\.env(?:\.(?!example|sample|template|dist|test)[\w.-]+)?|\.netrc|\.pypirc|id_rsa"
    r"|id_ed25519|credentials\.json|service[-_]account[\w-]*\.json|[\w.-]+\.pem|[\w.-]+\.p12"
    r"|\.aws/?|\.ssh/?|\.npmrc|\.pgpass)$"
)
_PUBLIC_FILES = re.compile(r"\bca\b|chain|bundle|public|root|cert", re.IGNORECASE)
_NO_SECRET = re.compile(r"_FILE$|(?:UWSGI|PROXY|FASTCGI|GRPC)_PASS$")
_LET_IN = {
    ".env": "the variables of this machine",
    ".git": "the history of the code",
    "db.sqlite3": "a database of this machine",
}
"""What a build of the whole folder takes along, and what that is."""
_ENV_FILE = re.compile(r"dotenv|read_env|decouple|env_file|(?<![\w.])\.env\b")


@rule(
    "IMG004",
    severity="error",
    title="A secret is baked into the image",
    why="ENV and ARG stay in the image and in its history: whoever can pull it, and every tool "
    "that inspects it, reads them. To change one means to build again.",
    symptom="docker history --no-trunc shows the key; a scanner of the registry raises an alarm.",
    fix="Give it when the container is run, from a secret store; while building, "
    "`RUN --mount=type=secret,id=…`, or a value in that one RUN.",
    url="https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/",
    mistake={"Dockerfile": _BUILD.format("ENV SECRET_KEY=k3Zx9-fjq2m81xzy\n")},
    fixed={"Dockerfile": _BUILD.format("RUN SECRET_KEY=build python manage.py check\n")},
)
def baked(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        served = {instruction.location for instruction in dockerfile.final}
        for each in (i for i in dockerfile.needed if i.keyword in {"ENV", "ARG", "LABEL"}):
            runs = each.location in served and each.keyword == "ENV"
            for name, value in each.pairs:
                message, severity = _told(each, name, value, runs=runs)
                if message:
                    yield Fault(message, each.location, severity=severity)


def _told(
    each: Instruction, name: str, value: str | None, *, runs: bool
) -> tuple[str, Severity | None]:
    known, written = next(tokens(value or ""), None), login(value or "")
    if known:
        return f"{each.keyword} {name} holds {known.owner}", None
    if written:
        weak = is_placeholder(written.password) or is_unset(written.password)
        weak = weak or (not runs and len(written.password) < 12)
        return ("", None) if weak else (f"{each.keyword} {name} holds a password", None)
    if not keeps_secret(name) or value == "" or _NO_SECRET.search(name):
        return "", None
    return _of_secret(each, name, value, runs=runs)


def _of_secret(
    each: Instruction, name: str, value: str | None, *, runs: bool
) -> tuple[str, Severity | None]:
    if value is None:
        return f"The build is given {name} as an argument, which its history keeps", "warning"
    if value.startswith("$"):
        kept = f"ENV {name} keeps an argument of the build in the image"
        return (kept, None) if each.keyword == "ENV" else ("", None)
    if is_placeholder(value) or is_unset(value):
        said = f"ENV {name} is {value!r} in every container that is not given another"
        return (said, "warning") if runs else ("", None)
    return f"{each.keyword} {name} is written out", None


@rule(
    "IMG005",
    severity="error",
    title="A file of secrets is copied into the image",
    why="The file is in a layer for good, even if a later line removes it: whoever can pull the "
    "image has what is in it.",
    symptom="docker run … cat .env prints the passwords of production.",
    fix="Leave it out, and give its variables to the container: `env_file` in compose, or the "
    "platform's secrets.",
    url="https://docs.docker.com/build/building/secrets/",
    mistake={"Dockerfile": _BUILD.format("COPY .env /app/.env\n")},
    fixed={"Dockerfile": _BUILD.format("COPY manage.py /app/\n")},
)
def copied(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        for each in dockerfile.each("COPY", "ADD"):
            if each.flag("from") is None:
                for word in _sources(each):
                    if _SECRET_FILES.search(word) and not _PUBLIC_FILES.search(word):
                        yield Fault(f"{each.keyword} puts {word} into the image", each.location)


@rule(
    "IMG006",
    severity="warning",
    title="There is no .dockerignore",
    why="The whole folder is copied into the image: .env with its secrets, the history in .git, a "
    "database of this machine, a virtual environment made for another system.",
    symptom="An image of a gigabyte; docker run … cat .env.",
    fix="Write a .dockerignore with at least `.git`, `.env*`, `*.sqlite3`, `.venv`, "
    "`**/__pycache__`.",
    url=_IGNORED,
    mistake={".dockerignore": None},
    fixed={},
)
def no_dockerignore(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        whole = _copies_all(dockerfile) or _copies_code(production, dockerfile)
        if whole and _ignore_file(production, dockerfile) is None and not _rendered(production):
            severity: Severity | None = None if _is_whole(whole) else "info"
            said = f"{whole.keyword} {whole.text} takes everything along"
            yield Fault(said, whole.location, severity=severity)


@rule(
    "IMG007",
    severity="warning",
    title=".dockerignore lets secrets in",
    why="`COPY .` takes along whatever is in the folder of whoever builds: passwords in .env, the "
    "history in .git, a database with real users.",
    symptom="docker run … cat .env prints passwords.",
    fix="Add it to .dockerignore.",
    url=_IGNORED,
    mistake={".dockerignore": "*.pyc\n.git\n*.sqlite3\n"},
    fixed={".dockerignore": "*.pyc\n.git\n.env*\n*.sqlite3\n"},
)
def let_in(production: Production) -> Faults:
    for dockerfile in production.dockerfiles:
        path = _ignore_file(production, dockerfile)
        if path is None or not _copies_all(dockerfile):
            continue
        ignored = _Ignored(production.text(path))
        found = [name for name in _LET_IN if not ignored(name) and _has(production, name)]
        if ignored.named(".env"):  # .envs/, .env/: somebody has thought of it
            found = [name for name in found if name != ".env"]
        if found:
            names = " and ".join(f"{name} ({_LET_IN[name]})" for name in found)
            yield Fault(
                f"{names} would go into the image",
                Location(path, 1),
                fix=f"Add to {path}: {', '.join(f'`{name}`' for name in found)}.",
                severity="info" if found == [".git"] else None,
            )


def _has(production: Production, name: str) -> bool:
    """Whether whoever builds is likely to have the file."""
    used = (fact.value.engine for fact in production.project.databases)
    if name == "db.sqlite3":
        return "sqlite" in used or "sqlite" in production.text(".gitignore")
    return name == ".git" or _reads_env_file(production)


def _reads_env_file(production: Production) -> bool:
    paths = [".gitignore", ".env.example", *production.project.settings.files]
    paths += [compose.path for compose in production.compose_files]
    return any(_ENV_FILE.search(production.text(path)) for path in paths)


class _Ignored:
    """The patterns of a .dockerignore: https://docs.docker.com/build/concepts/context/#syntax"""

    def __init__(self, text: str):
        lines = (line.strip() for line in text.splitlines())
        self.patterns = [line for line in lines if line and not line.startswith("#")]

    def named(self, start: str) -> bool:
        """Whether a pattern names something that begins so."""
        return any(p.removeprefix("**/").lstrip("/").startswith(start) for p in self.patterns)

    def __call__(self, path: str) -> bool:
        ignored = False
        for pattern in self.patterns:
            wanted = pattern.removeprefix("!").strip("/").removeprefix("./")
            if _matches(path, wanted):
                ignored = not pattern.startswith("!")
        return ignored


def _matches(path: str, pattern: str) -> bool:
    if pattern in {"*", "**", "."}:
        return True
    bare = pattern.removeprefix("**/")
    return fnmatch.fnmatchcase(path, bare.removesuffix("/**"))


def _ignore_file(production: Production, dockerfile: Dockerfile) -> str | None:
    """The file that decides: the Dockerfile's own, else the nearest one above it."""
    own = f"{dockerfile.path}.dockerignore"
    folders = ancestors(parent(dockerfile.path))
    paths = (own, *(joined(folder, ".dockerignore") for folder in folders))
    return next((path for path in paths if path in production.files), None)


def _rendered(production: Production) -> bool:
    """Whether Nuages wrote one, so that it is not among the user's files."""
    return "nuages.lock" in production.files


def _copies_all(dockerfile: Dockerfile) -> Instruction | None:
    for each in dockerfile.each("COPY", "ADD"):
        if each.flag("from") is None and _is_whole(each):
            return each
    return None


def _copies_code(production: Production, dockerfile: Dockerfile) -> Instruction | None:
    """The instruction that copies the folder of manage.py, where that is not the whole."""
    folder = production.project.manage_dir.value
    copies = (i for i in dockerfile.needed if i.keyword in {"COPY", "ADD"} and not i.flag("from"))
    named = (i for i in copies if any(word.strip("./") == folder for word in _sources(i)))
    return next(named, None) if folder != "." else None


def _is_whole(each: Instruction) -> bool:
    return bool({".", "./", "*"} & set(_sources(each)))


def _sources(each: Instruction) -> Iterator[str]:
    words = each.argv or tuple(each.text.split())
    yield from (word.strip("\"'") for word in words[:-1])
