"""What the generated cloud settings add to the user's own: a part of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SettingsOverlay:
    """What the generated settings module must add to the user's own settings.

    Each flag is one block of the module, whose dotted name is ``module``.
    """

    module: str
    path: str
    base_module: str
    kind: Literal["module", "configurations", "dynaconf"]
    configuration: str | None
    steering: Mapping[str, str]
    """Variables to set before the user's settings are imported (``DJANGO_DEBUG=False``)."""
    debug_apps: tuple[str, ...]
    """Apps and middleware that only belong to DEBUG and must go."""
    secret_key: bool
    hosts: bool
    https: bool
    database: bool
    database_aliases: tuple[str, ...]
    cache: bool
    sessions: bool
    whitenoise: bool
    static_root: bool
    static_sources: bool
    """Whether the project's own STATIC_ROOT has to be collected from."""
    static_compressor: bool
    storages: bool
    media: bool
    logging: bool
    health: bool
    django: str
    """Major.minor of Django, as the blocks differ (STORAGES since 4.2)."""
    entry_module: str | None = None  # generated, where the user's own would defeat the overlay
    entry_target: str | None = None
    """The user's own ``module:attribute`` that ``entry_module`` wraps; None: there is none."""
    email: bool = True
    cors: bool = False
    support_module: str = "nuages_cloud"
    """The package of functions that the module uses."""
    support_path: str = ".nuages/overlay/nuages_cloud"
    secret_key_variables: tuple[str, ...] = ("DJANGO_SECRET_KEY", "SECRET_KEY")
    server_database: bool = True
    """Without a configured database there is none, instead of a file that is lost."""
    traces: bool = False
    """``entry_module`` starts OpenTelemetry, before it makes the application."""
    early_use: bool = False
    """A package around the user's settings asks for settings while it is imported."""
    static_bundling: bool = False
    """The project's own static back end makes bundles while it collects, and stays."""
    static_precompiled: bool = True
    """Templates hold what django-compressor has to compile."""
