"""What to change in an installation that failed, out of what it printed: a pure table."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from packaging.version import InvalidVersion, Version

from nuages.local.process.installing import Plan, named

UNNEEDED = {
    "uwsgi": "another server runs the site",
    "pyuwsgi": "another server runs the site",
    "mod-wsgi": "another server runs the site",
    "uwsgitop": "it watches uWSGI, which does not run here",
    "newrelic": "its agent is not active here",
    "watchman": "it only helps while developing",
    "pywatchman": "it only helps while developing",
    "python-systemd": "nothing here runs under systemd",
    "systemd-python": "nothing here runs under systemd",
}
"""Packages that a site serves its pages without."""


@dataclass(frozen=True)
class Remedy:
    code: str
    pattern: str
    change: Callable[[Plan, re.Match[str]], Plan]


def changed(plan: Plan, output: str) -> Plan | None:
    """The plan to try next, or None when nothing in the output is known to have a remedy."""
    for remedy in REMEDIES:
        for match in re.finditer(remedy.pattern, output, re.IGNORECASE):
            after = remedy.change(plan, match)
            if after != plan:
                return after
    return None


def _binary_psycopg(plan: Plan, match: re.Match[str]) -> Plan:
    if "psycopg2" in plan.excluded:
        return plan
    version = next((m[1] for m in re.finditer(r"psycopg2==([\w.]+)", match.string)), "")
    line = f"psycopg2-binary=={version}" if version else "psycopg2-binary"
    after = replace(plan, lines=(*plan.lines, line), excluded=(*plan.excluded, "psycopg2"))
    return after.noting(f"psycopg2 would need PostgreSQL's headers to build: {line} is used")


def _buildable_psycopg(plan: Plan, _: re.Match[str]) -> Plan:
    """The last release for the Djangos of that time: sources before 2.8 end with Python 3.7.

    https://www.psycopg.org/docs/news.html#what-s-new-in-psycopg-2-8-4 names Python 3.8.
    """
    if OLD_PSYCOPG in plan.overrides:
        return plan
    after = replace(
        plan,
        lines=(*plan.lines, OLD_PSYCOPG),
        overrides=(*plan.overrides, OLD_PSYCOPG),
        excluded=(*plan.excluded, "psycopg2"),
    )
    return after.noting(f"psycopg2 before 2.8 does not compile here: {OLD_PSYCOPG} is used")


OLD_PSYCOPG = "psycopg2-binary==2.8.6"
NO_HEADER = r"fatal error: '?[\w/.+-]+\.h'?(?:: No such file| file not found)"
LADDER = ("setuptools<81", "setuptools<72", "setuptools<58", "setuptools<46")
"""Each brings back what sources of some age need: pkg_resources, old names, use_2to3, Feature.

https://setuptools.pypa.io/en/stable/history.html
"""


_FEATURE = "import name 'Feature'"


def _older_setuptools(plan: Plan, match: re.Match[str]) -> Plan:
    """One rung down for the package that failed; nothing when it is at the lowest.

    A compiler that misses a header got past its build tools: older ones change nothing.
    """
    if re.search(NO_HEADER, match.string):
        return plan
    name = f"{named(match['name'])}{match['version'] or ''}"
    bounds = dict(plan.build_bounds)
    at = LADDER.index(bounds[name]) + 1 if name in bounds else _first_rung(match.string)
    lowest = "setuptools<46" if _FEATURE in match.string else "setuptools<58"
    if plan.tool == "pip" or at > LADDER.index(lowest):
        return plan
    bounds[name] = LADDER[at]
    text = f"{name} builds only with older tools: {LADDER[at]}"
    others = tuple(notice for notice in plan.notices if not notice.startswith(f"{name} builds"))
    return replace(plan, build_bounds=tuple(bounds.items()), notices=(*others, text))


def _first_rung(output: str) -> int:
    if _FEATURE in output:
        return LADDER.index("setuptools<46")
    if "use_2to3" in output:
        return 2
    return 0 if "pkg_resources" in output else 1


def _left_out(plan: Plan, match: re.Match[str]) -> Plan:
    name = named(match["name"])
    if name not in UNNEEDED or name in plan.excluded:
        return plan
    after = replace(plan, excluded=(*plan.excluded, name))
    return after.noting(f"{name} cannot be built here and is left out: {UNNEEDED[name]}")


def _pymysql(plan: Plan, _: re.Match[str]) -> Plan:
    if "mysqlclient" in plan.excluded:
        return plan
    after = replace(
        plan, lines=(*plan.lines, "pymysql>=1.1"), excluded=(*plan.excluded, "mysqlclient")
    )
    return after.noting("mysqlclient would need MySQL's headers to build: PyMySQL stands in")


def _pycryptodome(plan: Plan, _: re.Match[str]) -> Plan:
    """Its drop-in replacement: https://www.pycryptodome.org/src/introduction."""
    if "pycrypto" in plan.excluded:
        return plan
    after = replace(
        plan, lines=(*plan.lines, "pycryptodome"), excluded=(*plan.excluded, "pycrypto")
    )
    return after.noting("pycrypto, left by its authors, does not build here: pycryptodome is used")


def _one_pin(plan: Plan, match: re.Match[str]) -> Plan:
    """The newer of two pins that a project has for one package, and no installer can meet."""
    name, pins = named(match["name"]), sorted((match["one"], match["other"]), key=_order)
    if any(named(line) == name for line in plan.overrides):
        return plan
    chosen, spare = f"{name}=={pins[1]}", f"{name}=={pins[0]}"
    after = replace(plan, overrides=(*plan.overrides, chosen), spare=(*plan.spare, spare))
    return after.noting(f"{name} is pinned twice, {pins[0]} and {pins[1]}: {pins[1]} is used")


def _other_pin(plan: Plan, match: re.Match[str]) -> Plan:
    """The older of the two, where the newer does not go with the rest."""
    name = named(match["name"])
    spare = next((line for line in plan.spare if named(line) == name), "")
    if not spare:
        return plan
    others = tuple(line for line in plan.overrides if named(line) != name)
    left = tuple(line for line in plan.spare if line != spare)
    after = replace(plan, overrides=(*others, spare), spare=left)
    return after.noting(f"{spare} is used after all: the other pin does not fit the rest")


def _order(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:
        return Version("0")


def _pip(plan: Plan, match: re.Match[str]) -> Plan:
    if plan.tool == "pip" or plan.whole or plan.insists:
        return plan
    return replace(plan, tool="pip").noting(f"uv refuses what pip takes ({match[0].strip()[:90]})")


def _own_package(plan: Plan, match: re.Match[str]) -> Plan:
    """Its requirements alone: what its code needs is there, and the code is found by its path."""
    if not plan.project:
        return plan
    after = replace(plan, project=False, files=("pyproject.toml",))
    return after.noting(f"the project's own package, {match['name']}, is not built: it fails")


def _other_python(plan: Plan, match: re.Match[str]) -> Plan:
    """Its requirements alone, on a Python that it does not name: found to be the nearest here."""
    others = tuple(line for line in plan.lines if line.strip() not in {"-e .", "."})
    if plan.project:
        after = replace(plan, project=False, files=("pyproject.toml",))
    elif others != plan.lines:
        after = replace(plan, lines=others)
    else:
        return plan
    return after.noting(f"the project's own package, {match['name']}, asks for another Python")


_FAILED_BUILD = (
    r"failed (?:to build|building wheel for)[: ]*`?(?P<name>[A-Za-z0-9._-]+)"
    r"(?P<version>==[\w.+!]+)?"
)
_OLD_SOURCE = _FAILED_BUILD + (
    r"(?=[\s\S]*(?:use_2to3|pkg_resources|from 'setuptools|has no attribute|No module named"
    r"|setuptools\.build_meta|SetuptoolsDeprecation|dry_run|install_layout))"
)

REMEDIES: tuple[Remedy, ...] = (
    Remedy(
        "psycopg2-source", r"pg_config(?: executable)? (?:is required|not found)", _binary_psycopg
    ),
    # the interpreter's state is closed to extensions since Python 3.8
    Remedy(
        "psycopg2-old", r"psycopgmodule[^\n]*incomplete[^\n]*PyInterpreterState", _buildable_psycopg
    ),
    Remedy("psycopg2-source", r"failed to build[: ]*`?psycopg2==", _binary_psycopg),
    Remedy("unneeded", _FAILED_BUILD, _left_out),
    Remedy(
        "own-package", r"failed to build[: ]*`?(?P<name>[\w.-]+)(?:==\S+)? @ file://", _own_package
    ),
    Remedy(
        "own-package",
        r"current Python version \([\d.]+\) does not satisfy[^\n]* and (?P<name>[\w.-]+)==\S+"
        r" depends on Python[\s\S]*you require (?P=name)\b",
        _other_python,
    ),
    Remedy(
        "mysqlclient-source", r"failed to build[: ]*`?mysqlclient|mysql_config.*not found", _pymysql
    ),
    Remedy("pycrypto-source", r"failed to build[: ]*`?pycrypto(?![\w-])", _pycryptodome),
    Remedy("old-source", _OLD_SOURCE, _older_setuptools),
    Remedy(
        "pinned-twice",
        r"because you require (?P<name>[\w.-]+)==(?P<one>[\w.+!]+)"
        r" and (?P=name)==(?P<other>[\w.+!]+)",
        _one_pin,
    ),
    Remedy(
        "pinned-twice",
        r"because (?P<name>[\w.-]+)==[\w.+!]+ depends on [^\n]*incompatible",
        _other_pin,
    ),
    Remedy(
        "uv-strict",
        r"error: couldn't parse requirement[^\n]*|no solution found[^\n]*"
        r"|requirements? contain conflicting[^\n]*|unsupported[^\n]*requirement[^\n]*"
        r"|(?:error|cause): .*(?:invalid|expected |unexpected)[^\n]*"
        r"|metadata (?:field|has an invalid)[^\n]*",
        _pip,
    ),
)
