"""Mail: whether it is sent at all, in whose name, and over what."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

_SETTINGS = "https://docs.djangoproject.com/en/stable/ref/settings"
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
_NOWHERE = {
    f"django.core.mail.backends.{name}.EmailBackend": what
    for name, what in {
        "console": "writes mail to the log",
        "dummy": "throws mail away",
        "locmem": "keeps mail in memory, for tests",
        "filebased": "writes mail into files of the container",
    }.items()
}
_SENDS = re.compile(
    r"\b(?:send_mail|send_mass_mail|mail_admins|mail_managers|EmailMessage|EmailMultiAlternatives)\b"
    r"|email_user\(|PasswordResetView|django\.contrib\.auth\.urls|allauth\.urls|dj_rest_auth|djoser"
)
_WORDS = ("mail", "Email", "PasswordReset", "auth.urls", "allauth", "dj_rest_auth", "djoser")
_LOCAL_HOSTS = ("localhost", "127.0.0.1")
_EXAMPLE = re.compile(
    r"@(?:[\w.-]*\.)?(?:example\.(?:com|org|net)|your-?domain\.\w+|mydomain\.\w+|localhost)\b"
)


def _backend(production: Production) -> str | None:
    """The back end of mail; None where it cannot be told."""
    if "MAILERS" in production.settings:
        return None
    value = production.settings.get("EMAIL_BACKEND", default=_SMTP)
    return value if isinstance(value, str) else None


def _sender(production: Production) -> str | None:
    """A file of the project that sends mail."""
    found = (f.path for f in production.mentioning(*_WORDS) if _SENDS.search(f.text))
    own = {file.path for file in production.settings_files}
    return next((path for path in found if path not in own), None)


@rule(
    "MAI001",
    severity="warning",
    title="Mail is not sent",
    why="The back end is one for development: password resets, confirmations and error reports "
    "never reach anybody, and the site says that they were sent.",
    symptom="Users wait for a mail that stands in the log.",
    fix="Take `django.core.mail.backends.smtp.EmailBackend` with EMAIL_HOST from the environment, "
    "or the back end of your mail service.",
    url=f"{_SETTINGS}/#email-backend",
    mistake={"settings.py": "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'"},
    fixed={"settings.py": f"EMAIL_BACKEND = '{_SMTP}'"},
)
def not_sent(production: Production) -> Faults:
    settings = production.settings
    for backend in (_backend(production), _unset_backend(production)):
        if backend in _NOWHERE:
            variables = settings.variables("EMAIL_BACKEND")
            condition = f" wherever {' or '.join(variables)} is not set" if variables else ""
            name = ".".join(backend.split(".")[-2:])
            yield Fault(
                f"{name} {_NOWHERE[backend]}{condition}",
                settings.at("EMAIL_BACKEND"),
                severity="info" if variables else None,
            )
            return


def _unset_backend(production: Production) -> str:
    return str(production.settings_unset.get("EMAIL_BACKEND", default=""))


@rule(
    "MAI002",
    severity="warning",
    title="Mail is handed to localhost",
    why="EMAIL_HOST is not set, so Django asks a mail server in its own container, where none "
    "runs: whatever sends mail ends in an error.",
    symptom="ConnectionRefusedError: [Errno 111] Connection refused, at a sign-up or a reset.",
    fix="Set EMAIL_HOST, EMAIL_HOST_USER and EMAIL_HOST_PASSWORD from the environment.",
    url=f"{_SETTINGS}/#email-host",
    mistake={
        "settings.py": "# no EMAIL_HOST",
        "orders/views.py": "from django.core.mail import send_mail\n",
    },
    fixed={"orders/views.py": "from django.core.mail import send_mail\n"},
    repaired_by="email",
)
def to_localhost(production: Production) -> Faults:
    settings = production.settings
    if _backend(production) != _SMTP or settings.get("EMAIL_HOST", default="localhost") not in (
        *_LOCAL_HOSTS,
        "",
    ):
        return
    variables = settings.variables("EMAIL_HOST")
    if variables and not production.config_said("env_vars"):
        return  # who knows what production sets?
    sender = _sender(production)
    if sender:
        yield Fault(f"{sender} sends mail, through localhost", settings.at("EMAIL_HOST"))
    elif variables and settings.get("EMAIL_HOST_USER"):
        message = (
            f"There is an EMAIL_HOST_USER, and no {' or '.join(variables)}: mail is for localhost"
        )
        yield Fault(message, settings.at("EMAIL_HOST"))


@rule(
    "MAI003",
    severity="warning",
    title="The mail password travels in the clear",
    why="Without TLS the name and the password of the mail account can be read on the way, and "
    "most services refuse the login.",
    symptom="SMTPNotSupportedError; 530 Must issue a STARTTLS command first.",
    fix="`EMAIL_USE_TLS = True` with port 587, or `EMAIL_USE_SSL = True` with port 465.",
    url=f"{_SETTINGS}/#email-use-tls",
    mistake={"settings.py": "EMAIL_USE_TLS = False"},
    fixed={"settings.py": "EMAIL_USE_TLS = False\nEMAIL_USE_SSL = True\nEMAIL_PORT = 465"},
)
def in_the_clear(production: Production) -> Faults:
    settings = production.settings
    tls = settings.get("EMAIL_USE_TLS", default=False)
    ssl = settings.get("EMAIL_USE_SSL", default=False)
    if _backend(production) != _SMTP or tls is not False or ssl is not False:
        return
    named = "EMAIL_HOST_PASSWORD" in settings and settings.get("EMAIL_HOST_PASSWORD") != ""
    if named and settings.get("EMAIL_HOST", default="localhost") not in _LOCAL_HOSTS:
        place = "EMAIL_USE_TLS" if "EMAIL_USE_TLS" in settings else "EMAIL_HOST_PASSWORD"
        yield Fault("Neither EMAIL_USE_TLS nor EMAIL_USE_SSL is on", settings.at(place))


@rule(
    "MAI004",
    severity="error",
    title="EMAIL_USE_TLS and EMAIL_USE_SSL are both on",
    why="They are two ways of encrypting, and Django refuses to send with both.",
    symptom="ValueError: EMAIL_USE_TLS/EMAIL_USE_SSL are mutually exclusive.",
    fix="Keep EMAIL_USE_TLS for port 587, EMAIL_USE_SSL for port 465.",
    url=f"{_SETTINGS}/#email-use-ssl",
    mistake={"settings.py": "EMAIL_USE_TLS = True\nEMAIL_USE_SSL = True"},
    fixed={"settings.py": "EMAIL_USE_TLS = True\nEMAIL_USE_SSL = False"},
)
def both_ways(production: Production) -> Faults:
    settings = production.settings
    if settings.get("EMAIL_USE_TLS") is True and settings.get("EMAIL_USE_SSL") is True:
        yield Fault("Both ways of encrypting are on", settings.at("EMAIL_USE_SSL"))


@rule(
    "MAI005",
    severity="info",
    title="Mail may wait for ever",
    why="Without EMAIL_TIMEOUT a mail server that does not answer holds the request, and with it "
    "a worker, until the server kills it.",
    symptom="WORKER TIMEOUT in gunicorn's log while the mail service is down.",
    fix="`EMAIL_TIMEOUT = 10`, in seconds.",
    url=f"{_SETTINGS}/#email-timeout",
    mistake={"settings.py": "# no EMAIL_TIMEOUT"},
    fixed={"settings.py": "EMAIL_TIMEOUT = 5"},
)
def no_timeout(production: Production) -> Faults:
    settings = production.settings
    configured = "EMAIL_HOST" in settings and settings.get("EMAIL_HOST") not in _LOCAL_HOSTS
    if (
        _backend(production) == _SMTP
        and configured
        and settings.get("EMAIL_TIMEOUT", default=0) == 0
    ):
        yield Fault("EMAIL_TIMEOUT is not set", settings.at("EMAIL_HOST"))


@rule(
    "MAI006",
    severity="warning",
    title="Mail comes from an address that is not yours",
    why="Mail from webmaster@localhost or from an example is refused, or taken for spam.",
    symptom="550 Sender address rejected; mails that never arrive.",
    fix="Set DEFAULT_FROM_EMAIL to an address of a domain that your mail service may send for.",
    url=f"{_SETTINGS}/#default-from-email",
    mistake={"settings.py": "DEFAULT_FROM_EMAIL = 'Shop <noreply@example.com>'"},
    fixed={"settings.py": "DEFAULT_FROM_EMAIL = 'Shop <noreply@shop.example.eu>'"},
)
def sender_address(production: Production) -> Faults:
    settings = production.settings
    if _backend(production) in _NOWHERE:
        return
    for name in ("DEFAULT_FROM_EMAIL", "SERVER_EMAIL"):
        address = settings.get(name)
        if isinstance(address, str) and _PLACEHOLDER.search(address) and settings.fixed(name):
            yield Fault(f"{name} is {address}", settings.at(name))
    unset = "DEFAULT_FROM_EMAIL" not in settings and settings.complete("DEFAULT_FROM_EMAIL")
    if unset and "EMAIL_HOST" in settings:
        sender = _sender(production) or "Whatever sends mail"
        where = settings.at("EMAIL_HOST")
        yield Fault(f"{sender} sends it as webmaster@localhost, Django's default", where)


_PLACEHOLDER = re.compile(
    r"@(?:example\.(?:com|org|net)|(?:your-?domain|mydomain|domain)\.\w+|localhost)\b"
)


@rule(
    "MAI007",
    severity="warning",
    title="The port of mail does not fit its encryption",
    why="Port 465 speaks TLS from the first byte, port 587 begins in the clear: the wrong pair "
    "hangs or ends in an error.",
    symptom="SSL: WRONG_VERSION_NUMBER; a send that hangs until its timeout.",
    fix="587 with EMAIL_USE_TLS, or 465 with EMAIL_USE_SSL.",
    url=f"{_SETTINGS}/#email-use-ssl",
    mistake={"settings.py": "EMAIL_PORT = 465"},
    fixed={"settings.py": "EMAIL_PORT = 587"},
)
def port(production: Production) -> Faults:
    settings = production.settings
    number = str(settings.get("EMAIL_PORT", default=25))
    tls, ssl = settings.get("EMAIL_USE_TLS"), settings.get("EMAIL_USE_SSL")
    if _backend(production) != _SMTP or settings.variables("EMAIL_PORT"):
        return
    if (number == "465" and tls is True) or (number == "587" and ssl is True):
        way = "EMAIL_USE_TLS" if tls is True else "EMAIL_USE_SSL"
        yield Fault(f"EMAIL_PORT is {number}, with {way}", settings.at("EMAIL_PORT"))


@rule(
    "MAI008",
    severity="info",
    title="Error reports go to nobody",
    why="The log sends errors to ADMINS by mail, and ADMINS is empty or an example.",
    symptom="An outage that only the users report.",
    fix="Set ADMINS to who looks after the site, or send errors to a service.",
    url=f"{_SETTINGS}/#admins",
    mistake={
        "settings.py": "LOGGING['handlers']['mail'] = "
        "{'class': 'django.utils.log.AdminEmailHandler', 'level': 'ERROR'}\n"
        "LOGGING['root']['handlers'] = ['console', 'mail']"
    },
    fixed={
        "settings.py": "ADMINS = [('Ops', 'ops@shop.example.eu')]\n"
        "LOGGING['handlers']['mail'] = "
        "{'class': 'django.utils.log.AdminEmailHandler', 'level': 'ERROR'}\n"
        "LOGGING['root']['handlers'] = ['console', 'mail']"
    },
)
def reports(production: Production) -> Faults:
    settings = production.settings
    admins = settings.get("ADMINS", default=[])
    if admins and _EXAMPLE.search(str(admins)) and settings.fixed("ADMINS"):
        yield Fault(f"ADMINS is {admins}", settings.at("ADMINS"))
    handlers = settings.get("LOGGING", "handlers")
    mails = isinstance(handlers, dict) and any(
        isinstance(handler, dict) and handler.get("class") == "django.utils.log.AdminEmailHandler"
        for handler in handlers.values()
    )
    if mails and "ADMINS" not in settings and settings.complete("ADMINS"):
        yield Fault("AdminEmailHandler sends to ADMINS, which is empty", _handler(production))


def _handler(production: Production) -> Location:
    return production.settings.at("LOGGING", "class")
