"""Runs rules on what production would run: which rules, which findings stay, how grave each is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from nuages.checks.catalogue import rules
from nuages.checks.finding import SEVERITIES, Finding, lowered
from nuages.checks.production import Production
from nuages.checks.rule import Rule
from nuages.checks.suppression import Suppression, suppressions
from nuages.checks.topics import suppressions as about
from nuages.config.problems import did_you_mean
from nuages.errors import NuagesError, UsageError

Broken = Callable[[Rule, Exception], None]
"""Told of a rule that failed, which is a mistake of the rule and not of the project."""


@dataclass(frozen=True)
class Selection:
    """Rules by id or by prefix: ``SEC``, ``SEC007``. Nothing selected means all."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def chosen(self) -> tuple[Rule, ...]:
        """The rules. Raises ``UsageError`` for a word that names none."""
        known = rules()
        for word in (*self.select, *self.ignore):
            if not any(each.id.startswith(word) for each in known):
                hint = did_you_mean(word, [each.id for each in known])
                raise UsageError(f"There is no rule {word!r}.", hint=hint or "See `--explain`.")
        return tuple(each for each in known if self._wants(each.id))

    def _wants(self, rule_id: str) -> bool:
        """The longer word wins: ``--select SEC007 --ignore SEC`` runs SEC007."""
        wanted = _longest(rule_id, self.select) if self.select else 0
        return wanted >= 0 and wanted >= _longest(rule_id, self.ignore)


def _longest(rule_id: str, words: Iterable[str]) -> int:
    return max((len(word) for word in words if rule_id.startswith(word)), default=-1)


@dataclass(frozen=True)
class Report:
    """What was found, the gravest first, and what somebody decided to live with."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    known: tuple[Finding, ...] = ()
    """What a baseline has already."""
    rules: tuple[Rule, ...] = ()


def report(
    production: Production,
    selection: Selection | None = None,
    *,
    as_is: bool = False,
    broken: Broken | None = None,
) -> Report:
    """Run the rules.

    With ``as_is`` the project's own settings are judged as they are; else what the generated
    cloud settings repair counts one level less. Where ``broken`` is given, a rule that fails
    does not keep the others from being heard. Raises ``ConfigError`` for a nuages.yaml that
    contradicts the project.
    """
    chosen = (selection or Selection()).chosen()
    found = [each for one in chosen for each in _heard(one, production, as_is, broken)]
    decided = suppressions(production, found)
    kept = [f for f in found if not any(each.covers(f) for each in decided)]
    hidden = [f for f in found if f not in kept]
    kept += _about(chosen, decided, found)
    return Report(ordered(kept), ordered(hidden), rules=chosen)


def _heard(rule: Rule, production: Production, as_is: bool, broken: Broken | None) -> list[Finding]:
    try:
        return [*findings(rule, production, as_is=as_is)]
    except NuagesError:
        raise
    except Exception as error:
        if broken is None:
            raise
        broken(rule, error)
        return []


def findings(rule: Rule, production: Production, *, as_is: bool = False) -> Iterator[Finding]:
    """What one rule finds, each place once."""
    repaired = rule.repaired(production)
    for fault in dict.fromkeys(rule.faults(production)):
        severity = fault.severity or rule.severity
        yield Finding(
            rule,
            lowered(severity) if repaired and not as_is else severity,
            fault.message,
            fault.location if fault.location.line else replace(fault.location, line=1),
            fault.fix or rule.fix,
            repaired,
            fault.edit,
        )


def _about(
    chosen: tuple[Rule, ...], decided: tuple[Suppression, ...], found: list[Finding]
) -> Iterator[Finding]:
    for one in (each for each in chosen if each in about.RULES):
        for fault in about.faults(one, decided, found, chosen, rules()):
            yield Finding(one, one.severity, fault.message, fault.location, fault.fix or one.fix)


def ordered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings, the gravest first, then by their places."""
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[int, str, int, str]:
    where = finding.location
    return SEVERITIES.index(finding.severity), where.path, where.line, finding.rule.id
