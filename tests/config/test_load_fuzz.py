"""Whatever is in the file: a checked configuration, or one clear error with its place."""

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nuages.config.document import LARGEST_FILE
from nuages.config.load import load
from nuages.config.schema import Config, Manifest
from nuages.config.validation import known_keys
from nuages.errors import ConfigError

REFERENCE = files("nuages.config").joinpath("reference.yaml").read_text("utf-8")
SEED = Path(__file__).with_name("infera.yaml").read_text("utf-8")
WORDS = sorted({part for path in known_keys() for part in path.split("/")} - {"*"})

_INDICATORS = tuple("\t\n{}[]&*!|>'\"#@`=,:-?\0\ufeff\x85\u2028é")
_PIECES = ("  ", ": ", "- ", "&a ", "*a", "<<: *a", "!!x ", "---\n", "...\n", "%YAML 1.1\n", "\t ")
_ODD = ("null", "~", "true", "yes", "1e999", ".nan", "-1", "9" * 30, "2Gi", "30s", "0o17", "12:30")
_TRAPS = ('"\\ud800"', '"\\UFFFFFFFF"', "&a [*a]", "x-a: &a {b: *a}")
_snippets = st.sampled_from((*_INDICATORS, *_PIECES, *_ODD, *_TRAPS))
_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**20).map(str)
    | st.sampled_from(["2Gi", "30s", "gcp", "postgresql", "small", "0 3 * * *", "a.b:c", "/x", "A"])
    | st.text(st.characters(codec="utf-8"), max_size=12)
)


def _flow(value: object) -> str:
    """A value in YAML's flow style, its text quoted or bare."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flow(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return {None: "null", True: "true", False: "false"}.get(value, str(value))  # type: ignore[call-overload]


_keys = st.sampled_from(WORDS) | st.text("abcA_-1", min_size=1, max_size=6)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(_keys, _values, max_size=6).map(
    lambda data: "\n".join(f"{key}: {_flow(value)}" for key, value in data.items())
)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """A valid file after a few cuts, insertions, doubled lines and swapped words."""
    text = draw(st.sampled_from([REFERENCE, SEED]))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        kind = draw(st.sampled_from(["cut", "insert", "word", "line", "key"]))
        if kind == "cut":
            text = text[:start] + text[start + draw(st.integers(1, 40)) :]
        elif kind == "insert":
            text = text[:start] + draw(_snippets) + text[start:]
        elif kind == "line":
            end = text.find("\n", start) + 1
            text = text[:end] + text[start:end] + text[end:]
        else:
            new = draw(st.sampled_from(WORDS) if kind == "key" else _scalars.map(str))
            head, _, tail = text[start:].partition(" ")
            text = text[:start] + new + " " + tail if head else text + new
    return text


def outcome(text: str | bytes) -> Config | ConfigError:
    try:
        return load(text, "nuages.yaml")
    except ConfigError as error:
        return error


def check(text: str | bytes) -> None:
    found = outcome(text)
    if isinstance(found, Config):
        assert isinstance(found.manifest(), Manifest)
        return
    place = found.location
    assert place is not None
    assert place.path == "nuages.yaml"
    assert place.column >= 1
    source = text if isinstance(text, str) else text.decode("utf-8", "replace")
    # \r, NEL and the two Unicode separators end a line in YAML as \n does.
    assert 1 <= place.line <= sum(source.count(mark) for mark in "\n\r\x85\u2028\u2029") + 2
    assert 0 < len(found.message) < 1000


anything = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200),
    st.lists(_snippets | st.sampled_from(WORDS), max_size=30).map("".join),
    documents,
    mutations(),
)
_relaxed = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=300, suppress_health_check=_relaxed)
@given(anything)
def test_always_a_configuration_or_an_error_with_its_place(text: str | bytes) -> None:
    check(text)


@pytest.mark.slow
@settings(max_examples=3000, suppress_health_check=_relaxed)
@given(anything)
def test_thousands_of_files(text: str | bytes) -> None:
    check(text)


@pytest.mark.slow
@settings(max_examples=2000, suppress_health_check=_relaxed)
@given(mutations())
def test_thousands_of_valid_files_made_worse(text: str) -> None:
    check(text)


@pytest.mark.parametrize("text", [REFERENCE, SEED], ids=["reference", "seed"])
def test_every_beginning_of_a_valid_file(text: str) -> None:
    for end in range(0, len(text), 97):
        check(text[:end])


def _bombs() -> list[str]:
    row = ", ".join(["*a"] * 9)
    laughs = "x-a: &a [1]\n" + "".join(f"x-{n}: &a [{row}]\n" for n in range(12))
    wide = "x-a: &a {" + ", ".join(f"k{n}: 1" for n in range(2000)) + "}\n"
    overlays = "environments:\n" + "".join(f"  e{n}: *a\n" for n in range(15))
    return [
        laughs,
        wide + overlays,
        wide + "".join(f"x-{n}: {{<<: *a}}\n" for n in range(200)),
        "[" * LARGEST_FILE,
        "a: " * 30_000,
        "- " * 40_000,
        "? " * 40_000,
        "\n".join(f"k{n}: 1" for n in range(9000)),
        "k: |\n" + "  x\n" * 20_000,
        "&a " * 30_000,
        "!" * 90_000,
        "#" * 90_000,
        "'" + "''" * 40_000,
        '"' + "\\n" * 40_000,
        "a: [" + "*a, " * 20_000,
        "env_vars: {" + ", ".join(f"A{n}: x" for n in range(3000)) + "}",
        "services: {" + ", ".join(f"s{n}: {{command: 1}}" for n in range(2000)) + "}",
    ]


@pytest.mark.parametrize("text", _bombs(), ids=lambda text: text[:12].replace("\n", " "))
def test_a_file_made_to_hurt_ends_in_an_answer(text: str) -> None:
    check(text)
