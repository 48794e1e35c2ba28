"""Where tasks go: the broker, and options that send them nowhere."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.topics.celery import OPTIONS
from nuages.checks.topics.celery.names import OLD_NAMES, meant_by
from nuages.checks.topics.celery.options import Options, uses_celery
from nuages.checks.topics.celery.tasks import tasks
from nuages.project.python_source import literal

_LOCAL = re.compile(
    r"^\w+(?:\+\w+)?://(?:[^@/]*@)?(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?:/|$)"
)
_APP = """\
import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.{module}")

app = Celery("library")
app.config_from_object("django.conf:settings"{namespace})
app.autodiscover_tasks()
"""
_SPACE = ', namespace="CELERY"'


def _app(module: str = "production", namespace: str = _SPACE) -> dict[str, str]:
    return {"config/celery_app.py": _APP.format(module=module, namespace=namespace)}


@rule(
    "CEL001",
    severity="error",
    title="Tasks run inside the request",
    why="With task_always_eager nothing is queued: `delay` runs the task at once, in the web "
    "process. The visitor waits for it, its failure is the request's, and the workers idle.",
    symptom="Pages that take as long as the mail server; workers that never log a task.",
    fix="Take CELERY_TASK_ALWAYS_EAGER out of production's settings; it is for tests.",
    url=f"{OPTIONS}#task-always-eager",
    mistake={"settings.py": "CELERY_TASK_ALWAYS_EAGER = True"},
    fixed={"settings.py": "CELERY_TASK_ALWAYS_EAGER = False"},
    site="split",
)
def eager(production: Production) -> Faults:
    options = Options(production)
    if uses_celery(production) and options.value("task_always_eager", default=False) is True:
        name = options.setting("task_always_eager")
        by = production.settings.variables(name) if name else ()
        unless = f" unless {', '.join(by)} says otherwise" if by else ""
        message, where = f"Tasks run in the request{unless}", options.at("task_always_eager")
        yield Fault(message, where, severity="warning" if by else None)


@rule(
    "CEL002",
    severity="error",
    title="The broker is on this machine",
    why="In a container localhost is the container itself, and nothing listens there. Every "
    "`delay` waits, tries again, and fails; no worker ever gets a task.",
    symptom="kombu.exceptions.OperationalError: [Errno 111] Connection refused; Cannot connect to "
    "redis://localhost:6379/0.",
    fix='Read it from the environment without such a default: `env("REDIS_URL")`.',
    url=f"{OPTIONS}#broker-url",
    mistake={"settings.py": 'CELERY_BROKER_URL = "redis://localhost:6379/0"'},
    fixed={"settings.py": "CELERY_BROKER_URL = REDIS_URL"},
    site="split",
)
def local_broker(production: Production) -> Faults:
    options = Options(production)
    if not uses_celery(production):
        return
    url = options.value("broker_url", default="")
    setting = options.setting("broker_url")
    by = production.settings.variables(setting) if setting else ()
    if isinstance(url, str) and _LOCAL.match(url) and not _provided(production, by):
        default = f", unless {by[0]} is set, which nothing does" if by else ""
        yield Fault(f"The broker is {_shown(url)}{default}", options.at("broker_url"))


def _shown(url: str) -> str:
    return re.sub(r"//[^@/]*@", "//…@", url)


def _provided(production: Production, variables: tuple[str, ...]) -> bool:
    """Whether the deployment, a compose file or an image gives one of these variables."""
    deployment = production.deployment
    given = {*deployment.wiring, *deployment.environment_variables, *production.given}
    given |= {secret.name for secret in deployment.secrets}
    for compose in production.compose_files:
        for service in compose.services:
            given |= set(service.environment)
            if variables and service.yaml.get("env_file"):
                return True
    return bool(set(variables) & given)


@rule(
    "CEL003",
    severity="warning",
    title="Workers unpickle what they are sent",
    why="A pickle is code. Whoever can write to the broker, a Redis without a password for "
    "instance, runs what it likes in every worker.",
    symptom="A shell in the worker; Refusing to deserialize untrusted content of type pickle, "
    "where only one side accepts it.",
    fix='`CELERY_ACCEPT_CONTENT = ["json"]`, and pass identifiers to tasks, not objects.',
    url="https://docs.celeryq.dev/en/stable/userguide/security.html#serializers",
    mistake={"settings.py": 'CELERY_ACCEPT_CONTENT = ["json", "pickle"]'},
    fixed={"settings.py": 'CELERY_ACCEPT_CONTENT = ["json"]'},
    site="split",
)
def pickle(production: Production) -> Faults:
    if not uses_celery(production):
        return
    options = Options(production)
    accepted = options.value("accept_content", default=())
    if any("pickle" in str(each) for each in accepted or ()):
        yield Fault("Workers accept pickles", options.at("accept_content"))
    for name in ("task_serializer", "result_serializer"):
        if options.value(name, default="json") == "pickle":
            yield Fault(f"{name} is pickle", options.at(name))
    for task in tasks(production):
        if literal(task.option("serializer")) == "pickle":
            yield Fault(f"{task.name} is sent as a pickle", task.location)


@rule(
    "CEL004",
    severity="error",
    title="Celery does not read the settings that are meant for it",
    why="The settings have the prefix CELERY_, and the application was not told so: without "
    '`namespace="CELERY"` it looks for BROKER_URL, finds nothing, and takes its defaults: '
    "RabbitMQ on localhost.",
    symptom="consumer: Cannot connect to amqp://guest:**@127.0.0.1:5672//: Connection refused.",
    fix='`app.config_from_object("django.conf:settings", namespace="CELERY")`.',
    url="https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html",
    mistake=_app(namespace=""),
    fixed=_app(),
    site="split",
)
def no_namespace(production: Production) -> Faults:
    options = Options(production)
    call, app = options.configured, options.app
    known = {"BROKER_URL", "broker_url"} & set(production.settings.evaluated.settings)
    if call is None or app is None or known or options.said("broker_url"):
        return
    space = options.namespace
    prefixed = "CELERY_BROKER_URL" in production.settings
    if space is not None and space != "CELERY" and prefixed:
        told = f"the namespace {space!r}" if space else "no namespace"
        message = f"CELERY_BROKER_URL is set, and the application has {told}"
        yield Fault(message, app.at(call))


@rule(
    "CEL005",
    severity="error",
    title="The Celery application is never loaded by the site",
    why="`shared_task` belongs to whichever application is loaded. The web process imports none, "
    "so that `delay` there goes to Celery's default: RabbitMQ on localhost.",
    symptom="kombu.exceptions.OperationalError: [Errno 111] Connection refused in views, while "
    "the worker runs well.",
    fix="In the package's `__init__.py`: `from .celery import app as celery_app`.",
    url="https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html",
    mistake={"config/__init__.py": ""},
    fixed={"config/__init__.py": "from .celery_app import app as celery_app\n"},
    site="split",
)
def not_loaded(production: Production) -> Faults:
    app = Options(production).app
    module = production.sources.module(app.path) if app else None
    if app is None or module is None or not any(task.shared for task in tasks(production)):
        return
    last = module.rpartition(".")[2]
    if app.path.endswith("/__init__.py") or app.path in production.project.settings.files:
        return
    for file in production.mentioning(last):
        if file.path != app.path and _imports(file.imported.values(), module):
            return
    package = f"{app.path.rpartition('/')[0]}/__init__.py"
    where = package if package in production.tree else app.path
    yield Fault(
        f"Nothing imports {module}, where the application is", production.python(where).at(app.tree)
    )


def _imports(meanings: object, module: str) -> bool:
    last = module.rpartition(".")[2]
    texts = [str(each) for each in meanings]  # type: ignore[attr-defined]
    return any(
        t.startswith(module) or t.lstrip(".").startswith(last) or f".{last}" in t for t in texts
    )


@rule(
    "CEL006",
    severity="warning",
    title="Workers default to the settings of development",
    why="The application sets DJANGO_SETTINGS_MODULE where nobody has. A worker that is started "
    "without it runs with DEBUG, and with development's database and mail.",
    symptom="Tasks that find no rows; mail printed to a log; a worker whose memory grows, since "
    "DEBUG keeps every query.",
    fix="Let the application default to production, as wsgi.py does.",
    url="https://docs.celeryq.dev/en/stable/django/first-steps-with-django.html",
    mistake=_app("local"),
    fixed=_app("production"),
    site="split",
)
def development(production: Production) -> Faults:
    app = Options(production).app
    for call in app.calls("setdefault") if app else ():
        words = [literal(each) or "" for each in call.args]
        if len(words) == 2 and words[0] == "DJANGO_SETTINGS_MODULE" and app is not None:
            last = words[1].rpartition(".")[2]
            if re.fullmatch(r"(?:settings_?)?(?:local|dev|devel|develop|development|debug)", last):
                yield Fault(f"Without the variable, workers run {words[1]}", app.at(call))


@rule(
    "CEL032",
    severity="warning",
    title="Celery knows no such setting",
    why="What Celery does not know it does not read, and says nothing: the option keeps its "
    "default. Before Celery 4 some names began with CELERYD_ or CELERYBEAT_, and only those do.",
    symptom="A limit, an acknowledgement or a schedule that has no effect.",
    fix="Take the name as it is in Celery's documentation, with the prefix CELERY_.",
    url=f"{OPTIONS}#new-lowercase-settings",
    mistake={"settings.py": "CELERYD_TASK_ACKS_LATE = True"},
    fixed={"settings.py": "CELERY_TASK_ACKS_LATE = True"},
    site="split",
)
def unknown_option(production: Production) -> Faults:
    if not uses_celery(production) or Options(production).namespace not in {"", "CELERY"}:
        return
    for name in production.settings.evaluated.settings:
        old = name.startswith(("CELERYD_", "CELERYBEAT_")) and name not in OLD_NAMES
        meant = meant_by(name)
        if old or meant:
            message = f"{name} is no setting of Celery's{f'; {meant} is' if meant else ''}"
            yield Fault(message, production.settings.at(name))
