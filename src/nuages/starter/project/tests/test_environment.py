"""Reading variables: every customary spelling, and clear words about what cannot be read."""

from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env
from config import storage


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "DEFAULT_STORAGE_DSN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "engine", "host", "name"),
    [
        ({"DATABASE_URL": "postgres://u:p@db:5432/site"}, "postgresql", "db", "site"),
        ({"DEFAULT_DATABASE_DSN": "postgresql://u:p@db/site"}, "postgresql", "db", "site"),
        ({"DATABASE_URL": "mysql://u:p@db:3306/site"}, "mysql", "db", "site"),
        ({"DATABASE_URL": "mariadb://u:p@db/site"}, "mysql", "db", "site"),
        ({"DATABASE_URL": "sqlite:////data/db.sqlite3"}, "sqlite3", "", "/data/db.sqlite3"),
        ({"DATABASE_URL": "postgres://u:p@%2Fcloudsql%2Fa%3Ab%3Ac/site"}, "postgresql", "/cloudsql/a:b:c", "site"),  # noqa: E501
        ({"DATABASE_URL": "postgres://u:p@//cloudsql/a:b:c/site"}, "postgresql", "/cloudsql/a:b:c", "site"),  # noqa: E501
        ({"DB_HOST": "db", "DB_NAME": "site"}, "postgresql", "db", "site"),
        ({"DB_ENGINE": "mariadb", "DB_HOST": "db", "DB_NAME": "site"}, "mysql", "db", "site"),
        ({"CLOUD_SQL_CONNECTION_NAME": "a:b:c", "DB_NAME": "site"}, "postgresql", "/cloudsql/a:b:c", "site"),  # noqa: E501
    ],
)  # fmt: skip
def test_databases(monkeypatch, variables: dict, engine: str, host: str, name: str) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    found = env.database()
    assert (found["ENGINE"], found["HOST"]) == (f"django.db.backends.{engine}", host)
    assert str(found["NAME"]) == name
    assert found["CONN_HEALTH_CHECKS"] is True


def test_a_password_of_any_letters(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p%40%2Fs%3A%23@db/site")
    assert env.database()["PASSWORD"] == "p@/s:#"


def test_without_a_database_none_is_made_up() -> None:
    assert env.database() == {"ENGINE": "django.db.backends.dummy"}


def test_a_pool_takes_the_place_of_persistent_connections(monkeypatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db/site?pool=true")
    assert env.database()["CONN_MAX_AGE"] == 0


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"REDIS_URL": "redis://cache:6379/1"}, "redis://cache:6379/1"),
        ({"CACHE_URL": "rediscache://cache:6379"}, "redis://cache:6379"),
        ({"REDIS_URL": "valkeys://cache"}, "rediss://cache"),
        ({"REDIS_HOST": "cache"}, "redis://cache:6379/0"),
        ({"CACHE_URL": "locmem://"}, ""),
        ({}, ""),
    ],
)
def test_caches(monkeypatch, variables: dict, url: str) -> None:
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    assert env.redis_url() == url


def test_a_cache_with_an_authority_of_its_own(monkeypatch) -> None:
    monkeypatch.setenv("REDIS_URL", "rediss://:secret@10.0.0.3:6378/0")
    monkeypatch.setenv("REDIS_CA", "-----BEGIN CERTIFICATE-----")
    address, _, options = env.redis_url().partition("?")
    assert address == "rediss://:secret@10.0.0.3:6378/0"
    found = dict(parse_qsl(options))
    assert found["ssl_cert_reqs"] == "required"
    assert Path(found["ssl_ca_certs"]).read_text() == "-----BEGIN CERTIFICATE-----\n"


def test_a_database_that_speaks_tls_alone(monkeypatch) -> None:
    monkeypatch.setenv("DB_TLS", "require")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db/site")
    assert env.database()["OPTIONS"]["sslmode"] == "require"
    monkeypatch.setenv("DATABASE_URL", "mysql://u:p@db/site")
    assert env.database()["OPTIONS"]["ssl_mode"] == "REQUIRED"


def test_switches_numbers_and_lists(monkeypatch) -> None:
    monkeypatch.setenv("SWITCH", "Yes")
    monkeypatch.setenv("COUNT", " 7 ")
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.setenv("HOSTS", "https://a.example/, a.example b.example:8000")
    assert env.flag("SWITCH", False) is True
    assert env.flag("EMPTY", True) is True
    assert env.number("COUNT", 1) == 7
    assert env.number("EMPTY", 1) == 1
    assert env.hosts("HOSTS") == ["a.example", "b.example"]


@pytest.mark.parametrize(("read", "value"), [(env.flag, "perhaps"), (env.number, "many")])
def test_a_slip_is_an_error_that_names_the_variable(monkeypatch, read, value: str) -> None:
    monkeypatch.setenv("SETTING", value)
    with pytest.raises(ImproperlyConfigured, match=f"SETTING={value}"):
        read("SETTING", 1)


def test_a_secret_that_is_missing(monkeypatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SOME_KEY"):
        env.required("SOME_KEY", "SECRET_KEY")


def store(monkeypatch, dsn: str) -> tuple[str, dict]:
    monkeypatch.setenv("DEFAULT_STORAGE_DSN", dsn)
    found = storage.default_store("/app/media", "/media/")
    return found["BACKEND"].rpartition(".")[2], found["OPTIONS"]


def test_a_folder(monkeypatch) -> None:
    found = storage.default_store("/app/media", "/media/")
    assert found["OPTIONS"] == {"location": "/app/media", "base_url": "/media/"}
    _, options = store(monkeypatch, "file:///data/?url=%2Ffiles%2F")
    assert options == {"location": "/data/", "base_url": "/files/"}


def test_files_in_a_bucket_are_private_and_their_urls_signed(monkeypatch) -> None:
    from storages.backends.s3 import S3Storage

    _, options = store(monkeypatch, "s3://key:sec%2Fret@bucket.s3.eu-west-1.amazonaws.com/media")
    assert (options["bucket_name"], options["location"]) == ("bucket", "media")
    url = S3Storage(**options).url("avatars/a.webp")
    assert url.startswith("https://bucket.s3")
    assert "/media/avatars/a.webp?" in url
    assert "Signature=" in url
    assert options["default_acl"] is None


def test_another_server_that_speaks_s3(monkeypatch) -> None:
    _, options = store(monkeypatch, "s3://key:secret@minio:9000/bucket/media?tls=off")
    assert options["endpoint_url"] == "http://minio:9000"
    assert (options["bucket_name"], options["location"]) == ("bucket", "media")


def test_google_cloud_storage(monkeypatch) -> None:
    from storages.backends.gcloud import GoogleCloudStorage

    backend, options = store(monkeypatch, "gs://bucket")
    assert backend == "GoogleCloudStorage"
    made = GoogleCloudStorage(**options)  # which refuses an option that it does not know
    assert (made.bucket_name, made.querystring_auth, made.iam_sign_blob) == ("bucket", True, True)


@pytest.mark.parametrize("name", ["AWS_STORAGE_BUCKET_NAME", "GS_BUCKET_NAME", "MEDIA_BUCKET"])
def test_the_name_of_a_bucket_is_enough(monkeypatch, name: str) -> None:
    monkeypatch.setenv(name, "bucket")
    assert storage.default_store("", "")["OPTIONS"]["bucket_name"] == "bucket"


def test_a_storage_that_nobody_knows(monkeypatch) -> None:
    with pytest.raises(ImproperlyConfigured, match="s3://, gs:// or file://"):
        store(monkeypatch, "ftp://bucket")
