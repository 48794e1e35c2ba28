"""Commands of shell scripts, and the conditions that they stand under."""

from __future__ import annotations

import pytest

from nuages.checks.sources.lines import Lines
from nuages.checks.sources.shell import Command, commands
from nuages.text import Location


def read(text: str) -> list[Command]:
    return list(commands((line.text, line.location) for line in Lines("x.sh", text).lines))


def one(line: str) -> Command:
    (command,) = commands([(line, Location("x.sh", 1))])
    return command


@pytest.mark.parametrize(
    ("line", "program", "management"),
    [
        ("python manage.py migrate --noinput", "manage.py", "migrate"),
        ("exec /venv/bin/python3.13 -u manage.py migrate", "manage.py", "migrate"),
        ("python -m django migrate", "django", "migrate"),
        ("DEBUG=1 django-admin --settings=x.y migrate", "django-admin", "migrate"),
        ("poetry run python manage.py migrate", "manage.py", "migrate"),
        ("uv run manage.py migrate", "manage.py", "migrate"),
        ("gosu app gunicorn x.wsgi", "gunicorn", ""),
        ("newrelic-admin run-program gunicorn x.wsgi", "gunicorn", ""),
        ("opentelemetry-instrument gunicorn x.wsgi", "gunicorn", ""),
        ("tini -- gunicorn x.wsgi", "gunicorn", ""),
        ("python -m gunicorn x.wsgi", "gunicorn", ""),
        ('exec "$@"', "$@", ""),
        ("echo migrate", "echo", ""),
    ],
)
def test_what_is_started(line: str, program: str, management: str) -> None:
    assert (one(line).program, one(line).management) == (program, management)


def test_a_line_of_several_commands_respects_quotes() -> None:
    found = read('echo "a && b; c" && d $(e; f) | g || h & i\n')
    assert [c.text for c in found] == ['echo "a && b; c"', "d $(e; f)", "g", "h", "i"]


def test_a_comment_at_the_end_is_none() -> None:
    assert [c.text for c in read("a && b # c && d\n")] == ["a", "b"]


def test_redirections_do_not_part_commands() -> None:
    assert [c.text for c in read("a 2>&1 && b &> log\n")] == ["a 2>&1", "b &> log"]


def test_the_command_of_a_shell_is_read() -> None:
    found = read("exec sh -c 'a && exec b'\n")
    assert [(c.text, c.replaces) for c in found] == [("a", False), ("exec b", True)]


def test_conditions_are_kept_as_they_are_written() -> None:
    text = (
        'if [ "$A" = 1 ]; then\n  a\nelif b\nthen c\nelse\n  d\nfi\n'
        '[ -n "$E" ] && e\ncase "$F" in\n  x | y) f ;;\n  *)\n    g\n    ;;\nesac\nh\n'
    )
    assert [(c.text, c.guards) for c in read(text)] == [
        ("a", ('if [ "$A" = 1 ]',)),
        ("c", ("elif b",)),
        ("d", ("not elif b",)),
        ("e", ('if [ -n "$E" ]',)),
        ("f", ('case "$F" in',)),
        ("g", ('case "$F" in',)),
        ("h", ()),
    ]


def test_loops_are_conditions() -> None:
    (sleep,) = read("until pg_isready; do\n  sleep 1\ndone\n")
    assert (sleep.text, sleep.guards) == ("sleep 1", ("until pg_isready",))


def test_a_function_counts_where_it_is_called() -> None:
    text = "a() {\n  one\n}\nfunction b {\n  two\n}\nb\n"
    assert [c.text for c in read(text)] == ["two", "b"]


def test_a_here_document_is_no_command() -> None:
    assert [c.text for c in read("cat <<EOF\nmigrate\nEOF\nx\n")] == ["cat <<EOF", "x"]


def test_an_ignored_failure_is_marked() -> None:
    assert [c.ignored for c in read("a || true\nb || exit 1\n") if c.text in "ab"] == [True, False]


@pytest.mark.parametrize(
    "text", ["if\n", "fi\ndone\n}", "then", "case", "x() {", "'", "$(", "|| &&"]
)
def test_nonsense_does_not_raise(text: str) -> None:
    read(text)
