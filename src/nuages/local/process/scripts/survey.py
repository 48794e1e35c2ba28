"""Prints, as one line of JSON, what only a running Django knows of itself."""

import json
import os
import re
import socket
import sys

sys.path.pop(0)  # this folder, whose names the project may use
sys.path.insert(0, os.getcwd())
ICU = r"provider\s*=\s*'?icu"
CREATES = r"create\s+extension\s+(?:if\s+not\s+exists\s+)?[\"']?([a-z_][\w-]*)"


def admin_path():
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse("admin:index")
    except NoReverseMatch:
        return None


def login_path():
    from django.conf import settings
    from django.shortcuts import resolve_url

    try:
        return resolve_url(settings.LOGIN_URL)
    except Exception:
        return None


def answers(database):
    """Whether something listens where a database server is said to be."""
    engine, host = database.get("ENGINE", ""), str(database.get("HOST") or "localhost")
    if host.startswith("/") or not any(word in engine for word in ("postg", "mysql")):
        return True
    port = database.get("PORT") or (3306 if "mysql" in engine else 5432)
    try:
        socket.create_connection((host, int(port)), 2).close()
    except (OSError, ValueError):
        return False
    return True


def is_plain(route):
    return not any(char in route for char in "<(^$?*[\\|")


def pages(patterns, prefix, depth):
    for entry in patterns:
        route = str(entry.pattern)
        regex = route.startswith("^")
        text = route.strip("^$").replace("\\Z", "").replace("\\/", "/").replace("\\-", "-")
        if not is_plain(text):
            continue
        if hasattr(entry, "url_patterns"):
            if depth < 3 and "admin" not in str(getattr(entry, "namespace", "") or ""):
                for path in pages(entry.url_patterns, prefix + text, depth + 1):
                    yield path
        elif not regex or route.endswith(("$", "\\Z")):
            yield "/" + prefix + text


def literal_pages():
    from django.urls import get_resolver

    found = []
    for path in pages(get_resolver().url_patterns, "", 0):
        if path not in found:
            found.append(path)
    return found[:60]


def attempt(function, default):
    # One part of a project that raises must not hide the others.
    try:
        return function()
    except Exception as error:
        print("%s: %s: %s" % (function.__name__, type(error).__name__, error), file=sys.stderr)
        return default


def user_model():
    from django.contrib.auth import get_user_model

    model = get_user_model()
    return {
        "app": model._meta.app_label,
        "login": model.USERNAME_FIELD,
        "required": list(model.REQUIRED_FIELDS),
    }


def survey():
    import django
    from django.apps import apps
    from django.conf import settings

    django.setup()
    installed = [app.name for app in apps.get_app_configs()]
    return {
        "django": django.get_version(),
        "admin": attempt(admin_path, None) if "django.contrib.admin" in installed else None,
        "login": attempt(login_path, None),
        "pages": attempt(literal_pages, []),
        "user": attempt(user_model, None) if "django.contrib.auth" in installed else None,
        "apps": installed,
        "commands": attempt(commands, []),
        "databases": {
            name: {
                "engine": entry.get("ENGINE", ""),
                "name": str(entry.get("NAME", "")),
                "answers": answers(entry),
            }
            for name, entry in settings.DATABASES.items()
        },
        "allowed_hosts": list(settings.ALLOWED_HOSTS),
        "asks_host": "*" in settings.ALLOWED_HOSTS
        or any(str(name).endswith("CommonMiddleware") for name in settings.MIDDLEWARE or ()),
        "own_logins": own_logins(settings.AUTHENTICATION_BACKENDS),
        "debug": bool(settings.DEBUG),
        "static_root": str(settings.STATIC_ROOT or ""),
        "static_url": str(settings.STATIC_URL or ""),
        "caches": {name: str(entry.get("BACKEND")) for name, entry in settings.CACHES.items()},
        "root_urlconf": str(getattr(settings, "ROOT_URLCONF", "")),
        "extensions": attempt(extensions, []),
        "tables": attempt(tables, []),
    }


def own_logins(backends):
    # Where Django's own is asked too, a name and its password are enough.
    own = "django.contrib.auth.backends."
    plain = {own + "ModelBackend", own + "AllowAllUsersModelBackend"}
    return [] if plain & set(backends) else list(backends)


def commands():
    from django.core.management import get_commands

    return sorted(get_commands())


def extensions():
    # PostgreSQL extensions that the migrations create, and "icu" for collations of that library.
    from django.contrib.postgres import operations
    from django.db.migrations.loader import MigrationLoader

    found = set()
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    for migration in loader.disk_migrations.values():
        for operation in migration.operations:
            if isinstance(operation, operations.CreateExtension):
                found.add(operation.name)
            text = str(getattr(operation, "sql", ""))
            found.update(re.findall(CREATES, text, re.I))
            if getattr(operation, "provider", "") == "icu" or re.search(ICU, text, re.I):
                found.add("icu")
    return sorted(found)


def tables():
    # Apps that have tables, and the folder that their migrations are looked for in.
    from django.apps import apps
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    found = []
    for app in apps.get_app_configs():
        if any(model._meta.managed and not model._meta.proxy for model in app.get_models()):
            name = loader.migrations_module(app.label)
            module = sys.modules.get(name[0] if isinstance(name, tuple) else name or "")
            place = getattr(module, "__file__", None)
            migrated = app.label in loader.migrated_apps and place
            folder = os.path.dirname(place) if migrated else None
            found.append({"label": app.label, "path": app.path, "migrations": folder})
    return found


print("NUAGES-SURVEY " + json.dumps(survey()))
