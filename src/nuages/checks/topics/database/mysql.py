"""MySQL and MariaDB: which characters they keep, and whether they cut what is too long."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.database.known import DATABASES, servers

_ENTRY = "DATABASES['default'] = {{'ENGINE': 'django.db.backends.mysql', 'NAME': 'shop', "
_MYSQL = _ENTRY + "'HOST': 'db.internal', 'CONN_MAX_AGE': 60, 'CONN_HEALTH_CHECKS': True, "
_OPTIONS = _MYSQL + "'OPTIONS': {{'ssl_mode': 'REQUIRED'{}}}}}"
_STRICT = ", 'init_command': \"SET sql_mode='STRICT_TRANS_TABLES'\""
_REQUIREMENTS = (
    "django==4.2.16\nmysqlclient==2.2.7\ndjango-environ==0.12.0\nwhitenoise==6.11.0\n"
    "django-storages==1.14.6\n"
)
_UTF8MB4_SINCE = (5, 2)
"""https://docs.djangoproject.com/en/5.2/releases/5.2/#database-backends"""


@rule(
    "DB019",
    severity="warning",
    title="MySQL keeps no emoji",
    why="MySQL's `utf8` has at most three bytes for a character. Django connects with it before "
    "5.2, so a name with an emoji or a rare Chinese sign is an error.",
    symptom="(1366, \"Incorrect string value: '\\\\xF0\\\\x9F...' for column\").",
    fix='Write `"OPTIONS": {"charset": "utf8mb4"}`; and the tables must be utf8mb4 too.',
    url=f"{DATABASES}/#encoding",
    mistake={"settings.py": _OPTIONS.format(", 'charset': 'utf8'")},
    fixed={"settings.py": _OPTIONS.format(", 'charset': 'utf8mb4'")},
)
def charset(production: Production) -> Faults:
    recent = production.django is not None and production.django >= _UTF8MB4_SINCE
    for entry in servers(production):
        said = entry.options.get("charset")
        if entry.engine != "mysql" or (said is None and recent):
            continue
        if said is None and "read_default_file" not in entry.options:
            yield Fault("No charset is set: Django connects with utf8", entry.at("OPTIONS"))
        elif str(said).lower() in ("utf8", "utf8mb3", "latin1"):
            yield Fault(f"The charset is {said}", entry.at("charset"))


@rule(
    "DB020",
    severity="warning",
    title="MySQL may cut what is too long",
    why="Whether a text that does not fit is refused or cut in silence is the server's sql_mode, "
    "and managed servers differ from the one at home.",
    symptom="(mysql.W002) MySQL Strict Mode is not set; texts that end in the middle of a word.",
    fix='Write `"init_command": "SET sql_mode=\'STRICT_TRANS_TABLES\'"` in OPTIONS.',
    url=f"{DATABASES}/#setting-sql-mode",
    mistake={"settings.py": _OPTIONS.format(", 'charset': 'utf8mb4'")},
    fixed={"settings.py": _OPTIONS.format(f", 'charset': 'utf8mb4'{_STRICT}")},
)
def not_strict(production: Production) -> Faults:
    for entry in servers(production):
        if entry.engine != "mysql" or "read_default_file" in entry.options:
            continue
        told = f"{entry.options.get('init_command', '')}{entry.options.get('sql_mode', '')}"
        if re.search(r"STRICT_|TRADITIONAL", told, re.IGNORECASE):
            continue
        if "sql_mode" in told.lower() or "sql_mode" in entry.options:
            yield Fault("sql_mode is set, and is not strict", entry.at("init_command", "sql_mode"))
        else:
            message = "No sql_mode is set: the server decides whether texts are cut"
            yield Fault(message, entry.at("OPTIONS"))
