"""Rules about scaling and capacity, on their edges."""

from __future__ import annotations

import pytest
from clean_site import found

BASE = "domain: shop.example.com\nenv_vars:\n  AWS_STORAGE_BUCKET_NAME: uploads\n"
SPLIT = (
    "domain: library.example.org\nenv_vars: {MAILGUN_DOMAIN: mg.library.example.org}\n"
    "secrets: [DJANGO_SECRET_KEY, DJANGO_ADMIN_URL, MAILGUN_API_KEY]\n"
)
SIZES = (
    "deployment: {{scaling: {{max_instances: {}}}}}\nserver: {{workers: 2, threads: 4}}\n"
    "database: {{max_connections: 100}}\n"
)


@pytest.mark.parametrize(("instances", "over"), [(11, False), (12, True)])
def test_the_budget_to_the_last_connection(instances: int, over: bool) -> None:
    assert bool(found("SCA001", {"nuages.yaml": BASE + SIZES.format(instances)})) is over


def test_a_pool_counts_once_for_each_process() -> None:
    small = "DATABASES['default']['OPTIONS']['pool'] = {'max_size': 2}"
    large = "DATABASES['default']['OPTIONS']['pool'] = {'min_size': 2, 'max_size': 20}"
    files = {"nuages.yaml": BASE + SIZES.format(12), "settings.py": small}
    assert found("SCA001", files) == []
    files = {"nuages.yaml": BASE + SIZES.format(4), "settings.py": large}
    (finding,) = found("SCA001", files)
    assert "4 instances × 2 processes × 20 pooled = 160" in finding.message


def test_workers_count_with_their_concurrency() -> None:
    services = "services:\n  worker:\n    command: celery -A config worker --concurrency={}\n"
    sizes = SIZES.format(8)
    assert found("SCA001", {"nuages.yaml": SPLIT + sizes + services.format(8)}, base="split") == []
    assert found("SCA001", {"nuages.yaml": SPLIT + sizes + services.format(40)}, base="split")


COMPOSE = """\
services:
  web:
    build: .
    command: gunicorn shop.wsgi --workers 8 --threads 4
    {}
  db:
    image: postgres:17
    {}
"""


@pytest.mark.parametrize(
    ("web", "database", "over"),
    [
        ("deploy: {replicas: 4}", "", True),
        ("scale: 4", "", True),
        ("deploy: {replicas: 2}", "", False),
        ("deploy: {replicas: 4}", "command: postgres -c max_connections=300", False),
        ("deploy: {replicas: 4}", 'command: ["postgres", "-c", "max_connections=120"]', True),
        ("deploy: {replicas: 4}\n  pgbouncer:\n    image: edoburu/pgbouncer:1.23", "", False),
    ],
)
def test_the_budget_of_compose(web: str, database: str, over: bool) -> None:
    assert bool(found("SCA002", {"compose.yaml": COMPOSE.format(web, database)})) is over


BEAT = "services:\n  beat:\n    command: {}\n    instances: {}\n    singleton: {}\n"


@pytest.mark.parametrize(
    ("command", "instances", "singleton", "severities"),
    [
        ("celery -A config beat", 2, "false", ["error"]),
        ("celery -A config beat", 1, "false", ["warning"]),
        ("celery -A config worker -B --loglevel=INFO", 3, "false", ["error"]),
        ("celery -A config worker --beat", 1, "true", []),
        ("celery -A config worker --loglevel=INFO", 3, "false", []),
    ],
)
def test_beats(command: str, instances: int, singleton: str, severities: list[str]) -> None:
    files = {"nuages.yaml": SPLIT + BEAT.format(command, instances, singleton)}
    assert [each.severity for each in found("SCA003", files, base="split")] == severities


def test_beats_of_compose_and_beside_the_server() -> None:
    text = "services:\n  beat:\n    command: celery -A x beat\n    deploy: {replicas: 2}\n"
    assert found("SCA003", {"compose.yaml": text})
    both = "web: celery -A shop beat & gunicorn shop.wsgi\n"
    assert found("SCA003", {"Procfile": both})
    assert found("SCA003", {"Procfile": "web: gunicorn shop.wsgi\nbeat: celery -A x beat\n"}) == []


ZERO = "deployment:\n  scaling:\n    min_instances: {}\n"


def test_scale_to_zero_needs_a_clock_to_be_a_fault() -> None:
    assert found("SCA004", {"nuages.yaml": BASE + ZERO.format(0)}) == []
    scheduler = "from apscheduler.schedulers.background import BackgroundScheduler as B\n{}\n"
    files = {
        "nuages.yaml": BASE + ZERO.format(0),
        "orders/jobs.py": scheduler.format("BackgroundScheduler().start()"),
    }
    (finding,) = found("SCA004", files)
    assert "orders/jobs.py:2" in finding.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("profile: high-availability\n", "high-availability"),
        ("database: {high_availability: true}\n", "standby"),
        ("observability:\n  uptime_check: true\n  alerts: {email: [ops@example.com]}\n", "ops@"),
        ("observability:\n  uptime_check: true\n", None),
    ],
)
def test_a_single_instance(text: str, words: str | None) -> None:
    one = found("SCA005", {"nuages.yaml": BASE + ZERO.format(1) + text})
    assert [words in each.message for each in one if words] == ([True] if words else [])
    assert found("SCA005", {"nuages.yaml": BASE + ZERO.format(2) + text}) == []


def test_concurrency_of_asgi_is_not_its_threads() -> None:
    crowd = BASE + "deployment: {concurrency: 80}\nserver: {type: TYPE, workers: 2}\n"
    assert found("SCA006", {"nuages.yaml": crowd.replace("TYPE", "gunicorn")})
    assert found("SCA006", {"nuages.yaml": crowd.replace("TYPE", "uvicorn")}) == []


IMAGE = "FROM python:3.13-slim\nRUN pip install .\n{}CMD {}\n"


@pytest.mark.parametrize(
    ("environment", "command", "severities"),
    [
        ("", "gunicorn shop.wsgi", ["info"]),
        ("", "gunicorn shop.wsgi -w 1", ["warning"]),
        ("", "gunicorn shop.wsgi --workers ${WORKERS:-1}", ["warning"]),
        ("", "gunicorn shop.wsgi --workers ${WORKERS:-3}", []),
        ("", "gunicorn shop.wsgi -w 1 -k gevent", []),
        ("", "gunicorn shop.wsgi -c conf.py", []),
        ("ENV WEB_CONCURRENCY=3\n", "gunicorn shop.wsgi", []),
    ],
)
def test_one_request_at_a_time(environment: str, command: str, severities: list[str]) -> None:
    files = {"Dockerfile": IMAGE.format(environment, command), "gunicorn.conf.py": None}
    assert [each.severity for each in found("SCA008", files)] == severities


def test_a_platform_that_sets_the_number_of_workers() -> None:
    files = {"Dockerfile": None, "compose.yaml": None, "gunicorn.conf.py": None}
    assert found("SCA008", {**files, "Procfile": "web: gunicorn shop.wsgi\n"}) == []
    assert found("SCA008", {**files, "Procfile": "web: gunicorn shop.wsgi --workers 1\n"})


def test_a_scheduler_of_a_command_runs_once() -> None:
    text = "from apscheduler.schedulers.background import BackgroundScheduler\n{}\n"
    started = text.format("scheduler = BackgroundScheduler()")
    assert found("SCA009", {"orders/jobs.py": started})
    assert found("SCA009", {"orders/management/commands/jobs.py": started}) == []


def test_threads_of_ready() -> None:
    text = "import threading\n\n\nclass A:\n    def {}(self):\n        threading.Thread().start()\n"
    (finding,) = found("SCA009", {"orders/apps.py": text.format("ready")})
    assert "only while requests are answered" in finding.message
    assert found("SCA009", {"orders/apps.py": text.format("export")}) == []
