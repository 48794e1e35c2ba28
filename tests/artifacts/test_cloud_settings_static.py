"""Where static files come from and go, under the generated settings in a real Django."""

from __future__ import annotations

from pathlib import Path

import pytest
from django_environments import Django, written
from handmade import deployment, overlay
from plain_site import KEY, ask

from nuages.artifacts.cloud_settings import cloud_settings
from nuages.effects import files

pytestmark = pytest.mark.slow


def test_static_files_out_of_a_bucket(here: Django, site: Path) -> None:
    assert "b" in ask(here, site, "STATIC_URL", STATIC_BUCKET="b")["STATIC_URL"]


@pytest.mark.parametrize(
    ("said", "offline", "enabled"),
    [
        ("", False, False),
        ("COMPRESS_PRECOMPILERS = [('text/x-scss', 'sass {infile}')]", True, True),
        ("COMPRESS_OFFLINE = True", True, False),  # `compress` failed, or nobody ran it
        ("COMPRESS_OFFLINE = True\nCOMPRESS_OFFLINE_MANIFEST = 'made.json'", True, None),
        ("COMPRESS_OFFLINE = True\nCOMPRESS_STORAGE = 'a.Bucket'", True, None),
    ],
)
def test_no_bundle_is_made_while_pages_are_asked_for(
    here: Django, site: Path, said: str, offline: bool, enabled: bool | None
) -> None:
    changed = overlay(static_compressor=True, django=here.version)
    written(site, cloud_settings(deployment(overlay=changed)))
    settings = site / "mysite/settings.py"
    settings.write_text(f"{settings.read_text()}{said}\n")
    files.write(site / "collected/CACHE/made.json", "{}")
    root = str(site / "collected")
    found = ask(here, site, "COMPRESS_OFFLINE", "COMPRESS_ENABLED", STATIC_ROOT=root)
    assert (found["COMPRESS_OFFLINE"], found["COMPRESS_ENABLED"]) == (offline, enabled)


def test_precompilers_that_no_template_uses_force_no_bundles(here: Django, site: Path) -> None:
    changed = overlay(static_compressor=True, static_precompiled=False, django=here.version)
    written(site, cloud_settings(deployment(overlay=changed)))
    settings = site / "mysite/settings.py"
    listed = "COMPRESS_PRECOMPILERS = [('text/x-scss', 'sass {infile}')]"
    settings.write_text(f"{settings.read_text()}{listed}\n")
    found = ask(here, site, "COMPRESS_OFFLINE", "COMPRESS_ENABLED")
    assert (found["COMPRESS_OFFLINE"], found["COMPRESS_ENABLED"]) == (False, False)


def test_a_back_end_that_bundles_stays(here: Django, site: Path) -> None:
    changed = overlay(whitenoise=True, static_bundling=True, django=here.version)
    text = {a.path: a.text for a in cloud_settings(deployment(overlay=changed))}
    assert "static=None" in text[changed.path]


def test_collectstatic_survives_a_broken_reference(
    here: Django, site: Path, tmp_path: Path
) -> None:
    folder = site / "assets"
    folder.mkdir()
    (folder / "a.css").write_text(
        "body { background: url(missing.png) } p { background: url(b.png) }"
    )
    (folder / "b.png").write_bytes(b"png")
    with (site / "mysite/settings.py").open("a") as stream:
        stream.write('STATICFILES_DIRS = [str(BASE_DIR / "assets")]\n')
    root = tmp_path / "collected"
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('collectstatic', interactive=False, verbosity=0)\n"
        "from django.contrib.staticfiles.storage import staticfiles_storage as s\n"
        "print(s.url('a.css'), s.url('nowhere.css'), s.url('b.png'))"
    )
    done = here.run(site, script, environ=KEY | {"STATIC_ROOT": str(root)})
    assert done.returncode == 0, done.stderr
    css, nowhere, picture = done.stdout.split()
    assert nowhere == "/static/nowhere.css"
    assert picture != "/static/b.png"
    text = (root / css.removeprefix("/static/")).read_text()
    assert "missing.png" in text
    assert picture.rpartition("/")[2] in text


def test_sources_in_the_own_root_are_collected_from_there(
    here: Django, site: Path, tmp_path: Path
) -> None:
    changed = overlay(static_sources=True, django=here.version, debug_apps=("debug_toolbar",))
    written(site, cloud_settings(deployment(overlay=changed)))
    files.write(site / "collected/site.css", "body {}")
    with (site / "mysite/settings.py").open("a") as stream:
        stream.write('STATIC_ROOT = BASE_DIR / "collected"\n')
    collect = "import django; django.setup()\nfrom django.core.management import call_command\n"
    collect += "call_command('collectstatic', interactive=False, verbosity=0)\n"
    for root in (tmp_path / "out", site / "collected"):
        done = here.run(site, collect, environ=KEY | {"STATIC_ROOT": str(root)})
        assert done.returncode == 0, done.stderr
        assert (root / "site.css").exists()


LARGE = """
import types, whitenoise.compress as c
c.brotli_installed, c.brotli = True, types.SimpleNamespace(compress=lambda data: data[:9])
import django; django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
"""


def test_large_files_do_not_wait_for_brotli(here: Django, site: Path, tmp_path: Path) -> None:
    (site / "assets").mkdir()
    (site / "assets/small.txt").write_text("a" * 999)
    (site / "assets/large.txt").write_text("a" * 2**22)
    with (site / "mysite/settings.py").open("a") as stream:
        stream.write('STATICFILES_DIRS = [str(BASE_DIR / "assets")]\n')
    root = tmp_path / "collected"
    done = here.run(site, LARGE, environ=KEY | {"STATIC_ROOT": str(root)})
    assert done.returncode == 0, done.stderr
    made = {path.name for path in root.glob("*.txt.*") if path.name.count(".") == 2}
    assert made == {"small.txt.br", "small.txt.gz", "large.txt.gz"}
