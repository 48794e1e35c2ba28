"""A project and nuages.yaml to a deployment."""

import dataclasses
import re
from importlib.resources import files
from pathlib import Path

import pytest

from nuages.config.resolve import resolve
from nuages.errors import ConfigError
from nuages.project.detect import detect
from nuages.project.facts import Project
from nuages.project.tree import Tree

HERE = Path(__file__).parent
PROJECTS = HERE.parent / "fixtures" / "projects"
SEED = (HERE / "infera.yaml").read_text("utf-8")
REFERENCE = files("nuages.config").joinpath("reference.yaml").read_text("utf-8")


def detected(name: str) -> Project:
    return detect(Tree.open(PROJECTS / name))


def test_a_project_without_a_configuration(shop) -> None:
    deployment = shop.deployment()
    assert deployment.name == "shop"
    assert deployment.environment == "production"
    assert deployment.provider == "docker_host"
    assert deployment.profile == "small"
    assert deployment.settings_module == "shop.settings_cloud"
    assert deployment.web.server is not None
    assert deployment.web.server.target == "shop.wsgi:application"
    assert (deployment.web.cpu, deployment.web.memory) == (1.0, 1024**3)
    assert dataclasses.asdict(deployment.web.scaling) == {
        "min_instances": 0,
        "max_instances": 3,
        "concurrency": 8,
        "target_cpu": None,
    }
    assert deployment.cache is None
    assert deployment.storage is None
    assert deployment.static == "whitenoise"
    assert deployment.static_url == "/static/"
    assert deployment.domain is None
    assert deployment.environment_variables == {}
    assert [job.name for job in deployment.jobs] == ["db-init", "migrate", "superuser"]
    assert deployment.migrate.command == ("python", "-m", "django", "migrate", "--noinput")


def test_the_seeds_configuration_resolves(shop) -> None:
    production = shop.deployment(yaml=SEED)
    assert production.provider == "cloud_run"
    assert production.name == "my-django-app"
    assert production.overlay.base_module == "config.settings.production"
    assert production.settings_module == "config.settings.cloud"
    assert production.overlay.path == "config/settings/cloud.py"
    assert production.image.python == "3.12"
    assert production.database is not None
    assert (production.database.version, production.database.tier) == ("15", "db-custom-1-3840")
    assert production.storage is not None
    assert (production.storage.kind, production.storage.bucket) == ("gcs", "my-django-app-media")
    assert production.web.scaling.max_instances == 20
    assert production.web.scaling.target_cpu == 70
    assert "DJANGO_SETTINGS_MODULE" not in production.environment_variables
    assert production.environment_variables["ALLOWED_HOSTS"] == "myapp.com"
    assert {"DJANGO_SECRET_KEY", "DB_PASSWORD"} <= {s.name for s in production.secrets}


def test_of_a_module_that_was_not_evaluated_nothing_is_taken_for_granted(shop) -> None:
    overlay = shop.deployment(yaml="settings: shop.other").overlay
    assert overlay.base_module == "shop.other"
    assert overlay.secret_key
    assert overlay.hosts
    assert overlay.database
    assert overlay.debug_apps


@pytest.mark.parametrize("name", sorted(p.name for p in PROJECTS.iterdir() if p.is_dir()))
@pytest.mark.parametrize("private", [True, False])
def test_every_fixture_resolves(name: str, private: bool) -> None:
    deployment = resolve(detected(name), private=private)
    assert deployment.web.server is not None
    assert deployment.web.server.timeout > deployment.web.request_timeout
    assert all("==" in line for line in deployment.image.extra_requirements)
    inside = deployment.overlay.path.startswith(".nuages/overlay/")
    assert inside is private


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_the_reference_resolves(shop, environment: str) -> None:
    deployment = shop.deployment(yaml=REFERENCE, environment=environment)
    assert deployment.environment == environment
    assert deployment.secrets_rotation == 90 * 86400
    assert deployment.observability.uptime_check == "/health/"
    assert deployment.observability.alerts == ("team@example.com",)
    assert deployment.network.subnets == ("my-subnet",)
    expected = {"production": ("www.example.com", 10), "staging": ("staging.example.com", 2)}
    found = (deployment.domain, deployment.web.scaling.max_instances)
    assert found == expected[environment]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("small", (0, 3, False, None)),
        ("standard", (1, 10, False, 1)),
        ("high-availability", (2, 20, True, 2)),
    ],
)
def test_profiles(shop, profile: str, expected: tuple[int, int, bool, int | None]) -> None:
    d = shop.deployment(yaml=f"profile: {profile}")
    scaling, size = d.web.scaling, d.cache.size // 1024**3 if d.cache else None
    assert d.database is not None
    found = (scaling.min_instances, scaling.max_instances, d.database.high_availability, size)
    assert found == expected


def test_single_keys_win_over_the_profile(shop) -> None:
    yaml = "profile: high-availability\ndatabase: {high_availability: false}\ncache: {type: none}\n"
    deployment = shop.deployment(yaml=yaml)
    assert deployment.database is not None
    assert not deployment.database.high_availability
    assert deployment.cache is None


def test_an_environment_that_does_not_exist(shop) -> None:
    with pytest.raises(ConfigError, match="no environment 'staging'"):
        shop.deployment(environment="staging")


def test_domain_and_variables(shop) -> None:
    yaml = (
        "provider: gcp\ndomain: www.example.com\ndomain_aliases: [example.com, example.org]\n"
        "storage: {bucket: uploads}\nobservability: {logs: text, log_level: DEBUG}\n"
        "env_vars: {LOG_LEVEL: WARNING, DJANGO_SETTINGS_MODULE: shop.settings, N: 1}\n"
    )
    deployment = shop.deployment(yaml=yaml)
    assert deployment.environment_variables == {
        "DOMAIN": "www.example.com",
        "DOMAIN_ALIASES": "example.com,example.org",
        "GCS_BUCKET_NAME": "shop-uploads",
        "LOG_FORMAT": "text",
        "LOG_LEVEL": "WARNING",
        "N": "1",
    }
    assert deployment.region == "europe-west1"
    assert deployment.aliases == ("example.com", "example.org")


@pytest.mark.parametrize(
    ("static", "mode", "cdn"),
    [
        ("whitenoise", "whitenoise", False),
        ("bucket", "bucket", False),
        ("bucket+cdn", "bucket", True),
    ],
)
def test_static_files(shop, static: str, mode: str, cdn: bool) -> None:
    deployment = shop.deployment(yaml=f"static: {static}")
    assert (deployment.static, deployment.cdn) == (mode, cdn)
    assert deployment.overlay.whitenoise is (mode == "whitenoise")


@pytest.mark.parametrize(
    ("settings", "static", "media"),
    [
        ("STATIC_URL = 'assets'\nMEDIA_URL = 'up/'\n", "/assets/", "/up/"),
        (
            "STATIC_URL = 'https://cdn.example/s/'\nMEDIA_URL = '/'\n",
            "https://cdn.example/s/",
            "/media/",
        ),
        ("MEDIA_URL = 'https://cdn.example/m/'\n", "/static/", "/media/"),
    ],
)
def test_urls(shop, settings: str, static: str, media: str) -> None:
    deployment = shop.deployment(settings)
    assert (deployment.static_url, deployment.media_url) == (static, media)


def test_the_contract_says_where_a_variable_is_read(shop) -> None:
    contract = shop.deployment("TOKEN = os.environ['API_TOKEN']\n").contract
    token = next(variable for variable in contract if variable.name == "API_TOKEN")
    assert (token.required, token.secret, token.default) == (True, True, None)
    assert token.read_at == "shop/settings.py:13"


def test_the_same_input_gives_the_same_deployment() -> None:
    first, second = (resolve(detected("split_postgres")) for _ in range(2))
    assert first == second


def test_resolution_names_no_cloud_and_no_product() -> None:
    words = re.compile(
        r"cloud.?run|fargate|\becs\b|\bgke\b|cloud.?sql|memorystore|elasticache|\brds\b|cloudfront"
        r"|\bgcp\b|\baws\b|amazon|google\b|azure|kubernetes|armor",
        re.IGNORECASE,
    )
    allowed = {
        "quantities.py": {"kubernetes"},  # whose notation 500m is
        "pins.py": {"google", "gcp"},  # the extra of a package, the end of the name of one
        "secret_names.py": {"aws", "google"},  # parts of names of variables
    }
    package = files("nuages.config")
    for path in sorted(p for p in Path(str(package)).glob("*.py")):
        found = {word.lower() for word in words.findall(path.read_text("utf-8"))}
        assert found - allowed.get(path.name, set()) == set(), path.name


def test_no_default_of_a_secret_gets_into_the_image(shop) -> None:
    settings = "SECRET_KEY = os.environ.get('SECRET_KEY', 'django-insecure-9f3')\n"
    deployment = shop.deployment(settings, yaml="secrets: [SECRET_KEY]")
    assert "9f3" not in repr(deployment.image)
    assert "9f3" not in repr(deployment.overlay)
