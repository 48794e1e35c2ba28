"""Settings that were removed: Django says nothing and goes by its defaults.

Which release dropped which name was read from ``django/conf/global_settings.py`` of each.
"""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.versions.release import Series, named, newest, oldest

_NOTES = "https://docs.djangoproject.com/en/stable/releases"
_STORAGES = {"STATICFILES_STORAGE": "staticfiles", "DEFAULT_FILE_STORAGE": "default"}

REMOVED: dict[str, tuple[Series, str]] = {
    "TEMPLATE_CONTEXT_PROCESSORS": ((1, 10), "move it into TEMPLATES"),
    "TEMPLATE_DIRS": ((1, 10), "move it into TEMPLATES"),
    "TEMPLATE_LOADERS": ((1, 10), "move it into TEMPLATES"),
    "TEMPLATE_DEBUG": ((1, 10), "move it into TEMPLATES"),
    "TEMPLATE_STRING_IF_INVALID": ((1, 10), "move it into TEMPLATES"),
    "USE_ETAGS": ((2, 1), "add ConditionalGetMiddleware"),
    "DEFAULT_CONTENT_TYPE": ((3, 0), "delete it"),
    "FILE_CHARSET": ((3, 1), "delete it"),
    "DEFAULT_HASHING_ALGORITHM": ((4, 0), "delete it"),
    "PASSWORD_RESET_TIMEOUT_DAYS": ((4, 0), "write PASSWORD_RESET_TIMEOUT, in seconds"),
    "SECURE_BROWSER_XSS_FILTER": ((4, 0), "delete it: browsers have no such filter any more"),
    "CSRF_COOKIE_MASKED": ((5, 0), "delete it"),
    "USE_DEPRECATED_PYTZ": ((5, 0), "delete it, and use zoneinfo"),
    "USE_L10N": ((5, 0), "delete it: localised formats are always on"),
    "FORMS_URLFIELD_ASSUME_HTTPS": ((6, 0), "delete it: https is assumed"),
}
"""Setting: the first series without it, and what to do."""


@rule(
    "VER001",
    severity="error",
    title="A storage is chosen with a setting that Django ignores",
    why="STATICFILES_STORAGE and DEFAULT_FILE_STORAGE are gone since Django 5.1. Files get no "
    "hash in their names, or uploads go to the local disk, and nothing says so.",
    symptom="Old CSS after a release; uploads that vanish with the container.",
    fix="Write both in `STORAGES`.",
    url=f"{_NOTES}/5.1/#features-removed-in-5-1",
    mistake={
        "settings.py": "STATICFILES_STORAGE = "
        '"whitenoise.storage.CompressedManifestStaticFilesStorage"'
    },
    fixed={
        "settings.py": "STORAGES = {**STORAGES, 'staticfiles': {'BACKEND': "
        "'whitenoise.storage.CompressedManifestStaticFilesStorage'}}"
    },
)
def ignored_storage(production: Production) -> Faults:
    series, settings = oldest(production), production.settings
    for name, alias in _STORAGES.items():
        if name in settings and series and series >= (5, 1):
            backend = settings.get(name) or "…"
            yield Fault(
                f"Django {named(series)} ignores {name}",
                settings.at(name),
                fix=f'Write `STORAGES = {{"{alias}": {{"BACKEND": "{backend}"}}}}` instead, '
                "beside what STORAGES has already.",
                severity="warning" if alias == "staticfiles" else None,  # it works, unhashed
            )


@rule(
    "VER002",
    severity="error",
    title="STORAGES stands beside the setting that it replaces",
    why="From 4.2 to 5.0 Django knows both spellings, and refuses to start with both.",
    symptom="ImproperlyConfigured: STATICFILES_STORAGE/STORAGES are mutually exclusive.",
    fix="Keep `STORAGES` alone.",
    url="https://docs.djangoproject.com/en/5.0/ref/settings/#staticfiles-storage",
    mistake={
        "requirements.txt": "django==4.2.16\n",
        "settings.py": "STATICFILES_STORAGE = 'whitenoise.storage.CompressedStaticFilesStorage'",
    },
    fixed={"requirements.txt": "django==4.2.16\n"},
)
def storage_twice(production: Production) -> Faults:
    series, settings = production.django, production.settings
    if series and (4, 2) <= series < (5, 1) and "STORAGES" in settings:
        for name in _STORAGES:
            if name in settings:
                yield Fault(
                    f"Django {named(series)} does not start with {name} and STORAGES",
                    settings.at(name),
                )


@rule(
    "VER003",
    severity="warning",
    title="Django ignores a setting that it no longer has",
    why="A removed setting is neither used nor reported: the site behaves as if it were not "
    "there, whatever it was meant to do.",
    symptom="A behaviour that changed with an upgrade, and a setting that seems to forbid it.",
    fix="Delete it, or write what took its place.",
    url="https://docs.djangoproject.com/en/stable/internals/deprecation/",
    mistake={"settings.py": "USE_L10N = False"},
    fixed={"settings.py": "USE_THOUSAND_SEPARATOR = True"},
)
def removed(production: Production) -> Faults:
    series, settings = oldest(production), production.settings
    for name, (gone, advice) in REMOVED.items():
        if name in settings and series and series >= gone:
            yield Fault(
                f"Django {named(series)} has no {name}: it went with {named(gone)}",
                settings.at(name),
                fix=f"{advice[0].upper()}{advice[1:]}.",
            )


@rule(
    "VER004",
    severity="error",
    title="The middleware is in MIDDLEWARE_CLASSES",
    why="Django reads MIDDLEWARE alone since 2.0. Without it there are no sessions, no CSRF "
    "protection and none of the security headers.",
    symptom="AttributeError: 'WSGIRequest' object has no attribute 'user'.",
    fix="Rename it to `MIDDLEWARE`, and bring old classes to the new style.",
    url=f"{_NOTES}/2.0/#features-removed-in-2-0",
    mistake={
        "settings.py": "# no MIDDLEWARE\n"
        "MIDDLEWARE_CLASSES = ['django.middleware.security.SecurityMiddleware']"
    },
    fixed={},
)
def middleware_classes(production: Production) -> Faults:
    series, settings = oldest(production), production.settings
    if "MIDDLEWARE_CLASSES" in settings and series and series >= (2, 0):
        yield Fault(
            f"Django {named(series)} ignores MIDDLEWARE_CLASSES",
            settings.at("MIDDLEWARE_CLASSES"),
            severity="warning" if "MIDDLEWARE" in settings else None,
        )


@rule(
    "VER005",
    severity="warning",
    title="A setting that this Django does not know yet",
    why="A setting of a later release is ignored without a word, and what it was written for "
    "does not happen.",
    symptom="No hashed static files, no policy header, no effect.",
    fix="Upgrade Django, or write what this release understands.",
    url="https://docs.djangoproject.com/en/stable/ref/settings/",
    mistake={
        "requirements.txt": "django==5.2.8\n",
        "settings.py": "SECURE_CSP = {'default-src': [\"'self'\"]}",
    },
    fixed={
        "requirements.txt": "django==6.0\n",
        "settings.py": "SECURE_CSP = {'default-src': [\"'self'\"]}",
    },
)
def early(production: Production) -> Faults:
    series, settings = newest(production), production.settings
    for name, since in EARLY.items():
        instead = any(other in settings for other in INSTEAD.get(name, ()))
        if name in settings and series and series < since and not instead:
            yield Fault(
                f"{name} came with Django {named(since)}; this one is {named(series)} at most",
                settings.at(name),
                severity="error" if name == "STORAGES" else None,
            )


EARLY: dict[str, Series] = {
    "SECURE_REFERRER_POLICY": (3, 0),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": (4, 0),
    "SECRET_KEY_FALLBACKS": (4, 1),
    "STORAGES": (4, 2),
    "SECURE_CSP": (6, 0),
    "SECURE_CSP_REPORT_ONLY": (6, 0),
    "TASKS": (6, 0),
    "MAILERS": (6, 1),
}
"""Setting: the first series that has it. For STORAGES the old spelling must not stand beside it."""
INSTEAD: dict[str, tuple[str, ...]] = {
    "STORAGES": ("STATICFILES_STORAGE", "DEFAULT_FILE_STORAGE"),
    "SECURE_CSP": ("CONTENT_SECURITY_POLICY",),
    "SECURE_CSP_REPORT_ONLY": ("CONTENT_SECURITY_POLICY_REPORT_ONLY",),
    "MAILERS": ("EMAIL_BACKEND", "EMAIL_HOST"),
}
"""What an earlier release reads: settings that are made for both have both."""
