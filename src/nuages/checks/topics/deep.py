"""What only the running project can say: rules that have something to say under ``--deep``."""

from __future__ import annotations

from collections.abc import Mapping

from nuages.checks.finding import Fault, Severity
from nuages.checks.inspection import Said
from nuages.checks.production import Production
from nuages.checks.rule import Faults, Rule, rule
from nuages.checks.topics.security import (
    debug,
    headers,
    hosts,
    hsts,
    keys,
    middleware,
    redirect,
    secured,
)
from nuages.text import Location


@rule(
    "DJA001",
    severity="warning",
    title="Django's own check complains",
    why="Django and the installed packages know what settings and models must not be together. "
    "Django runs these checks before `migrate` and `runserver`, but no server does.",
    symptom="System check identified some issues.",
    fix="Do what the message says, or silence it by name in SILENCED_SYSTEM_CHECKS.",
    url="https://docs.djangoproject.com/en/stable/ref/checks/",
    mistake={"settings.py": "X_FRAME_OPTIONS = 'ALLOWALL'"},
    fixed={"settings.py": "X_FRAME_OPTIONS = 'DENY'"},
)
def system_checks(production: Production) -> Faults:
    for said in production.inspection.checks:
        ours = _OURS.get(said.code)
        if ours is None or not any(ours.faults(production)):
            setting = production.settings.at(_ABOUT.get(said.code, ""))
            where = said.location or setting
            yield Fault(f"{said.code}: {said.message}", where, said.hint, severity=_severity(said))


_OURS: Mapping[str, Rule] = {
    "security.W001": middleware.security,
    "security.W003": middleware.csrf,
    "security.W004": hsts.hsts,
    "security.W006": headers.nosniff,
    "security.W008": redirect.redirect,
    "security.W009": keys.in_code,
    "security.W012": secured.session_cookie,
    "security.W016": secured.csrf_cookie,
    "security.W018": debug.debug,
    "security.W019": headers.frames,
    "security.W020": hosts.none_allowed,
}
"""The rule that says the same: where it has spoken, Django's words are not repeated."""
_ABOUT = {
    "security.W004": "SECURE_HSTS_SECONDS",
    "security.W005": "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "security.W008": "SECURE_SSL_REDIRECT",
    "security.W009": "SECRET_KEY",
    "security.W012": "SESSION_COOKIE_SECURE",
    "security.W016": "CSRF_COOKIE_SECURE",
    "security.W018": "DEBUG",
    "security.W019": "X_FRAME_OPTIONS",
    "security.W020": "ALLOWED_HOSTS",
    "security.W021": "SECURE_HSTS_PRELOAD",
    "staticfiles.W004": "STATICFILES_DIRS",
}
"""The setting that a message is about: Django gives no place for these."""


@rule(
    "DJA002",
    severity="error",
    title="Models have changed and no migration says so",
    why="The code of the release reads columns that `migrate` does not make.",
    symptom="django.db.utils.ProgrammingError: column does not exist; Your models in app(s) have "
    "changes that are not yet reflected in a migration.",
    fix="Run `python manage.py makemigrations`, and commit what it writes.",
    url="https://docs.djangoproject.com/en/stable/ref/django-admin/#cmdoption-makemigrations-check",
    mistake={"orders/models.py": "class Order(models.Model):\n    colour = models.TextField()"},
    fixed={"orders/migrations/0003_order_colour.py": "…"},
)
def unwritten_migrations(production: Production) -> Faults:
    changes = production.inspection.changes
    if not changes:
        return
    path = next((line.strip() for line in changes if line.strip().endswith(".py")), "")
    what = "; ".join(
        line.strip(" -+~") for line in changes if line.strip().startswith(tuple("-+~"))
    )
    where = Location(production.settings.path, 1)
    app = path.rpartition("/migrations/")[0]
    models = next((f for f in production.code if app and f == f"{app}/models.py"), None)
    yield Fault(
        f"makemigrations would write {path or 'a migration'}: {what}",
        Location(models, 1) if models else where,
    )


@rule(
    "DJA003",
    severity="warning",
    title="The migration linter finds the newest migration unsafe",
    why="The SQL of the migration does not go together with the code that still runs while it is "
    "applied.",
    symptom="Errors of the old release while the new one is rolled out.",
    fix="Split it into steps that both releases can live with.",
    url="https://github.com/3YOURMIND/django-migration-linter/blob/main/docs/incompatibilities.md",
    mistake={"orders/migrations/0003_size.py": "migrations.AddField(… models.IntegerField())"},
    fixed={
        "orders/migrations/0003_size.py": "migrations.AddField(… models.IntegerField(null=True))"
    },
)
def linted(production: Production) -> Faults:
    for said in production.inspection.lint:
        where = said.location or Location(production.settings.path, 1)
        yield Fault(f"{said.message} ({said.code})", where, severity=_severity(said))


def _severity(said: Said) -> Severity:
    return "error" if said.level >= 40 else "warning" if said.level >= 30 else "info"
