"""Primary keys: what a model without one of its own gets."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_SINCE, _UNTIL = (3, 2), (6, 0)
"""https://docs.djangoproject.com/en/6.0/releases/6.0/: BigAutoField is the default from then on."""


@rule(
    "DB023",
    severity="info",
    title="DEFAULT_AUTO_FIELD is not set",
    why="Models without a key of their own get one of 32 bits, which ends at 2,147,483,647, and "
    "Django warns for each of them. Django 6 takes 64 bits: the upgrade then wants a migration "
    "that rewrites every table.",
    symptom="(models.W042) Auto-created primary key used when not defining a primary key type; "
    "integer out of range.",
    fix='Write `DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"`; with tables that exist '
    "already `AutoField`, until there is time for the migration.",
    url="https://docs.djangoproject.com/en/stable/ref/settings/#default-auto-field",
    mistake={"settings.py": "# no DEFAULT_AUTO_FIELD", "orders/apps.py": ""},
    fixed={"orders/apps.py": ""},
)
def automatic(production: Production) -> Faults:
    settings, django = production.settings, production.django
    if django is None or not _SINCE <= django < _UNTIL or "DEFAULT_AUTO_FIELD" in settings:
        return
    said = any(production.mentioning("default_auto_field"))
    if settings.complete("DEFAULT_AUTO_FIELD") and production.migrations and not said:
        message = f"Django {django[0]}.{django[1]} gives new models keys of 32 bits"
        yield Fault(message, settings.at("INSTALLED_APPS"))
