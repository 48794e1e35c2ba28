"""Whether what is installed is the same tomorrow, and comes from where it should."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.project.requirements import Requirement, applies
from nuages.text import Location

_REPEATABLE = "https://pip.pypa.io/en/stable/topics/repeatable-installs/"
_PINNED = re.compile(r"={2,3}[^*]+$")
_COMMIT = re.compile(r"@[0-9a-f]{7,40}(?:$|[#&?])|@[\w./-]*\d+\.\d[\w.-]*(?:$|[#&?])")
_INDEX = re.compile(r"^\s*(--extra-index-url|--trusted-host|(?:-i|--index-url)[= ]+http://\S*)")
_MANY = 5
_TRANSITIVE = ("asgiref", "sqlparse")
"""What Django itself needs: where these are not named, nothing is that others need."""


@rule(
    "DEP001",
    severity="warning",
    title="A requirement is not pinned",
    why="The same commit installs other packages next week, so what was tested is not what is "
    "deployed, and a rollback does not bring back what ran.",
    symptom="A build of an old commit that fails; an import that breaks with no change in code.",
    fix="Pin every version, `django==5.2.8`, with `pip-compile` or `uv pip compile`.",
    url=_REPEATABLE,
    mistake={"requirements.txt": "django\ngunicorn==23.0.0\n"},
    fixed={"requirements.txt": "django==5.2.8\ngunicorn==23.0.0\n"},
)
def unpinned(production: Production) -> Faults:
    dependencies = production.project.dependencies
    if dependencies.lock:
        return
    files: dict[str, list[Requirement]] = defaultdict(list)
    for each in production.requirements:
        if not each.url and not _PINNED.search(each.specifier):
            files[each.location.path].append(each)
    for found in files.values():
        yield from _loose(found)
    loose = [n for n, written in dependencies.packages.items() if not _PINNED.search(written)]
    if loose and not production.requirements:
        where = production.package_at("django" if "django" in loose else loose[0])
        said = f"{', '.join(sorted(loose)[:3])}… ({len(loose)} packages) have no fixed version"
        yield Fault(said, where, fix="Lock them, with `uv lock` or `poetry lock`.")


def _loose(found: list[Requirement]) -> Faults:
    """One fault each; where a file pins nothing, one for all of them."""
    if len(found) > _MANY:
        names = ", ".join(each.name for each in found[:3])
        said = f"{names} and {len(found) - 3} more may be other versions tomorrow"
        yield Fault(said, found[0].location)
        return
    for each in found:
        said = f"{each.name}{each.specifier} may be another version tomorrow"
        yield Fault(said, each.location)


@rule(
    "DEP002",
    severity="warning",
    title="There is no lock: what the packages need is not pinned",
    why="Only the first row is pinned. Django's own requirements, urllib3 or cryptography are "
    "whatever is newest on the day of the build, and nothing says which they were.",
    symptom="A build that breaks on a release of a package that you have never heard of.",
    fix="Compile it: `uv pip compile requirements.in -o requirements.txt --generate-hashes`, or "
    "use uv or poetry with its lock.",
    url=_REPEATABLE,
    mistake={"requirements.txt": "django==5.2.8\ngunicorn==23.0.0\n"},
    fixed={
        "requirements.txt": "asgiref==3.10.0\ndjango==5.2.8\ngunicorn==23.0.0\npackaging==25.0\n"
        "sqlparse==0.5.3\n"
    },
)
def unlocked(production: Production) -> Faults:
    dependencies = production.project.dependencies
    packages = dependencies.packages
    if dependencies.lock or "django" not in packages or not dependencies.files:
        return
    if not any(name in packages for name in _TRANSITIVE):
        said = f"{dependencies.files[0]} names {len(packages)} packages, and not what they need"
        yield Fault(said, Location(dependencies.files[0], 1))


@rule(
    "DEP010",
    severity="warning",
    title="A package comes from a branch",
    why="Whatever is pushed there is installed at the next build; and where the repository is "
    "renamed or deleted, nothing builds.",
    symptom="A build that breaks, or does something else, with no change in the repository.",
    fix="Name a commit or a tag: `package @ git+https://github.com/owner/repo@v1.2.3`.",
    url="https://pip.pypa.io/en/stable/topics/vcs-support/",
    mistake={"requirements.txt": "django==5.2.8\nbooks @ git+https://github.com/me/books@main\n"},
    fixed={"requirements.txt": "django==5.2.8\nbooks @ git+https://github.com/me/books@v1.2.3\n"},
)
def from_branch(production: Production) -> Faults:
    if production.project.dependencies.manager != "pip" and production.project.dependencies.lock:
        return
    for each in production.requirements:
        if each.git and not _COMMIT.search(each.url):
            yield Fault(f"{each.name} is whatever is in {_short(each.url)}", each.location)
        archive = re.search(
            r"/archive/(?:refs/heads/)?(master|main|develop)\.(?:zip|tar)", each.url
        )
        if archive:
            yield Fault(f"{each.name} is whatever is in the branch {archive[1]}", each.location)


def _short(url: str) -> str:
    return url.removeprefix("git+").partition("#")[0]


@rule(
    "DEP014",
    severity="error",
    title="A package is asked for in two versions",
    why="pip refuses a package that is asked for twice with versions that exclude each other.",
    symptom="ERROR: Cannot install django==4.2 and django==5.2 because these package versions "
    "have conflicting dependencies; Double requirement given.",
    fix="Keep one of them.",
    url="https://pip.pypa.io/en/stable/topics/dependency-resolution/",
    mistake={"requirements.txt": "django==5.2.8\ngunicorn==23.0.0\ngunicorn==21.2.0\n"},
    fixed={"requirements.txt": "django==5.2.8\ngunicorn==23.0.0\n"},
)
def twice(production: Production) -> Faults:
    asked: dict[str, list[Requirement]] = defaultdict(list)
    for each in production.requirements:
        if applies(each, production.project.python.value) and not each.url:
            asked[each.name].append(each)
    for name, found in asked.items():
        for first, second in pairwise(found):
            if first.location.path == second.location.path and _exclude(first, second):
                said = f"{name}{second.specifier}, and {name}{first.specifier} in line "
                yield Fault(f"{said}{first.location.line}", second.location)


def _exclude(first: Requirement, second: Requirement) -> bool:
    for one, other in ((first, second), (second, first)):
        exact = re.fullmatch(r"={2,3}([\w.]+)", one.specifier)
        try:
            if exact and not SpecifierSet(other.specifier).contains(exact[1], prereleases=True):
                return True
        except InvalidSpecifier:
            return False
    return False


@rule(
    "DEP017",
    severity="error",
    title="Some requirements have hashes, and some have none",
    why="As soon as one requirement has a hash, pip demands one of each, and a version.",
    symptom="ERROR: In --require-hashes mode, all requirements must have their versions pinned "
    "with ==; Hashes are required in --require-hashes mode, but they are missing.",
    fix="Compile the file again instead of adding a line: `uv pip compile --generate-hashes`.",
    url="https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode",
    mistake={"requirements.txt": f"django==5.2.8 --hash=sha256:{'a1' * 32}\ngunicorn==23.0.0\n"},
    fixed={
        "requirements.txt": f"django==5.2.8 --hash=sha256:{'a1' * 32}\n"
        f"gunicorn==23.0.0 --hash=sha256:{'b2' * 32}\n"
    },
)
def some_hashes(production: Production) -> Faults:
    for path in dict.fromkeys(each.location.path for each in production.requirements):
        lines = dict(_logical(production.text(path)))
        here = [each for each in production.requirements if each.location.path == path]
        bare = [each for each in here if "--hash" not in lines.get(each.location.line, "")]
        if bare and len(bare) < len(here):
            yield Fault(f"{bare[0].name} has no hash, others have one", bare[0].location)


def _logical(text: str) -> Iterator[tuple[int, str]]:
    held, start = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        start = start or number
        held += line
        if not line.rstrip().endswith("\\"):
            yield start, held
            held, start = "", 0
    yield start, held


@rule(
    "DEP018",
    severity="warning",
    title="Packages may come from a stranger's index",
    why="With an extra index pip takes the highest version of either: somebody who puts a package "
    "of your private name on the public index is installed. Plain http lets anybody on the way "
    "choose.",
    symptom="A private package that is suddenly version 99.0.0.",
    fix="Take one index that has both, or uv, which binds a package to an index.",
    url="https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-extra-index-url",
    mistake={
        "requirements.txt": "--extra-index-url https://pypi.corp.example.com/simple\n"
        "django==5.2.8\n"
    },
    fixed={"requirements.txt": "--index-url https://pypi.corp.example.com/simple\ndjango==5.2.8\n"},
)
def foreign_index(production: Production) -> Faults:
    for path in production.project.dependencies.included:
        for number, line in enumerate(production.text(path).splitlines(), 1):
            found = _INDEX.match(line)
            if found and "download.pytorch.org" not in line:
                yield Fault(f"{found[1].strip()} is given", Location(path, number))
