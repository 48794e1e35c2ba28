"""What a Django or a package has no longer, in code and in its own settings."""

from __future__ import annotations

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.versions.release import major, named, oldest
from nuages.project.removed import gone

_URLS = (
    "from django.conf.urls import url\nfrom django.http import HttpResponse\n"
    "from django.urls import path\n\n"
    "urlpatterns = [path('health/', lambda request: HttpResponse('ok'))]\n"
)
_OLD: dict[str, tuple[str, int, str]] = {
    "CORS_REPLACE_HTTPS_REFERER": ("django-cors-headers", 4, "CSRF_TRUSTED_ORIGINS"),
    "CORS_MODEL": ("django-cors-headers", 3, "a receiver of check_request_enabled"),
    "CSP_DEFAULT_SRC": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
    "CSP_SCRIPT_SRC": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
    "CSP_STYLE_SRC": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
    "CSP_IMG_SRC": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
    "CSP_CONNECT_SRC": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
    "CSP_FONT_SRC": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
    "CSP_FRAME_ANCESTORS": ("django-csp", 4, "CONTENT_SECURITY_POLICY"),
}
"""Setting: the package, its first release that does not read it, and what it reads instead.

Looked up in the packages: django-cors-headers 3.14 and 4.9, django-csp 4.0.
"""


@rule(
    "VER011",
    severity="error",
    title="The code uses what this Django no longer has",
    why="Python finds the name when the module is imported, and it is not there.",
    symptom="ImportError: cannot import name 'url' from 'django.conf.urls'.",
    fix="Write what took its place, as Django's release notes say.",
    url="https://docs.djangoproject.com/en/stable/internals/deprecation/",
    mistake={"shop/urls.py": _URLS},
    fixed={"shop/urls.py": _URLS.replace("from django.conf.urls import url\n", "")},
)
def removed(production: Production) -> Faults:
    series = oldest(production)
    for version, evidence in gone(production.tree, production.code) if series else ():
        numbers = tuple(int(part) for part in version.split("."))
        if series and series >= numbers:
            message = f"{evidence.note}, and this is {named(series)}"
            yield Fault(message, evidence.location)


@rule(
    "VER012",
    severity="warning",
    title="A package no longer reads this setting",
    why="The release that is installed does not have the setting: what it was written for does "
    "not happen, and some packages refuse to start.",
    symptom="Forms refused with 403 after an upgrade; csp.E001.",
    fix="Write what the installed release reads.",
    url="https://github.com/adamchainz/django-cors-headers/blob/main/CHANGELOG.rst",
    mistake={
        "requirements.txt": "django==5.2.8\ndjango-cors-headers==4.9.0\n",
        "settings.py": "CORS_REPLACE_HTTPS_REFERER = True",
    },
    fixed={
        "requirements.txt": "django==5.2.8\ndjango-cors-headers==3.14.0\n",
        "settings.py": "CORS_REPLACE_HTTPS_REFERER = True",
    },
)
def unread(production: Production) -> Faults:
    for name, (package, since, instead) in _OLD.items():
        release = major(production, package) if name in production.settings else None
        if release is not None and release >= since:
            yield Fault(
                f"{package} {release} does not read {name}",
                production.settings.at(name),
                f"Write {instead}.",
            )
