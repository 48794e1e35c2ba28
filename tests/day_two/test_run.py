from __future__ import annotations

from typing import Any

import pytest
from fakes.google import GoogleWorld

from nuages.cli.run import words
from nuages.errors import StepFailed, UsageError

from . import released


def executed(world: GoogleWorld) -> list[dict[str, Any]]:
    return [call[2] for call in world.runtime.calls if call[0] == "run_execution"]


@pytest.mark.parametrize(
    ("typed", "run"),
    [
        (("manage.py", "migrate"), ("python", "-m", "django", "migrate")),
        (("./manage.py", "check"), ("python", "-m", "django", "check")),
        (("python", "manage.py", "check"), ("python", "-m", "django", "check")),
        (("python3.12", "src/manage.py", "x"), ("python3.12", "-m", "django", "x")),
        (("python", "-c", "print(1)"), ("python", "-c", "print(1)")),
        (("ls", "manage.py"), ("ls", "manage.py")),
    ],
)
def test_manage_py_is_django_with_the_settings_of_production(
    typed: tuple[str, ...], run: tuple[str, ...]
) -> None:
    assert words(typed) == run


def test_a_command_runs_with_its_own_words(nuages, world: GoogleWorld) -> None:
    released.release(world)
    said = nuages("run", "--", "manage.py", "migrate", "--plan", "-v", "2")
    assert said.status == 0
    (execution,) = executed(world)
    assert execution["job"] == "club-run"
    (container,) = execution["template"]["containers"]
    assert container["args"] == ["python", "-m", "django", "migrate", "--plan", "-v", "2"]
    assert "command" not in container


def test_its_exit_code_is_ours(nuages, world: GoogleWorld) -> None:
    released.release(world)
    world.job_exits("club-run", 3)
    said = nuages("run", "--", "false")
    assert said.status == 3
    assert "exit code 3" in said.err
    said = nuages("run", "--json", "--", "false")
    assert (said.status, said.json["state"], said.json["exit_code"]) == (3, "failed", 3)


def test_what_it_prints_is_what_is_printed(nuages, world: GoogleWorld) -> None:
    released.release(world)
    run = world.runtime.run_execution

    def printing(execution: dict[str, Any]) -> Any:
        short = execution["name"].rsplit("/", 1)[-1]
        world.runtime.entries += [
            released.printed(f"line {n}", "cloud_run_job", "club-run", n, execution=short)
            for n in (2, 1)
        ]
        ended = released.printed("Container called exit(0).", "cloud_run_job", "club-run", 3)
        labels = {"run.googleapis.com/execution_name": short}
        system = "projects/jazz-1910/logs/run.googleapis.com%2Fvarlog%2Fsystem"
        world.runtime.entries.append({**ended, "labels": labels, "logName": system})
        return run(execution)

    world.runtime.run_execution = printing
    assert nuages("run", "--", "manage.py", "count").out == "line 1\nline 2\n"


def test_nobody_waits_for_what_is_detached(nuages, world: GoogleWorld) -> None:
    released.release(world)
    world.job_exits("club-run", 3)
    said = nuages("run", "--detach", "--json", "--timeout", "60", "--", "false")
    assert (said.status, said.json["state"]) == (0, "running")
    asked = [each for each in world.log if each.method.endswith("jobs.run")]
    assert asked[-1].body["overrides"]["timeout"] == "60s"


def test_there_has_to_be_a_site(nuages) -> None:
    said = nuages("run", "--", "ls")
    assert said.status == StepFailed.exit_code
    assert "nuages deploy" in said.err
    assert nuages("run").status == UsageError.exit_code


def test_ctrl_c_with_nobody_to_ask_ends_it(
    nuages, world: GoogleWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.release(world)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("nuages.deploy.following.Following.new", interrupt)
    said = nuages("run", "--", "manage.py", "count")
    assert said.status == 130
    assert "is ended" in said.err
    assert any(call[0] == "cancel_execution" for call in world.runtime.calls)
