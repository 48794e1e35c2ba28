"""Which blocks the generated settings module needs on top of the project's own settings.

Where something is unknown the block is there: it reads the environment and falls back to the
project's own value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from posixpath import normpath

from nuages.config import own_settings, server
from nuages.config.inputs import Inputs
from nuages.config.stores import insists_on_tls, known_value
from nuages.model import Database, Storage
from nuages.overlay import SettingsOverlay
from nuages.project.facts import Setting

PRIVATE = ".nuages/overlay"
_BUNDLING = "pipeline.storage."
"""django-pipeline's bundles come about in ``post_process`` of its own back ends alone.

https://django-pipeline.readthedocs.io/en/latest/storages.html
"""
_DEBUG_APPS = ("debug_toolbar", "silk", "django_browser_reload", "livereload")
_DISTRIBUTIONS = {
    "debug_toolbar": "django-debug-toolbar",
    "silk": "django-silk",
    "django_browser_reload": "django-browser-reload",
    "livereload": "django-livereload-server",
}
_SECRET_KEYS = ("DJANGO_SECRET_KEY", "SECRET_KEY")
_PASSED_ON = frozenset({"DJANGO_SETTINGS_MODULE", "DJANGO_CONFIGURATION"})
_LOCAL_STORAGE = "FileSystemStorage"
_VOLATILE_SESSIONS = frozenset(
    {"django.contrib.sessions.backends.cache", "django.contrib.sessions.backends.file"}
)


@dataclass(frozen=True)
class Names:
    """Where the generated modules lie: dotted names, and paths from the root of the project."""

    module: str
    path: str
    support_module: str
    support_path: str
    entry_module: str


def names(inputs: Inputs) -> Names:
    """Beside the user's settings, or in ``.nuages/overlay`` for a tree that stays untouched."""
    if inputs.private:
        return _names("", PRIVATE, "settings_cloud", "nuages_cloud")
    package, folder = _place(inputs)
    in_settings_package = package.rpartition(".")[2].endswith("settings")
    return _names(package, folder, "cloud" if in_settings_package else "settings_cloud")


def _names(package: str, folder: str, name: str, support: str = "cloud_support") -> Names:
    dotted = f"{package}." if package else ""
    prefix = f"{folder}/" if folder else ""
    return Names(
        module=f"{dotted}{name}",
        path=f"{prefix}{name}.py",
        support_module=f"{dotted}{support}",
        support_path=f"{prefix}{support}",
        entry_module=f"{dotted}cloud_entry",
    )


def _place(inputs: Inputs) -> tuple[str, str]:
    """The package, and its folder, that the user's settings module is in or is."""
    module = inputs.base_module
    evaluated = inputs.project.settings
    if evaluated.module == module and evaluated.path.endswith(".py"):
        folder, _, file = evaluated.path.rpartition("/")
        return (module if file == "__init__.py" else module.rpartition(".")[0]), folder
    package = module.rpartition(".")[0]
    parts = [inputs.project.manage_dir.value, *package.split(".")]
    return package, "/".join(part for part in parts if part not in ("", "."))


def overlay(inputs: Inputs, database: Database | None, storage: Storage | None) -> SettingsOverlay:
    """The generated settings module, block by block."""
    named = names(inputs)
    static = inputs.project.static.value
    configuration = inputs.project.configuration
    media = bool(inputs.project.media_fields) or storage is not None
    stores = _stores_locally(inputs) and not own_settings.settle_storage(inputs)
    blocks = SettingsOverlay(
        module=named.module,
        path=named.path,
        base_module=inputs.base_module,
        kind=inputs.project.settings_kind,
        configuration=configuration.value if configuration else None,
        steering=_steering(inputs),
        debug_apps=_debug_apps(inputs),
        secret_key=needs_secret_key(inputs),
        hosts=not own_settings.settle_hosts(inputs),
        https=not own_settings.settle_https(inputs),
        database=database is not None and _needs_database(inputs),
        database_aliases=database_aliases(inputs),
        cache=_needs_cache(inputs),
        sessions=known_value(inputs, "SESSION_ENGINE") in _VOLATILE_SESSIONS,
        whitenoise=not static.whitenoise and inputs.manifest.static in (None, "whitenoise"),
        static_root=not _is_inside(static.root),
        static_sources=static.sources_in_root,
        static_compressor=static.compressor,
        static_bundling=(static.backend or "").startswith(_BUNDLING),
        static_precompiled=static.precompiled,
        storages=media and stores,
        media=media and stores and (storage is None or storage.kind == "local"),
        traces=starts_traces(inputs),
        logging=not _logs_json(inputs),
        health=not _answers_probes(inputs),
        django=inputs.django,
        entry_module=named.entry_module if needs_entry(inputs) else None,
        entry_target=_wrapped(inputs),
        email=_mails_by_default(inputs),
        cors=_lists_app(inputs, "corsheaders") and not own_settings.settle_cors(inputs),
        support_module=named.support_module,
        support_path=named.support_path,
        secret_key_variables=secret_key_variables(inputs),
        server_database=database is None or database.engine != "sqlite",
        early_use=inputs.project.early_use is not None,
    )
    return _nothing(inputs, blocks) if own_settings.suffice(inputs, blocks) else blocks


def _nothing(inputs: Inputs, blocks: SettingsOverlay) -> SettingsOverlay:
    """No generated module: the project's own settings are what production uses."""
    path, module = inputs.project.settings.path, blocks.base_module
    support = path.removesuffix(".py")
    return replace(blocks, module=module, path=path, support_module=module, support_path=support)


def _is_inside(folder: str | None) -> bool:
    """Whether a folder is the project's: elsewhere it need not exist, nor be ours to write."""
    return folder is not None and normpath(folder).startswith("{root}/")


def _setting(inputs: Inputs, name: str) -> Setting | None:
    return inputs.settings.get(name)


def demanded(inputs: Inputs, setting: str) -> frozenset[str]:
    """Variables without which a setting has no value, switches such as DJANGO_ENV aside."""
    found = inputs.settings.get(setting)
    if found is None or found.state == "known":
        return frozenset()
    switches = inputs.project.settings.environ
    contract = inputs.project.contract
    required = {v.name for v in contract if v.required and v.name not in switches}
    return frozenset(required & set(found.variables))


def _steering(inputs: Inputs) -> dict[str, str]:
    """What selects production in the project's own settings, as detection found it."""
    assumed = inputs.project.settings.environ if inputs.settings else {}
    return {name: value for name, value in sorted(assumed.items()) if name not in _PASSED_ON}


def _debug_apps(inputs: Inputs) -> tuple[str, ...]:
    debug = _setting(inputs, "DEBUG")
    off = debug is not None and debug.state != "unknown" and debug.value is False
    apps = _setting(inputs, "INSTALLED_APPS")
    if apps is None or apps.state == "unknown" or apps.partial:
        return _DEBUG_APPS
    listed = {str(app).partition(".")[0] for app in apps.value or ()}
    found = [app for app in _DEBUG_APPS if app in listed]
    # With DEBUG off and the package in production's requirements, it is there on purpose.
    return tuple(app for app in found if not (off and inputs.has(_DISTRIBUTIONS[app])))


def _lists_app(inputs: Inputs, app: str) -> bool:
    apps = _setting(inputs, "INSTALLED_APPS")
    listed = apps.value if apps and isinstance(apps.value, list | tuple) else ()
    return any(str(name).partition(".")[0] == app for name in listed)


def needs_secret_key(inputs: Inputs) -> bool:
    """Whether the key is in the code, be it as a default, or nobody knows where it is."""
    return not demanded(inputs, "SECRET_KEY")


def secret_key_variables(inputs: Inputs) -> tuple[str, ...]:
    """Names that the key is read from: the project's own first, then the customary ones."""
    setting = _setting(inputs, "SECRET_KEY")
    listed = [name for name in _SECRET_KEYS if name in (inputs.manifest.secrets or ())]
    own = [v for v in (setting.variables if setting else ()) if "KEY" in v.upper()]
    return tuple(dict.fromkeys((*own, *listed, *_SECRET_KEYS)))


def _needs_database(inputs: Inputs) -> bool:
    """Not where the project insists on DATABASE_URL itself, or understands the parts as well.

    One that insists on TLS beside it cannot reach a server on its own machine.
    """
    if "DATABASE_URL" in demanded(inputs, "DATABASES"):
        return insists_on_tls(inputs)
    return not own_settings.settle_database(inputs)


def database_aliases(inputs: Inputs) -> tuple[str, ...]:
    """Every alias of DATABASES, the default first."""
    found = [fact.value.alias for fact in inputs.project.databases] if inputs.settings else []
    return tuple(dict.fromkeys(("default", *found)))


def _needs_cache(inputs: Inputs) -> bool:
    """A cache in the database is shared already; any other needs the environment's server."""
    if own_settings.settle_cache(inputs):
        return False
    backend = inputs.project.cache_backend
    return backend is None or not backend.value.endswith("db.DatabaseCache")


def _stores_locally(inputs: Inputs) -> bool:
    """Uploads go to the local disk, or nobody knows where they go."""
    storages = _setting(inputs, "STORAGES")
    value = storages.value if storages and storages.state != "unknown" else None
    entry = value.get("default") if isinstance(value, dict) else None
    backend = entry.get("BACKEND") if isinstance(entry, dict) else None
    if backend is None and inputs.django_version < (5, 1):
        backend = known_value(inputs, "DEFAULT_FILE_STORAGE")
    return not isinstance(backend, str) or backend.endswith(_LOCAL_STORAGE)


def _logs_json(inputs: Inputs) -> bool:
    setting = _setting(inputs, "LOGGING")
    return bool(setting and re.search(r"json|structlog", str(setting.value), re.IGNORECASE))


def _answers_probes(inputs: Inputs) -> bool:
    """Whether the project answers exactly the probes that the overlay would answer."""
    paths = {fact.value.rstrip("/") for fact in inputs.project.health_endpoints}
    return {"/health", "/health/live"} <= paths


def needs_entry(inputs: Inputs) -> bool:
    """Whether the user's own WSGI or ASGI module would defeat the generated settings."""
    if starts_traces(inputs):
        return True
    if inputs.server.application:
        return False
    if inputs.project.settings_kind == "configurations":
        return True  # its own wsgi module looks for the class in whatever module is named
    entry = server.entry_point(inputs)
    # Without any settings named, it is no entry module: nobody has set Django up before it.
    return entry is None or entry.assigns_settings or entry.settings_module is None


def starts_traces(inputs: Inputs) -> bool:
    """Whether traces are wanted, and the project does not start them itself."""
    return bool(inputs.observability.traces) and inputs.project.telemetry is None


def _wrapped(inputs: Inputs) -> str | None:
    if inputs.server.application:
        return inputs.server.application
    entry = server.entry_point(inputs)
    return entry.target if entry and needs_entry(inputs) else None


def _mails_by_default(inputs: Inputs) -> bool:
    """Whether the project sends by plain SMTP, or says nothing about mail."""
    if own_settings.settle_mail(inputs):
        return False
    setting = _setting(inputs, "EMAIL_BACKEND")
    return setting is None or setting.state != "known" or "smtp.EmailBackend" in str(setting.value)
