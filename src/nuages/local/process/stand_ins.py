"""A value that works on this machine for a variable of a known kind, by its name and cast."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from nuages.local.process import keys
from nuages.project.facts import Variable
from nuages.text import looks_secret


@dataclass(frozen=True)
class Place:
    """What stand-ins are made of: where the site answers, and what runs beside it."""

    port: int
    scheme: str = "http"
    database: str = ""
    redis: str = ""
    media: str = ""
    random: Callable[[], str] = field(default=lambda: "")
    pair: Callable[[keys.Form], keys.Pair] = field(default=lambda _: keys.NONE)
    static: str = ""
    folder: str = ""
    """Where folders that the site asks for are made."""

    @property
    def origin(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"


@dataclass(frozen=True)
class Kind:
    """A name that many projects use, and what to give for it."""

    pattern: str
    value: Callable[[Place], str]


def _fixed(text: str) -> Callable[[Place], str]:
    return lambda _: text


def _of_database(part: str) -> Callable[[Place], str]:
    """Of the database here, where code asks for the parts that its own URL will replace."""
    return lambda place: str(getattr(urlsplit(place.database), part) or "").removeprefix("/")


KINDS: tuple[Kind, ...] = (
    Kind(r"(^|_)DEBUG$|^DEBUG_", _fixed("False")),
    Kind(r"ALLOWED_(\w+_)?HOSTS?$|^(DJANGO_)?HOSTS$", _fixed("localhost")),
    Kind(r"TRUSTED_ORIGINS$|CORS_.*(ORIGINS|WHITELIST)$", lambda p: p.origin),
    Kind(r"^(DATABASE_URL|DATABASE_DSN|DB_URL|DEFAULT_DATABASE_DSN)$", lambda p: p.database),
    *(
        Kind(rf"^(DJANGO_)?(POSTGRES(QL)?|PG|DB|DATABASE|MYSQL|SQL)_?({names})$", part)
        for names, part in (
            ("HOST|HOSTNAME|SERVER", _of_database("hostname")),
            ("PORT", _of_database("port")),
            ("USER|USERNAME", _of_database("username")),
            ("NAME|DB|DATABASE|DB_NAME", _of_database("path")),
        )
    ),
    Kind(r"(BROKER|CELERY\w*)_URL$|^(CELERY_)?BROKER$", lambda p: p.redis or "memory://"),
    Kind(r"(RESULT|CELERY)_BACKEND$", lambda p: p.redis or "cache+memory://"),
    Kind(r"CACHE_(URL|DSN)$", lambda p: p.redis or "locmemcache://"),
    Kind(r"REDIS\w*_(URL|DSN)$", lambda p: p.redis or "redis://127.0.0.1:6379/0"),
    Kind(r"REDIS\w*_HOST$", _fixed("127.0.0.1")),
    Kind(r"REDIS\w*_PORT$", lambda p: _port(p.redis)),
    Kind(r"(EMAIL|MAIL)\w*_URL$", _fixed("consolemail://")),
    Kind(r"(EMAIL|MAIL|SMTP)\w*_(HOST|SERVER)$|^(EMAIL|SMTP)_?(HOST|SERVER)$", _fixed("localhost")),
    Kind(r"(EMAIL|MAIL|SMTP)\w*_PORT$", _fixed("25")),
    Kind(r"(EMAIL|MAIL|SMTP)\w*_(USE_)?(TLS|SSL)$", _fixed("False")),
    Kind(r"(EMAIL|MAIL)\w*_BACKEND$", _fixed("django.core.mail.backends.console.EmailBackend")),
    Kind(r"(^|_)(ADMINS|MANAGERS)$", _fixed("")),
    Kind(
        r"(EMAIL|MAIL|SMTP)\w*_(USER|USERNAME|HOST_USER|PASSWORD|HOST_PASSWORD)$", _fixed("local")
    ),
    Kind(r"MAILGUN_\w*(DOMAIN)$", _fixed("localhost")),
    Kind(
        r"(FROM|EMAIL|EMAIL_ADDRESS|MAIL_SENDER|SENDER|CONTACT|MAILTO|REPLY_TO)$",
        _fixed("webmaster@localhost.localdomain"),
    ),
    Kind(r"DSN$|^SENTRY(_URL)?$|^ROLLBAR_(ACCESS_)?TOKEN$", _fixed("")),
    Kind(r"ADMIN\w*_URL$|ADMIN\w*_PATH$", _fixed("admin/")),
    Kind(r"STATIC_URL$", _fixed("/static/")),
    Kind(r"MEDIA_URL$", _fixed("/media/")),
    Kind(r"MEDIA_ROOT$", lambda p: p.media),
    Kind(r"^(DJANGO_)?STATIC_ROOT$", lambda p: p.static),
    Kind(r"_(DIR|DIRECTORY|FOLDER)$", lambda p: p.folder),
    Kind(
        r"(?<!SUB)(DOMAIN|DOMAINS|DOMAIN_NAME|HOSTNAME|SITE_NAME|SERVER_NAME|FQDN|VIRTUAL_HOST|ADDRESS)$",
        _fixed("localhost"),
    ),
    Kind(
        r"^((DJANGO|WEB|PUBLIC|SITE|APP|BASE|CANONICAL|FRONTEND|EXTERNAL)_?)?HOST$",
        _fixed("localhost"),
    ),
    Kind(
        r"(SITE|APP|PROJECT|BRAND|INSTANCE|COMPANY|ORGANI[SZ]ATION)_?(NAME|TITLE)$", _fixed("local")
    ),
    Kind(r"(BUCKET|BUCKET_NAME|CONTAINER_NAME)$", _fixed("local")),
    Kind(r"REGION(_NAME)?$", _fixed("us-east-1")),
    Kind(r"SIGNATURE_(NAME|VERSION)$", _fixed("s3v4")),
    Kind(r"(PROJECT_ID|ACCOUNT_ID|ACCESS_KEY_ID|CLIENT_ID|APP_ID|SID)$", _fixed("local")),
    Kind(
        r"(^|_)(ENDPOINT|BASE|SITE|APP|ROOT|FRONTEND|PUBLIC|EXTERNAL|WEBSITE|SERVER|HOST|CLIENT"
        r"|BACKEND|API|WEB)_?URL$|(^|_)ORIGIN$",
        lambda p: p.origin,
    ),
    Kind(r"^(DJANGO_|APP_)?(ENV|ENVIRONMENT|STAGE)$", _fixed("production")),
    Kind(r"LOG_?LEVEL$", _fixed("INFO")),
    Kind(r"(TIME_?ZONE|^TZ)$", _fixed("UTC")),
    Kind(r"LANGUAGE(_CODE)?$", _fixed("en")),
    Kind(
        r"(LDAP|AUTH|SSO|OIDC|SAML|IMAGE|THUMBOR|MEDIA|SEARCH|FTP)\w*_(SERVER|HOST)$",
        _fixed("localhost"),
    ),
    Kind(r"(LDAP|FTP|API|HTTP|BASIC_AUTH)\w*_(USER|USERNAME|LOGIN)$", _fixed("local")),
    Kind(
        r"(^|_)(ANALYTICS|TAG_MANAGER|GTM|MATOMO|PIWIK|PLAUSIBLE|HOTJAR|UMAMI|FATHOM|GA|PIXEL)_?"
        r"(SITE_?)?(ID|CODE|KEY|DOMAIN|PROPERTY|TRACKING_ID|MEASUREMENT_ID)$",
        _fixed("local"),
    ),
    Kind(r"^(PROJECT|PROJECT_NAME|SERVICE_NAME|NAMESPACE|CLUSTER|INSTANCE)$", _fixed("local")),
    Kind(r"^PORT$", lambda p: str(p.port)),
    Kind(r"WEB_CONCURRENCY$", _fixed("2")),
    Kind(r"(VERSION|RELEASE|COMMIT|GIT_SHA|BUILD|REVISION)$", _fixed("local")),
    Kind(r"(^|_)(ENABLED?|ENABLE_\w+|USE_\w+|DISABLED?|VERIFY_\w+)$", _fixed("False")),
    Kind(r"(TIMEOUT|MAX_AGE|EXPIRY|EXPIRES|SECONDS|LIMIT)$", _fixed("60")),
)
_CASTS: Mapping[str, str] = {
    "bool": "False", "int": "1", "float": "1", "list": "", "json": "{}", "dict": "", "tuple": "",
    "url:email": "consolemail://",
}  # fmt: skip


def stand_in(variable: Variable, place: Place) -> str | None:
    """A value for a variable of a kind that is known, else None."""
    by_name = _by_name(variable.name, place)
    cast = variable.cast or ""
    if cast == "url:database":
        return place.database or None
    if cast == "url:cache":
        return place.redis or "locmemcache://"
    if cast in {"bool", "int", "float", "json"} and not _fits(by_name, cast):
        return _CASTS[cast]
    if by_name is not None:
        return by_name or (None if _is_database(variable.name) else "")
    if cast in _CASTS:
        return _CASTS[cast]
    return None


def _by_name(name: str, place: Place) -> str | None:
    for kind in KINDS:
        if re.search(kind.pattern, name.upper()):
            return kind.value(place)
    return None


def _fits(text: str | None, cast: str) -> bool:
    pattern = {"bool": r"(?i)true|false|0|1|yes|no", "int": r"-?\d+", "float": r"-?[\d.]+"}
    return text is not None and re.fullmatch(pattern.get(cast, r"[\[{].*"), text) is not None


def _is_database(name: str) -> bool:
    return bool(re.search(r"DATABASE|^DB_|_DB_", name))


def _port(url: str) -> str:
    match = re.search(r":(\d+)(?:/|$)", url)
    return match[1] if match else "6379"


def made_up(name: str, place: Place) -> str:
    """A secret of the form that the name asks for."""
    return keys.shaped(name, place.random, place.pair) or place.random()


def is_made_up(variable: Variable) -> bool:
    """Tell whether a value of ours serves: a key or a password that nobody else must know."""
    return not is_place(variable.name) and (variable.secret or looks_secret(variable.name))


def is_place(name: str) -> bool:
    """Tell whether a variable says where something is, which is no secret itself."""
    return bool(
        re.search(r"_(FILE|FILENAME|PATH|DIR|DIRECTORY|FOLDER|ROOT|LOCATION)$", name.upper())
    )


def is_own_secret(name: str) -> bool:
    """Tell whether a secret belongs to the site alone, and not to somebody else's service."""
    if is_place(name) or re.search(r"STRIPE|AWS|GOOGLE|AZURE|RECAPTCHA|PAYPAL|OAUTH|SOCIAL", name):
        return False
    own = r"^(DJANGO_|APP_)?(SECRET|SECRET_KEY|KEY)$|SIGNING|SALT|FERNET|ENCRYPT|SECRET_KEY|JWT"
    return bool(re.search(own, name))
