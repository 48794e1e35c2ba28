"""Pinned requirements: which, and in which version."""

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from nuages.config import pins
from nuages.config.resolve import resolve
from nuages.errors import ConfigError


def extra(shop, settings: str = "", **options) -> dict[str, str]:
    lines = shop.deployment(settings, **options).image.extra_requirements
    return {Requirement(line).name: line for line in lines}


def test_a_fresh_project_lacks_everything(shop) -> None:
    assert sorted(extra(shop)) == ["dj-database-url", "gunicorn", "psycopg", "redis", "whitenoise"]


def test_what_the_project_has_is_not_added(shop) -> None:
    packages = "django==5.2\ngunicorn\npsycopg2\nwhitenoise\ndj-database-url\nredis\n"
    assert extra(shop, requirements=packages) == {}


def test_what_no_block_needs_is_not_added(shop) -> None:
    settings = (
        "DATABASES = {}\n"
        "MIDDLEWARE += ['whitenoise.middleware.WhiteNoiseMiddleware']\n"
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}\n"
    )
    assert list(extra(shop, settings)) == ["gunicorn"]


@pytest.mark.parametrize(
    ("django", "python", "expected"),
    [
        ("6.0", "3.14", {"psycopg[binary]==3.3.9", "whitenoise==6.12.0", "dj-database-url==3.1.2"}),
        ("5.2", "3.12", {"psycopg[binary]==3.3.9", "redis==5.2.1", "gunicorn==23.0.0"}),
        ("4.2", "3.8", {"psycopg[binary]==3.2.13", "whitenoise==6.7.0", "dj-database-url==3.0.1"}),
        ("4.1", "3.11", {"psycopg2-binary==2.9.13", "dj-database-url==2.2.0", "redis==5.2.1"}),
        ("3.2", "3.9", {"psycopg2-binary==2.9.10", "django-redis==5.4.0", "redis==4.6.0"}),
        ("3.0", "3.8", {"psycopg2-binary==2.8.6", "dj-database-url==0.5.0", "whitenoise==5.3.0"}),
        ("2.0", "3.8", {"django-redis==4.11.0", "redis==3.5.3", "dj-database-url==0.5.0"}),
    ],
)
def test_versions_follow_django_and_python(
    shop, django: str, python: str, expected: set[str]
) -> None:
    yaml = f"deployment: {{runtime: {python}}}"
    found = extra(shop, yaml=yaml, requirements=f"django=={django}\n")
    assert expected <= set(found.values())


@pytest.mark.parametrize(
    ("written", "python", "series"),
    [
        ("django==5.2.1", "3.12", "5.2"),
        ("django>=4.2,<5", "3.12", "4.2"),
        ("django>=4.2", "3.11", "5.2"),
        ("django>=4.2", "3.14", "6.1"),
        ("django>=3.0", "3.9", "4.2"),
        ("django~=5.0", "3.12", "5.2"),
        ("django<4", "3.10", "3.2"),
        ("django", "3.13", "6.1"),
    ],
)
def test_the_django_that_a_specifier_means(shop, written: str, python: str, series: str) -> None:
    yaml = f"deployment: {{runtime: {python}}}"
    assert shop.inputs(yaml=yaml, requirements=f"{written}\n").django == series


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("server: uvicorn", {"uvicorn[standard]==0.54.0"}),
        ("server: granian", {"granian==2.8.7"}),
        ("server: uwsgi", {"pyuwsgi==2.0.30.post1"}),
        (
            "server: {type: gunicorn, application: 'shop.asgi:application'}",
            {"gunicorn==23.0.0", "uvicorn-worker==0.4.0", "uvicorn[standard]==0.54.0"},
        ),
        ("storage: {type: s3}", {"django-storages[s3]==1.14.6"}),
        ("storage: {type: gcs}", {"django-storages[google]==1.14.6"}),
        ("env_vars: {DEFAULT_STORAGE_DSN: 's3://k:s@minio/b'}", {"django-storages[s3]==1.14.6"}),
    ],
)
def test_servers_and_buckets(shop, yaml: str, expected: set[str]) -> None:
    assert expected <= set(extra(shop, yaml=f"{yaml}\ndeployment: {{runtime: 3.13}}").values())


def test_an_own_uwsgi_is_enough(shop) -> None:
    found = extra(shop, yaml="server: uwsgi", requirements="django==5.2\nuwsgi\n")
    assert not {"uwsgi", "pyuwsgi"} & set(found)


MYSQL = "DATABASES['default']['ENGINE'] = 'django.db.backends.mysql'\n"


def test_mysql_brings_its_driver_and_what_that_needs(shop) -> None:
    image = shop.deployment(MYSQL, yaml="deployment: {runtime: 3.13}").image
    assert "mysqlclient==2.3.1" in image.extra_requirements
    assert "default-libmysqlclient-dev" in image.build_packages
    assert image.runtime_packages == ("libmariadb3",)
    own = shop.deployment(MYSQL, requirements="django==5.2\npymysql\n").image
    assert not any("mysqlclient" in line for line in own.extra_requirements)


def test_a_database_in_a_file_needs_no_driver(shop) -> None:
    project = shop.project()
    lines = resolve(project, private=True).image.extra_requirements
    assert not any("psycopg" in line for line in lines)


@pytest.mark.parametrize("name", sorted(pins.PINS))
def test_each_table_goes_from_new_to_old_and_ends_with_one_for_all(name: str) -> None:
    table = pins.PINS[name]
    versions = [Version(pin.version) for pin in table]
    assert versions == sorted(versions, reverse=True)
    assert (table[-1].django, table[-1].python) == (pins.ANY, pins.ANY)


def test_traces_bring_opentelemetry_and_what_fits_the_libraries(shop) -> None:
    yaml = "provider: gcp\nobservability: {traces: true}\n"
    found = shop.deployment(yaml=yaml, requirements="django==5.2.1\nrequests\n").image
    lines = [line for line in found.extra_requirements if line.startswith("opentelemetry")]
    assert lines == [
        "opentelemetry-distro==0.66b1",
        "opentelemetry-exporter-credential-provider-gcp==0.66b1",
        "opentelemetry-exporter-otlp-proto-http==1.45.1",
        "opentelemetry-instrumentation-django[asgi]==0.66b1",
        "opentelemetry-instrumentation-psycopg==0.66b1",
        "opentelemetry-instrumentation-redis==0.66b1",
        "opentelemetry-instrumentation-requests==0.66b1",
    ]


def test_without_traces_there_is_none_of_it_and_elsewhere_no_credentials(shop) -> None:
    assert "opentelemetry" not in str(shop.deployment().image.extra_requirements)
    docker = shop.deployment(yaml="observability: {traces: true}").image
    assert "credential" not in str(docker.extra_requirements)
    assert "opentelemetry-distro==0.66b1" in docker.extra_requirements


def test_a_project_with_a_release_of_its_own_keeps_it(shop) -> None:
    own = "django==5.2.1\nopentelemetry-sdk==1.30.0\n"
    found = shop.deployment(yaml="observability: {traces: true}", requirements=own).image
    assert "opentelemetry" not in str(found.extra_requirements)


def test_traces_need_a_python_that_opentelemetry_runs_on(shop) -> None:
    yaml = "deployment: {runtime: '3.8'}\nobservability:\n  traces: true\n"
    with pytest.raises(ConfigError, match=r"needs Python 3\.9") as error:
        shop.deployment(yaml=yaml, requirements="django==4.2\n")
    assert error.value.location.line == 3
