"""``.env`` files that production reads."""

from __future__ import annotations

import ast
import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.contract.lookups import around
from nuages.checks.topics.contract.provided import provided
from nuages.project.evaluation.libraries.dotenv import decouple_lines
from nuages.project.ignore import Ignore
from nuages.project.python_source import keyword

_READERS = ("load_dotenv", "read_dotenv", "read_env", "read_envfile")
_DOTENV = "https://github.com/theskumar/python-dotenv#getting-started"
_COMMITTED = "is committed, and the settings read it"
_READ = "env.read_env(BASE_DIR / '.env')\nPAGE_SIZE = env.int('PAGE_SIZE', default=20)"
_EXISTS = re.compile(r"exists|is_file|isfile")


@rule(
    "CON010",
    severity="warning",
    title="A .env file overrules the environment",
    why="With `override` whatever stands in a .env file wins over what the platform sets. One "
    "that slipped into the image, or into the folder, runs production on a laptop's values.",
    symptom="A variable that is set, is there, and has no effect: the database of development.",
    fix="Leave `override=True` or `overwrite=True` out: the environment wins then.",
    url=_DOTENV,
    mistake={"settings.py": "env.read_env(str(BASE_DIR / '.env'), overwrite=True)"},
    fixed={"settings.py": "env.read_env(str(BASE_DIR / '.env'))"},
)
def overrules(production: Production) -> Faults:
    settings = {file.path: file for file in production.settings_files}
    entries = {file.path: file for file in production.mentioning("load_dotenv", "read_dotenv")}
    for file in {**settings, **entries}.values():
        if "override" not in file.text and "overwrite" not in file.text:
            continue
        for call in file.calls(*_READERS):
            given = keyword(call, "override") or keyword(call, "overwrite")
            wins = isinstance(given, ast.Constant) and given.value is True
            if wins and not _is_guarded(file, call):
                yield Fault("What this file says wins over the environment", file.at(call))


def _is_guarded(file: PythonFile, call: ast.Call) -> bool:
    """Whether a condition decides on it that asks for more than whether the file is there."""
    return any(
        isinstance(outer, ast.If) and not _EXISTS.search(ast.unparse(outer.test))
        for outer in around(file, call)
    )


@rule(
    "CON011",
    severity="warning",
    title="A committed .env file gives production its values",
    why="The file is in the repository, `COPY . .` brings it into the image, and the settings "
    "read it: whatever nobody sets for production comes from there.",
    symptom="DEBUG is on in production, although its default in the code is False.",
    fix="Put `.env` into .gitignore and .dockerignore, and commit a .env.example instead.",
    url="https://12factor.net/config",
    mistake={"settings.py": _READ, ".env": "PAGE_SIZE=5\n", ".dockerignore": ".git\n"},
    fixed={"settings.py": _READ, ".env": "PAGE_SIZE=5\n", ".dockerignore": ".git\n.env\n"},
)
def committed(production: Production) -> Faults:
    told = production.project.settings
    given = provided(production)
    ignored = Ignore("", production.text(".dockerignore"))
    for problem in (p for p in told.problems if p.message == _COMMITTED):
        path = problem.location.path
        said = decouple_lines(production.text(path))
        read = [v.name for v in told.variables if v.name in said and v.name not in given]
        if read and not ignored.decides(path, folder=False):
            shown = ", ".join(read[:4]) + (", …" if len(read) > 4 else "")
            where = production.find(path, rf"^\s*(?:export\s+)?{re.escape(read[0])}\s*=")
            message = f"{path} is committed, and says what {shown} is in production"
            yield Fault(message, where or problem.location)
