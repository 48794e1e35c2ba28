"""Every rule, by its topic: whatever the modules and packages in ``topics`` declare."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from nuages.checks import topics
from nuages.checks.rule import Rule

TOPICS: dict[str, tuple[str, str]] = {
    "security": ("SEC", "Security of the settings"),
    "contract": ("CON", "The settings contract"),
    "versions": ("VER", "Settings that this Django ignores"),
    "static_files": ("STA", "Static files and uploads"),
    "database": ("DB", "The database"),
    "cache": ("CAC", "Cache and sessions"),
    "container": ("IMG", "The image"),
    "probes": ("PRO", "Probes"),
    "timeouts": ("TIM", "Timeouts"),
    "scaling": ("SCA", "Scaling and capacity"),
    "network": ("NET", "Network and proxies"),
    "rest_framework": ("API", "REST framework"),
    "migrations": ("MIG", "Migrations"),
    "dependencies": ("DEP", "Dependencies"),
    "logging": ("LOG", "Logs and observability"),
    "mail": ("MAI", "Mail"),
    "celery": ("CEL", "Celery and schedules"),
    "pipeline": ("CI", "The pipeline"),
    "deep": ("DJA", "What the running project says (`--deep`)"),
    "suppressions": ("SUP", "Suppressions"),
}
"""A module or a package of ``topics``: the prefix of its rules, and its title."""


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule in the order of the topics and of their numbers."""
    found = [each for topic in TOPICS for each in sorted(_declared(topic), key=lambda r: r.id)]
    return tuple(found)


def topic_of(rule_id: str) -> str:
    """The topic that a rule's id belongs to."""
    prefix = rule_id.rstrip("0123456789")
    return next(topic for topic, (known, _) in TOPICS.items() if known == prefix)


def _declared(topic: str) -> Iterator[Rule]:
    name = f"{topics.__name__}.{topic}"
    if not any(module.name == topic for module in pkgutil.iter_modules(topics.__path__)):
        return
    for module in _modules(importlib.import_module(name)):
        yield from (value for value in vars(module).values() if isinstance(value, Rule))


def _modules(topic: ModuleType) -> Iterator[ModuleType]:
    yield topic
    for inner in pkgutil.iter_modules(getattr(topic, "__path__", [])):
        yield importlib.import_module(f"{topic.__name__}.{inner.name}")
