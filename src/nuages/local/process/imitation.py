"""A driver under the name of another, for an environment in which that one cannot be built."""

from __future__ import annotations

from pathlib import Path

from nuages.effects import files


def imitate_mysqlclient(folder: Path) -> None:
    """Let ``import MySQLdb`` find PyMySQL, as its documentation describes."""
    site = next((folder / "lib").glob("python3.*/site-packages"))
    files.write(
        site / "MySQLdb" / "__init__.py",
        "import pymysql\n\npymysql.version_info = (2, 2, 4, 'final', 0)\n"
        "pymysql.install_as_MySQLdb()\n",
    )
