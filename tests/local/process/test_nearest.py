from __future__ import annotations

from nuages.local.process import nearest
from nuages.local.process.installing import Plan

PLAN = Plan("uv", files=("r.txt",))
OUTPUT = "error: Failed to build `matplotlib==3.3.4`\nFailed to download FreeType"


def asked(calls: list[str], answer: str) -> nearest.Resolve:
    def resolve(name: str, bound: str) -> str:
        calls.append(f"{name} {bound}")
        return answer

    return resolve


def test_a_pin_without_a_wheel_gives_way_to_the_nearest_that_has_one() -> None:
    calls: list[str] = []
    after = nearest.changed(PLAN, OUTPUT, asked(calls, "matplotlib==3.5.0\n"))
    assert calls == ["matplotlib matplotlib>=3.3.4"]
    assert after is not None
    assert after.overrides == ("matplotlib==3.5.0",)
    assert "3.5.0" in after.notices[0]


def test_it_is_tried_once_for_each_package_and_only_where_there_is_one() -> None:
    bound = Plan("uv", build_bounds=(("matplotlib==3.3.4", "setuptools<58"),))
    freed = nearest.changed(bound, OUTPUT, asked([], "matplotlib==3.5.0\n"))
    assert freed is not None
    assert freed.build_bounds == ()
    once = nearest.changed(PLAN, OUTPUT, asked([], "matplotlib==3.5.0\n"))
    assert once is not None
    assert nearest.changed(once, OUTPUT, asked([], "matplotlib==3.6.0\n")) is None
    assert nearest.changed(PLAN, OUTPUT, asked([], "error: no solution found")) is None
    assert nearest.changed(PLAN, "error: something else", asked([], "")) is None


ABSENT = (
    "error: No solution found when resolving dependencies\n  cause: Because there is no version "
    "of granian[reload]==1.6.0 and you require\n granian[reload]==1.6.0, we can conclude"
)


def test_a_pin_that_the_index_does_not_have_gives_way_to_the_next_release() -> None:
    calls: list[str] = []
    after = nearest.found(PLAN, ABSENT, asked(calls, "granian==1.6.4\n"))
    assert calls == ["granian granian>=1.6.0"]
    assert after is not None
    assert after.overrides == ("granian==1.6.4",)
    assert "granian 1.6.0 is not on the index: granian==1.6.4" in after.notices[0]
    assert nearest.found(after, ABSENT, asked([], "granian==1.6.5\n")) is None
    assert nearest.found(PLAN, ABSENT, asked([], "")) is None
