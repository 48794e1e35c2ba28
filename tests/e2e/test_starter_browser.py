"""A new project in Chromium, as its owner meets it: from ``nuages new`` to one's own picture."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.support.ui import WebDriverWait
from selenium_axe_python import Axe

from nuages.local.container.project import Project

PROGRAM = str(Path(sys.executable).with_name("nuages"))
BOSS, PASSWORD = "boss@example.org", "chosen-for-this-test"
SHOTS = os.environ.get("NUAGES_SHOTS")  # a folder, to look at the pages with one's own eyes
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@dataclass(frozen=True)
class Site:
    address: str
    log: Callable[[], str]


def process_log(root: Path) -> str:
    return (root / ".nuages" / "logs" / "web.log").read_text("utf-8")


def docker_log(root: Path) -> str:
    words = Project(root, dict(os.environ)).argv("logs", "--no-log-prefix", "web")
    log = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return log.replace("\x1b[2K", "")  # compose 2.26 erases each line first, whatever it is told


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("process", marks=pytest.mark.xdist_group("process-engine")),
        pytest.param(
            "docker", marks=[pytest.mark.docker, pytest.mark.xdist_group("docker-engine")]
        ),
    ],
)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A project fresh from ``nuages new``, served; with nothing filled in but its superuser."""
    engine = request.param
    if engine == "docker":
        request.getfixturevalue("docker_engine")
    root = tmp_path_factory.mktemp(engine) / "freshsite"
    variables = root.parent / "values.env"
    variables.write_text(
        f"DJANGO_SUPERUSER_EMAIL={BOSS}\nDJANGO_SUPERUSER_PASSWORD={PASSWORD}\n", "utf-8"
    )
    nuages("new", "freshsite", cwd=root.parent)
    options = ("--engine", engine, "--detach", "--json", "--env-file", str(variables))
    read = {"process": process_log, "docker": docker_log}[engine]
    try:
        answer = json.loads(nuages("up", *options, cwd=root))
        yield Site(answer["running"]["address"], lambda: read(root))
    finally:
        nuages("down", cwd=root)
        project = Project(root, dict(os.environ))
        if engine == "docker" and project.home.exists():
            subprocess.run(project.argv("down", "--volumes", "--rmi", "local"), check=False)


def nuages(*words: str, cwd: Path) -> str:
    done = subprocess.run(
        [PROGRAM, *words],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@dataclass
class Visitor:
    """Somebody at the site: goes to pages, fills forms, and complains of what is wrong."""

    browser: WebDriver
    site: Site
    name: str

    def open(self, path: str) -> None:
        self.browser.get(path if "://" in path else self.site.address + path)

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.browser.find_element(By.NAME, name).send_keys(value)
        self.press("main form button.button")

    def press(self, button: str) -> None:
        """Press what sends a form, and wait for the page that answers."""
        self.browser.execute_script("window.pressed = true")
        self.browser.find_element(By.CSS_SELECTOR, button).click()
        answered = "return !window.pressed && document.readyState === 'complete'"
        # Between two pages nothing can be asked.
        wait = WebDriverWait(self.browser, 30, ignored_exceptions=[WebDriverException])
        wait.until(lambda browser: browser.execute_script(answered))

    def text(self) -> str:
        return self.browser.find_element(By.ID, "main").text

    def style(self, selector: str, name: str) -> str:
        element = self.browser.find_element(By.CSS_SELECTOR, selector)
        return element.value_of_css_property(name)

    def judge(self, label: str) -> None:
        """Nothing wider than a phone, no violation of WCAG by day or night, nothing refused."""
        for width, scheme in ((1200, "light"), (390, "light"), (1200, "dark")):
            self.look(width, scheme)
            if SHOTS:
                file = Path(SHOTS) / f"{self.name}-{label}-{width}-{scheme}.png"
                self.browser.save_screenshot(str(file))
            wide = self.browser.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, f"{label} is {wide} pixels wide"
            assert violations(self.browser) == []
        self.look(1200, "light")
        self.listen(label)

    def look(self, width: int, scheme: str) -> None:
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def listen(self, label: str) -> None:
        """The console tells what the content policy refused and what was not found."""
        wrong = [
            line["message"] for line in self.browser.get_log("browser") if line["level"] == "SEVERE"
        ]
        assert wrong == [], label


@pytest.fixture
def visitor(browser: WebDriver, site: Site, request: pytest.FixtureRequest) -> Visitor:
    return Visitor(browser, site, request.node.callspec.params["site"])


def violations(browser: WebDriver) -> list[Any]:
    axe = Axe(browser)
    axe.inject()
    found = axe.run()["violations"]
    return [(v["id"], [node["html"] for node in v["nodes"]]) for v in found]


def mailed_link(site: Site, part: str, after: int) -> str:
    """The link that the site wrote to its log, which is where mail goes until a server is named."""
    for _ in range(50):
        # A line of its own: access logs name pages too.
        found = re.findall(rf"(?m)^https?://\S+{part}\S+$", site.log()[after:])
        if found:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"no link to {part} in the log:\n{site.log()[-2000:]}")


def test_the_landing_page(visitor: Visitor) -> None:
    visitor.open("/")
    assert "freshsite" in visitor.browser.find_element(By.TAG_NAME, "h1").text
    assert "gradient" in visitor.style(".sky", "background-image")
    assert visitor.style("h1", "font-family").startswith('"Iowan Old Style"')
    for place in visitor.browser.find_elements(By.CSS_SELECTOR, ".index a"):
        assert place.get_attribute("href").startswith(visitor.site.address)
    visitor.judge("home")


@pytest.mark.parametrize("path", ["login", "sign-up", "sign-up/sent", "password/reset"])
def test_open_pages(visitor: Visitor, path: str) -> None:
    visitor.open(f"/accounts/{path}/")
    assert visitor.style("body", "background-color") != visitor.style("body", "color")
    visitor.judge(path.replace("/", "-"))


def test_every_place_on_the_landing_page_is_there(visitor: Visitor) -> None:
    visitor.open("/")
    links = visitor.browser.find_elements(By.CSS_SELECTOR, ".index a")
    places = [link.get_attribute("href") for link in links]
    assert len(places) == 5
    for place in places:
        script = "return fetch(arguments[0]).then(answer => answer.status)"
        assert visitor.browser.execute_script(script, place) == 200, place


def test_a_page_that_is_missing(visitor: Visitor) -> None:
    visitor.open("/missing/")
    assert "Nothing here" in visitor.browser.find_element(By.TAG_NAME, "h1").text
    assert visitor.style(".code", "font-family").startswith('"Iowan Old Style"')
    assert violations(visitor.browser) == []


def test_the_api_can_be_read_and_tried(visitor: Visitor) -> None:
    visitor.look(1200, "dark")
    visitor.open("/api/v1/docs/")
    assert visitor.style("body", "background-color") == "rgba(16, 22, 29, 1)"
    operations = visitor.browser.find_elements(By.CSS_SELECTOR, ".opblock")
    assert len(operations) >= 5
    paths = [o.find_element(By.CSS_SELECTOR, ".opblock-summary-path").text for o in operations]
    assert any("/api/v1/" in path.replace("\u200b", "") for path in paths)
    operations[0].find_element(By.CSS_SELECTOR, ".opblock-summary-control").click()
    assert visitor.browser.find_element(By.CSS_SELECTOR, ".opblock-body .btn.try-out__btn")
    visitor.listen("docs")


def test_the_admin(visitor: Visitor) -> None:
    visitor.open("/admin/")
    visitor.browser.find_element(By.NAME, "username").send_keys(BOSS)
    visitor.browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    visitor.press("input[type=submit]")
    assert visitor.browser.find_element(By.ID, "user-tools").text.lower().startswith("welcome")
    assert visitor.style("#header", "background-color") == "rgba(65, 118, 144, 1)"
    visitor.open("/admin/users/user/")
    assert BOSS in visitor.browser.find_element(By.ID, "result_list").text
    visitor.open("/admin/users/user/add/")
    visitor.listen("admin")


def signed_up(visitor: Visitor, email: str) -> None:
    """Make an account as its owner would: through the mail, to the last step, and log out."""
    start = len(visitor.site.log())
    visitor.open("/accounts/sign-up/")
    visitor.fill(email=email)
    assert "Check your mail" in visitor.text()
    visitor.open(mailed_link(visitor.site, "/accounts/sign-up/", start))
    visitor.judge("sign-up-finish")
    visitor.fill(name="Stéphane", password1=PASSWORD, password2=PASSWORD)
    assert "Welcome!" in visitor.browser.find_element(By.CSS_SELECTOR, ".messages").text
    visitor.press(".top form button")


def test_from_signing_up_to_ones_own_picture(visitor: Visitor, tmp_path: Path) -> None:
    browser, email = visitor.browser, "stephane@example.org"
    signed_up(visitor, email)
    visitor.open("/accounts/login/")
    visitor.fill(username=email, password="wrong")
    assert "not right" in visitor.text()
    visitor.judge("login-refused")
    visitor.fill(password=PASSWORD)

    picture = tmp_path / "me.png"
    picture.write_bytes(PICTURE)
    visitor.fill(bio="Une belle soirée.", avatar=str(picture))
    assert "is saved" in browser.find_element(By.CSS_SELECTOR, ".messages").text
    image = browser.find_element(By.CSS_SELECTOR, "img.avatar.large")
    width = "return arguments[0].decode().then(() => arguments[0].naturalWidth)"
    assert browser.execute_script(width, image) == 512
    assert image.get_attribute("src").endswith(".webp")
    for page in ("profile", "email", "password", "delete"):
        visitor.open(f"/accounts/{page}/")
        visitor.judge(page)

    visitor.open("/accounts/profile/")
    browser.find_element(By.NAME, "avatar-clear").click()
    visitor.fill()
    gone = "return document.querySelector('img.avatar') === null"
    WebDriverWait(browser, 10).until(lambda b: b.execute_script(gone))


def test_a_forgotten_password(visitor: Visitor) -> None:
    email, new = "django@example.org", "another-for-this-test"
    signed_up(visitor, email)
    start = len(visitor.site.log())
    visitor.open("/accounts/password/reset/")
    visitor.fill(email=email)
    visitor.open(mailed_link(visitor.site, "/accounts/password/reset/", start))
    visitor.judge("reset")
    visitor.fill(new_password1=new, new_password2=new)
    assert "is changed" in visitor.browser.find_element(By.CSS_SELECTOR, ".messages").text
    visitor.fill(username=email, password=new)
    assert "Stéphane" in visitor.browser.find_element(By.CSS_SELECTOR, ".who").text
