from __future__ import annotations

from dataclasses import replace
from typing import Any

import handmade
import pytest
from ruamel.yaml import YAML

from nuages.artifacts.compose import compose
from nuages.artifacts.layout import Layout
from nuages.model import Cache, Job, Scaling, Service, Storage

CACHE = Cache("redis", "7", 256 * 2**20, high_availability=False)
WORKER = Service(
    "worker", ("celery", "-A", "mysite", "worker"), 1, 2**29, Scaling(2, 2, 1), stop_timeout=60
)


def parsed(private: bool = False, tls: bool = False, **changes: Any) -> dict[str, Any]:
    artifact = compose(handmade.deployment(**changes), Layout(private, tls))
    found: dict[str, Any] = YAML(typ="safe").load(artifact.text)
    return found


def test_only_nginx_is_published_and_only_on_this_machine() -> None:
    services = parsed(cache=CACHE, services=(WORKER,))["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"nginx": ["127.0.0.1:${HTTP_PORT:-8000}:8080"]}


def test_migrate_ends_well_before_anything_of_the_site_starts() -> None:
    services = parsed(cache=CACHE, services=(WORKER,))["services"]
    for name in ("web", "worker"):
        assert services[name]["depends_on"]["migrate"] == {
            "condition": "service_completed_successfully"
        }
    assert services["migrate"]["depends_on"]["database"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", ["web", "worker", "migrate", "nginx", "database", "cache"])
def test_every_container_may_do_little(name: str) -> None:
    service = parsed(cache=CACHE, services=(WORKER,))["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]


def test_passwords_are_references_only() -> None:
    found = parsed(cache=CACHE)
    assert found["services"]["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${")
    assert "${DATABASE_PASSWORD:?" in found["services"]["web"]["environment"]["DATABASE_URL"]
    assert found["services"]["web"]["env_file"] == ".env"
    assert "version" not in found


def test_what_env_says_wins() -> None:
    environment = parsed(cache=CACHE)["services"]["web"]["environment"]
    assert environment["REDIS_URL"] == "${REDIS_URL:-redis://cache:6379/0}"
    assert environment["DATABASE_URL"].startswith("${DATABASE_URL:-postgres://")


def test_the_projects_own_variables_are_wired() -> None:
    wiring = {"POSTGRES_HOST": "database.host", "CELERY_BROKER_URL": "cache.url"}
    environment = parsed(cache=CACHE, wiring=wiring)["services"]["web"]["environment"]
    assert environment["POSTGRES_HOST"] == "${POSTGRES_HOST:-database}"
    assert environment["CELERY_BROKER_URL"] == "${CELERY_BROKER_URL:-redis://cache:6379/0}"


def test_a_dollar_in_a_value_stays_a_dollar() -> None:
    environment = parsed(environment_variables={"PRICE": "5$ each"})["services"]["web"]
    assert environment["environment"]["PRICE"] == "5$$ each"


def test_uploads_stay_on_this_machine() -> None:
    environment = parsed(environment_variables={"GCS_BUCKET_NAME": "b"})["services"]["web"]
    assert "GCS_BUCKET_NAME" not in environment["environment"]
    assert "file:///app/media/" in environment["environment"]["DEFAULT_STORAGE_DSN"]


def test_mysql() -> None:
    database = handmade.database(engine="mysql", version="8.4")
    services = parsed(database=database)["services"]
    assert services["database"]["image"] == "mysql:8.4"
    assert "mysql://" in services["web"]["environment"]["DATABASE_URL"]


def test_sqlite_is_a_file_on_a_volume() -> None:
    found = parsed(database=handmade.database(engine="sqlite"))
    assert "database" not in found["services"]
    assert "data:/app/data" in found["services"]["web"]["volumes"]


@pytest.mark.parametrize(
    ("extensions", "version", "image", "data"),
    [
        ((), "17", "postgres:17", "/var/lib/postgresql/data"),
        ((), "18", "postgres:18", "/var/lib/postgresql"),
        (("postgis",), "17", "postgis/postgis:17-3.5", "/var/lib/postgresql/data"),
        (("vector",), "17", "pgvector/pgvector:pg17", "/var/lib/postgresql/data"),
    ],
)
def test_postgresql_has_its_extensions_and_keeps_its_data(
    extensions: tuple[str, ...], version: str, image: str, data: str
) -> None:
    database = handmade.database(extensions=extensions, version=version)
    service = parsed(database=database)["services"]["database"]
    assert service["image"] == image
    assert service["volumes"] == [f"database:{data}"]


def test_a_broker_loses_no_task_and_a_cache_may() -> None:
    alone = parsed(cache=CACHE)["services"]["cache"]["command"]
    broker = parsed(cache=CACHE, services=(WORKER,))["services"]["cache"]["command"]
    assert alone[alone.index("--maxmemory-policy") + 1] == "allkeys-lru"
    assert broker[broker.index("--maxmemory-policy") + 1] == "noeviction"
    assert broker[broker.index("--appendonly") + 1] == "yes"


def test_workers_run_as_often_as_they_should_and_are_not_asked_for_pages() -> None:
    worker = parsed(cache=CACHE, services=(WORKER,))["services"]["worker"]
    assert worker["scale"] == 2
    assert worker["stop_grace_period"] == "60s"
    assert worker["healthcheck"]["test"] == ["CMD", "true"]


def test_jobs_by_hand_do_not_start_by_themselves() -> None:
    jobs = (
        *handmade.deployment().jobs,
        Job("superuser", ("x",), 1, 2**29, 900, purpose="superuser"),
        Job("nightly", ("x",), 1, 2**29, 900, schedule="0 3 * * *", purpose="schedule"),
    )
    services = parsed(jobs=jobs)["services"]
    assert services["superuser"]["profiles"] == ["by-hand"]
    assert services["superuser"]["command"] == ["python", "/app/docker/create_superuser.py"]
    assert "nightly" not in services


def test_extensions_are_made_before_the_migrations() -> None:
    wanted = {"DB_EXTENSIONS": "citext"}
    init = Job("db-init", ("x",), 1, 2**29, 900, environment=wanted, purpose="db-init")
    services = parsed(jobs=(init, *handmade.deployment().jobs))["services"]
    condition = {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["db-init"] == condition
    assert "migrate" not in services["db-init"]["depends_on"]
    assert services["db-init"]["command"] == ["python", "/app/docker/database_role.py"]


def test_the_role_is_made_by_the_server_itself() -> None:
    init = Job("db-init", ("x",), 1, 2**29, 900, purpose="db-init")
    assert "db-init" not in parsed(jobs=(init, *handmade.deployment().jobs))["services"]


def test_private_files_are_built_from_the_folder_above() -> None:
    found = parsed(private=True, tls=True)["services"]
    assert found["web"]["build"] == {"context": "..", "dockerfile": ".nuages/Dockerfile"}
    assert "./tls:/etc/nginx/tls:ro" in found["nginx"]["volumes"]


def test_a_mounted_bucket_has_a_volume_in_its_place() -> None:
    storage = Storage("gcs", "b", public=False, mount="/app/uploads")
    assert "media:/app/uploads" in parsed(storage=storage)["services"]["web"]["volumes"]


def test_nginx_gets_static_files_only_where_the_image_has_them_at_a_known_place() -> None:
    own = replace(handmade.overlay(), whitenoise=False, static_root=False)
    assert "static" in parsed()["services"]
    assert "static" not in parsed(overlay=own)["services"]
