"""Services beside the web, and jobs."""

import pytest

from nuages.errors import ConfigError
from nuages.model import Deployment, Job, Service

CELERY = """\
from celery import Celery
app = Celery("shop")
"""
BEAT = "CELERY_BEAT_SCHEDULE = {'a': {'task': 'shop.tasks.a', 'schedule': 60}}\n"
PACKAGES = "django==5.2.1\ncelery==5.4.0\n"


def celery(shop, settings: str = BEAT, yaml: str = "{}", **files: str) -> Deployment:
    return shop.deployment(
        settings, yaml=yaml, requirements=PACKAGES, files={"shop/celery.py": CELERY, **files}
    )


def services(deployment: Deployment) -> dict[str, Service]:
    return {service.name: service for service in deployment.services}


def test_a_fresh_project_has_no_worker(shop) -> None:
    assert shop.deployment().services == ()


def test_celery_has_a_worker_and_one_beat(shop) -> None:
    found = services(celery(shop))
    assert list(found) == ["worker", "beat"]
    assert found["worker"].command[:4] == ("celery", "-A", "shop.celery:app", "worker")
    assert found["beat"].command[-1] == "--schedule=/tmp/celerybeat-schedule"
    assert found["beat"].singleton
    assert not found["worker"].singleton
    assert found["worker"].stop_timeout > found["beat"].stop_timeout


def test_without_a_schedule_there_is_no_beat(shop) -> None:
    assert list(services(celery(shop, ""))) == ["worker"]


def test_a_schedule_in_the_database(shop) -> None:
    found = services(celery(shop, "INSTALLED_APPS += ['django_celery_beat']\n"))
    wanted = "--scheduler=django_celery_beat.schedulers:DatabaseScheduler"
    assert found["beat"].command[-1] == wanted


@pytest.mark.parametrize(
    ("yaml", "names"),
    [
        ("services: {worker: false}", ["beat"]),
        ("services: {beat: {instances: 0}}", ["worker"]),
        ("services: {other: {command: 'python other.py'}}", ["worker", "beat", "other"]),
    ],
)
def test_services_can_be_left_out_and_added(shop, yaml: str, names: list[str]) -> None:
    assert list(services(celery(shop, yaml=yaml))) == names


def test_a_detected_service_is_tuned(shop) -> None:
    yaml = (
        "services: {worker: {instances: 3, resources: {memory: 1Gi}, env_vars: {A: 1},"
        " secrets: [B_KEY], stop_timeout: 5m}}"
    )
    worker = services(celery(shop, yaml=yaml))["worker"]
    assert worker.command[0] == "celery"
    assert (worker.scaling.min_instances, worker.scaling.max_instances) == (3, 3)
    assert (worker.cpu, worker.memory, worker.stop_timeout) == (1.0, 1024**3, 300)
    assert worker.environment == {"A": "1"}
    assert {"B_KEY", "DJANGO_SECRET_KEY"} <= set(worker.secrets)


@pytest.mark.parametrize(
    ("yaml", "where", "message"),
    [
        ("services: {x: {instances: 1}}", "1:15", "services/x: needs the key 'command'"),
        ("services: {web: {command: x}}", "1:17", "services/web: cannot be named so"),
        (
            "services: {x: {command: x, singleton: true, instances: 2}}",
            "1:56",
            "services/x/instances: a singleton runs once",
        ),
        (
            "schedules: {migrate: {cron: '0 3 * * *', command: x}}",
            "1:22",
            "schedules/migrate: a job of that name exists",
        ),
    ],
)
def test_what_cannot_be_is_refused(shop, yaml: str, where: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        shop.deployment(yaml=yaml)
    assert str(caught.value.location) == f"nuages.yaml:{where}"
    assert message in caught.value.message


@pytest.mark.parametrize(
    ("app", "package", "command"),
    [
        ("huey.contrib.djhuey", "huey", ("run_huey",)),
        ("django_rq", "django-rq", ("rqworker", "default")),
        ("django_q", "django-q2", ("qcluster",)),
    ],
)
def test_other_queues(shop, app: str, package: str, command: tuple[str, ...]) -> None:
    deployment = shop.deployment(
        f"INSTALLED_APPS += ['{app}']\n", requirements=f"django==5.2.1\n{package}\n"
    )
    assert deployment.services[0].command == ("python", "-m", "django", *command)


def jobs(deployment: Deployment) -> dict[str, Job]:
    return {job.name: job for job in deployment.jobs}


def test_every_database_with_data_of_its_own_is_migrated(shop) -> None:
    sqlite = "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'x'}"
    settings = "".join(f"DATABASES['{name}'] = {sqlite}\n" for name in ("logs", "read_replica"))
    command = jobs(shop.deployment(settings))["migrate"].command
    assert command[:2] == ("/bin/sh", "-ec")
    assert command[2].splitlines() == [
        "python -m django migrate --noinput",
        "python -m django migrate --noinput --database=logs",
    ]


def test_extensions_are_made_before_the_migrations(shop) -> None:
    deployment = shop.deployment(yaml="database: {extensions: [pg_trgm, citext]}")
    assert [job.name for job in deployment.jobs] == ["db-init", "migrate", "superuser"]
    init = deployment.jobs[0]
    assert init.environment == {"DB_EXTENSIONS": "pg_trgm,citext"}
    assert init.secrets == ("DB_PASSWORD",)
    compile(init.command[-1], "db-init", "exec")


def test_a_superuser_is_made_only_if_absent(shop) -> None:
    script = jobs(shop.deployment())["superuser"].command[-1]
    compile(script, "superuser", "exec")
    assert script.index("exists()") < script.index("create_superuser(")


def test_commands_that_the_project_documents_run_at_each_release(shop) -> None:
    settings = (
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache',"
        " 'LOCATION': 't'}}\n"
    )
    found = jobs(shop.deployment(settings))
    assert found["createcachetable"].command[-1] == "createcachetable"


@pytest.mark.parametrize(
    "command",
    [
        "clearsessions",
        "manage.py clearsessions",
        "python manage.py clearsessions",
        "python -m django clearsessions",
        "django-admin clearsessions",
    ],
)
def test_schedules_are_management_commands(shop, command: str) -> None:
    yaml = f"schedules: {{clear: {{cron: '0 3 * * *', command: {command}, timeout: 5m}}}}"
    job = jobs(shop.deployment(yaml=yaml))["clear"]
    assert job.command == ("python", "-m", "django", "clearsessions")
    assert (job.schedule, job.timeout, job.purpose) == ("0 3 * * *", 300, "schedule")
