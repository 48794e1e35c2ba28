"""``nuages check --deep``: Django, makemigrations and the migration linter on a real project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from nuages.cli.app import run
from nuages.errors import CheckFailed, StepFailed

JAZZCLUB = Path(__file__).parents[2] / "examples" / "jazzclub"
MIGRATION = """\
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("club", "0002_first_season")]
    operations = [
        migrations.RemoveField(model_name="guestbookentry", name="photo"),
    ]
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    shutil.copytree(JAZZCLUB, tmp_path / "club", ignore=shutil.ignore_patterns(".nuages"))
    return tmp_path / "club"


@pytest.mark.slow
def test_what_only_the_running_project_says(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "club/migrations/0003_no_photo.py").write_text(MIGRATION)
    with (site / "jazzclub/settings.py").open("a") as settings:
        settings.write('\nSTATICFILES_DIRS = ["/absent"]\n')
    before = sorted(path for path in site.rglob("*") if path.is_file())
    code = run(["check", str(site), "--deep", "--select", "DJA", "--json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    assert code == CheckFailed.exit_code
    messages = {(f["rule"], f["path"]): f["message"] for f in found}
    assert "Add field photo" in messages["DJA002", "club/models.py"]
    assert "DROPPING columns" in messages["DJA003", "club/migrations/0003_no_photo.py"]
    assert not any("security.W018" in f["message"] for f in found)  # SEC001 says it
    (absent,) = [f for f in found if f["message"].startswith("staticfiles.W004")]
    assert (absent["rule"], absent["path"], absent["line"] > 1) == (
        "DJA001",
        "jazzclub/settings.py",
        True,
    )
    after = sorted(p for p in site.rglob("*") if p.is_file() and ".nuages" not in p.parts)
    assert after == before


@pytest.mark.slow
def test_settings_that_cannot_be_imported_are_told(site: Path) -> None:
    with (site / "jazzclub/settings.py").open("a") as settings:
        settings.write("\nraise RuntimeError('not today')\n")
    assert run(["check", str(site), "--deep"]) == StepFailed.exit_code
