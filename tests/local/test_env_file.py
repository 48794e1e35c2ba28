from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nuages.errors import UsageError
from nuages.local import env_file
from nuages.text import Location


def test_reads_what_people_write() -> None:
    found = env_file.parse(
        "# comment\n\nA=1\n"
        "export B = two words # why\nC='#not a comment'\nD=\"x\\ny\"\nE=\nF=a#b\n",
        ".env",
    )
    assert found == {
        "A": "1",
        "B": "two words",
        "C": "#not a comment",
        "D": "x\ny",
        "E": "",
        "F": "a#b",
    }


def test_names_the_line_that_is_wrong() -> None:
    with pytest.raises(UsageError, match=r"\.env:2 is not NAME=value") as raised:
        env_file.parse("A=1\nnonsense\n", ".env")
    assert raised.value.location is not None
    assert raised.value.location.line == 2


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z_][A-Z0-9_]{0,8}", fullmatch=True),
        st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"))),
    )
)
def test_what_is_written_is_read_back(values: dict[str, str]) -> None:
    assert env_file.parse(env_file.text(values), "f") == values


def test_examples_say_what_is_no_placeholder(tmp_path: Path) -> None:
    (tmp_path / ".env.example").write_text("A=1\nB=<your key>\nC=changeme\nD=\n")
    (tmp_path / ".env").write_text("E=5\n")
    (tmp_path / "sample.env.broken").write_text("no line of this kind\n")
    assert env_file.examples(tmp_path) == {"A": "1"}
    assert env_file.examples(tmp_path / "absent") == {}


@pytest.mark.parametrize(
    ("made", "says", "hint"),
    [
        ("nothing", "is not there", "beside it there is .env.example"),
        ("folder", "is a folder", "Name the file in it"),
        ("bytes", "cannot be read as text", "in UTF-8"),
    ],
)
def test_a_named_file_that_cannot_be_read_says_why(
    tmp_path: Path, made: str, says: str, hint: str
) -> None:
    (tmp_path / ".env.example").touch()
    path = tmp_path / ".env.production"
    if made == "folder":
        path.mkdir()
    if made == "bytes":
        path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError) as raised:
        env_file.read(path)
    assert says in raised.value.message
    assert hint in raised.value.hint
    assert raised.value.location == Location(str(path))


def test_the_file_that_a_log_ends_for_want_of() -> None:
    absent = "FileNotFoundError: [Errno 2] No such file or directory: '/copy/conf/.env.prod'"
    assert env_file.asked_for(absent, "/copy") == "conf/.env.prod"
    assert env_file.asked_for(absent.replace(".env.prod", "keys.json"), "/copy") == ""
    assert env_file.asked_for(absent, "/elsewhere") == ""
    folder = 'File "/env/dotenv.py", line 57, in read_dotenv\n    with open(dotenv) as f:\n'
    folder += "IsADirectoryError: [Errno 21] Is a directory: '/copy/site'"
    assert env_file.asked_for(folder, "/copy") == "site/.env"
    assert env_file.asked_for(folder, "/copy/site") == ".env"
    assert env_file.asked_for(folder.replace("dotenv.py", "site.py"), "/copy") == ""
