"""The running process: ``sys``, ``platform``, ``socket``, and what is different every time."""

# a registered handler takes what every handler takes; a method takes what its protocol says
# ruff: noqa: ARG001, ARG002

from __future__ import annotations

import ast
from typing import Any

from nuages.project.evaluation.compute import compute
from nuages.project.evaluation.machine import LIBRARY, Call, Machine, library
from nuages.project.evaluation.signals import Raised
from nuages.project.evaluation.values import NONE, Model, Native, Value, lift, unknown

ARGUMENTS = ("gunicorn", "application")
"""``sys.argv`` of a server process: no management command."""


class Version(Model):
    """``sys.version_info``: recent, but the minor version cannot be told."""

    name = "sys.version_info"
    reason = "the version of Python"

    def compare(self, kind: type[ast.cmpop], other: Value) -> bool | None:
        parts = [item.data for item in other.data] if isinstance(other.data, tuple) else []
        if not parts or not all(isinstance(part, int) for part in parts):
            return None
        newer = tuple(parts) > (3, 30)
        older = tuple(parts) <= (3, 8)
        if not (newer or older):
            return None
        return kind in ((ast.Gt, ast.GtE, ast.NotEq) if older else (ast.Lt, ast.LtE, ast.NotEq))

    def item(self, machine: Machine, index: Value) -> Value:
        if index.data == 0:
            return Value(3)
        if isinstance(index.data, slice):
            return Value(self)
        return unknown("the version of Python")

    def attribute(self, name: str) -> Value | None:
        return Value(3) if name == "major" else unknown("the version of Python")


LIBRARY.update(
    {
        "sys.argv": lift(list(ARGUMENTS)),
        "sys.version_info": Value(Version()),
        "sys.platform": Value("linux"),
        "sys.maxsize": Value(2**63 - 1),
        "typing.TYPE_CHECKING": Value(False),
        "os.name": Value("posix"),
        "os.sep": Value("/"),
        "os.linesep": Value("\n"),
        "os.pathsep": Value(":"),
    }
)
LIBRARY["platform.system"] = Value(Native("platform.system", lambda _: Value("Linux")))

REASONS: dict[str, tuple[str, ...]] = {
    "the host's name": ("socket.gethostname", "socket.getfqdn", "platform.node", "os.uname"),
    "network": ("socket.gethostbyname", "socket.gethostbyname_ex", "google.auth.default",
                "requests.get", "requests.post", "urllib.request.urlopen", "boto3.client",
                "boto3.resource", "boto3.session.Session", "httpx.get"),
    "random": ("secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes",
               "secrets.choice", "random.choice", "random.random", "random.randint",
               "random.choices", "random.SystemRandom", "os.urandom", "uuid.uuid4", "uuid.uuid1",
               "django.core.management.utils.get_random_secret_key",
               "django.utils.crypto.get_random_string"),
    "the clock": ("time.time", "time.strftime", "django.utils.timezone.now"),
    "a command's output": ("subprocess.check_output", "subprocess.run", "os.popen",
                           "subprocess.getoutput"),
    "the number of processors": ("os.cpu_count", "multiprocessing.cpu_count"),
    "the process": ("os.getpid", "os.getuid", "getpass.getuser", "os.getlogin"),
}  # fmt: skip


def _fixed(reason: str) -> Any:
    return lambda call: unknown(reason, call.taint)


for _reason, _names in REASONS.items():
    for _name in _names:
        LIBRARY[_name] = Value(Native(_name, _fixed(_reason)))

NOTHING = ("sentry_sdk.init", "logging.config.dictConfig", "logging.basicConfig",
           "logging.captureWarnings", "logging.disable", "warnings.filterwarnings",
           "warnings.simplefilter", "warnings.warn", "structlog.configure", "os.makedirs",
           "os.mkdir", "sys.stdout.write",
           "sys.stderr.write", "django_stubs_ext.monkeypatch", "pymysql.install_as_MySQLdb",
           "mimetypes.add_type", "locale.setlocale", "sys.setrecursionlimit", "os.umask",
           "logging.Logger.debug", "logging.addLevelName", "atexit.register",
           "gc.disable")  # fmt: skip
for _name in NOTHING:
    LIBRARY[_name] = Value(Native(_name, lambda _: NONE))


class Logger(Model):
    """A logger: everything that it does has no effect here."""

    name = "logging.Logger"

    def attribute(self, name: str) -> Value | None:
        return Value(Native(f"logging.Logger.{name}", lambda _: NONE))


@library("logging.getLogger")
def get_logger(call: Call) -> Value:
    return Value(Logger())


@library("sys.exit")
def leave(call: Call) -> Value:
    raise Raised(SystemExit(), location=call.machine.here)


class Suppress(Model):
    """``contextlib.suppress``."""

    def __init__(self, classes: tuple[type[BaseException], ...]):
        self.suppresses = classes


@library("contextlib.suppress")
def suppress(call: Call) -> Value:
    classes = tuple(
        value.data
        for value in call.arguments
        if isinstance(value.data, type) and issubclass(value.data, BaseException)
    )
    return Value(Suppress(classes))


@library("functools.partial")
def partial(call: Call) -> Value:
    return Value(Partial(call.arguments, call.keywords))


class Partial(Model):
    """``functools.partial``."""

    def __init__(self, arguments: list[Value], keywords: dict[str, Value]):
        self.arguments = arguments
        self.keywords = keywords

    def invoke(self, call: Call) -> Value:
        if not self.arguments:
            return unknown("partial()")
        arguments = [*self.arguments[1:], *call.arguments]
        return call.machine.call(self.arguments[0], arguments, {**self.keywords, **call.keywords})


@library("functools.reduce")
def reduce(call: Call) -> Value:
    items = call.machine.call(Value(list), [call.argument(1, "iterable", Value([]))]).data
    start = call.argument(2, "initial")
    total = start if start is not None else (items.pop(0) if items else NONE)
    for item in items[:2000]:
        total = call.machine.call(call.arguments[0], [total, item])
    return total


@library("copy.deepcopy")
def deepcopy(call: Call) -> Value:
    return _copied(call.argument(0, "x", NONE))


LIBRARY["copy.copy"] = Value(Native("copy.copy", deepcopy))


def _copied(value: Value, depth: int = 0) -> Value:
    data = value.data
    if depth > 50 or hasattr(data, "_fields"):
        return value
    if isinstance(data, (list, tuple)):
        return Value(type(data)(_copied(item, depth + 1) for item in data), value.taint)
    if isinstance(data, dict):
        made = type(data)()
        made.update({key: _copied(item, depth + 1) for key, item in data.items()})
        return Value(made, value.taint)
    return Value(set(data), value.taint) if isinstance(data, set) else value


@library("distutils.util.strtobool")
def strtobool(call: Call) -> Value:
    return compute(call.machine, truth_of, *call.arguments)


def truth_of(text: str) -> int:
    """``distutils.util.strtobool``."""
    value = text.lower()
    if value in ("y", "yes", "t", "true", "on", "1"):
        return 1
    if value in ("n", "no", "f", "false", "off", "0"):
        return 0
    raise ValueError(f"invalid truth value {value!r}")


LIBRARY["setuptools.distutils.util.strtobool"] = LIBRARY["distutils.util.strtobool"]
LIBRARY["str2bool.str2bool"] = unknown("str2bool")
