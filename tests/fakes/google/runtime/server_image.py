"""Database images whose data directory is made already, so that a server starts in a second."""

from __future__ import annotations

import subprocess
from hashlib import sha256

from .docker import Docker

_POSTGRES = """\
FROM postgres:{version}
ENV PGDATA=/var/lib/cloudsql
RUN mkdir -p /var/lib/cloudsql /etc/cloudsql && chown postgres:postgres /var/lib/cloudsql \\
 && setpriv --reuid=postgres --regid=postgres --init-groups \\
    initdb --username=cloudsqladmin --auth=trust --encoding=UTF8 -D /var/lib/cloudsql
ENTRYPOINT ["postgres"]
USER postgres
"""
_MARIADB = """\
FROM mariadb:{version}
RUN mkdir -p /var/lib/cloudsql /etc/cloudsql /run/mysqld \\
 && chown mysql:mysql /var/lib/cloudsql /run/mysqld \\
 && mariadb-install-db --user=mysql --datadir=/var/lib/cloudsql --skip-test-db
ENTRYPOINT ["mariadbd"]
USER mysql
"""
# What stands in for the versions that no local image is of.
POSTGRES, MARIADB = "17", "11"


def postgres_image(docker: Docker) -> str:
    return _built(docker, "postgres", _POSTGRES.format(version=POSTGRES))


def mariadb_image(docker: Docker) -> str:
    return _built(docker, "mariadb", _MARIADB.format(version=MARIADB))


def _built(docker: Docker, kind: str, dockerfile: str) -> str:
    """Kept on the engine for the next world: its tag says what it was made from."""
    base = docker.image(dockerfile.split()[1]) or {"Id": ""}
    made_from = sha256((dockerfile + base["Id"]).encode()).hexdigest()[:12]
    tag = f"nuages-fake-cloudsql:{kind}-{made_from}"
    if docker.image(tag) is None:
        built = subprocess.run(
            ["docker", "build", "--quiet", "--tag", tag, "-"],
            input=dockerfile,
            text=True,
            capture_output=True,
            check=False,
        )
        if built.returncode:
            raise RuntimeError(f"{tag} cannot be built: {built.stderr}")
    return tag
