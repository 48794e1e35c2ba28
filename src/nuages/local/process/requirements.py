"""What to install, as one list of requirement lines, out of any manager's files."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.utils import NormalizedName, canonicalize_name

Table = Mapping[str, Any]


def from_pipfile_lock(text: str) -> tuple[str, ...]:
    """The ``default`` section of a Pipfile.lock."""
    packages: Table = json.loads(text).get("default", {})
    return tuple(_pipfile_line(name, entry) for name, entry in packages.items())


def _pipfile_line(name: str, entry: Table) -> str:
    extras = f"[{','.join(entry['extras'])}]" if entry.get("extras") else ""
    marker = f" ; {entry['markers']}" if entry.get("markers") else ""
    if "git" in entry:
        return f"{name}{extras} @ git+{entry['git']}@{entry.get('ref', 'HEAD')}{marker}"
    if "file" in entry:
        return f"{name}{extras} @ {entry['file']}{marker}"
    if entry.get("editable") or "path" in entry:
        return f"-e {entry.get('path', '.')}"
    return f"{name}{extras}{entry.get('version', '')}{marker}"


def from_pdm_lock(text: str, groups: Iterable[str]) -> tuple[str, ...]:
    """The packages of the default group, and of ``groups``, of a pdm.lock."""
    wanted = {"default", *groups}
    packages = tomllib.loads(text).get("package", [])
    kept = (p for p in packages if wanted & set(p.get("groups", ["default"])))
    return tuple(_pdm_line(package) for package in kept if "version" in package)


def _pdm_line(package: Table) -> str:
    marker = f" ; {package['marker']}" if package.get("marker") else ""
    if "git" in package:
        return f"{package['name']} @ git+{package['git']}@{package.get('revision')}{marker}"
    extras = f"[{','.join(package['extras'])}]" if package.get("extras") else ""
    return f"{package['name']}{extras}=={package['version']}{marker}"


def from_poetry_lock(lock: str, pyproject: str, groups: Iterable[str]) -> tuple[str, ...]:
    """What production needs of a poetry.lock: its main packages and what these need.

    Locks before version 2.1 do not say which group a package is for, so the needs are followed
    from pyproject.toml through the lock.
    """
    packages: dict[str, list[Table]] = {}
    for package in tomllib.loads(lock).get("package", []):
        packages.setdefault(canonicalize_name(package["name"]), []).append(package)
    wanted = {"main", *groups}
    everything = [package for same in packages.values() for package in same]
    if all("groups" in package for package in everything):
        kept = [p for p in everything if wanted & set(p["groups"]) and not p.get("optional")]
    else:
        needed = _reached(packages, _poetry_roots(tomllib.loads(pyproject), groups))
        kept = [p for name in sorted(needed) for p in packages[name]]
    return tuple(_poetry_line(p, alone=len(packages[_key(p)]) == 1) for p in kept)


def _key(package: Table) -> str:
    return canonicalize_name(package["name"])


def _poetry_roots(pyproject: Table, groups: Iterable[str]) -> Iterator[str]:
    poetry: Table = pyproject.get("tool", {}).get("poetry", {})
    for requirement in pyproject.get("project", {}).get("dependencies", []):
        yield _name(requirement)
    yield from poetry.get("dependencies", {})
    for group in ("main", *groups):
        yield from poetry.get("group", {}).get(group, {}).get("dependencies", {})
        for requirement in pyproject.get("dependency-groups", {}).get(group, []):
            if isinstance(requirement, str):
                yield _name(requirement)


def _reached(packages: Mapping[str, list[Table]], roots: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = [canonicalize_name(name) for name in roots]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in packages:
            continue
        seen.add(canonicalize_name(name))
        for package in packages[name]:
            needs = package.get("dependencies", {})
            waiting.extend(canonicalize_name(n) for n, how in needs.items() if _unconditional(how))
            waiting.extend(_extra_needs(package))
    return seen


def _unconditional(how: Any) -> bool:
    return not (
        isinstance(how, dict) and (how.get("optional") or "extra ==" in how.get("markers", ""))
    )


def _extra_needs(package: Table) -> Iterator[NormalizedName]:
    """Needs of an extra count when the lock holds them: the lock holds only what is used."""
    for needs in package.get("extras", {}).values():
        yield from (canonicalize_name(_name(need)) for need in needs)


def _poetry_line(package: Table, *, alone: bool) -> str:
    source: Table = package.get("source", {})
    marker = _marker(package) or ("" if alone else _python_marker(package))
    if source.get("type") == "git":
        where = f"git+{source['url']}@{source.get('resolved_reference', source.get('reference'))}"
        return f"{package['name']} @ {where}{marker}"
    if source.get("type") == "url":
        return f"{package['name']} @ {source['url']}{marker}"
    if source.get("type") in {"directory", "file"}:
        return str(source["url"]) if str(source["url"]).startswith(".") else f"./{source['url']}"
    return f"{package['name']}=={package['version']}{marker}"


def _marker(package: Table) -> str:
    """The marker of a package, and the Pythons that it supports where several are locked."""
    found = package.get("markers")
    if isinstance(found, dict):  # by group: the main group's is what production needs
        found = found.get("main")
    if not isinstance(found, str) or not found:
        return ""
    try:
        return f" ; {Marker(found)}"
    except InvalidMarker:
        return ""


def _python_marker(package: Table) -> str:
    """One of several locked versions is for the Pythons that it names."""
    bounds = re.findall(r"(>=|<=|==|!=|<|>)\s*(\d+\.\d+)", package.get("python-versions", ""))
    return " ; " + " and ".join(f'python_version {op} "{v}"' for op, v in bounds) if bounds else ""


def _name(requirement: str) -> str:
    match = re.match(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)", requirement)
    return match[1] if match else requirement


def from_packages(packages: Mapping[str, str]) -> tuple[str, ...]:
    """Lines out of names and specifiers, where no lock says more."""
    return tuple(f"{name}{specifier}" for name, specifier in packages.items() if name != "python")
