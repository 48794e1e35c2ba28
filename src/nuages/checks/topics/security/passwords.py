"""How passwords and sessions are kept."""

from __future__ import annotations

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.security import CHECKS, SETTINGS

_PASSWORDS = "https://docs.djangoproject.com/en/stable/topics/auth/passwords"
_WEAK = ("MD5PasswordHasher", "SHA1PasswordHasher", "CryptPasswordHasher")
_UNSALTED = ("UnsaltedMD5PasswordHasher", "UnsaltedSHA1PasswordHasher")
_HASHERS = "django.contrib.auth.hashers"
_LIMITS = (
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
)
_SILENCED = {
    "security.W001": "a missing SecurityMiddleware",
    "security.W003": "missing CSRF protection",
    "security.W009": "a weak SECRET_KEY",
    "security.W010": "session cookies over http",
    "security.W011": "session cookies over http",
    "security.W012": "session cookies over http",
    "security.W013": "session cookies that scripts read",
    "security.W014": "session cookies that scripts read",
    "security.W015": "session cookies that scripts read",
    "security.W016": "CSRF cookies over http",
    "security.W018": "DEBUG",
    "security.W020": "empty ALLOWED_HOSTS",
    "security.W025": "a weak key among SECRET_KEY_FALLBACKS",
}


@rule(
    "SEC031",
    severity="warning",
    title="Any password will do",
    why="Without validators `1234` is accepted, and lists of such passwords are tried against "
    "every login form there is.",
    symptom="Accounts that are taken over with no hole in the code.",
    fix="Take startproject's four AUTH_PASSWORD_VALIDATORS.",
    url=f"{_PASSWORDS}/#enabling-password-validation",
    mistake={"settings.py": "AUTH_PASSWORD_VALIDATORS = []"},
    fixed={},
)
def validators(production: Production) -> Faults:
    settings, name = production.settings, "AUTH_PASSWORD_VALIDATORS"
    if settings.get(name, default=[]) or not settings.complete(name):
        return
    if settings.has_app("django.contrib.auth") and production.told(name):
        what = "is empty" if name in settings else "is not set"
        yield Fault(f"{name} {what}", settings.at(name))


@rule(
    "SEC032",
    severity="error",
    title="Passwords are stored with a hash that is broken in hours",
    why="The first of PASSWORD_HASHERS stores every new password. A graphics card tries billions "
    "of MD5 or SHA-1 sums a second; PBKDF2, Argon2 and scrypt are slow on purpose.",
    symptom="A stolen table of users, and all their passwords in clear a day later.",
    fix=f"Put `{_HASHERS}.PBKDF2PasswordHasher` first, and the old one last until everybody has "
    "logged in once.",
    url=f"{_PASSWORDS}/#how-django-stores-passwords",
    mistake={"settings.py": f"PASSWORD_HASHERS = ['{_HASHERS}.MD5PasswordHasher']"},
    fixed={
        "settings.py": f"PASSWORD_HASHERS = ['{_HASHERS}.PBKDF2PasswordHasher', "
        f"'{_HASHERS}.MD5PasswordHasher']"
    },
)
def hashers(production: Production) -> Faults:
    settings = production.settings
    names = settings.texts("PASSWORD_HASHERS")
    for number, name in enumerate(names if settings.complete("PASSWORD_HASHERS") else ()):
        last = name.rpartition(".")[2]
        where = settings.at("PASSWORD_HASHERS", name)
        if number == 0 and last in (*_WEAK, *_UNSALTED):
            yield Fault(f"{last} is the first of PASSWORD_HASHERS: it stores passwords", where)
        elif last in _UNSALTED:
            message = f"{last} is still accepted: equal passwords have equal hashes"
            yield Fault(message, where, severity="warning")


@rule(
    "SEC033",
    severity="error",
    title="Sessions are pickled",
    why="A pickle runs code when it is read. Whoever writes into the cache or the table of "
    "sessions, or holds the SECRET_KEY of signed cookies, owns the server.",
    symptom="Remote code execution (CVE-2011-4136 and its kin).",
    fix="Delete SESSION_SERIALIZER: JSON is Django's default.",
    url="https://docs.djangoproject.com/en/4.2/topics/http/sessions/#session-serialization",
    mistake={
        "settings.py": "SESSION_SERIALIZER = 'django.contrib.sessions.serializers.PickleSerializer'"
    },
    fixed={},
)
def pickled(production: Production) -> Faults:
    value = production.settings.get("SESSION_SERIALIZER")
    if isinstance(value, str) and "pickle" in value.lower():
        name = value.rpartition(".")[2]
        yield Fault(f"Sessions are stored by {name}", production.settings.at("SESSION_SERIALIZER"))


@rule(
    "SEC034",
    severity="warning",
    title="A security check is silenced",
    why="`check --deploy` says nothing of it any more, in any environment, whatever changes.",
    symptom="System check identified no issues (1 silenced).",
    fix="Mend what it says, and delete the id from SILENCED_SYSTEM_CHECKS.",
    url=CHECKS,
    mistake={"settings.py": "SILENCED_SYSTEM_CHECKS = ['security.W020']"},
    fixed={"settings.py": "SILENCED_SYSTEM_CHECKS = ['security.W021']"},
)
def silenced(production: Production) -> Faults:
    settings, name = production.settings, "SILENCED_SYSTEM_CHECKS"
    own = any("csrf" in each.lower() for each in settings.texts("MIDDLEWARE"))
    for each in settings.texts(name):
        if each in _SILENCED and not (own and each == "security.W003"):
            yield Fault(f"{each} is silenced: {_SILENCED[each]}", settings.at(name, each))


@rule(
    "SEC035",
    severity="warning",
    title="A request may be as large as it likes",
    why="Django reads the whole body into memory before a view can refuse it: a few requests of "
    "a gigabyte end the container.",
    symptom="Killed; Out of memory; OOMKilled.",
    fix="Write a number of bytes, or delete the line: 2.5 MB is Django's default.",
    url=f"{SETTINGS}/#data-upload-max-memory-size",
    mistake={"settings.py": "DATA_UPLOAD_MAX_MEMORY_SIZE = None"},
    fixed={"settings.py": "DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000"},
)
def unlimited(production: Production) -> Faults:
    for name in _LIMITS:
        setting = production.settings.setting(name)
        if setting and setting.state == "known" and setting.value is None:
            # Long forms of the admin are a reason to lift the limit of fields.
            usual: Severity = "info" if name.endswith("FIELDS") else "warning"
            yield Fault(f"{name} is None: there is no limit", setting.location, severity=usual)
