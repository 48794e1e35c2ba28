"""Database, cache and storage."""

import pytest

from nuages.artifacts import wired
from nuages.config import stores
from nuages.errors import ConfigError

POSTGRES = "DATABASES['default']['ENGINE'] = 'django.db.backends.postgresql'\n"
MYSQL = "DATABASES['default']['ENGINE'] = 'django.db.backends.mysql'\n"
BY_URL = "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default='sqlite:///x')}\n"
TUNED = BY_URL + "DATABASES['default']['OPTIONS'] = {'init_command': 'PRAGMA cache_size=9;'}\n"


@pytest.mark.parametrize(
    ("settings", "private", "engine", "version"),
    [
        (POSTGRES, False, "postgresql", "17"),
        (MYSQL, False, "mysql", "8.4"),
        (MYSQL, True, "mysql", "8.4"),
        ("", False, "postgresql", "17"),
        ("", True, "sqlite", "3"),
        (BY_URL, True, "postgresql", "17"),
        (TUNED, True, "sqlite", "3"),
        (TUNED, False, "postgresql", "17"),
        ("DATABASES = make()\n", False, "postgresql", "17"),
    ],
)
def test_the_engine_is_the_projects(
    shop, settings: str, private: bool, engine: str, version: str
) -> None:
    database = stores.database(shop.inputs(settings, private=private))
    assert database is not None
    assert (database.engine, database.version) == (engine, version)


@pytest.mark.parametrize(
    "settings",
    ["DATABASES = {}\n", "DATABASES = {'default': {'ENGINE': 'django.db.backends.oracle'}}\n"],
)
def test_a_database_that_is_not_ours_to_run(shop, settings: str) -> None:
    assert stores.database(shop.inputs(settings)) is None


def test_what_nuages_yaml_says_wins(shop) -> None:
    yaml = (
        "database: {type: mariadb, version: 11.4, tier: large, name: n, user: u, disk: 1Gi,"
        " max_connections: 50, backups: false, high_availability: true}\n"
    )
    database = stores.database(shop.inputs(POSTGRES, yaml=yaml))
    assert database is not None
    assert (database.engine, database.version, database.tier) == ("mysql", "11.4", "large")
    assert (database.name, database.user, database.disk) == ("n", "u", 1024**3)
    assert database.max_connections == 50
    assert (database.backups, database.high_availability) == (False, True)
    assert stores.database(shop.inputs(yaml="database: {type: none}")) is None


def test_names_are_identifiers(shop) -> None:
    database = stores.database(shop.inputs(yaml=f"project_name: my-{'x' * 36}"))
    assert database is not None
    assert database.name == f"my_{'x' * 29}"


@pytest.mark.parametrize(
    ("yaml", "where", "message"),
    [
        ("database: {type: mysql, extensions: [a]}", "1:37", "mysql has no extensions"),
        ("database: {type: mysql, pooler: true}", "1:33", "mysql has no pooler"),
        ("{provider: gcp, database: {pooler: true}}", "1:36", "none is made on cloud_run"),
        ("database: {type: sqlite, high_availability: true}", "1:45", "sqlite has no standby"),
        ("storage: {type: local, mount: /m}", "1:31", "no bucket to mount"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    shop, yaml: str, where: str, message: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        shop.deployment(yaml=yaml)
    assert str(caught.value.location) == f"nuages.yaml:{where}"
    assert message in caught.value.message
    assert caught.value.hint


def test_postgis_is_an_extension(shop) -> None:
    settings = "DATABASES['default']['ENGINE'] = 'django.contrib.gis.db.backends.postgis'\n"
    database = stores.database(shop.inputs(settings, yaml="database: {extensions: [hstore]}"))
    assert database is not None
    assert database.extensions == ("hstore", "postgis")


REDIS = "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.redis.RedisCache'}}\n"


@pytest.mark.parametrize(
    ("settings", "yaml", "engine"),
    [
        ("", "{}", None),
        (REDIS, "{}", "redis"),
        (REDIS, "cache: {type: none}", None),
        ("", "cache: {type: valkey}", "valkey"),
        ("", "cache: {size: 2gb}", "redis"),
        ("", "profile: standard", "redis"),
    ],
)
def test_a_cache_where_it_is_wanted_or_needed(
    shop, settings: str, yaml: str, engine: str | None
) -> None:
    cache = stores.cache(shop.inputs(settings, yaml=yaml))
    assert (cache.engine if cache else None) == engine


OPTIONAL = "cache: {type: redis, optional: true}\n"


@pytest.mark.parametrize(
    ("settings", "yaml", "engine"),
    [
        ("", "provider: gcp\n", None),
        (REDIS, "provider: aws\n", None),
        (REDIS, "", "redis"),
        ("", "provider: docker\n", "redis"),
        ("", "provider: gcp\nprofile: standard\n", "redis"),
        ("", "provider: gcp\nprofile: high-availability\n", "redis"),
    ],
)
def test_an_optional_cache_is_spared_where_it_is_billed_by_the_hour(
    shop, settings: str, yaml: str, engine: str | None
) -> None:
    cache = stores.cache(shop.inputs(settings, yaml=yaml + OPTIONAL))
    assert (cache.engine if cache else None) == engine


def test_a_broker_is_not_spared(shop) -> None:
    celery = "from celery import Celery\napp = Celery('shop')\n"
    inputs = shop.inputs(
        yaml="provider: gcp\n" + OPTIONAL,
        requirements="django==5.2\ncelery==5.4\n",
        files={"shop/celery.py": celery},
    )
    assert stores.cache(inputs) is not None


def test_celery_needs_its_broker(shop) -> None:
    celery = "from celery import Celery\napp = Celery('shop')\n"
    packages = "django==5.2\ncelery==5.4\n"
    inputs = shop.inputs(requirements=packages, files={"shop/celery.py": celery})
    assert stores.cache(inputs) is not None


UPLOAD = "from django.db import models\nclass P(models.Model):\n    f = models.FileField()\n"


@pytest.mark.parametrize(
    ("yaml", "models", "kind", "bucket"),
    [
        ("{}", "", None, None),
        ("{}", UPLOAD, "local", ""),
        ("provider: aws", UPLOAD, "s3", "shop-media"),
        ("provider: gcp", UPLOAD, "gcs", "shop-media"),
        ("storage: {type: s3, bucket: uploads}", "", "s3", "shop-uploads"),
        ("storage: {type: none}", UPLOAD, None, None),
    ],
)
def test_storage(shop, yaml: str, models: str, kind: str | None, bucket: str | None) -> None:
    settings = "INSTALLED_APPS += ['shop']\n"
    storage = stores.storage(shop.inputs(settings, yaml=yaml, files={"shop/models.py": models}))
    found = (storage.kind, storage.bucket) if storage else (None, None)
    assert found == (kind, bucket)


def test_uploads_are_private_unless_said(shop) -> None:
    private = stores.storage(shop.inputs(yaml="storage: {type: gcs}"))
    public = stores.storage(shop.inputs(yaml="storage: {type: gcs, public: true, mount: /m}"))
    assert private is not None
    assert public is not None
    assert (private.public, private.mount) == (False, None)
    assert (public.public, public.mount) == (True, "/m")


@pytest.mark.parametrize(
    ("settings", "tls"),
    [
        (POSTGRES, False),
        (POSTGRES + "DATABASES['default']['OPTIONS'] = {'sslmode': 'require'}\n", True),
        (POSTGRES + "DATABASES['default']['OPTIONS'] = {'sslmode': 'prefer'}\n", False),
        (
            "import dj_database_url as d\nDATABASES = {'default': d.config(ssl_require=True)}\n",
            True,
        ),
    ],
)
def test_settings_that_insist_on_tls_reach_a_server_that_has_none(
    shop, settings: str, tls: bool
) -> None:
    database = stores.database(shop.inputs(settings, requirements="django\npsycopg\n"))
    assert database is not None
    assert database.tls is tls
    assert wired.database_url(database, "x").endswith("?sslmode=prefer") is tls
    demanded = settings.replace("config(", "parse(os.environ['DATABASE_URL'], ")
    assert shop.deployment(demanded, requirements="django\npsycopg\n").overlay.database
