"""Which variables are kept in a secret store, and which of them may be made up."""

from __future__ import annotations

import re

from nuages.config import overlay
from nuages.config.inputs import Inputs
from nuages.config.wiring import wiring
from nuages.model import Database, Secret
from nuages.project.facts import Variable

DATABASE_PASSWORD = "DB_PASSWORD"  # noqa: S105 -- the name of a variable
SUPERUSER_PASSWORD = "DJANGO_SUPERUSER_PASSWORD"  # noqa: S105 -- the name of a variable
_OWN = re.compile(
    r"(?:^|_)SECRET_KEY(?:_FALLBACKS?)?$|(?:^|_)(?:SALT|SIGNING_KEY|HASHIDS?\w*)$"
    r"|^(?:DJANGO_)?ADMIN_(?:URL|PATH)$"
    r"|^(?:DB|DATABASE|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|REDIS)_?(?:\w+_)?PASS(?:WORD|WD)?$"
    r"|SUPERUSER_PASSWORD$|^CELERY_FLOWER_PASSWORD$"
)
_OTHERS = re.compile(r"AWS|STRIPE|GOOGLE|GITHUB|OAUTH|API|CLIENT|EMAIL|MAIL|TWILIO|PAYPAL|S3")


def is_own(name: str) -> bool:
    """Whether a random value is as good as any: nobody else has to know it."""
    upper = name.upper()
    return bool(_OWN.search(upper)) and not _OTHERS.search(upper)


def secrets(inputs: Inputs, database: Database | None) -> tuple[Secret, ...]:
    """What is kept secret: the project's own variables, nuages.yaml's, and what ours need.

    A variable that a deployment puts together itself, such as DATABASE_URL, is not among them:
    see ``wiring``.
    """
    wired = wiring(inputs)
    passed_over = {*wired, *inputs.project.settings.environ}
    names = [v.name for v in inputs.project.contract if _is_kept(v) and v.name not in passed_over]
    if overlay.needs_secret_key(inputs):
        names.append(_secret_key(inputs, names))
    if database is not None and database.engine != "sqlite":
        names.append(DATABASE_PASSWORD)
    names.append(SUPERUSER_PASSWORD)
    said = {name: section.generated for name, section in (inputs.manifest.secrets or {}).items()}
    every = dict.fromkeys((*names, *said))
    given = set(inputs.variables)
    return tuple(
        Secret(name, _is_made_up(inputs, name) if said.get(name) is None else bool(said[name]))
        for name in sorted(every)
        if name not in given
    )


def _is_made_up(inputs: Inputs, name: str) -> bool:
    return is_own(name) or name in overlay.secret_key_variables(inputs)


def _is_kept(variable: Variable) -> bool:
    """A secret that is demanded, or a key of our own whose default stands in the code."""
    if is_own(variable.name) or "SECRET_KEY" in variable.steers:
        return variable.required or "SECRET_KEY" in variable.steers
    return variable.secret and variable.required


def _secret_key(inputs: Inputs, names: list[str]) -> str:
    candidates = overlay.secret_key_variables(inputs)
    return next((name for name in candidates if name in names), candidates[0])
