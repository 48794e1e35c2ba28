"""A browser at the address that ``nuages up`` prints: pages, a form, an upload, the admin."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver

ROOT = Path(__file__).parents[2]
PROGRAM = str(Path(sys.executable).with_name("nuages"))
PASSWORD = "chosen-for-this-test"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("process-engine")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The example, served; its address."""
    root = tmp_path_factory.mktemp("site") / "jazzclub"
    shutil.copytree(
        ROOT / "examples" / "jazzclub", root, ignore=shutil.ignore_patterns(".nuages", "*.sqlite3")
    )
    variables = root.parent / "values.env"
    variables.write_text(
        f"DJANGO_SUPERUSER_USERNAME=django\nDJANGO_SUPERUSER_EMAIL=django@example.org\n"
        f"DJANGO_SUPERUSER_PASSWORD={PASSWORD}\n"
    )
    up = [PROGRAM, "up", "--engine", "process", "--detach", "--json", "--env-file", str(variables)]
    done = subprocess.run(
        up, cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert PASSWORD not in done.stdout + done.stderr
    yield json.loads(done.stdout)["running"]["address"]
    subprocess.run([PROGRAM, "down"], cwd=root, check=True)


def test_a_styled_page(site: str, browser: WebDriver) -> None:
    browser.get(site)
    assert "Le Nuage" in browser.title
    loaded = browser.execute_script(
        "return [...document.styleSheets].filter(s => s.cssRules.length > 0).length"
    )
    assert loaded >= 1


def test_a_form_with_an_upload(site: str, browser: WebDriver, tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(PICTURE)
    browser.get(f"{site}/guestbook/")
    browser.find_element(By.NAME, "name").send_keys("Stéphane")
    browser.find_element(By.NAME, "message").send_keys("Une belle soirée.")
    browser.find_element(By.NAME, "photo").send_keys(str(picture))
    browser.find_element(By.CSS_SELECTOR, "form.ticket button").click()
    assert "Une belle soirée." in browser.find_element(By.CSS_SELECTOR, ".entries").text
    image = browser.find_element(By.CSS_SELECTOR, ".entries img")
    assert browser.execute_script(
        "const i = arguments[0]; i.loading = 'eager';return i.decode().then(() => i.naturalWidth)",
        image,
    )


def test_the_admin_logs_in(site: str, browser: WebDriver) -> None:
    browser.get(f"{site}/admin/")
    browser.find_element(By.NAME, "username").send_keys("django")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    browser.find_element(By.CSS_SELECTOR, "input[type=submit]").click()
    assert browser.find_element(By.ID, "user-tools").text.lower().startswith("welcome")
