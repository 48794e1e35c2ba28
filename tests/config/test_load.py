"""nuages.yaml: what is checked, and how it is said."""

from pathlib import Path

import pytest

from nuages.config.load import find, load
from nuages.config.schema import Config, Manifest
from nuages.errors import ConfigError

SEED = Path(__file__).with_name("infera.yaml").read_text("utf-8")


def refusal(text: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load(text, "nuages.yaml")
    return caught.value


def production(text: str) -> Manifest:
    return load(text, "nuages.yaml").manifest()


def test_the_seed_loads_as_it_stands() -> None:
    config = load(SEED, "infera.yaml")
    manifest = config.manifest()
    assert manifest.project_name == "my-django-app"
    assert manifest.provider == "gcp"
    assert manifest.framework is not None
    assert manifest.framework.version == "5.0"
    assert manifest.deployment is not None
    assert manifest.deployment.runtime == "3.12"
    assert manifest.deployment.resources is not None
    assert manifest.deployment.resources.memory == 2 * 1024**3
    assert manifest.database is not None
    assert (manifest.database.version, manifest.database.tier) == ("15", "db-custom-1-3840")
    assert manifest.cache is not None
    assert manifest.cache.size == 1024**3
    assert manifest.storage is not None
    assert manifest.storage.type == "gcs"
    assert list(manifest.secrets or {}) == ["DJANGO_SECRET_KEY", "DB_PASSWORD"]
    assert config.settings == "config.settings.production"


@pytest.mark.parametrize(
    ("text", "where", "message", "hint"),
    [
        ("datbase: {}", "1:1", "datbase: is not a key of nuages.yaml", "did you mean 'database'?"),
        ("a: 1\n", "1:1", "a: is not a key of nuages.yaml", ""),
        ("cpu: 2", "1:1", "cpu: is not a key", "did you mean 'deployment/resources/cpu'?"),
        ("cache:\n  sise: 1gb", "2:3", "cache/sise: is not a key", "did you mean 'size'?"),
        (
            "services:\n  worker:\n    command: 5",
            "3:14",
            "services/worker/command: should be a command line or a list of strings",
            "",
        ),
        (
            "services:\n  worker:\n    command: [a, 5]",
            "3:14",
            "services/worker/command: should be a list of strings; quote",
            "",
        ),
        ('services: {w: {command: "\'"}}', "1:25", "services/w/command: is not a command", ""),
        ("services: {w: true}", "1:15", "services/w: should be a mapping, or false", ""),
        ("services: {Worker: {}}", "1:12", "services/Worker: should be lower-case", ""),
        ("cache: 3", "1:8", "cache: should be a mapping", ""),
        ("cdn: 'yes'", "1:6", "cdn: should be true or false", ""),
        ("cdn: yes", "1:6", "cdn: should be true or false", ""),
        ("deployment: {concurrency: 1.5}", "1:27", "concurrency: should be a whole number", ""),
        ("deployment: {concurrency: 0}", "1:27", "concurrency: should be greater than", ""),
        ("deployment: {runtime: python27}", "1:23", "should be a Python version", ""),
        ("deployment: {resources: {memory: 2}}", "1:34", "memory: needs a unit: 2Mi", ""),
        ("deployment: {resources: {cpu: two}}", "1:31", "should be a number of cores", ""),
        ("deployment: {timeout: 5x}", "1:23", "timeout: should be a duration", ""),
        (
            "deployment: {scaling: {min_instances: 3, max_instances: 2}}",
            "1:23",
            "deployment/scaling: min_instances (3) is more than max_instances (2)",
            "",
        ),
        ("database: {type: postgress}", "1:18", "did you mean 'postgresql'?", ""),
        ("database: {extensions: pg_trgm}", "1:24", "extensions: should be a list", ""),
        ("database: {extensions: [a, a]}", "1:24", "extensions: lists 'a' twice", ""),
        ("database: {extensions: ['x; drop']}", "1:24", "is no name of an extension", ""),
        ("database: {name: 'a b'}", "1:18", "name: should be up to 32 letters", ""),
        ("provider: gpc", "1:11", "did you mean 'gcp'?", ""),
        ("server: gunicron", "1:9", "server: should be one of auto, gunicorn", ""),
        ("server: {application: mysite}", "1:9", "should be module:attribute", ""),
        ("domain: https://example.com", "1:9", "domain: should be a host name", ""),
        ("domain_aliases: [a.example]", "1:1", "domain_aliases needs a domain", ""),
        ("env_vars: {1A: x}", "1:12", "env_vars/1A: is no name of an environment", ""),
        ("env_vars: {A: [1]}", "1:15", "env_vars/A: should be text", ""),
        ("env_vars: {A: x}\nsecrets: [A]", "1:1", "A stands in env_vars and in secrets", ""),
        ("secrets: [A, A]", "1:10", "secrets: lists 'A' twice", ""),
        ("secrets: [A, {B: c}]", "1:10", "should be a list of names of variables", ""),
        ("secrets: {A: {value: x}}", "1:15", "secrets/A/value: is not a key", "known here: gen"),
        ("schedules: {a: {command: x}}", "1:13", "schedules/a: needs the key 'cron'", ""),
        ("secrets_rotation: true", "1:19", "needs a duration such as 90d", ""),
        ("storage: {bucket: A_B}", "1:19", "storage/bucket: should be 3 to 63", ""),
        ("environments: [a]", "1:15", "environments: should be a mapping", ""),
        ("environments: {a: 1}", "1:19", "environments/a: should be a mapping", ""),
        ("environments: {production: {}}", "1:16", "production is the top level", ""),
        ("- a", "1:1", "should be a mapping of keys", "as in 'provider: docker'"),
        ("just text", "1:1", "should be a mapping of keys", ""),
    ],
)
def test_errors_name_the_keys_and_the_place(text: str, where: str, message: str, hint: str) -> None:
    error = refusal(text)
    assert str(error.location) == f"nuages.yaml:{where}"
    assert message in error.message
    assert error.hint.startswith(hint)


def test_every_error_is_reported_in_the_order_of_the_file() -> None:
    error = refusal("cdn: 1\ncache:\n  sise: 1gb\nprovider: gpc\nenvironments: {a: {waf: 2}}\n")
    assert error.message.startswith("cdn: should be true or false (and 3 more)")
    assert [line.partition(": ")[0] for line in error.detail.splitlines()] == [
        "nuages.yaml:3:3",
        "nuages.yaml:4:11",
        "nuages.yaml:5:25",
    ]
    assert "did you mean 'size'?" in error.detail


def test_very_many_errors_are_counted() -> None:
    error = refusal("\n".join(f"zz{n}: 1" for n in range(100)))
    assert "(and 99 more)" in error.message
    assert error.detail.splitlines()[-1] == "… and 79 more"


@pytest.mark.parametrize("text", ["cache:\n", "services:\n", "database: {type: }", "{}"])
def test_an_empty_key_is_as_good_as_an_absent_one(text: str) -> None:
    assert production(text).model_dump(exclude_none=True, exclude_defaults=True) in (
        {},
        {"database": {}},
    )


def test_short_forms() -> None:
    manifest = production(
        "server: gunicorn\nsecrets: {A: , B: {generated: true}}\nservices: {worker: false}\n"
        "observability: {uptime_check: true}\nsecrets_rotation: false\n"
        "database: {type: postgres, version: 17}\ndeployment: {runtime: 3.10}\n"
    )
    assert manifest.server is not None
    assert manifest.server.type == "gunicorn"
    assert list(manifest.secrets or {}) == ["A", "B"]
    assert manifest.services == {"worker": None}
    assert manifest.observability is not None
    assert manifest.observability.uptime_check is not None
    assert manifest.secrets_rotation is None
    assert manifest.database is not None
    assert (manifest.database.type, manifest.database.version) == ("postgresql", "17")
    assert manifest.deployment is not None
    assert manifest.deployment.runtime == "3.10"


def test_a_command_is_split_as_a_shell_would() -> None:
    manifest = production("services: {w: {command: \"celery -A 'my site' worker\"}}")
    service = (manifest.services or {})["w"]
    assert service is not None
    assert service.command == ("celery", "-A", "my site", "worker")


@pytest.mark.parametrize("cron", ["0 3 * * *", "*/15 8-18 * * mon-fri", "0 0 1,15 jan 7"])
def test_cron(cron: str) -> None:
    assert production(f"schedules: {{a: {{cron: '{cron}', command: x}}}}").schedules


@pytest.mark.parametrize(
    "cron",
    ["* * * *", "61 * * * *", "* 24 * * *", "* * 0 * *", "5-1 * * * *", "* * * * mo", "@daily"],
)
def test_what_is_no_cron_is_refused(cron: str) -> None:
    assert (
        "schedules/a/cron" in refusal(f"schedules: {{a: {{cron: '{cron}', command: x}}}}").message
    )


def test_keys_of_the_users_own_give_anchors_a_place() -> None:
    manifest = production("x-size: &size {memory: 1Gi}\ndeployment: {resources: *size}\n")
    assert manifest.deployment is not None
    assert manifest.deployment.resources is not None
    assert manifest.deployment.resources.memory == 1024**3


def test_places_are_kept_for_later_errors() -> None:
    config = load("database:\n  type: mysql\n", "nuages.yaml")
    assert str(config.location("database", "type")) == "nuages.yaml:2:9"
    assert str(config.location("database", "tier")) == "nuages.yaml:2:3"
    error = config.error(("database", "type"), "no", environment="production")
    assert error.message == "database/type: no"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["manage.py"], None),
        (["nuages.yaml", "manage.py"], "nuages.yaml"),
        (["nuages.yml"], "nuages.yml"),
        ({"infera.yaml"}, "infera.yaml"),
    ],
)
def test_which_file_is_read(names: list[str], found: str | None) -> None:
    assert find(names) == found


@pytest.mark.parametrize("other", ["infera.yaml", "nuages.yml"])
def test_two_files_are_one_too_many(other: str) -> None:
    with pytest.raises(ConfigError, match="are both here") as caught:
        find([other, "nuages.yaml"])
    assert caught.value.hint == "keep nuages.yaml and remove the other"
    assert str(caught.value.location) == other


def test_a_project_without_a_file() -> None:
    config = Config.empty()
    assert config.settings is None
    assert config.manifest() == Manifest.model_validate({})
