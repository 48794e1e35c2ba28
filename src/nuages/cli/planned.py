"""A plan, told to a person and to a program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.markup import escape

from nuages.changes import words
from nuages.changes.change import Action, Change, Drift
from nuages.changes.nouns import Nouns, lost, noun_of, phrase, protected, subject
from nuages.cli.output import plain, stdout
from nuages.cli.prepared import Prepared
from nuages.deploy.forecast import Forecast

_SIGNS: dict[Action, str] = {
    "create": "[green]+[/]",
    "update": "[yellow]~[/]",
    "replace": "[bold red]-/+[/]",
    "destroy": "[bold red]-[/]",
    "forget": "[yellow]○[/]",
    "move": "[cyan]>[/]",
    "import": "[cyan]<[/]",
}


def show(found: Forecast, about: Prepared, nouns: Nouns) -> None:
    """Print what is lost first, then the rest by subject, then what it takes."""
    stdout.print("\n".join(lines(found, about, nouns)))


def lines(found: Forecast, about: Prepared, nouns: Nouns) -> Iterator[str]:
    """The whole text, with Rich's markup."""
    plan = found.plan
    yield (
        f"[bold]{escape(about.site)}[/] ({escape(about.environment)}) in {escape(about.account)}, "
        f"{escape(about.region)}"
    )
    for notice in _notices(found, about):
        yield f"  [yellow]![/] {escape(notice)}"
    yield from destruction([change for change in plan.changes if change.destructive], nouns)
    yield from subjects([change for change in plan.changes if not change.destructive], nouns)
    yield from _drift(plan.drift, nouns)
    yield f"\n[bold]{escape(words.summary(plan))}[/]"
    yield from _beside(about)


def _notices(found: Forecast, about: Prepared) -> Iterable[str]:
    if found.first:
        yield f"Nothing is there yet: no state in the bucket {about.configuration.bucket}."
    yield from about.draft.notices


def destruction(changes: Sequence[Change], nouns: Nouns) -> Iterator[str]:
    """Loudly, and what takes data with it before the rest."""
    if not changes:
        return
    loudest = sorted(changes, key=lambda change: not lost(change, nouns))
    data = sum(bool(lost(change, nouns)) for change in changes)
    held = f", {data} of them WITH DATA" if data else ""
    yield f"\n[bold red]DESTROYED: {len(changes)}{held}[/]"
    for change in loudest:
        yield _line(change, nouns)
        if warning := words.warning(change, nouns):
            yield f"      [bold white on red] {escape(warning)} [/]"
        again = "and made anew, " if change.action == "replace" else ""
        if reason := words.reason(change):
            yield f"      [red]{again}because {escape(reason)}[/]"
        yield from _fields(change)


def subjects(changes: Sequence[Change], nouns: Nouns) -> Iterator[str]:
    order = list(dict.fromkeys(_heading(each.subject) for each in nouns.values()))
    by_subject: dict[str, list[Change]] = {}
    for change in changes:
        by_subject.setdefault(subject(change, nouns), []).append(change)
    for name in sorted(by_subject, key=lambda name: order.index(name) if name in order else 99):
        yield f"\n[bold]{escape(name)}[/]"
        for change in by_subject[name]:
            if not noun_of(change, nouns).many:
                yield _line(change, nouns)
                yield from _fields(change)
        yield from _counted([c for c in by_subject[name] if noun_of(c, nouns).many], nouns)


def _heading(said: Any) -> str:
    return said if isinstance(said, str) else ""


def _counted(changes: Sequence[Change], nouns: Nouns) -> Iterator[str]:
    """Rights and such: how many of each kind; one that changes is told by itself."""
    kinds = Counter((c.action, noun_of(c, nouns).many) for c in changes)
    for (action, many), count in kinds.items():
        same = [c for c in changes if (c.action, noun_of(c, nouns).many) == (action, many)]
        if count > 1 and not any(change.fields for change in same):
            yield f"  {_SIGNS[action]} {count} {escape(many)}"
            continue
        for change in same:
            yield _line(change, nouns)
            yield from _fields(change)


def _line(change: Change, nouns: Nouns) -> str:
    text = f"  {_SIGNS[change.action]} {escape(phrase(change, nouns))}"
    if change.action == "forget":
        text += " stays, and is no longer looked after"
    if change.moved_from:
        text += f", until now {escape(change.moved_from)}"
    if change.imported:
        text += f", taken over from {escape(change.imported)}"
    return f"{text}  [dim]{escape(change.address)}[/]"


def _fields(change: Change) -> Iterator[str]:
    for field in change.fields:
        if not field.forces:
            yield f"      {escape(words.words(field))}"


def _drift(drift: Sequence[Drift], nouns: Nouns) -> Iterator[str]:
    undone = [each.change for each in drift if each.undone]
    left = [each.change for each in drift if not each.undone]
    if undone:
        yield "\n[bold yellow]Changed by others since the last time, and brought back[/]"
    for change in undone:
        yield f"  {escape(phrase(change, nouns))}  [dim]{escape(change.address)}[/]"
        if change.action == "destroy":
            yield "      [yellow]somebody removed it[/]"
        yield from _fields(change)
    if left:
        names = ", ".join(change.address for change in left)
        yield f"\n[dim]Changed by others, and left as it is: {escape(names)}[/]"


def _beside(about: Prepared) -> Iterator[str]:
    if about.capacity:
        mark = "[green]fits[/]" if about.capacity["fits"] else "[bold red]TOO MANY[/]"
        yield f"Database: {escape(about.capacity['words'])}: {mark}"
    if about.cost:
        month = about.cost["monthly"]
        yield (
            f"Cost: about ${month['expected']:.0f} a month (${month['low']:.0f} to "
            f"${month['high']:.0f}), prices of {escape(about.cost['dated'])}"
        )
    if about.release:
        titles = " → ".join(dict.fromkeys(stage["title"] for stage in about.release))
        yield f"[dim]A release: {escape(titles)}[/]"


def document(found: Forecast, about: Prepared, nouns: Nouns) -> dict[str, Any]:
    """The same as plain data; no secret is in it."""
    plan = found.plan
    return {
        "site": about.site,
        "environment": about.environment,
        "provider": about.provider,
        "region": about.region,
        "project": about.account,
        "first": found.first,
        "changed": plan.changed,
        "summary": words.summary(plan),
        "changes": [_change(change, nouns) for change in plan.changes],
        "drift": [{**_change(each.change, nouns), "undone": each.undone} for each in plan.drift],
        "unchanged": plan.unchanged,
        "outputs": plain(plan.outputs),
        "notices": list(_notices(found, about)),
        "capacity": plain(about.capacity),
        "cost": plain(about.cost),
        "release": plain(about.release),
    }


def _change(change: Change, nouns: Nouns) -> dict[str, Any]:
    return {
        "action": change.action,
        "subject": subject(change, nouns),
        "words": phrase(change, nouns),
        "address": change.address,
        "type": change.type,
        "because": words.reason(change),
        "lost": lost(change, nouns),
        "protected": protected(change),
        "fields": [{**plain(field), "path": words.path(field.path)} for field in change.fields],
        "moved_from": change.moved_from,
        "imported": change.imported,
    }
