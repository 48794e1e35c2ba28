from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import handmade
import pytest

from nuages.artifacts.container import container_artifacts
from nuages.model import EnvironmentVariable, Secret


def texts(private: bool = False, **changes: object) -> dict[str, str]:
    found = container_artifacts(handmade.deployment(**changes), private=private)
    return {artifact.path: artifact.text for artifact in found}


def test_private_files_are_in_one_folder() -> None:
    assert all(path.startswith(".nuages/") for path in texts(private=True))


def test_everything_is_where_people_look_for_it() -> None:
    assert {"Dockerfile", ".dockerignore", "compose.yaml", ".env.example"} <= set(texts())


def test_rendering_twice_gives_the_same() -> None:
    assert texts() == texts()


@pytest.mark.parametrize("private", [False, True])
def test_files_read_as_written_by_hand(private: bool) -> None:
    for path, text in texts(private).items():
        assert text.endswith("\n"), path
        assert "\n\n\n\n" not in text, path
        assert not [line for line in text.splitlines() if line != line.rstrip()], path
        assert "\t" not in text, path


def test_the_build_context_holds_no_secret_and_lacks_nothing_that_is_copied() -> None:
    ignored = texts(private=True)[".nuages/Dockerfile.dockerignore"].splitlines()
    assert {"**/.env", "**/.env.*", ".git", "**/node_modules", ".nuages/*"} <= set(ignored)
    kept = {line[1:] for line in ignored if line.startswith("!.nuages/")}
    assert {
        ".nuages/overlay",
        ".nuages/docker-entrypoint.sh",
        ".nuages/gunicorn.conf.py",
        ".nuages/requirements-cloud.txt",
    } <= kept


def test_the_entrypoint_starts_no_python_unasked(tmp_path: Path) -> None:
    script = tmp_path / "entrypoint.sh"
    script.write_text(texts()["docker/docker-entrypoint.sh"])
    done = subprocess.run(
        ["/bin/sh", str(script), "/bin/echo", "two words"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "two words\n"


@pytest.mark.parametrize(
    ("variable", "value", "called"),
    [
        ("DJANGO_MANAGEPY_MIGRATE", "on", "-m django migrate --noinput"),
        ("DJANGO_MANAGEPY_MIGRATE", "True", "-m django migrate --noinput"),
        ("DJANGO_MANAGEPY_MIGRATE", "off", ""),
        ("DJANGO_MANAGEPY_MIGRATE", "", ""),
        ("DJANGO_WAIT_FOR_DATABASE", "30", "/app/docker/wait_for_database.py 30"),
        ("DJANGO_WAIT_FOR_DATABASE", "0", ""),
        ("DJANGO_CREATE_SUPERUSER", "on", "/app/docker/create_superuser.py"),
        ("DJANGO_SUPERUSER_PASSWORD", "secret", ""),
    ],
)
def test_the_entrypoint_does_what_is_asked(
    tmp_path: Path, variable: str, value: str, called: str
) -> None:
    script = tmp_path / "entrypoint.sh"
    script.write_text(texts()["docker/docker-entrypoint.sh"])
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", str(script), "/bin/echo", "end"],
        env={"PATH": str(tmp_path), variable: value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n") == [*([called] if called else []), "end", ""]


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_has_nothing_to_say(tmp_path: Path) -> None:
    script = tmp_path / "entrypoint.sh"
    script.write_text(texts()["docker/docker-entrypoint.sh"])
    subprocess.run(["shellcheck", str(script)], check=True)


def test_env_example_says_where_each_variable_is_read_and_holds_no_secret() -> None:
    contract = (
        EnvironmentVariable("API_TOKEN", True, "not-for-print", True, "config/settings.py:12"),
        EnvironmentVariable("PAGE_SIZE", False, "20", False, "config/settings.py:30"),
    )
    found = texts(contract=contract, secrets=(Secret("SECRET_KEY", generated=True),))[
        ".env.example"
    ]
    assert "# config/settings.py:12\nAPI_TOKEN=\n" in found
    assert "# config/settings.py:30\n#PAGE_SIZE=20\n" in found
    assert "\nSECRET_KEY=\n" in found
    assert "not-for-print" not in found
    assert "\nDATABASE_PASSWORD=\n" in found
