"""The project's own proxy."""

from __future__ import annotations

from nuages.checks import places
from nuages.checks.production import Production
from nuages.checks.sources.nginx import NginxFile, nginx_file


def nginx_files(production: Production) -> tuple[NginxFile, ...]:
    """nginx's configuration, where it is not named for development."""
    paths = places.nginx_files(production.files)
    read = (nginx_file(production.text(path), path) for path in paths)
    return tuple(found for found in read if found)
