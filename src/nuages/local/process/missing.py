"""Which requirement brings a module that could not be imported: pure, out of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from packaging.utils import canonicalize_name

from nuages.project.packages import REQUIREMENTS
from nuages.project.removed import removed_in

LISTS = re.compile(
    r"(^|/)([\w.-]*require[\w.-]*\.(txt|in|pip)|require\w*/[\w./-]+\.(txt|in|pip)"
    r"|pyproject\.toml|setup\.(py|cfg)|Pipfile|environment\.ya?ml)$"
)
"""Files in which a project names what it needs, for whatever occasion."""

_MESSAGES = (
    (r"Error loading psycopg2 or psycopg module", "psycopg2"),
    (r"Error loading psycopg2 module", "psycopg2"),
    (r"Error loading MySQLdb module", "MySQLdb"),
    (r"Pillow is not installed", "PIL"),
    (r"Couldn't import Django\. Are you sure", "django"),
    (r"Couldn't load 'Argon2PasswordHasher'", "argon2"),
)
_PRIVATE = re.compile(
    r"^(local_?settings|settings_?local|settings\w*|\w+_settings|secrets?|credentials?|private"
    r"|configuration|config|local_?config|keys|env)$"
)


def module(log: str) -> str | None:
    """The module that the end of a log says cannot be imported."""
    found = re.findall(r"(?:ModuleNotFoundError|ImportError): No module named '?([\w.]+)'?", log)
    if found:
        return str(found[-1])
    return next((name for pattern, name in _MESSAGES if re.search(pattern, log)), None)


def removed_from_django(log: str) -> str | None:
    """The Django that no longer has what the end of a log says cannot be imported from it."""
    name = r"cannot import name '?(?P<name>\w+)'? from '?(?P<module>django[\w.]*)'?"
    found = list(re.finditer(rf"{name}|No module named '?(?P<gone>django\.[\w.]+)'?", log))
    if not found:
        return None
    said = found[-1].groupdict()
    return removed_in(said["gone"] or said["module"], said["name"] or "")


def is_own(name: str, roots: Iterable[str]) -> bool:
    """Tell whether a module would be the project's: inside a package of it, or kept out of git.

    ``roots`` are the modules and packages that the project's folders hold.
    """
    top, _, rest = name.partition(".")
    return (top in set(roots) and bool(rest)) or (
        top not in REQUIREMENTS and bool(_PRIVATE.match(top))
    )


def requirement(name: str, texts: Mapping[str, str]) -> str | None:
    """The requirement that brings a module: as the project itself names it, or a known one.

    ``texts`` are the files that match ``LISTS``. A name that nobody declared and that is not
    known is not guessed: whoever registers it could run code here.
    """
    top = name.partition(".")[0]
    known = REQUIREMENTS.get(top)
    plain = (known or "").partition("[")[0]
    likely = [plain, *(f"{start}{top}" for start in ("", "django-", "python-"))]
    for wanted in dict.fromkeys(filter(None, likely)):
        pattern = "[-_.]+".join(map(re.escape, canonicalize_name(wanted).split("-")))
        for text in texts.values():
            for line in _declared(pattern, text):
                return line
    if known:
        return known
    longer = {
        line for text in texts.values() for line in _declared(rf"{re.escape(top)}-[\w-]+", text)
    }
    return longer.pop() if len(longer) == 1 else None


def optional(name: str, metadata: Iterable[str]) -> str | None:
    """What an installed package says it needs for an extra, where that brings the module."""
    top = canonicalize_name(name.partition(".")[0])
    for text in metadata:
        for line in re.findall(r"(?m)^Requires-Dist: ([^\n]*\bextra\s*==[^\n]*)$", text):
            asked = re.match(r"[A-Za-z0-9._-]+", line)
            if asked and canonicalize_name(asked[0]) in {top, f"python-{top}", f"django-{top}"}:
                return asked[0]
    return None


def advised(name: str, log: str) -> str | None:
    """A module's own name as a requirement, where the package that lacks it says to install it."""
    top = canonicalize_name(name.partition(".")[0])
    for said in re.findall(r"pip install (?:-U |--upgrade )?[`'\"]?([A-Za-z0-9][\w.-]*\w)", log):
        if canonicalize_name(said) == top:
            return str(said)
    return None


_VERSION = r"(?:[=<>~!]=|[<>])\s*[\w.*]+(?:\s*,\s*[=<>~!]+\s*[\w.*]+)*"


def _declared(name: str, text: str) -> Iterator[str]:
    """Requirements of a name: a line of a list, or a quoted one with its version."""
    extras = r"(?P<extras>\[[\w,\s-]+\])?"
    alone = rf"^[ \t]*(?P<name>{name}){extras}[ \t]*(?P<version>{_VERSION})?[ \t]*(?:[;#].*)?$"
    quoted = rf"[\"'](?P<name>{name}){extras}\s*(?P<version>{_VERSION})\s*(?:;[^\"']*)?[\"']"
    for pattern in (alone, quoted):
        for match in re.finditer(pattern, text, re.IGNORECASE | re.MULTILINE):
            version = re.sub(r"\s", "", match["version"] or "")
            yield f"{match['name']}{match['extras'] or ''}{version}"


def example(name: str, paths: Iterable[str]) -> str | None:
    """The file that a project keeps in git as the pattern of a module that it does not."""
    return next(iter(_examples(name, paths)), None)


def only_example(name: str, paths: Iterable[str], bases: Iterable[str]) -> tuple[str, str] | None:
    """Such a pattern beside where the module belongs, and that place; None where several are.

    ``bases`` are the folders in which modules are looked for.
    """
    found = _examples(name, paths)
    tail = name.replace(".", "/")
    targets = [f"{tail}.py" if base == "." else f"{base}/{tail}.py" for base in bases]
    beside = [(p, t) for t in targets for p in found if _folder(p) == _folder(t)]
    return beside[0] if len({path for path, _ in beside}) == 1 else None


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _examples(name: str, paths: Iterable[str]) -> list[str]:
    last = re.escape(name.rpartition(".")[2])
    words = r"(?:example|sample|dist|template|default|tmpl|skel)"
    pattern = re.compile(
        rf"(^|/)({last}[._-]{words}(\.py)?|{last}\.py[._-]{words}|{words}[._-]{last}(\.py)?)$"
    )
    return [path for path in paths if pattern.search(path)]


def django(settings: Iterable[str]) -> str:
    """The Django that ``startproject`` wrote into the settings, where nothing declares one."""
    for text in settings:
        if match := re.search(r"Generated by .* using Django (\d+\.\d+)", text):
            return f"django~={match[1]}.0"
    return "django"
