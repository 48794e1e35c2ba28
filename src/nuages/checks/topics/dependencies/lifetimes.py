"""Whether Django and Python still get fixes, and whether everybody means the same Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.dependencies.known import DJANGO, PYTHON
from nuages.checks.topics.versions.release import newest
from nuages.text import Location

Series = tuple[int, int]
_PYPROJECT = (
    '[project]\nname = "shop"\nversion = "1"\nrequires-python = "{}"\n'
    'dependencies = ["django==5.2.8", "gunicorn==23.0.0"]\n'
)
_VERSION = re.compile(r"(?:python-|cpython-)?(\d+)\.(\d+)")
_IMAGE = re.compile(r"(?:^|/)python:(\d+)\.(\d+)|\bpython(\d+)\.(\d+)")
_FILES = (".python-version", "runtime.txt", "Pipfile", "pyproject.toml", "setup.py", "setup.cfg")
_PLATFORMS = re.compile(
    r"PYTHON_VERSION|python_version|^\s*python\s*=|\bpython3?\.\d+|runtime:", re.M
)


@rule(
    "DEP003",
    severity="warning",
    title="This Django gets no security fixes",
    why="Holes that are found in Django are published with the fix, for the releases that still "
    "get one. For this one only the hole is published.",
    symptom="A scanner's list of CVEs; an upgrade in a hurry, over several releases at once.",
    fix="Go to the long-term release: `django>=5.2,<5.3`. Step by step, with `python -Wa manage.py "
    "test` at each.",
    url="https://www.djangoproject.com/download/#supported-versions",
    mistake={"requirements.txt": "django==4.2.20\n"},
    fixed={"requirements.txt": "django==5.2.8\n"},
)
def django(production: Production) -> Faults:
    series = newest(production)
    if series and series not in DJANGO:  # `<5` admits the last series of 4
        series = max((s for s in DJANGO if s[0] == series[0] < 5), default=series)
    ended = DJANGO.get(series) if series else None
    if series and series < (1, 11):
        ended = "2018"
    if series and ended:
        said = f"Django {series[0]}.{series[1]} has had no security fixes since {ended}"
        yield Fault(said, production.package_at("django"))


@rule(
    "DEP004",
    severity="warning",
    title="This Python gets no security fixes",
    why="Holes in the interpreter, in ssl or in the parsers of the standard library stay open; "
    "packages stop making wheels for it, so that installing begins to compile.",
    symptom="No matching distribution found; error: command 'gcc' failed.",
    fix="Take a Python that is supported: `python:3.13-slim`.",
    url="https://devguide.python.org/versions/",
    mistake={".python-version": "3.9\n", "Dockerfile": None},
    fixed={".python-version": "3.13\n", "Dockerfile": None},
)
def python(production: Production) -> Faults:
    for series, where in named(production):
        ended = PYTHON.get(series)
        if ended:
            said = f"Python {series[0]}.{series[1]} has had no security fixes since {ended}"
            yield Fault(said, where)


def named(production: Production) -> Iterator[tuple[Series, Location]]:
    """Each Python that is named by its minor version, for production."""
    for name in (".python-version", "runtime.txt"):
        path = production.near(name)
        found = _VERSION.search(production.text(path)) if path else None
        if path and found:
            yield (int(found[1]), int(found[2])), Location(path, 1)
    if _runtime(production):
        major, _, minor = production.deployment.image.python.partition(".")
        if minor.isdigit():
            yield (int(major), int(minor)), production.config_at("deployment", "runtime")
    for dockerfile in production.dockerfiles:
        needed = {each.stage for each in dockerfile.needed}
        for stage in (each for each in dockerfile.stages if each.number in needed):
            image = _IMAGE.search(stage.image)
            if image:
                major, minor = image[1] or image[3], image[2] or image[4]
                yield (int(major), int(minor)), stage.start.location


@rule(
    "DEP005",
    severity="warning",
    title="Nothing says which Python is meant",
    why="Whoever builds takes what is at hand: this year's Python on one machine, last year's on "
    "another. An upgrade happens on the day that the platform or the image decides.",
    symptom="A build that fails on a Monday, with no change: no wheels for the newest Python.",
    fix="Write the version into `.python-version`, and a tag such as `python:3.13-slim` into the "
    "Dockerfile.",
    url="https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python",
    mistake={".python-version": None, "Dockerfile": None},
    fixed={".python-version": "3.13\n", "Dockerfile": None},
)
def unnamed(production: Production) -> Faults:
    files = production.project.dependencies.files
    if list(named(production)) or not files or _runtime(production):
        return
    images = [stage for file in production.dockerfiles for stage in file.stages]
    floating = [s for s in images if re.match(r"(?:\S+/)?python(?::(?!\d)|$)", s.image)]
    if floating:
        said = f"{floating[0].image} is another Python every year"
        yield Fault(said, floating[0].start.location)
        return
    told = (production.near(name) for name in _FILES)
    if images or any(path and _says(production.text(path)) for path in told):
        return
    platforms = (
        "render.yaml",
        "app.yaml",
        "fly.toml",
        "railway.json",
        "environment.yml",
        "tox.ini",
    )
    if not any(_PLATFORMS.search(production.text(name)) for name in platforms):
        yield Fault(f"{files[0]} names packages, and no file a Python", Location(files[0], 1))


def _runtime(production: Production) -> bool:
    said = production.config.manifest(production.environment).deployment
    return bool(said and said.runtime)


def _says(text: str) -> bool:
    return bool(
        re.search(r"requires-python|python_requires|python_version|^python\s*=", text, re.M)
    )


@rule(
    "DEP012",
    severity="error",
    title="The project does not admit the image's Python",
    why="uv, poetry and pip refuse to install a project on a Python that it excludes; where they "
    "do not look, production runs on a Python that nobody develops with.",
    symptom="requires a different Python: 3.9.1 not in '>=3.11'; the requested interpreter is "
    "incompatible.",
    fix="Make them agree: the image's tag, `.python-version` and `requires-python`.",
    url="https://packaging.python.org/en/latest/specifications/core-metadata/#requires-python",
    mistake={".python-version": "3.12\n"},
    fixed={".python-version": "3.13\n"},
)
def contradictory(production: Production) -> Faults:
    wanted = production.project.python_requires
    found = list(named(production))
    for series, where in found:
        if wanted and not _admits(wanted.value, series):
            said = f"Python {series[0]}.{series[1]}; the project wants {wanted.value}"
            yield Fault(said, where)
    files = [(s, w) for s, w in found if "ockerfile" not in w.path]
    images = [(s, w) for s, w in found if "ockerfile" in w.path]
    if files and images and not {s for s, _ in files} & {s for s, _ in images}:
        (series, where), (image, _) = files[0], images[-1]
        said = f"{where.path} says Python {series[0]}.{series[1]}, the image has "
        yield Fault(f"{said}{image[0]}.{image[1]}", images[-1][1], severity="warning")


def _admits(specifier: str, series: Series) -> bool:
    try:
        wanted = SpecifierSet(specifier)
    except InvalidSpecifier:
        return True
    return any(wanted.contains(f"{series[0]}.{series[1]}.{patch}") for patch in range(30))


@rule(
    "DEP019",
    severity="info",
    title="Only one patch release of Python is admitted",
    why="The next fix of a hole in Python is refused until somebody changes the line; images and "
    "machines move on to it by themselves.",
    symptom="The current Python version (3.13.14) is not allowed by the project (3.13.13).",
    fix='Admit the series: `requires-python = ">=3.13,<3.14"`.',
    url="https://packaging.python.org/en/latest/guides/writing-pyproject-toml/#requires-python",
    mistake={"pyproject.toml": _PYPROJECT.format("==3.13.5"), "requirements.txt": None},
    fixed={"pyproject.toml": _PYPROJECT.format(">=3.13"), "requirements.txt": None},
)
def one_patch(production: Production) -> Faults:
    wanted = production.project.python_requires
    if wanted and re.fullmatch(r"={2,3}\s*\d+\.\d+\.\d+", wanted.value.strip()):
        where = wanted.evidence[0].location if wanted.evidence else Location("pyproject.toml", 1)
        yield Fault(f"The project wants Python {wanted.value}, and no other", where)
