from __future__ import annotations

from dataclasses import replace

from nuages.local.process import contradiction, remedies
from nuages.local.process.installing import Plan

PLAN = Plan("pip", files=("requirements.txt",), overrides=("pillow==10.4.0",))
OUTPUT = """ERROR: Cannot install django==5.0.6 because these package versions have conflicts.

The conflict is caused by:
    The user requested django==5.0.6
    old-search 1.8 depends on Django<5.0

ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/
"""
TEXT = "django==5.0.6\nold-search==1.8 ; python_version > '3'\npillow==10.3.0\nredis>=5\n# a==1\n"


def test_what_pip_refuses_to_resolve_is_installed_as_it_is_pinned() -> None:
    after = contradiction.insisted(PLAN, OUTPUT, [TEXT])
    assert after is not None
    assert after.tool == "uv"
    assert after.overrides == (
        "pillow==10.4.0",
        "django==5.0.6",
        "old-search==1.8 ; python_version > '3'",
    )
    assert "old-search 1.8 depends on Django<5.0" in after.notices[0]


def test_it_is_done_once_and_only_where_no_set_meets_the_pins() -> None:
    again = replace(PLAN, insists=True)
    assert contradiction.insisted(again, OUTPUT, [TEXT]) is None
    assert contradiction.insisted(PLAN, "ERROR: No matching distribution found", [TEXT]) is None
    assert contradiction.insisted(PLAN, OUTPUT, ["redis>=5\n"]) is None
    assert contradiction.insisted(replace(PLAN, tool="uv"), OUTPUT, [TEXT]) is None


def test_insisting_does_not_lead_back_to_pip() -> None:
    plan = replace(PLAN, tool="uv", insists=True)
    assert remedies.changed(plan, "error: No solution found when resolving dependencies") is None
