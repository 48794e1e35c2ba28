"""Does detection agree with what people read in the same projects? A tally, by field.

    python bench/detection_agreement.py                 the fixture projects of this repository
    python bench/detection_agreement.py TRUTH_FOLDER…    JSON files that name a checkout in `root`

Each answer is right, unknown (nothing was said) or wrong; wrong is worse than unknown. What
people wrote in prose is compared by the words that matter: a version, an engine, a package.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from packaging.specifiers import SpecifierSet

from nuages.errors import NuagesError
from nuages.project.detect import detect
from nuages.project.facts import Project
from nuages.project.poetry import poetry_specifier
from nuages.project.tree import Tree

HERE = Path(__file__).parent
FIXTURES = HERE.parent / "tests" / "fixtures" / "projects"
RIGHT, UNKNOWN, WRONG = "right", "unknown", "wrong"


def judged(found: object, expected: object) -> str:
    """Equal values are right; nothing where something was expected is unknown."""
    if found == expected or (not found and not expected):
        return RIGHT
    return UNKNOWN if not found else WRONG


def value(fact: Any) -> Any:
    return fact.value if fact is not None else None


def target(fact: Any) -> str | None:
    return fact.value.target if fact is not None else None


def word(text: object) -> str:
    return str(text or "").split(" ")[0].strip(",")


def python(project: Project, text: str) -> str:
    """Our minor version is one that the reader names, or lies between two of them."""
    minors = [int(m) for m in re.findall(r"(?<![\d.])3\.(\d{1,2})", text)]
    ours = int(project.python.value.split(".")[1])
    if not minors:
        return RIGHT
    if "not declared" in text or "nothing declares" in text or " to " in text or ">" in text:
        return RIGHT if min(minors) <= ours else WRONG
    return RIGHT if ours in minors else WRONG


def django(project: Project, declared: str, installed: str) -> str:
    ours = value(project.django)
    if ours is None:
        return judged(None, declared)
    if ours == installed or word(declared).lstrip("=") == ours:
        return RIGHT
    wanted = poetry_specifier(word(declared)) if "^" in declared else ours
    same = SpecifierSet(wanted if not wanted[0].isdigit() else f"=={wanted}")
    return RIGHT if installed and installed in same else judged(ours, wanted)


def files(project: Project, expected: list[str]) -> str:
    ours = {*project.dependencies.files, *project.dependencies.included}
    if not ours:
        return judged(None, expected)
    return RIGHT if ours <= set(expected) and ours else WRONG


def system(python: str, ours: tuple[str, ...], expected: list[str]) -> str:
    """The Debian packages that the reader's words name are among ours, or neither has any."""
    minor = int(python.split(".")[1])
    asked = (text for text in expected if "not needed" not in text)
    later = re.compile(r"on 3\.(\d+)")  # needed only where there is no wheel any more
    words = " ".join(t for t in asked if not (m := later.search(t)) or minor >= int(m[1]))
    named = re.findall(r"\b(?:lib[a-z0-9.+-]+|gcc|git|gettext|binutils)\b", words)
    named = [name for name in named if not name.endswith("libc")]
    if not expected or not named:
        return RIGHT if not ours or expected else WRONG
    return RIGHT if set(named) <= {*ours, "libc"} else UNKNOWN if not ours else WRONG


def engine(project: Project, expected: str) -> str:
    ours = next((f.value.engine for f in project.databases if f.value.alias == "default"), None)
    known = {"postgresql": "postg", "mysql": "mysql", "sqlite": "sqlite"}
    if ours is None:
        return judged(None, expected)
    return RIGHT if known.get(ours, ours) in expected.lower() else WRONG


def frontend(project: Project, tool: str | None, command: str | None) -> str:
    ours = value(project.frontend)
    if ours is None or tool is None:
        return judged(ours, tool)
    same = ours.tool == tool and (not ours.command or ours.command in str(command))
    return RIGHT if same else WRONG


def located(evidence: Any) -> set[str]:
    return {f"{e.location.path}:{e.location.line}" for e in evidence}


# --- the two kinds of truth -----------------------------------------------------------------


def fixture(project: Project, truth: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """One of our own projects against tests/fixtures/projects/expectations.toml."""
    deps, static = project.dependencies, project.static.value
    environ = dict(project.settings.environ)
    environ.pop("DJANGO_SETTINGS_MODULE", None)
    cache = value(project.cache_backend)
    yield "manage_dir", judged(project.manage_dir.value, truth["manage_dir"])
    yield "settings_module", judged(project.settings_module.value, truth["settings_module"])
    yield "settings_env", judged(environ, truth["settings_env"])
    yield "wsgi", judged(target(project.wsgi), truth["wsgi"] or None)
    yield "asgi", judged(target(project.asgi), truth["asgi"] or None)
    yield "needs_asgi", judged(project.needs_asgi.value, truth["needs_asgi"])
    yield "python", _constraint(project, truth["python"]["constraint"])
    declared = truth["django_locked"] or truth["django"]["constraint"]
    yield "django", django(project, declared, truth["django_locked"])
    yield "manager", judged(deps.manager, truth["dependency_manager"])
    yield "files", files(project, truth["dependency_files"])
    yield "groups", judged([*deps.groups], truth.get("dependency_groups", []))
    yield "extras", judged([*deps.extras], truth.get("dependency_extras", []))
    yield "server", judged(next(iter(project.servers), ""), truth["server_dependency"])
    yield "database", engine(project, truth["databases"]["default"])
    yield "cache", judged(cache, truth["cache"] or None)
    yield (
        "celery",
        judged(project.celery.value.target if project.celery else "", truth["celery_app"]),
    )
    beat = project.celery.value.beat if project.celery else False
    yield "beat", judged(beat, truth["celery_beat"])
    yield "media_fields", judged(located(project.media_fields), set(truth["media_fields"]))
    yield "user_model", judged(value(project.custom_user) or "auth.User", truth["user_model"])
    yield "rest_framework", judged(project.rest_framework.value, truth["rest_framework"])
    yield "static_root", judged(bool(static.root), truth["static_root"]["set"])
    yield "whitenoise", judged(static.whitenoise, truth["static_serving"] == "whitenoise")
    expected = truth["frontend"]
    yield "frontend", frontend(project, expected.get("manager"), expected.get("command"))
    output = project.frontend.value.output if project.frontend else None
    yield "output", judged(output, expected.get("output"))
    yield "health", judged({f.value for f in project.health_endpoints}, set(truth["health_paths"]))
    steps = {step.value.command[0] for step in project.management_steps}
    yield "steps", judged(steps, set(truth["extra_steps"]))


def _constraint(project: Project, constraint: str) -> str:
    ours = project.python.value
    if constraint[:1].isdigit():
        return judged(ours, ".".join(constraint.split(".")[:2]))
    return RIGHT if f"{ours}.0" in SpecifierSet(constraint) else WRONG


def real(project: Project, truth: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A checkout against what somebody wrote about it after running it."""
    root, deps, static = truth["root"], project.dependencies, project.static.value
    where = str(Path(root, project.manage_dir.value)) if project.manage_dir.value != "." else root
    yield "manage_dir", judged(where, truth["manage_dir"])
    yield "settings_module", judged(project.settings_module.value, truth["settings_module"])
    yield "wsgi", judged(target(project.wsgi), word(truth["wsgi"]) or None)
    yield "asgi", judged(target(project.asgi), word(truth["asgi"]) or None)
    yield "needs_asgi", judged(project.needs_asgi.value, truth["needs_asgi"])
    yield "python", python(project, str(truth["python_to_use"]))
    yield "django", django(project, str(truth["django_declared"]), truth.get("django_version", ""))
    yield "manager", judged(deps.manager, word(truth["dependency_manager"]))
    yield "files", files(project, [word(name) for name in truth["dependency_files"]])
    yield "git", judged(bool(deps.git), bool(truth["git_dependencies"]))
    packages = project.system_packages
    yield (
        "build_packages",
        system(project.python.value, packages.build, truth["system_libraries"]["build"]),
    )
    yield (
        "run_packages",
        system(project.python.value, packages.runtime, truth["system_libraries"]["run"]),
    )
    yield "frontend", frontend(project, truth["frontend"]["tool"], truth["frontend"]["command"])
    yield "database", engine(project, " ".join(truth["database_engines"]))
    yield "cache", _cache(project, str(truth["cache_backend"]))
    yield (
        "celery",
        judged(project.celery.value.target if project.celery else None, truth["celery_app"]),
    )
    beat = project.celery.value.beat if project.celery else False
    yield "beat", judged(beat, bool(truth["celery_beat"]))
    yield "rest_framework", judged(project.rest_framework.value, truth["drf"])
    yield "media_fields", judged(located(project.media_fields), set(truth["media_fields"]))
    user = value(project.custom_user) or "auth.User"
    yield "user_model", judged(user, word(truth["user_model"]))
    yield "static_root", _static_root(static.root, truth["static_root"])
    yield "whitenoise", judged(static.whitenoise, truth["whitenoise"])
    yield "manifest", judged(static.manifest, truth["manifest_storage"])
    health = {word(path) for path in truth["health_endpoints"]}
    yield "health", judged({f.value for f in project.health_endpoints}, health)
    expected = {re.split(r"[=<>~^ ]", name)[0].lower() for name in truth["server_in_dependencies"]}
    yield (
        "servers",
        judged(set(project.servers), expected - {"daphne"} | ({"daphne"} & {*project.servers})),
    )


def _cache(project: Project, expected: str) -> str:
    ours = value(project.cache_backend)
    if ours is None:
        return judged(None, "" if "no CACHES" in expected else expected)
    return RIGHT if ours in expected or ("no CACHES" in expected and "locmem" in ours) else WRONG


def _static_root(ours: str | None, expected: str | None) -> str:
    if ours is None or expected is None:
        return judged(ours, expected)
    text = ours.removeprefix("{root}/").strip("/")
    return RIGHT if text in word(expected) else WRONG


# --- the tally ------------------------------------------------------------------------------

Judge = Callable[[Project, dict[str, Any]], Iterator[tuple[str, str]]]


def cases(folders: list[str]) -> Iterator[tuple[str, Path, str | None, dict[str, Any], Judge]]:
    if not folders:
        truths = tomllib.loads((FIXTURES / "expectations.toml").read_text())
        for name, truth in truths.items():
            yield name, FIXTURES / name, None, truth, fixture
    for path in (path for folder in folders for path in sorted(Path(folder).glob("*.json"))):
        truth = json.loads(path.read_text())
        directory = None
        if truth.get("monorepo"):
            directory = str(Path(truth["manage_dir"]).relative_to(truth["root"]))
        yield path.stem, Path(truth["root"]), directory, truth, real


def main() -> None:
    total: Counter[str] = Counter()
    wrong: list[str] = []
    for name, root, directory, truth, judge in cases(sys.argv[1:]):
        try:
            project = detect(Tree.open(root), directory=directory)
        except NuagesError as error:
            print(f"{name:30} refused: {error.reason}: {error.message}")
            total[WRONG] += 1
            continue
        verdicts = dict(judge(project, truth))
        tally = Counter(verdicts.values())
        total += tally
        missed = [f"{field} {verdict}" for field, verdict in verdicts.items() if verdict != RIGHT]
        print(
            f"{name:30} {tally[RIGHT]:3} right {tally[UNKNOWN]:3} unknown {tally[WRONG]:3} wrong"
            f"  {', '.join(missed)}"
        )
        wrong += [f"{name}: {field}" for field, verdict in verdicts.items() if verdict == WRONG]
    print(f"{'all':30} {total[RIGHT]:3} right {total[UNKNOWN]:3} unknown {total[WRONG]:3} wrong")


if __name__ == "__main__":
    main()
