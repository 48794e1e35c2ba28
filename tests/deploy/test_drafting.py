"""The folder that Terraform plans: as rendered, hand edits included, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

from nuages.artifacts import Artifact
from nuages.deploy.draft import OVERRIDE
from nuages.deploy.drafting import draft
from nuages.effects.generated import write_artifacts

MAIN = Artifact("infrastructure/main.tf", "# generated\n")
VALUES = Artifact("infrastructure/terraform.tfvars.json", "{}\n")
NEWER = Artifact("infrastructure/main.tf", "# generated later\n")


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in folder.iterdir() if path.is_file()}


def test_without_rendered_files_a_private_folder_is_planned(tmp_path: Path) -> None:
    found = draft(tmp_path, "production", "infrastructure", (MAIN, VALUES))
    assert files(found.folder) == {"main.tf": "# generated\n", "terraform.tfvars.json": "{}\n"}
    assert [path.name for path in tmp_path.iterdir()] == [".nuages"]
    assert found.notices == ()
    assert found.place("main.tf") == "infrastructure/main.tf"


def test_a_hand_edit_and_a_file_of_ones_own_are_planned(tmp_path: Path) -> None:
    write_artifacts(tmp_path, (MAIN, VALUES))
    (tmp_path / "infrastructure/main.tf").write_text("# mine\n", "utf-8")
    (tmp_path / "infrastructure/extra.tf").write_text("# more\n", "utf-8")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    found = draft(tmp_path, "production", "infrastructure", (MAIN, VALUES))
    assert files(found.folder)["main.tf"] == "# mine\n"
    assert files(found.folder)["extra.tf"] == "# more\n"
    assert found.notices == ()
    after = {path: path.read_bytes() for path in before}
    assert after == before


def test_what_nuages_yaml_says_since_is_planned_and_told(tmp_path: Path) -> None:
    write_artifacts(tmp_path, (MAIN, VALUES))
    found = draft(tmp_path, "production", "infrastructure", (NEWER, VALUES))
    assert files(found.folder)["main.tf"] == "# generated later\n"
    assert found.notices == (
        "infrastructure/main.tf will be written anew: run `nuages render` before a release",
    )


def test_a_hand_edit_wins_over_what_is_generated_since(tmp_path: Path) -> None:
    write_artifacts(tmp_path, (MAIN, VALUES))
    (tmp_path / "infrastructure/main.tf").write_text("# mine\n", "utf-8")
    found = draft(tmp_path, "production", "infrastructure", (NEWER, VALUES))
    assert files(found.folder)["main.tf"] == "# mine\n"
    assert "edited by hand" in found.notices[0]


def test_what_terraform_keeps_stays_and_what_is_gone_goes(tmp_path: Path) -> None:
    first = draft(tmp_path, "production", "infrastructure", (MAIN, VALUES))
    (first.folder / ".terraform").mkdir()
    (first.folder / ".terraform/cache").write_text("", "utf-8")
    for name in (".terraform.lock.hcl", OVERRIDE, "nothing.tfstate"):
        (first.folder / name).write_text("", "utf-8")
    draft(tmp_path, "production", "infrastructure", (MAIN,))
    assert set(files(first.folder)) == {
        *("main.tf", ".terraform.lock.hcl", OVERRIDE, "nothing.tfstate")
    }
    assert (first.folder / ".terraform/cache").exists()


def test_a_state_of_the_users_is_not_taken_along(tmp_path: Path) -> None:
    write_artifacts(tmp_path, (MAIN,))
    (tmp_path / "infrastructure/terraform.tfstate").write_text("{}", "utf-8")
    (tmp_path / "infrastructure/.terraform").mkdir()
    (tmp_path / "infrastructure/.terraform/x").write_text("", "utf-8")
    found = draft(tmp_path, "production", "infrastructure", (MAIN,))
    assert [path.name for path in found.folder.iterdir()] == ["main.tf"]


def test_what_lies_beside_the_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/a.tf").write_text("# a module\n", "utf-8")
    module = Artifact("infrastructure/own.tf", 'module "a" {\n  source = "../modules"\n}\n')
    found = draft(tmp_path, "production", "infrastructure", (module,))
    assert (found.folder / "../modules/a.tf").read_text("utf-8") == "# a module\n"


def test_each_environment_has_a_folder_that_only_its_owner_reads(tmp_path: Path) -> None:
    one = draft(tmp_path, "production", "infrastructure", (MAIN,))
    other = draft(tmp_path, "staging", "infrastructure", (MAIN,))
    assert one.folder != other.folder
    assert one.folder.parent.stat().st_mode & 0o077 == 0
