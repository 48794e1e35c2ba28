"""The module applied for real, option by option, under both versions of the provider."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from .conftest import MODULE, PASSWORDS, Terraform

pytestmark = pytest.mark.slow

Make = Callable[[Mapping[str, object], str], Terraform]
WEB = {"secrets": ["DJANGO_SECRET_KEY", "DB_PASSWORD"]}
SITE: dict[str, Any] = {
    "project_id": "jazz-1910",
    "region": "europe-west1",
    "name": "my-site",
    "image": "europe-west1-docker.pkg.dev/jazz-1910/my-site/web@sha256:" + "0" * 64,
    "deletion_protection": False,
    "secrets": {"DJANGO_SECRET_KEY": "my-site-key", "DB_PASSWORD": "my-site-password"},
    "web": WEB,
    "jobs": {"migrate": {"args": ["python", "-m", "django", "migrate"], **WEB}, "db-init": {}},
}
POSTGRESQL = {
    "engine": "postgresql",
    "version": "17",
    "tier": "db-f1-micro",
    "name": "my_site",
    "user": "my_site",
}
REDIS = {"engine": "redis", "version": "7.2"}
MEDIA = {"bucket": "my-site-media"}
WORKERS = {
    "worker": {"command": ["celery", "-A", "mysite", "worker"], "secrets": ["DB_PASSWORD"]},
    "beat": {"command": ["celery", "-A", "mysite", "beat"], "singleton": True},
}
SEEN = {
    "traces": True,
    "error_reporting": True,
    "uptime_path": "/health/",
    "emails": ["team@example.com"],
    "dashboard": True,
}
SCHEDULE = {"clear-sessions": {"schedule": "0 3 * * *", "args": ["clearsessions"]}}
TRIGGER = {
    "repository": "projects/jazz-1910/locations/europe-west1/connections/c/repositories/r",
    "service_account": "projects/jazz-1910/serviceAccounts/b@jazz-1910.iam.gserviceaccount.com",
}
# What each adds to the site, by the module's own variables; test_matrix.py goes by nuages.yaml.
CASES: dict[str, dict[str, Any]] = {
    "standard": {
        "database": {**POSTGRESQL, "max_connections": 100},
        "cache": REDIS,
        "storage": {**MEDIA, "origins": ["https://www.example.com"]},
        "workers": WORKERS,
        "jobs": {**SITE["jobs"], **SCHEDULE},
        "wiring": {
            "DATABASE_URL": "database.url",
            "REDIS_URL": "cache.url",
            "REDIS_CA": "cache.ca",
            "ALLOWED_HOSTS": "site.hosts",
        },
        "observability": SEEN,
    },
    "everything": {
        "database": {**POSTGRESQL, "high_availability": True, "socket": True},
        "cache": {**REDIS, "high_availability": True},
        "storage": {**MEDIA, "public": True, "mount": "/app/media"},
        "static_bucket": True,
        "cdn": True,
        "waf": True,
        "domain": ["www.example.com", "example.com"],
        "network": {"egress": "all"},
        "rotation": {"period": 7776000, "secrets": ["DJANGO_SECRET_KEY"]},
        "workers": WORKERS,
        "jobs": {**SITE["jobs"], **SCHEDULE, "collectstatic": {}},
        "wiring": {"CACHE_URL": "cache.url", "BUCKET": "storage.bucket", "S": "static.bucket"},
        "observability": SEEN,
        "budget": {"billing_account": "000000-111111-222222", "amount": 50},
        "perimeter": "accessPolicies/1/servicePerimeters/ours",
        "trigger": TRIGGER,
        "public": True,
    },
    "theirs": {
        "database": {**POSTGRESQL, "existing": "the-database"},
        "network": {"vpc": "ours", "subnet": "ours", "peered": True},
        "domain": ["example.com"],
        "observability": {"uptime_path": "/"},
    },
}
RUNS = [("everything", "6.50"), ("everything", "7.0"), ("theirs", "6.50")]


@pytest.mark.parametrize(("name", "google"), RUNS)
def test_it_is_made_and_then_nothing_changes_and_then_it_is_gone(
    terraform: Make, name: str, google: str
) -> None:
    here = terraform(SITE | CASES[name], google)
    here("apply", "-auto-approve", "-input=false")
    assert "No changes" in here("plan", "-input=false", "-detailed-exitcode")
    written = here.written()
    assert any(path.name == "terraform.tfstate" for path in written)
    for path, text in written.items():
        assert not any(password in text for password in PASSWORDS.values()), path
    assert "Destroy complete" in here("destroy", "-auto-approve", "-input=false")


def test_hosts_are_right_before_the_service_exists(terraform: Make) -> None:
    values = SITE | {"domain": ["example.com"], "wiring": {"HOSTS": "site.hosts"}, "jobs": {}}
    here = terraform(values, "7.0")
    here("apply", "-auto-approve", "-input=false")
    found = here.outputs()
    first, *others = found["environment"]["HOSTS"].split(",")
    assert (first, found["url"]) == ("example.com", "https://example.com")
    assert set(others) <= set(found["run_hosts"])


def test_a_release_is_none_of_terraforms_business(terraform: Make) -> None:
    here = terraform(SITE | CASES["standard"], "7.0")
    here("apply", "-auto-approve", "-input=false")
    later = SITE | CASES["standard"] | {"image": SITE["image"].replace("0", "1")}
    (here.root / "later.tfvars.json").write_text(json.dumps(later), "utf-8")
    said = here("plan", "-input=false", "-detailed-exitcode", "-var-file=later.tfvars.json")
    assert "No changes" in said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": "My_Site"}, "lower-case letters"),
        ({"ingress": "everybody"}, "ingress is all, internal or load-balancer"),
        ({"web": {"timeout": 7200}}, "3600 s"),
        ({"database": {**POSTGRESQL, "engine": "oracle"}}, "postgresql or mysql"),
        ({"wiring": {"A": "database.colour"}}, "wired to a part that is not there"),
        ({"workers": {"beat": {"command": ["b"], "singleton": True, "instances": 2}}}, "singleton"),
    ],
)
def test_a_wrong_value_is_told_before_anything_is_made(
    terraform: Make, values: Mapping[str, object], said: str
) -> None:
    here = terraform(SITE | values, "7.0")
    assert said in here("plan", "-input=false", accept=(1,)).replace("\n", " ")


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no terraform")
def test_its_form_is_terraforms() -> None:
    subprocess.run(("terraform", "fmt", "-check", "-diff", str(MODULE)), check=True)


@pytest.mark.parametrize(("name", "google"), [("everything", "6.50"), ("standard", "7.0")])
def test_before_the_first_migration_nothing_serves_or_works(
    terraform: Make, name: str, google: str
) -> None:
    """The rest is added then, and nothing that was there is made again."""
    here = terraform(SITE | CASES[name] | {"public": True}, google)
    here("apply", "-auto-approve", "-input=false", "-var=released=false")
    made = here("state", "list")
    assert "google_cloud_run_v2_job.this" in made
    assert "google_sql_database_instance.postgresql" in made
    for later in ("v2_service", "worker_pool", "uptime_check", "network_endpoint_group"):
        assert later not in made
    before = here.outputs()
    assert "No changes" in here("plan", "-input=false", "-detailed-exitcode", "-var=released=false")
    said = here("apply", "-auto-approve", "-input=false")
    assert " 0 changed, 0 destroyed" in said
    after = here.outputs()
    assert {"accounts", "environment", "secrets", "network", "buckets"} <= set(before)
    assert before["jobs"] == after["jobs"]
    assert set(before["run_hosts"]) <= set(after["run_hosts"])
    assert "No changes" in here("plan", "-input=false", "-detailed-exitcode")
