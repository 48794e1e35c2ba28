"""A real browser and a Docker engine, for the tests that need them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.remote.webdriver import WebDriver

from nuages.artifacts.dockerfile import UV
from nuages.local.docker import is_available

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--window-size=1200,900",
]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[WebDriver]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium and chromedriver")
        pytest.skip("NO BROWSER: Chromium or chromedriver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    found = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    found.implicitly_wait(10)
    yield found
    found.quit()


@pytest.fixture(scope="session")
def docker_engine() -> None:
    """An engine: skipped loudly without one, except in CI, which must have it."""
    if not is_available():
        if os.environ.get("CI") == "true":
            pytest.fail("CI has no Docker engine: the images would go out unproved")
        pytest.skip("NO DOCKER ENGINE: not one image was built or served")
    pinned = f"ghcr.io/astral-sh/uv:{UV}"
    images = ("docker", "images", "--quiet", pinned)
    if not subprocess.run(images, capture_output=True, check=False).stdout:
        # Where only a stand-in is at hand.
        subprocess.run(("docker", "tag", "ghcr.io/astral-sh/uv:latest", pinned), check=False)
