from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from nuages.local.process import installing, remedies
from nuages.local.process.installing import Plan

PYTHON, WORK = Path("/env/bin/python"), Path("/env/nuages")


def argv(plan: Plan) -> str:
    return " ".join(installing.install_argv(plan, "uv", PYTHON, WORK))


def test_sync_is_frozen_and_for_production() -> None:
    plan = Plan("uv-sync", groups=("prod",), extras=("s3",))
    words = " ".join(installing.sync_argv(plan, "uv", PYTHON))
    assert "sync --frozen --no-dev" in words
    assert words.endswith("--group prod --extra s3 --no-install-project")
    assert "--no-install-project" not in installing.sync_argv(
        replace(plan, project=True), "uv", PYTHON
    )


def test_requirement_files_go_to_uv_or_to_pip() -> None:
    plan = Plan("uv", files=("requirements.txt",))
    assert argv(plan).startswith("uv pip install --python /env/bin/python")
    assert argv(plan).endswith("-r requirements.txt")
    assert argv(replace(plan, tool="pip")) == (
        "/env/bin/python -m pip install --no-input -q -r requirements.txt"
    )


def test_a_whole_lock_is_not_resolved_again() -> None:
    assert "--no-deps" in argv(Plan("uv", lines=("a==1",), whole=True))
    assert "--no-deps" not in argv(Plan("uv", lines=("a==1",)))


def test_the_project_itself_with_its_extras() -> None:
    assert argv(Plan("uv", project=True, extras=("a", "b"))).endswith(" .[a,b]")


def test_what_is_excluded_is_required_nowhere() -> None:
    plan = Plan("uv", files=("r.txt",), excluded=("uwsgi",))
    assert installing.companions(plan) == {"overrides.txt": 'uwsgi ; python_version < "0"\n'}
    assert "--overrides /env/nuages/overrides.txt" in argv(plan)
    whole = Plan("uv", lines=("uWSGI==2.0", "a==1"), whole=True, excluded=("uwsgi",))
    assert installing.companions(whole)["lines.txt"] == "a==1\n"


def test_only_what_is_missing_is_added() -> None:
    wanted = ("gunicorn==23.0.0", "psycopg[binary]==3.2.1")
    assert installing.extra_lines(wanted, {"gunicorn": "19.0"}) == ("psycopg[binary]==3.2.1",)
    assert installing.unpinned("psycopg[binary]==3.2.1") == "psycopg[binary]"


# --- what to change in one that failed ---------------------------------------------------------


def after(plan: Plan, output: str) -> Plan:
    changed = remedies.changed(plan, output)
    assert changed is not None
    return changed


PLAN = Plan("uv", files=("r.txt",))


def test_psycopg2_without_headers_becomes_the_binary_of_its_version() -> None:
    plan = after(PLAN, "Failed to build `psycopg2==2.8.6`\nError: pg_config executable not found.")
    assert plan.lines == ("psycopg2-binary==2.8.6",)
    assert plan.excluded == ("psycopg2",)
    assert plan.notices


def test_a_psycopg2_older_than_the_python_becomes_one_that_both_can_use() -> None:
    output = (
        "error: Failed to build `psycopg2-binary==2.7.5`\n"
        "psycopg/psycopgmodule.c:689:18: error: invalid use of incomplete typedef "
        "‘PyInterpreterState’ {aka ‘struct _is’}\n"
    )
    plan = after(PLAN, output)
    assert plan.lines == ("psycopg2-binary==2.8.6",)
    assert "psycopg2-binary==2.8.6\n" in installing.companions(plan)["overrides.txt"]
    assert plan.excluded == ("psycopg2",)
    assert plan.notices
    assert not plan.build_bounds


def test_an_old_source_goes_down_the_ladder_of_its_build_tools() -> None:
    output = (
        "error: Failed to build `django-allauth==0.45.0`\n"
        "ImportError: cannot import name 'convert_path' from 'setuptools' (/x)"
    )
    first = after(PLAN, output)
    second = after(first, output)
    assert first.build_bounds == (("django-allauth==0.45.0", "setuptools<72"),)
    assert second.build_bounds == (("django-allauth==0.45.0", "setuptools<58"),)
    assert len(second.notices) == 1
    assert remedies.changed(second, output) is None


def test_a_missing_header_is_no_matter_of_build_tools() -> None:
    output = (
        "error: Failed to build `python-ldap==3.4.5`\n  setuptools.build_meta.build_wheel failed\n"
        "Modules/common.h:15:10: fatal error: lber.h: No such file or directory\n"
    )
    assert remedies.changed(PLAN, output) is None


def test_of_two_pins_for_one_package_the_newer_is_used() -> None:
    output = (
        "error: No solution found when resolving dependencies\n  cause: Because you require "
        "django-x==0.18.11 and django-x==0.19.9, we can conclude that your requirements are "
        "unsatisfiable."
    )
    plan = after(PLAN, output)
    assert installing.companions(plan)["overrides.txt"] == "django-x==0.19.9\n"
    assert "0.18.11" in plan.notices[0]
    unfit = (
        "error: No solution found when resolving dependencies\n  cause: Because django-x==0.19.9 "
        "depends on django>=4.2 and you require django==4.0.8, we can conclude that your "
        "requirements and django-x==0.19.9 are incompatible."
    )
    assert installing.companions(after(plan, unfit))["overrides.txt"] == "django-x==0.18.11\n"
    assert after(after(plan, unfit), unfit).tool == "pip"  # the next remedy, not the same again


def test_use_2to3_goes_straight_to_the_lowest_rung() -> None:
    output = (
        "Failed to build `anyjson==0.3.3`\nerror in anyjson setup command: use_2to3 is invalid."
    )
    assert after(PLAN, output).build_bounds == (("anyjson==0.3.3", "setuptools<58"),)


def test_a_source_that_declares_features_gets_the_tools_of_its_time() -> None:
    output = (
        "Failed to build `markupsafe==1.0`\n  setuptools.build_meta:__legacy__\n"
        "ImportError: cannot import name 'Feature' from 'setuptools'"
    )
    plan = after(PLAN, output)
    assert plan.build_bounds == (("markupsafe==1.0", "setuptools<46"),)
    assert remedies.changed(plan, output) is None


def test_a_server_that_does_not_serve_here_is_left_out() -> None:
    plan = after(PLAN, "error: Failed to build `uwsgi==2.0.18`\n  cause: The build backend")
    assert plan.excluded == ("uwsgi",)
    assert "another server" in plan.notices[0]


def test_mysqlclient_without_headers_is_stood_in_for() -> None:
    plan = after(PLAN, "Failed to build `mysqlclient==1.4.6`\nOSError: mysql_config not found")
    assert plan.excluded == ("mysqlclient",)
    assert plan.lines == ("pymysql>=1.1",)


def test_what_uv_refuses_goes_to_pip_and_is_said() -> None:
    plan = after(PLAN, "error: Couldn't parse requirement in `r.txt` at position 3")
    assert plan.tool == "pip"
    assert "uv refuses" in plan.notices[0]


def test_options_within_a_requirement_go_to_pip() -> None:
    output = (
        "error: Error parsing included file in `docker.txt` at position 0\n"
        '  cause: Expected `--hash`, found `"--only-binary=x"`: common.txt:6:14\n'
    )
    assert after(PLAN, output).tool == "pip"


def test_an_unknown_failure_has_no_remedy() -> None:
    assert remedies.changed(PLAN, "error: the disk is full") is None


def test_groups_and_extras_of_a_project_file_are_asked_for() -> None:
    plan = Plan("uv", files=("pyproject.toml",), groups=("main",), extras=("s3",))
    assert argv(plan).endswith("-r pyproject.toml --extra s3 --group main")
    alone = Plan("uv", groups=("main",))
    assert argv(alone).endswith("--group main")
    assert "--group" not in argv(replace(alone, lines=("a==1",)))


def test_what_is_installed_stays_when_something_is_added() -> None:
    plan = Plan("uv", lines=("b",), constraints=("a==1",))
    assert "--constraint /env/nuages/constraints.txt" in argv(plan)
    assert installing.companions(plan)["constraints.txt"] == "a==1\n"


def test_a_project_whose_own_package_does_not_build_is_served_from_its_folder() -> None:
    output = "error: Failed to build `argus-server @ file:///work/.nuages/build`\n"
    plan = after(Plan("uv", project=True), output)
    assert (plan.project, plan.files) == (False, ("pyproject.toml",))
    assert "argus-server" in plan.notices[0]
    assert remedies.changed(plan, output) is None


def test_a_package_of_the_projects_own_that_asks_for_another_python_is_left_out() -> None:
    output = (
        "error: No solution found when resolving dependencies\n"
        "cause: Because the current Python version (3.13) does not satisfy Python>=3.14.2,<3.15 "
        "and people==1.26.0 depends on Python>=3.14.2,<3.15, we can conclude that people==1.26.0 "
        "cannot be used.\nAnd because only people==1.26.0 is available and you require people, "
        "we can conclude that your requirements are unsatisfiable."
    )
    own = after(Plan("uv", project=True), output)
    assert (own.project, own.files) == (False, ("pyproject.toml",))
    exported = after(Plan("uv", lines=("-e .", "a==1"), whole=True), output)
    assert exported.lines == ("a==1",)


def test_pycrypto_gives_way_to_its_drop_in_replacement() -> None:
    plan = Plan("uv", files=("r.txt",))
    after = remedies.changed(plan, "error: Failed to build `pycrypto==2.6.1`")
    assert after is not None
    assert (after.excluded, after.lines) == (("pycrypto",), ("pycryptodome",))
    other = remedies.changed(plan, "error: Failed to build `pycrypto-plus==1.0`")
    assert other is None or not other.excluded
