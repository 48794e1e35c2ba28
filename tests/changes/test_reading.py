"""Plans of real Terraform, as recorded; the slow test holds the recordings to it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from changes.recording import CASES, NAMES, made, recorded

from nuages.changes.change import MASK
from nuages.changes.reading import plan
from nuages.changes.words import words
from nuages.errors import StepFailed

EXPECTED = {
    "create": {
        "google_sql_database_instance.this[0]": "create",
        "google_storage_bucket.media": "create",
    },
    "create_first": {"google_compute_managed_ssl_certificate.web": "replace"},
    "destroy": {
        "google_sql_database_instance.this[0]": "destroy",
        "google_storage_bucket.media": "destroy",
    },
    "drift": {
        "google_sql_database_instance.this[0]": "update",
        "google_storage_bucket.media": "create",
    },
    "forgotten": {"google_storage_bucket.media": "forget"},
    "imported": {"google_storage_bucket.media": "import"},
    "moved": {"google_storage_bucket.uploads": "move"},
    "no_longer_wanted": {'google_service_account.this["worker"]': "destroy"},
    "no_op": {},
    "replace": {"google_sql_database_instance.this[0]": "replace"},
    "sensitive": {
        "google_cloud_run_v2_job.migrate": "update",
        "google_redis_instance.this": "update",
        "google_sql_user.site": "update",
    },
    "tainted": {"google_storage_bucket.media": "replace"},
    "unknown": {"google_storage_bucket.media": "update", "random_id.this": "create"},
    "update": {"google_sql_database_instance.this[0]": "update"},
}


def fields(case: str) -> dict[str, list[str]]:
    found = plan(recorded(case)).changes
    return {change.address: [words(field) for field in change.fields] for change in found}


@pytest.mark.parametrize("case", NAMES)
def test_what_happens_to_which_object(case: str) -> None:
    found = plan(recorded(case))
    assert {change.address: change.action for change in found.changes} == EXPECTED[case]
    assert found.changed is bool(EXPECTED[case])


def test_an_update_names_its_fields() -> None:
    assert fields("update") == {
        "google_sql_database_instance.this[0]": [
            "settings.database_flags.max_connections: 50 → 100",
            "settings.tier: db-f1-micro → db-custom-1-3840",
        ]
    }


def test_a_replacement_names_what_forces_it_and_nothing_that_follows() -> None:
    (change,) = plan(recorded("replace")).changes
    assert [(words(field), field.forces) for field in change.fields] == [
        ("region: europe-west1 → us-central1", True)
    ]
    assert not change.create_first
    (change,) = plan(recorded("create_first")).changes
    assert change.create_first


def test_drift_is_told_apart_from_what_is_wanted() -> None:
    found = plan(recorded("drift"))
    assert [(each.change.address, each.change.action, each.undone) for each in found.drift] == [
        ("google_sql_database_instance.this[0]", "update", True),
        ("google_storage_bucket.media", "destroy", True),
    ]
    meddled = found.drift[0].change
    assert [words(each) for each in meddled.fields] == ["settings.tier: db-f1-micro → db-g1-small"]


def test_no_secret_is_in_what_was_read() -> None:
    assert "planted" in recorded("sensitive")
    found = plan(recorded("sensitive"))
    assert "planted" not in repr([(c, c.values, c.before) for c in found.changes])
    hidden = {field.path[-1]: field.after for c in found.changes for field in c.fields}
    assert hidden["password"] == MASK
    assert fields("sensitive")["google_cloud_run_v2_job.migrate"] == [
        "template.template.containers.env.BROKER: another value, which is secret",
        "template.template.containers.env.DJANGO_DEBUG: False → True",
        "template.template.containers.env.STRIPE_SECRET_KEY: another value, which is secret",
    ]


def test_a_value_that_nobody_knows_yet() -> None:
    assert fields("unknown")["google_storage_bucket.media"] == [
        "labels.version: one → known once it is made"
    ]


def test_what_is_taken_over_and_what_has_another_name() -> None:
    (imported,) = plan(recorded("imported")).changes
    (moved,) = plan(recorded("moved")).changes
    assert imported.imported == "my-media"
    assert moved.moved_from == "google_storage_bucket.media"


def test_what_stays_as_it_is_is_counted() -> None:
    assert plan(recorded("no_op")).unchanged == 1


def test_outputs_that_change() -> None:
    text = '{"format_version": "1.2", "output_changes": {"url": {"actions": ["create"]}}}'
    assert plan(text).outputs == ("url",)
    assert plan(text).changed


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": "2.0"}'])
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(StepFailed, match="plan"):
        plan(text)


@pytest.mark.slow
@pytest.mark.parametrize("case", NAMES)
def test_the_recordings_are_what_terraform_plans(case: str, tmp_path: Path) -> None:
    if shutil.which("terraform") is None or "TF_CLI_CONFIG_FILE" not in os.environ:
        pytest.skip("NO TERRAFORM, or TF_CLI_CONFIG_FILE names no providers")
    text = made(case, tmp_path)
    if os.environ.get("NUAGES_GOLDEN") == "write":
        (CASES / case / "plan.json").write_text(text, "utf-8")
    now, then = plan(text), plan(recorded(case))
    assert [(c, c.action, c.fields) for c in now.changes] == [
        (c, c.action, c.fields) for c in then.changes
    ]
    assert now.drift == then.drift
