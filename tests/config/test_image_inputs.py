"""What the image is built from."""

import pytest

from nuages.config.image import node_major


@pytest.mark.parametrize(
    ("asked", "node"),
    [
        (None, "22"),
        ("lts/*", "22"),
        ("20", "20"),
        ("v18.17.1", "18"),
        ("20.x", "20"),
        ("^18.0.0", "18"),
        ("18 || 20", "20"),
        (">=16", "22"),
        (">=20.19", "22"),
        (">=24.1", "24"),
        (">=16 <19", "19"),
    ],
)
def test_node(asked: str | None, node: str) -> None:
    assert node_major(asked) == node


UV = {
    "requirements.txt": None,
    "pyproject.toml": "[project]\nname='s'\nversion='1'\ndependencies=['django==5.2.1']\n",
}
POETRY = {
    "requirements.txt": None,
    "pyproject.toml": (
        "[tool.poetry]\nname='s'\nversion='1'\n[tool.poetry.dependencies]\n"
        "python='^3.12'\ndjango='5.2.1'\n"
    ),
    "poetry.lock": '[[package]]\nname = "django"\nversion = "5.2.1"\n',
}
LOCK = 'version = 1\n[[package]]\nname = "django"\nversion = "5.2.1"\n'


@pytest.mark.parametrize(
    ("files", "installer", "requirements"),
    [
        ({}, "uv-pip", ("requirements.txt",)),
        ({**UV, "uv.lock": LOCK}, "uv-sync", ()),
        (POETRY, "poetry", ()),
    ],
)
def test_the_projects_own_manager_installs(
    shop, files: dict[str, str | None], installer: str, requirements: tuple[str, ...]
) -> None:
    image = shop.deployment(files=files).image
    assert (image.installer, image.requirements) == (installer, requirements)
    assert set(requirements) <= set(image.install_files)


def test_files_that_an_installer_reads_are_copied_first(shop) -> None:
    files = {"requirements/base.txt": "django==5.2.1\n", "requirements.txt": None}
    files["requirements/production.txt"] = "-r base.txt\ngunicorn\n"
    image = shop.deployment(files=files).image
    assert image.requirements == ("requirements/production.txt",)
    assert set(image.install_files) == {"requirements/production.txt", "requirements/base.txt"}


@pytest.mark.parametrize(
    ("settings", "files", "expected"),
    [
        ("", {}, True),
        ("INSTALLED_APPS = ['django.contrib.auth']\n", {}, False),
        ("INSTALLED_APPS = make()\n", {}, True),
        ("STATIC_ROOT = BASE_DIR / 'out'\n", {"out/staticfiles.json": "{}"}, False),
    ],
)
def test_static_files_are_collected_where_that_helps(
    shop, settings: str, files: dict[str, str], expected: bool
) -> None:
    assert bool(shop.deployment(settings, files=files).image.collectstatic) is expected


def test_commands_of_the_build(shop) -> None:
    settings = "INSTALLED_APPS += ['compressor']\nCOMPRESS_OFFLINE = True\n"
    assert shop.deployment(settings).image.build_commands == (("compress", "--force"),)


def test_the_runtime_of_nuages_yaml_wins(shop) -> None:
    image = shop.deployment(yaml="deployment: {runtime: python311}").image
    assert image.python == "3.11"


@pytest.mark.parametrize(
    ("requires", "exact"), [("==3.13.5", "3.13.5"), (">=3.12", None), ("==3.13.*", None)]
)
def test_a_patch_release_counts_only_where_no_other_is_admitted(
    shop, requires: str, exact: str | None
) -> None:
    pyproject = UV["pyproject.toml"] + f"requires-python='{requires}'\n"
    deployment = shop.deployment(files={**UV, "pyproject.toml": pyproject})
    assert deployment.image.exact_python == exact


def test_a_project_that_declares_nothing_gets_django(shop) -> None:
    image = shop.deployment(files={"requirements.txt": None}).image
    assert len(image.unlocked) == 1
    assert image.unlocked[0].startswith("django~=")
    assert shop.deployment().image.unlocked == ()


def test_where_a_committed_collection_is(shop) -> None:
    settings = "STATIC_ROOT = BASE_DIR / 'out'\n"
    committed = shop.deployment(settings, files={"out/staticfiles.json": "{}"})
    assert committed.image.collected == "out"
    assert shop.deployment(settings).image.collected == ""


def test_an_image_does_not_compare_its_static_files_with_a_bucket(shop) -> None:
    apps = "INSTALLED_APPS = ['collectfast', 'django.contrib.staticfiles']\n"
    assert shop.deployment(apps).image.collectstatic[-1] == "--disable-collectfast"
