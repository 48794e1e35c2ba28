"""Command lines of the databases' own clients; a password goes through their environment.

Sources: https://www.postgresql.org/docs/current/libpq-envars.html and
https://dev.mysql.com/doc/refman/8.4/en/environment-variables.html (MYSQL_PWD). MariaDB's client
has another word for the same: https://mariadb.com/kb/en/mariadb-command-line-client/.
"""

from __future__ import annotations

from nuages.steps.site import Access

Argv = tuple[str, ...]
PROGRAMS = {"postgresql": "psql", "mysql": "mysql"}
PASSWORDS = {"postgresql": "PGPASSWORD", "mysql": "MYSQL_PWD"}


def client(access: Access, host: str, port: int, *, mariadb: bool = False) -> Argv:
    """Open the database, over TLS; what is said further goes behind."""
    where = (f"--host={host}", f"--port={port}")
    if access.engine == "postgresql":
        return ("psql", *where, f"--username={access.user}", f"--dbname={access.name}")
    tls = "--ssl" if mariadb else "--ssl-mode=REQUIRED"
    who = (f"--user={access.user}", f"--database={access.name}")
    return ("mysql", *where, "--protocol=tcp", tls, *who)


def environment(access: Access, password: str) -> dict[str, str]:
    """Added to the caller's own; the password is in nobody's list of processes."""
    found = {PASSWORDS[access.engine]: password}
    if access.engine == "postgresql":
        found |= {"PGSSLMODE": "require", "PGCONNECT_TIMEOUT": "10"}
    return found
