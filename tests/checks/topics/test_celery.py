"""Rules about Celery: where options may stand, and what only looks like a mistake."""

from __future__ import annotations

import pytest
from clean_site import Files, found, texts_of

from nuages.checks.finding import Finding

APP = texts_of("split")["config/celery_app.py"]
COMPOSE = "docker-compose.production.yml"
TASKS = "from celery import shared_task\n\nfrom library.loans.models import Loan\n\n\n"


def of(rule: str, code: str = "", settings: str = "", app: str = "") -> list[Finding]:
    files: Files = {
        "library/loans/more.py": code,
        "settings.py": settings,
        "config/celery_app.py": APP + app,
    }
    return found(rule, files, base="split")


@pytest.mark.parametrize(
    ("settings", "app"),
    [
        ("CELERY_TASK_ALWAYS_EAGER = True", ""),
        ("CELERY_ALWAYS_EAGER = True", ""),
        ("", "app.conf.task_always_eager = True\n"),
        ("", "app.conf.update(task_always_eager=True)\n"),
        ("", 'app.conf.update({"task_always_eager": True})\n'),
    ],
)
def test_wherever_an_option_is_set(settings: str, app: str) -> None:
    (finding,) = of("CEL001", settings=settings, app=app)
    assert finding.severity == "error"
    assert (finding.location.path == "config/celery_app.py") is bool(app)


def test_a_variable_may_say_otherwise() -> None:
    read = "CELERY_TASK_ALWAYS_EAGER = env.bool('EAGER', default={})"
    (finding,) = of("CEL001", settings=read.format(True))
    assert (finding.severity, "EAGER" in finding.message) == ("warning", True)
    assert not of("CEL001", settings=read.format(False))


def test_a_default_of_localhost_is_none_where_the_variable_is_wired() -> None:
    read = "CELERY_BROKER_URL = env('QUEUE_ADDRESS', default='redis://localhost:6379/0')"
    assert not of("CEL002", settings=read)


def test_a_password_of_the_broker_is_not_said() -> None:
    (finding,) = of("CEL002", settings="CELERY_BROKER_URL = 'amqp://me:secret@localhost//'")
    assert "secret" not in finding.message


def test_an_application_that_anything_imports_is_loaded() -> None:
    files: Files = {"config/__init__.py": ""}
    assert found("CEL005", files, base="split")
    apps = "from config import celery_app\n"
    assert not found("CEL005", {**files, "library/loans/apps.py": apps}, base="split")


def test_settings_without_a_prefix_for_an_application_without_one() -> None:
    bare: Files = {"config/celery_app.py": APP.replace(', namespace="CELERY"', "")}
    settings = "BROKER_URL = REDIS_URL\n# no CELERY_BROKER_URL"
    assert found("CEL004", bare, base="split")
    assert not found("CEL004", {**bare, "settings.py": settings}, base="split")


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        ("return Loan.objects.count()", False),
        ("Loan.objects.filter(pk=1).update(reminded=True)", True),
        ("send_mail('a', 'b', None, [])", True),
    ],
)
def test_a_task_that_only_counts_may_be_lost(body: str, lost: bool) -> None:
    early = "CELERY_TASK_ACKS_LATE = False"
    task = f"{TASKS}@shared_task\ndef work():\n    {body}\n"
    files: Files = {
        "library/loans/tasks.py": task,
        "settings.py": early,
    }
    assert bool(found("CEL007", files, base="split")) is lost


@pytest.mark.parametrize(
    ("call", "again"),
    [
        ("remind.apply_async((1,), countdown=7200)", True),
        ("remind.apply_async((1,), eta=now() + timedelta(days=2))", True),
        ("remind.apply_async((1,), countdown=600)", False),
        ("remind.apply_async((1,), eta=soon())", False),
        ("remind.apply_async((1,), countdown=retries * 7200)", False),
    ],
)
def test_waiting_longer_than_the_visibility_timeout(call: str, again: bool) -> None:
    code = f"from library.loans.tasks import remind\n\n\ndef later():\n    {call}\n"
    assert bool(of("CEL009", code)) is again
    longer = "CELERY_BROKER_TRANSPORT_OPTIONS = {'visibility_timeout': 7 * 86400}"
    assert not of("CEL009", code, longer)
    rabbit = "CELERY_BROKER_URL = 'amqp://rabbit//'"
    assert not of("CEL009", code, rabbit)


def test_a_long_task_is_delivered_again_as_well() -> None:
    task = f"{TASKS}@shared_task(time_limit=4 * 3600)\ndef work():\n    pass\n"
    assert of("CEL009", task)


def test_a_limit_of_one_task_is_a_limit() -> None:
    none = "# no CELERY_TASK_TIME_LIMIT\n# no CELERY_TASK_SOFT_TIME_LIMIT"
    assert of("CEL010", settings=none)
    task = f"{TASKS}@shared_task(time_limit=60)\ndef work():\n    pass\n"
    assert not of("CEL010", task, none)
    assert not of("CEL010", settings=none, app="app.conf.task_soft_time_limit = 60\n")


TRANSACTIONS = """\
from django.db import transaction
from library.loans.tasks import remind


{}
"""


@pytest.mark.parametrize(
    ("code", "early"),
    [
        ("@transaction.atomic\ndef lend():\n    remind.delay(1)", True),
        ("def lend():\n    with transaction.atomic():\n        remind.apply_async((1,))", True),
        ("def lend():\n    with transaction.atomic():\n        pass\n    remind.delay(1)", False),
        ("@transaction.atomic\ndef lend():\n    remind.delay_on_commit(1)", False),
        (
            "@transaction.atomic\ndef lend():\n    def later():\n        remind.delay(1)\n"
            "    transaction.on_commit(later)",
            False,
        ),
        (
            "@transaction.atomic\ndef lend():\n    transaction.on_commit(partial(remind.delay, 1))",
            False,
        ),
        ("def lend():\n    with transaction.atomic(using='x'):\n        remind.delay(1)", False),
    ],
)
def test_queued_inside_a_transaction(code: str, early: bool) -> None:
    assert bool(of("CEL020", TRANSACTIONS.format(code))) is early


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("def a(request):\n    remind.delay(request.user)", True),
        ("def a(request):\n    remind.delay(request.user.pk)", False),
        ("def a():\n    loan = Loan.objects.create()\n    remind.delay(loan_id=loan)", True),
        ("def a():\n    loan = Loan.objects.first()\n    remind.apply_async([loan])", True),
        ("def a(loan):\n    remind.delay(loan)", False),
        ("@receiver(post_save)\ndef a(instance, **_):\n    remind.delay(instance)", True),
        ("def a():\n    pk = Loan.objects.count()\n    remind.delay(pk)", False),
    ],
)
def test_what_a_task_is_given(code: str, wrong: bool) -> None:
    head = "from library.loans.models import Loan\nfrom library.loans.tasks import remind\n\n\n"
    assert bool(of("CEL021", f"{head}{code}\n")) is wrong


def test_waiting_inside_a_task_is_an_error() -> None:
    code = f"{TASKS}from library.loans.tasks import remind\n\n\n"
    task = "@shared_task\ndef all():\n    result = remind.delay(1)\n    result.get()\n"
    (finding,) = of("CEL022", code + task)
    assert finding.severity == "error"
    assert not of("CEL022", code + task.replace("result.get()", "cache.get('x')"))


def test_a_result_of_a_dictionary_is_no_result_of_a_task() -> None:
    code = (
        "from library.loans.tasks import remind\n\n\ndef a():\n    remind.delay(1)\n    {}.get(1)\n"
    )
    assert not of("CEL023", code, "# no CELERY_RESULT_BACKEND")


def compose(changed: str, into: str) -> Files:
    text = texts_of("split")[COMPOSE]
    assert changed in text
    return {COMPOSE: text.replace(changed, into)}


def test_a_worker_in_a_script_may_be_one() -> None:
    command = (
        '["celery", "-A", "config.celery_app", "worker", "--loglevel=INFO", "--concurrency=2"]'
    )
    assert not found("CEL013", compose(command, "/start-celeryworker"), base="split")


def test_a_service_that_nuages_yaml_takes_away() -> None:
    yaml = texts_of("split")["nuages.yaml"] + "services:\n  worker: false\n"
    plain: Files = {"nuages.yaml": yaml, COMPOSE: None}
    (finding,) = found("CEL013", plain, base="split")
    assert finding.location.path == "nuages.yaml"


@pytest.mark.parametrize("option", ["-c 2", "-c2", "--concurrency 2", "--autoscale=4,1", "-P solo"])
def test_a_worker_that_says_how_many(option: str) -> None:
    worker = '"worker", "--loglevel=INFO", "--concurrency=2"]'
    words = ", ".join(f'"{word}"' for word in option.split())
    assert not found("CEL015", compose(worker, f'"worker", {words}]'), base="split")
    assert found("CEL015", compose(worker, '"worker"]'), base="split")


def test_several_clocks_are_an_error() -> None:
    yaml = texts_of("split")["nuages.yaml"] + (
        "services:\n  worker:\n    command: celery -A config.celery_app worker -B -c 2\n"
        "    instances: COUNT\n"
    )
    for count, severity in (("1", "warning"), ("3", "error")):
        files: Files = {"nuages.yaml": yaml.replace("COUNT", count)}
        assert [f.severity for f in found("CEL017", files, base="split")] == [severity]


def test_a_task_with_a_name_of_its_own_is_found_by_it() -> None:
    entry = "CELERY_BEAT_SCHEDULE = {'x': {'task': 'library.loans.tasks.other', 'schedule': 60}}"
    assert of("CEL024", settings=entry)
    named = f"{TASKS}@shared_task(name='library.loans.tasks.other')\ndef work():\n    pass\n"
    assert not of("CEL024", named, entry)


def test_intervals_of_a_day_where_the_schedule_is_kept() -> None:
    entry = "CELERY_BEAT_SCHEDULE = {'x': {'task': 'library.loans.tasks.remind', 'schedule': 1e5}}"
    assert of("CEL025", settings=entry)
    assert not of("CEL025", settings=f"{entry}\nINSTALLED_APPS += ['django_celery_beat']")


@pytest.mark.parametrize(
    "settings",
    [
        "RQ_QUEUES = {'default': {'HOST': 'redis', 'ASYNC': False}}",
        "Q_CLUSTER = {'name': 'shop', 'sync': True}",
        "DRAMATIQ_BROKER = {'BROKER': 'dramatiq.brokers.stub.StubBroker'}",
        "TASKS = {'default': {'BACKEND': 'django.tasks.backends.immediate.ImmediateBackend'}}",
    ],
)
def test_queues_that_are_none(settings: str) -> None:
    assert found("CEL027", {"settings.py": settings})


def test_a_prefix_keeps_cache_and_queue_apart() -> None:
    settings = (
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache', "
        "'LOCATION': REDIS_URL, 'KEY_PREFIX': 'x'}}"
    )
    assert not of("CEL028", settings=settings)
    assert of("CEL028", settings=settings.replace(", 'KEY_PREFIX': 'x'", ""))


def test_a_worker_that_is_stopped_too_soon() -> None:
    yaml = texts_of("split")["nuages.yaml"] + (
        "services:\n  worker:\n    command: celery -A config.celery_app worker -c 2\n"
        "    stop_timeout: COUNT\n"
    )
    (finding,) = found("CEL012", {"nuages.yaml": yaml.replace("COUNT", "20s")}, base="split")
    assert "20 s" in finding.message
    assert not found("CEL012", {"nuages.yaml": yaml.replace("COUNT", "6m")}, base="split")


def test_a_worker_may_wait_for_the_site() -> None:
    text = texts_of("split")[COMPOSE]
    assert not found("CEL029", {COMPOSE: text}, base="split")
    alone = text.replace("    stop_grace_period: 5m\n    depends_on: *needs\n", "")
    assert found("CEL029", {COMPOSE: alone}, base="split")


def test_a_redis_beside_the_brokers_may_evict() -> None:
    evicting = compose('"noeviction"', '"allkeys-lru"')
    assert found("CEL030", evicting, base="split")
    more = "  cache:\n    image: redis:7\n\n  redis:\n    image"
    two = f"{evicting[COMPOSE]}".replace("  redis:\n    image", more)
    assert not found("CEL030", {COMPOSE: two}, base="split")


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("CELERYD_TASK_ACKS_LATE", True),
        ("CELERYD_TASK_TIME_LIMIT", False),
        ("CELERY_TASK_ACK_LATE", True),
        ("CELERY_ACKS_LATE", False),
        ("CELERY_TASK_ANNOTATIONS", False),
        ("CELERY_MAIL_QUEUE", False),
    ],
)
def test_names_that_celery_knows(name: str, unknown: bool) -> None:
    assert bool(of("CEL032", settings=f"{name} = None")) is unknown


def test_a_task_that_remembers_may_run_twice() -> None:
    task = f"{TASKS}@shared_task\ndef greet():\n    {{}}\n    send_mail('a', 'b', None, [])\n"
    assert of("CEL031", task.format("pass"))
    assert not of("CEL031", task.format("if not cache.add('greeted', 1): return"))
