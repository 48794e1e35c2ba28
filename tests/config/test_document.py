"""YAML text to nodes: what is read, where it stands, and what is refused."""

import pytest

from nuages.config.document import MOST_NODES, Entries, parse, plain, scalar
from nuages.errors import ConfigError
from nuages.text import Location


def read(text: str | bytes) -> object:
    return plain(parse(text, "nuages.yaml"))


def refusal(text: str | bytes) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        parse(text, "nuages.yaml")
    assert caught.value.location is not None
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("12", 12),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".inf", ".inf"),
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-01-02", "2026-01-02"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_unquoted_text_means_what_yaml_1_2_says(text: str, value: object) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_versions_and_variables_stay_as_they_were_written() -> None:
    text = "database:\n  version: 3.10\nenv_vars:\n  A: True\n  B: 007\n  C:\nport: 007\n"
    assert read(text) == {
        "database": {"version": "3.10"},
        "env_vars": {"A": "True", "B": "007", "C": None},
        "port": 7,
    }


def test_nodes_know_their_place() -> None:
    root = parse("a: 1\nb:\n  - x\n  - yy: 2\n", "nuages.yaml")
    assert isinstance(root, Entries)
    assert root.entries["b"].location == Location("nuages.yaml", 2, 1)
    assert root.entries["b"].node.location == Location("nuages.yaml", 3, 3)


def test_anchors_and_merge_keys() -> None:
    text = "x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\nz:\n  <<: [*x, {c: 4, a: 9}]\n"
    assert read(text) == {
        "x": {"a": 1, "b": 2},
        "y": {"a": 1, "b": 3},
        "z": {"a": 9, "b": 2, "c": 4} | {"a": 1},
    }


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert read(b"\xef\xbb\xbfa: 1") == {"a": 1}


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "1:1", "is empty"),
        ("# only a comment\n", "1:1", "is empty"),
        ("---\n", "1:1", "is empty"),
        ("a: 1\n---\nb: 2\n", "2:1", "several documents"),
        ("a: 1\nb: 2\na: 3\n", "3:1", "'a' stands twice"),
        ("a:\n  b: [1, 2\n", "3:1", "is not YAML"),
        ("a:\n\tb: 1\n", "2:1", "a tab"),
        ("a: b: c\n", "1:5", "mapping values are not allowed"),
        ("a: @x\n", "1:4", "is not YAML"),
        ("a: 'x\n", "2:1", "is not YAML"),
        ("a: *nobody\n", "1:4", "an anchor that does not exist"),
        ("a: &a [*a]\n", "1:8", "refers to itself"),
        ("a: &a {b: {c: *a}}\n", "1:15", "refers to itself"),
        ("a: !!python/object/apply:os.system [ls]\n", "1:4", "has a tag"),
        ("a: !secret x\n", "1:4", "has a tag"),
        ("? [a]\n: 1\n", "1:3", "a key should be plain text"),
        ("a:\n  <<: 3\n", "2:3", "<< should name a mapping"),
        ("a: x\0y\n", "1:5", "unprintable character U+0000"),
        ('a: "x\\0y"\n', "1:4", "unprintable character U+0000"),
        ('a: "\\ud800"\n', "1:4", "unprintable character U+D800"),
        ("a: \x1b[31m\n", "1:4", "unprintable character U+001B"),
        (b"ok: 1\nname: caf\xe9\n", "2:10", "is not UTF-8"),
        ("a: 1\n".encode("utf-16"), "1:1", "is not UTF-8"),
        ('"\\UFFFFFFFF"', "1:1", "is not YAML"),
        ("%YAML 1.x\n---\na: 1\n", "1:9", "is not YAML"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    text: str | bytes, where: str, message: str
) -> None:
    error = refusal(text)
    assert str(error.location) == f"nuages.yaml:{where}"
    assert message in error.message


def test_a_tab_is_explained() -> None:
    assert refusal("a:\n\tb: 1\n").hint == "indent with spaces only"


def test_an_alias_bomb_is_counted_and_not_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    error = refusal("\n".join(lines))
    assert error.message == f"holds more than {MOST_NODES} values"
    assert error.location is not None
    assert error.location.line == 5


def test_merge_keys_cannot_make_a_bomb_either() -> None:
    row = ", ".join(f"k{n}: {n}" for n in range(100))
    lines = [f"m0: &m0 {{{row}}}"]
    lines += [f"m{n}: &m{n} {{a{n}: *m{n - 1}, b{n}: *m{n - 1}}}" for n in range(1, 20)]
    assert "holds more than" in refusal("\n".join(lines)).message


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_nesting_ends(opening: str) -> None:
    assert "nested deeper" in refusal(opening * 20_000).message


def test_a_block_that_is_nested_too_deep_ends() -> None:
    text = "\n".join(" " * n + f"k{n}:" for n in range(400))
    assert "nested deeper than" in refusal(text).message


def test_a_file_has_a_largest_size() -> None:
    assert "is larger than" in refusal("a: " + "x" * 200_000).message
