"""Compare settings evaluated statically with what django.conf.settings really held.

    python bench/settings_agreement.py TRUTH.json...

A truth file names a checkout (``root``, ``manage_dir``), its settings module, the environment
that was set, and under ``settings`` each value as Django had it, with ``origin`` ``user`` where
the project's own settings define it. The tally counts the settings that the design's flow
uses; every disagreement is printed.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from nuages.project.facts import Setting
from nuages.project.settings import evaluate
from nuages.project.tree import Tree

MATTERS = re.compile(
    r"DEBUG|SECRET_KEY|ALLOWED_HOSTS|INSTALLED_APPS|MIDDLEWARE|ROOT_URLCONF|WSGI_APPLICATION"
    r"|ASGI_APPLICATION|DATABASES|CACHES|SESSION_.*|STATIC_.*|MEDIA_.*|STORAGES|STATICFILES_.*"
    r"|DEFAULT_FILE_STORAGE|TEMPLATES|AUTH_USER_MODEL|SECURE_.*|CSRF_.*|LOGGING|EMAIL_.*"
    r"|CELERY_.*|CORS_.*|REST_FRAMEWORK|LANGUAGE_CODE|TIME_ZONE|USE_.*|DEFAULT_AUTO_FIELD"
)


def comparable(value: Any, root: str) -> Any:
    """Return a truth value in the form of Setting.value."""
    if isinstance(value, dict):
        if set(value) == {"dict"}:
            return {str(key): comparable(item, root) for key, item in value["dict"]}
        kinds = {"tuple", "set", "frozenset", "path", "timedelta", "lazy", "bytes"}
        if len(value) == 1 and next(iter(value)) in kinds:
            kind, inner = next(iter(value.items()))
            shown = comparable(inner, root)
            return sorted(shown, key=repr) if "set" in kind else shown
        if set(value) >= {"repr"} and set(value) <= {"repr", "class", "str", "seconds"}:
            return value.get("seconds", {"object": value["repr"]})
        return {str(key): comparable(item, root) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item, root) for item in value]
    return value.replace(root, "{root}") if isinstance(value, str) else value


def agrees(found: Any, real: Any) -> bool:
    """Tell whether the known parts of a value are right."""
    if isinstance(found, dict) and set(found) == {"unknown"}:
        return True
    if isinstance(found, dict) and isinstance(real, dict):
        known = {str(key): item for key, item in found.items() if key != "…"}
        more = "…" in found or set(known) == set(real)
        return more and all(k in real and agrees(v, real[k]) for k, v in known.items())
    if isinstance(found, list) and isinstance(real, list):
        if len(found) == len(real):
            return all(agrees(a, b) for a, b in zip(found, real, strict=True))
        certain = [item for item in found if not (isinstance(item, dict) and "unknown" in item)]
        return len(certain) < len(found) and all(item in real for item in certain)
    return bool(found == real) and type(found) is type(real)


def verdict(setting: Setting | None, entry: dict[str, Any], root: str) -> str:
    """Return ``right``, ``wrong`` or ``unknown`` for one setting of the user's."""
    if setting is None:
        return "missed"
    if setting.state == "unknown":
        return "unknown"
    real = comparable(entry["value"], root)
    if not agrees(setting.value, real):
        return "wrong"
    return "partial" if setting.partial else "right"


def tally(path: Path) -> Counter[str]:
    """Print one project's disagreements and return its counts."""
    truth = json.loads(path.read_text())
    root = Path(truth["root"])
    sources = (Path(truth["manage_dir"]).relative_to(root).as_posix(),)
    result = evaluate(
        Tree.open(root),
        truth["settings_module"],
        sources=sources,
        environ=truth["environ"],
        configuration=truth.get("configuration"),
    )
    counts: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    for name, entry in truth["settings"].items():
        if entry["origin"] == "default":
            if name in result.settings and result.settings[name].state != "unknown":
                print(
                    f"  {path.stem}: {name} is not set really: {result.settings[name].value!r:.80}"
                )
                counts["wrong"] += 1
            continue
        found = verdict(result.settings.get(name), entry, str(root))
        (counts if MATTERS.fullmatch(name) else rest)[found] += 1
        if found != "right":
            _print(path.stem, name, found, result.settings.get(name), entry, str(root))
    print(f"{path.stem}: {dict(counts)}; others: {dict(rest)}; raises: {result.raises}")
    return counts + Counter({f"other {key}": value for key, value in rest.items()})


def _print(
    project: str, name: str, found: str, setting: Setting | None, entry: Any, root: str
) -> None:
    ours = setting.reason or setting.value if setting else None
    print(f"  {project}: {name} {found}: {ours!r:.300}")
    if found in ("wrong", "missed"):
        print(f"      really {comparable(entry['value'], root)!r:.300}")


def main() -> None:
    total: Counter[str] = Counter()
    for name in sys.argv[1:]:
        total += tally(Path(name))
    for prefix, title in (("", "settings that matter"), ("other ", "other settings")):
        counts = {
            k: total[f"{prefix}{k}"] for k in ("right", "partial", "wrong", "unknown", "missed")
        }
        known = counts["right"] + counts["partial"] + counts["wrong"]
        right, every = known - counts["wrong"], sum(counts.values())
        print(f"{title}: {counts}")
        print(f"    {right / max(known, 1):.1%} of the known are right")
        print(f"    {known / max(every, 1):.1%} are known")


if __name__ == "__main__":
    main()
