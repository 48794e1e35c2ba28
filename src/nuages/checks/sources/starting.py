"""What runs when a container starts: its entry point, its command, and the scripts they call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from nuages.checks.sources.compose import ComposeFile, ComposeService
from nuages.checks.sources.dockerfile import Dockerfile, Instruction
from nuages.checks.sources.lines import Lines, ProcessEntry
from nuages.checks.sources.server_command import SERVERS
from nuages.checks.sources.shell import Command, commands
from nuages.text import Location

_DEPTH = 4
"""Scripts that call scripts that call scripts."""
_LASTING = (*SERVERS, "celery", "supervisord", "runserver", "daphne", "rqworker", "qcluster", "$@")
_NO_SCRIPTS = (".py", ".ini", ".conf", ".toml", ".cfg", ".yaml", ".yml", ".json")
_VARIABLE = re.compile(r"\$\{?(?P<name>[A-Z][A-Z0-9_]*)(?P<default>:?-[^}]*)?")
_OFF = re.compile(r"^[\"']?(?:0|off|false|no|none|disabled?|)[\"']?$", re.IGNORECASE)
_REFUSED = re.compile(
    r"!\s*\"?\$\S+\s*==?\s*[\"']?(?:false|0|off|no)\b"
    r"|\$\S+\s*!=\s*[\"']?(?:false|0|off|no)\b"
    r"|-z\s+\"?\$\{?\w*(?:SKIP|NO_|DISABLE|WITHOUT)",
    re.IGNORECASE,
)
_SKIPPING = re.compile(r"\$\{?\w*(?:SKIP|DISABLE|NO_|WITHOUT)", re.IGNORECASE)


@dataclass(frozen=True)
class Start:
    """One process of production."""

    name: str
    commands: tuple[Command, ...]
    location: Location
    """Where the last word of what it runs stands: CMD, ``command``, the Procfile's line."""

    @cached_property
    def lasting(self) -> bool:
        """Whether it goes on until it is stopped, as a server or a worker does."""
        return any(
            each.program in _LASTING or each.management == "runserver" for each in self.commands
        )


def by_default(command: Command) -> bool:
    """Whether a command runs unless somebody asks that it shall not."""
    return not any(_asks(guard) for guard in command.guards)


def _asks(guard: str) -> bool:
    """Whether a condition holds only where a variable of the environment was set for it."""
    found = _VARIABLE.search(guard)
    if found is None or _REFUSED.search(guard):
        return False
    default = (found["default"] or "").lstrip(":-")
    if default and not _OFF.match(default):
        return False
    turned = guard.startswith("not ") or " != " in guard
    return not (turned and _SKIPPING.search(guard))


@dataclass(frozen=True)
class Starting:
    """Reads what is started, and the scripts of the tree that it names."""

    text: Callable[[str], str]
    """The text of a file; empty where there is none."""
    by_name: Mapping[str, tuple[str, ...]]
    """Paths by their last part."""
    renamed: Mapping[str, str]
    """Files that the image has under another name: ``COPY docker/entrypoint /start``."""

    def all(
        self,
        images: Iterable[Dockerfile],
        compose_files: Iterable[ComposeFile],
        processes: Iterable[ProcessEntry],
    ) -> tuple[Start, ...]:
        """What all of these start; not a compose file that says that it is for development."""
        found = [start for file in images if (start := self.of_image(file))]
        for compose in (each for each in compose_files if not each.develops):
            found += [self.of_service(each) for each in compose.own if each.command]
        for entry in (each for each in processes if each.name != "release"):
            run = tuple(self.run(entry.command, entry.location))
            found.append(Start(entry.name, run, entry.location))
        return tuple(found)

    def of_image(self, file: Dockerfile) -> Start | None:
        """What a Dockerfile's image runs; None where it says nothing."""
        parts = [each for each in (file.last("ENTRYPOINT"), file.last("CMD")) if each]
        if not parts:
            return None
        run = [c for part in parts for c in self.run(_line(part), part.location)]
        return Start(file.path, tuple(run), parts[-1].location)

    def of_service(self, service: ComposeService) -> Start:
        """What a compose service runs, where it says so itself."""
        key = "command" if service.yaml.get("command") else "entrypoint"
        place = service.at(key)
        run = tuple(self.run(command_line(service), place))
        return Start(service.name, run, place)

    def run(self, line: str, place: Location, seen: tuple[str, ...] = ()) -> Iterator[Command]:
        """The commands of a line, each script of the project's replaced by what is in it."""
        for command in commands([(line, place)]):
            yield from self._expanded(command, seen)

    def _expanded(self, command: Command, seen: tuple[str, ...]) -> Iterator[Command]:
        argv = command.argv[:3]
        found = ((index, self._script(word)) for index, word in enumerate(argv))
        index, path = next(((i, p) for i, p in found if p), (0, ""))
        if not path or path in seen or len(seen) >= _DEPTH:
            yield command
            return
        lines = [(line.text, line.location) for line in Lines(path, self.text(path)).lines]
        for each in commands(lines):
            inner = replace(each, guards=(*command.guards, *each.guards))
            yield from self._expanded(inner, (*seen, path))
        follows = command.argv[index + 1 :]
        if follows and not seen:  # an entry point of compose, with its command behind it
            yield from self.run(_quoted(list(follows)), command.location, (*seen, path))

    def _script(self, word: str) -> str:
        """The shell script of the tree that a word of a command line means."""
        name = word.rpartition("/")[2]
        if not name or word.startswith(("-", "$")) or name.endswith(_NO_SCRIPTS):
            return ""
        asked = self.renamed.get(word) or (self.renamed.get(name) if "/" not in word else "")
        wanted = (asked or word).removeprefix("./").lstrip("/")
        same = self.by_name.get(wanted.rpartition("/")[2], ())
        near = [path for path in same if path.endswith(wanted) or wanted.endswith(path)]
        alone = same if len(same) == 1 and "/" in word else ()
        path = next(iter((*near, *alone)), "")
        return path if path.endswith((".sh", ".bash")) or _shebang(self.text(path)) else ""


def renamed(files: Iterable[Dockerfile]) -> dict[str, str]:
    """Names in images to paths in the tree, whole and by their last part."""
    found = {}
    for each in (each for file in files for each in file.each("COPY", "ADD")):
        words = each.argv or tuple(each.text.split())
        if len(words) == 2 and each.flag("from") is None and not words[1].endswith("/"):
            path = words[0].removeprefix("./")
            found[words[1]] = found[words[1].rpartition("/")[2]] = path
    return found


def command_line(service: ComposeService) -> str:
    """Entry point and command, each element quoted where it is one word of several."""
    parts = [service.yaml.get(key) for key in ("entrypoint", "command")]
    texts = (_quoted([item.text for item in part.list()]) or part.text for part in parts if part)
    return " ".join(texts)


def _line(instruction: Instruction) -> str:
    return _quoted(list(instruction.argv or ())) or instruction.text


def _quoted(words: list[str]) -> str:
    """The words as a line of shell that means the same."""
    return words[0] if len(words) == 1 else " ".join(map(_word, words))


def _word(word: str) -> str:
    inner = word.replace("'", "'\"'\"'")
    return f"'{inner}'" if re.search(r"[\s;&|'\"]", word) else word


def _shebang(text: str) -> bool:
    return bool(re.match(r"#!.*\b(?:ba|da|a)?sh\b", text))
