from __future__ import annotations

from pathlib import Path

from fakes.google import GoogleWorld

from nuages.errors import InputNeeded, UsageError

PLANTED = "sk_live_planted"


def stored(world: GoogleWorld) -> list[str]:
    """Every value of every secret, as the fake keeps them."""
    return [
        path.read_text("utf-8")
        for path in world.folder.rglob("*")
        if path.is_file() and path.stat().st_size < 500 and PLANTED in path.read_text("utf-8")
    ]


def test_what_was_never_given_is_named(nuages) -> None:
    said = nuages("secrets", "list")
    assert said.status == 0
    assert "No value yet: STRIPE_SECRET_KEY" in said.out


def test_a_value_comes_from_standard_input_and_is_shown_nowhere(nuages, world: GoogleWorld) -> None:
    said = nuages("secrets", "set", "STRIPE_SECRET_KEY", stdin=f"{PLANTED}\n")
    assert (said.status, PLANTED in said.out + said.err) == (0, False)
    assert stored(world) == [PLANTED]

    listed = nuages("secrets", "list", "--json")
    found = {each["name"]: each for each in listed.json["secrets"]}
    assert found["STRIPE_SECRET_KEY"]["version"] == "1"
    assert "web" in found["STRIPE_SECRET_KEY"]["readers"]
    assert found["DB_ADMIN_PASSWORD"]["readers"] == ["db-init"]
    assert PLANTED not in listed.out


def test_the_value_before_stays_and_older_ones_go(nuages) -> None:
    for number in range(3):
        said = nuages("secrets", "set", "STRIPE_SECRET_KEY", "--json", stdin=f"{PLANTED}{number}")
    (given,) = said.json["given"]
    assert given == {"name": "STRIPE_SECRET_KEY", "version": "3", "disabled": ["1"], "taken": False}
    said = nuages("secrets", "set", "STRIPE_SECRET_KEY", "--json", stdin=PLANTED)
    assert said.json["given"][0]["disabled"] == ["2"]


def test_a_file_gives_only_what_somebody_has_to_know(
    nuages, world: GoogleWorld, tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_text(
        f"DEBUG=on\nDJANGO_SECRET_KEY={PLANTED}dev\nSTRIPE_SECRET_KEY='{PLANTED}'\nDB_PASSWORD=\n"
    )
    said = nuages("secrets", "set", "--from", str(path), "--json")
    assert [each["name"] for each in said.json["given"]] == ["STRIPE_SECRET_KEY"]
    assert stored(world) == [PLANTED]
    for ignored in ("DEBUG", "DJANGO_SECRET_KEY", "DB_PASSWORD"):
        assert f"{ignored}: ignored" in said.err
    assert PLANTED not in said.out + said.err


def test_a_value_that_is_made_up_is_taken_when_it_is_named(nuages, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(f"DJANGO_SECRET_KEY={PLANTED}\nSTRIPE_SECRET_KEY=x\n")
    said = nuages("secrets", "set", "DJANGO_SECRET_KEY", "--from", str(path), "--json")
    assert [each["name"] for each in said.json["given"]] == ["DJANGO_SECRET_KEY"]


def test_nothing_is_no_value(nuages) -> None:
    assert nuages("secrets", "set", "STRIPE_SECRET_KEY").status == InputNeeded.exit_code
    assert nuages("secrets", "set").status == UsageError.exit_code


def test_a_misspelt_secret_is_answered_with_the_right_one(nuages) -> None:
    said = nuages("secrets", "set", "STRIPE_KEY", stdin=PLANTED)
    assert said.status == UsageError.exit_code
    assert "Did you mean STRIPE_SECRET_KEY" in said.err


def test_what_others_make_up_is_not_rotated(nuages) -> None:
    for name in ("STRIPE_SECRET_KEY", "DJANGO_SUPERUSER_PASSWORD"):
        assert nuages("secrets", "rotate", name).status == UsageError.exit_code


def test_a_key_is_renewed(nuages) -> None:
    said = nuages("secrets", "rotate", "DJANGO_SECRET_KEY", "--json")
    assert said.json["given"][0]["version"] == "1"
    said = nuages("secrets", "rotate", "DJANGO_SECRET_KEY", "--json")
    assert said.json["given"][0]["version"] == "2"
