"""Pipfile, setup.cfg, setup.py and conda's environment.yml, read without running any."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from nuages.project.declared import Declared
from nuages.project.facts import Manager, Problem
from nuages.project.poetry import poetry_requirement
from nuages.project.python_source import calls, keyword, last_name, literal, parsed
from nuages.project.requirements import Requirement, ordered, requirement
from nuages.text import Location


def pipfile(path: str, text: str) -> Declared:
    """https://pipenv.pypa.io/en/latest/pipfile.html; ``"*"`` asks for any version."""
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return _broken("pipenv", path, str(error))
    lines = text.splitlines()
    found: dict[str, list[Requirement]] = {"packages": [], "dev-packages": []}
    for section in found:
        entries = data.get(section)
        for name, value in entries.items() if isinstance(entries, dict) else ():
            where = Location(path, _line(lines, name))
            found[section] += poetry_requirement(name, value, where)
    requires = data.get("requires")
    wanted = requires if isinstance(requires, dict) else {}
    python = wanted.get("python_version") or wanted.get("python_full_version")
    return Declared(
        "pipenv",
        path,
        tuple(found["packages"]),
        {"dev-packages": tuple(found["dev-packages"])},
        python=_series(python) if isinstance(python, str) else None,
        python_line=_line(lines, "python_version") or _line(lines, "python_full_version"),
        files=(path,),
    )


def _series(version: str) -> str:
    return f"=={version}.*" if version.count(".") == 1 else f"=={version}"


def _line(lines: list[str], name: str) -> int:
    pattern = re.compile(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*=", re.IGNORECASE)
    return next((i for i, line in enumerate(lines, 1) if pattern.match(line)), 0)


def setup_cfg(path: str, text: str) -> Declared:
    """https://setuptools.pypa.io/en/latest/userguide/declarative_config.html"""
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        return _broken("setuptools", path, str(error))
    required = parser.get("options", "install_requires", fallback="")
    python = parser.get("options", "python_requires", fallback="")
    extras = (
        parser.items("options.extras_require")
        if parser.has_section("options.extras_require")
        else []
    )
    return Declared(
        "setuptools",
        path,
        tuple(_listed(path, text, required.splitlines())),
        extras={name: tuple(_listed(path, text, value.splitlines())) for name, value in extras},
        python=ordered(python) or None,
        python_line=_line(text.splitlines(), "python_requires"),
        buildable=parser.has_section("metadata"),
        files=(path,),
    )


def setup_py(path: str, text: str) -> Declared:
    """The literal arguments of ``setup(…)``; what is computed is not known."""
    tree = parsed(text, path)
    if isinstance(tree, Problem):
        return Declared("setuptools", path, problems=(tree,))
    for call in calls(tree, "setup"):
        required = keyword(call, "install_requires")
        if isinstance(required, ast.Name):
            required = _bound(tree, required.id)
        items = required.elts if isinstance(required, ast.List | ast.Tuple) else []
        texts = [item for each in items if (item := literal(each))]
        python = literal(keyword(call, "python_requires"))
        return Declared(
            "setuptools",
            path,
            tuple(_listed(path, text, texts)),
            python=ordered(python) if python else None,
            python_line=_line(text.splitlines(), "python_requires"),
            buildable=True,
            files=(path,),
        )
    return Declared("setuptools", path)


def _bound(tree: ast.Module, name: str) -> ast.expr | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and last_name(node.targets[0]) == name:
            return node.value
    return None


def conda(path: str, text: str) -> Declared:
    """environment.yml: its ``pip:`` list, and conda's own names, which mostly are PyPI's.

    https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
    """
    try:
        data = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        return _broken("pip", path, str(error))
    entries = data.get("dependencies") if isinstance(data, dict) else None
    names, python = [], None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("pip"), list):
            names += [item for item in entry["pip"] if isinstance(item, str)]
        elif isinstance(entry, str) and (match := re.match(r"python\s*=+\s*([\d.]+)", entry)):
            python = _series(match[1].rstrip("."))
        elif isinstance(entry, str) and re.match(r"[\w-]*django", entry, re.IGNORECASE):
            names.append(re.sub(r"(?<![=<>~!])=(?!=)", "==", entry))
    found = tuple(_listed(path, text, names))
    line = _line([re.sub(r"^\s*-\s*", "", x) for x in text.splitlines()], "python")
    return Declared("pip", path, found, python=python, python_line=line, files=(path,))


def _listed(path: str, text: str, items: list[str]) -> list[Requirement]:
    found = []
    for item in filter(None, (item.strip() for item in items)):
        # conda's ``=`` was made ``==``: then only the name stands in the text
        position = max(text.find(item), text.find(re.split(r"[<>=!~;\[ ]", item)[0]))
        where = Location(path, text.count("\n", 0, position) + 1 if position >= 0 else 0)
        each = requirement(item, where)
        if isinstance(each, Requirement):
            found.append(each)
    return found


def _broken(manager: Manager, path: str, message: str) -> Declared:
    first = message.partition("\n")[0]
    match = re.search(r"line:? (\d+)", message)
    where = Location(path, int(match[1]) if match else 0)
    return Declared(manager, path, problems=(Problem(where, first),))
