"""What the settings ask of others while they are imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.checks.topics.contract.lookups import around
from nuages.project.python_source import last_name

_ASKS = re.compile(
    r"^(?:requests|httpx)\.(?:get|post|put|request|head|Client|Session)$|(?:^|\.)urlopen$"
    r"|^boto3\.(?:client|resource)$|\.?SecretManagerServiceClient$|^google\.auth\.default$"
    r"|\.access_secret_version$|\.get_secret_value$|\.get_secret$|^hvac\.Client$"
)
"""Calls that speak to another machine, or are about to."""
_WORDS = (
    *("requests", "httpx", "urlopen", "boto3", "secretmanager", "google.auth", "hvac"),
    "get_secret",
)
_WORK = re.compile(r"DEBUG|LOCAL|DEV|TEST", re.IGNORECASE)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@rule(
    "CON018",
    severity="warning",
    title="The settings ask the network while they are imported",
    why="Every process that starts waits for the answer, and so does collectstatic while the "
    "image is built, where nobody answers. A slow or missing answer is a release that hangs.",
    symptom="A build that hangs at collectstatic; ConnectTimeout for 169.254.169.254; "
    "google.auth.exceptions.DefaultCredentialsError.",
    fix="Let the platform put the value into the environment, from its store of secrets, and "
    "read it there.",
    url="https://12factor.net/config",
    mistake={
        "settings.py": "import requests\n"
        "ADDRESS = requests.get('http://169.254.169.254/latest/meta-data/local-ipv4').text"
    },
    fixed={"settings.py": "ADDRESS = env.str('ADDRESS', default='')"},
)
def asked(production: Production) -> Faults:
    files = production.settings_files
    if not any(word in file.text for file in files for word in _WORDS):
        return
    asking = _asking(files)
    for file in files:
        for call in sorted(file.nodes(ast.Call), key=lambda each: each.lineno):
            if _is_at_import(file, call) and (_asks(call) or last_name(call.func) in asking):
                name = ast.unparse(call.func)
                yield Fault(f"{name}() speaks to another machine at import", file.at(call))
                break


def _asks(call: ast.Call) -> bool:
    return bool(_ASKS.search(ast.unparse(call.func)))


def _asking(files: tuple[PythonFile, ...]) -> set[str]:
    """The functions that ask, and those that call them."""
    functions = [*_functions(files)]
    found: set[str] = set()
    while True:
        more = {f.name for f in functions if any(_is_asking(c, found) for c in _calls(f))}
        if more <= found:
            return found
        found |= more


def _is_asking(call: ast.Call, found: set[str]) -> bool:
    return _asks(call) or (isinstance(call.func, ast.Name) and call.func.id in found)


def _calls(function: Function) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _functions(files: tuple[PythonFile, ...]) -> Iterator[Function]:
    for file in files:
        yield from file.nodes(ast.FunctionDef)
        yield from file.nodes(ast.AsyncFunctionDef)


def _is_at_import(file: PythonFile, call: ast.Call) -> bool:
    """Whether it runs when the module is imported, not only in development."""
    return not any(
        isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        or (isinstance(outer, ast.If) and _WORK.search(ast.unparse(outer.test)))
        for outer in around(file, call)
    )
