"""The settings modules that production might use, scored, and the one to use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nuages.project.facts import Evidence, Problem, SettingsCandidate
from nuages.project.hints import Hint
from nuages.project.imports import Imports, imports
from nuages.project.python_source import Sources, parsed
from nuages.text import Location

LIKE_SETTINGS = re.compile(
    r"^\s*(?:INSTALLED_APPS|ROOT_URLCONF|DATABASES|MIDDLEWARE)\b|import \*|split_settings"
    r"|configurations import|dynaconf|exec\(|DEBUG\s*[:=]",
    re.MULTILINE,
)
_PLACES = re.compile(r"(?:^|/)(?:settings|conf|config|configs|configuration|environments?)/[^/]+$")
_WHERE = "its name says where it runs"
_WORK = r"local|dev|devel|development|debug|sphinx|docs?"
_DEVELOPS = re.compile(_WORK)
_WORDS: tuple[tuple[str, int, str], ...] = (
    (r"prod|production", 45, "its name says production"),
    (r"live|deploy(?:ment|ed)?", 40, "its name says that it is deployed"),
    (r"heroku|cloud|docker|container|server|gcp|gce|gae|aws|azure|fly|render|railway|k8s|kubernetes"
     r"|platformsh|divio|pythonanywhere", 30, _WHERE),
    (r"staging|stage|qa|preprod|uat", 5, "its name says staging"),
    (r"base|common|defaults?|shared|core|global|components?", -25, "it is what others build on"),
    (r"example|sample|template|dist", -90, "it is an example"),
    (_WORK, -70, "it is for development"),
    (r"tests?|testing|ci|travis|circleci|github|pytest|e2e|cypress|integration|unittest|build|lint"
     r"|mypy|benchmark", -90, "it is for tests"),
)  # fmt: skip
_POINTS = {"deploy": 60, "develop": 5, "test": -15}


@dataclass
class _Tally:
    """A candidate while its score is added up."""

    module: str
    path: str | None
    score: int = 0
    reasons: list[str] = field(default_factory=list)
    deployed: bool = False
    """A deployment file names it: it stands on its own."""

    def add(self, points: int, reason: str) -> None:
        if reason not in self.reasons:
            self.score += points
            self.reasons.append(reason)

    def done(self) -> SettingsCandidate:
        reasons = tuple(self.reasons)
        exists = self.path is not None
        return SettingsCandidate(self.module, self.path or "", self.score, reasons, exists)


def candidates(
    sources: Sources, named: Iterable[tuple[str, int, Evidence]], hints: Iterable[Hint]
) -> tuple[SettingsCandidate, ...]:
    """Every candidate, the best first.

    ``named`` holds the modules that manage.py and the entry points name, with the weight of
    each; ``hints`` what other files name.
    """
    tallies: dict[str, _Tally] = {}

    def tally(module: str) -> _Tally:
        return tallies.setdefault(module, _Tally(module, sources.path(module)))

    for module, points, evidence in named:
        tally(module).add(points, f"{evidence.location.path} names it")
    for file in _files(sources):
        found = sources.module(file)
        if found is not None:
            tally(found)
    for hint in hints:
        if hint.name in tallies or sources.path(hint.name):
            tally(hint.name).add(_POINTS[hint.purpose], f"{hint.evidence.location.path} names it")
            tally(hint.name).deployed |= hint.purpose == "deploy"
    for known in tallies.values():
        _by_name(known)
    _by_example(tallies)
    _by_content(sources, tallies)
    ranked = sorted(tallies.values(), key=lambda t: (-t.score, len(t.module), t.module))
    return tuple(each.done() for each in ranked)


def _files(sources: Sources) -> Iterator[str]:
    for path in sources.own:
        name = path.rpartition("/")[2]
        settings_like = "settings" in name or name in {"production.py", "prod.py", "local.py"}
        if not (settings_like or _PLACES.search(path)) or "/migrations/" in path:
            continue
        if re.search(r"(?:^|/)(?:tests?|management|templatetags|docs?)/", path):
            continue
        if LIKE_SETTINGS.search(sources.tree.read(path) or "") and _is_settings(sources, path):
            yield path


def _is_settings(sources: Sources, path: str) -> bool:
    """Not an application's own settings page, view or library of defaults."""
    text = sources.tree.read(path) or ""
    whole = re.search(r"^\s*(INSTALLED_APPS|ROOT_URLCONF|DATABASES)\b", text, re.MULTILINE)
    derived = re.search(
        r"^\s*from [\w.]+ import \*|split_settings|dynaconf|configurations import|exec\(",
        text,
        re.MULTILINE,
    )
    return bool(whole or derived)


def _by_name(tally: _Tally) -> None:
    words = re.split(r"[._]", tally.module.lower())
    own = set(words[-3:]) if words[-1] == "settings" else set(words[-2:]) - {"settings"}
    if tally.module.count("."):
        own -= set(tally.module.lower().partition(".")[0].split("_"))
    if words[-1] in own and _DEVELOPS.fullmatch(words[-1]):  # ``docker.dev``
        own = {words[-1]}
    for pattern, points, reason in _WORDS:
        if any(re.fullmatch(pattern, word) for word in own):
            tally.add(points, reason)
            return


def _by_content(sources: Sources, tallies: dict[str, _Tally]) -> None:
    read = {module: _imports(sources, t) for module, t in tallies.items() if t.path}
    own = {module: tally.score for module, tally in tallies.items()}
    for module, found in read.items():
        for name, location in found.missing:
            if sources.holds(name):
                reason = f"{location.path}:{location.line} imports {name}, which is absent"
                tallies[module].add(-40, reason)
        for base in (tallies[name] for name in found.stars if name in tallies):
            _inherit(tallies[module], base, own)
        for part in (tallies[name] for name in found.parts if name in tallies):
            if not part.deployed:
                part.add(-60, f"it is a part that {module} includes")
    _by_existence(sources, tallies)


def _by_example(tallies: dict[str, _Tally]) -> None:
    """A pattern of the module that is named and that git ignores stands for it."""
    for absent_ in [tally for tally in tallies.values() if tally.path is None]:
        package, _, name = absent_.module.rpartition(".")
        before = [f"{word}_{name}" for word in _EXAMPLE_WORDS]
        for pattern in (*before, *(f"{name}_{word}" for word in _EXAMPLE_WORDS)):
            found = tallies.get(f"{package}.{pattern}" if package else pattern)
            if found is not None and found.path:
                found.add(absent_.score + 90, f"it shows {absent_.module}, which is absent")


_EXAMPLE_WORDS = ("example", "sample", "template", "dist")


def _by_existence(sources: Sources, tallies: dict[str, _Tally]) -> None:
    for tally in tallies.values():
        if tally.path is None:
            tally.add(-200, "it does not exist")
        elif not LIKE_SETTINGS.search(sources.tree.read(tally.path) or ""):
            tally.add(-60, "it holds no settings")


def _inherit(tally: _Tally, base: _Tally, own: dict[str, int]) -> None:
    for_production = any(reason.startswith("its name says") for reason in tally.reasons)
    named = any(reason.endswith("names it") for reason in base.reasons)
    develops = any("for development" in reason for reason in base.reasons)
    if develops and _WHERE in tally.reasons:
        tally.add(-60, f"it takes everything from {base.module}, which is for development")
    elif for_production and named and own[base.module] > 0:
        tally.add(own[base.module], f"it builds on {base.module}, which is named")
    elif develops:
        tally.add(-35, f"it takes everything from {base.module}, which is for development")


def _imports(sources: Sources, tally: _Tally) -> Imports:
    path = tally.path or ""
    tree = parsed(sources.tree.read(path) or "", path)
    if isinstance(tree, Problem):
        return Imports()
    return imports(sources, path, tree)


def absent(module: str, evidence: Evidence) -> Problem:
    """The problem of a module that is named and does not exist."""
    where: Location = evidence.location
    return Problem(where, f"{module} is named here and does not exist in the tree")
