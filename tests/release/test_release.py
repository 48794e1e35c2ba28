"""From nothing to a live site, a second release, back again, and away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from release.site import Site, Visitors
from release.wholeness import stored

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("release")]


def test_a_first_release_ends_with_a_page(site: Site) -> None:
    site.watch()
    said = site.nuages("deploy")

    assert "Released r" in said
    assert site.page() == {"version": "first", "runs": []}


def test_a_second_release_migrates_once_and_loses_nobody(site: Site) -> None:
    name = site.change()
    with Visitors.of(site.address) as visitors:
        said = site.nuages("deploy")

    assert "Apply the plan" not in said  # nothing of the infrastructure has changed
    assert visitors.refused == {}
    assert set(visitors.answers) <= {"first", name}
    assert site.page() == {"version": name, "runs": [name]}


def test_rollback_sends_everybody_back_without_building(site: Site) -> None:
    with Visitors.of(site.address) as visitors:
        said = site.nuages("rollback")

    assert "Build" not in said
    assert visitors.refused == {}
    assert site.page() == {"version": "first", "runs": [site.version]}


def test_a_canary_serves_both_and_ends_with_the_new_one(site: Site) -> None:
    name = site.change()
    with Visitors.of(site.address, every=0.02) as visitors:
        site.nuages("deploy", "--canary", "50,100", "--bake", "3")

    assert visitors.refused == {}
    assert min(visitors.answers["first"], visitors.answers[name]) > 5
    assert site.page()["version"] == name


def test_one_command_runs_with_the_secrets_of_the_site(site: Site) -> None:
    said = site.nuages("run", "--", "manage.py", "showmigrations", "tally")
    assert f"[X] {site.version}" in said


def test_what_takes_away_is_not_gone_back_from(site: Site) -> None:
    site.change()
    folder = site.root / "tally/migrations"
    newest = folder / f"{site.version}.py"
    taking = 'operations = [migrations.RemoveField("run", "spare"), '
    newest.write_text(newest.read_text("utf-8").replace("operations = [", taking), "utf-8")
    models = site.root / "tally/models.py"
    models.write_text(models.read_text("utf-8").partition("    spare =")[0], "utf-8")
    site.nuages("deploy")

    said = site.nuages("rollback", status=11)

    assert "RemoveField run.spare" in said
    assert site.page()["version"] == site.version
    assert "Serving" in site.nuages("rollback", "--force")


def test_no_secret_is_in_any_file_log_or_argv(site: Site) -> None:
    values = (path.read_bytes() for path in (site.world.folder / "payloads").iterdir())
    secrets = {value.decode() for value in values if len(value) > 20}
    assert len(secrets) > 3

    written = {path: path.read_text("utf-8", "replace") for path in _files(site)}
    written |= {name: stored(site, name) or "" for name in ("journal.json", "default.tfstate")}
    written["argv"] = site.argv
    assert "terraform apply" in site.argv
    assert [name for name, text in written.items() if any(each in text for each in secrets)] == []


def _files(site: Site) -> Iterator[Path]:
    """What a release has written on this machine, but for the providers."""
    every = (path for path in site.root.rglob("*") if path.is_file())
    return (path for path in every if ".terraform/providers" not in path.as_posix())


def test_destroy_leaves_nothing_that_costs(site: Site) -> None:
    site.nuages("destroy", "--yes", "tally")
    left = {path.parent.name for path in site.world.store.rglob("*.json")}
    assert not left & {"google_sql_database_instance", "google_cloud_run_v2_service"}
