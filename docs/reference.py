"""Write the reference pages from the code: ``python docs/reference.py``; a test compares."""

from __future__ import annotations

import inspect
from pathlib import Path

import click

from nuages import errors
from nuages.artifacts.variables import VARIABLES
from nuages.checks import explanation
from nuages.cli.app import VERBS, app
from nuages.local.known_causes import TABLE

FOLDER = Path(__file__).parent / "reference"
NOTE = "<!-- Written by docs/reference.py from the code; edit the code. -->\n\n"


def pages() -> dict[str, str]:
    """Every generated page by its file name."""
    return {
        "commands.md": NOTE + commands(),
        "nuages-yaml.md": NOTE + configuration(),
        "errors.md": NOTE + error_classes(),
        "variables.md": NOTE + variables(),
        **{f"rules/{name}": NOTE + text for name, text in explanation.pages().items()},
    }


def commands() -> str:
    """One section per verb: what it does, how it is used, its options."""
    context = click.Context(app, info_name="nuages", **app.context_settings)
    parts = ["# Commands\n"]
    for verb in VERBS:
        command = app.get_command(context, verb)
        if command is None:
            raise LookupError(verb)
        parts.append(f"## nuages {verb}\n\n{VERBS[verb]}\n\n{_usage(command, verb, context)}")
        for name, each in getattr(command, "commands", {}).items():
            inner = click.Context(command, parent=context, info_name=verb)
            parts.append(f"### nuages {verb} {name}\n\n{_usage(each, name, inner)}")
    return "\n".join(parts)


def _usage(command: click.Command, name: str, parent: click.Context) -> str:
    context = click.Context(command, parent=parent, info_name=name, terminal_width=88)
    return f"```text\n{command.get_help(context)}\n```\n"


def configuration() -> str:
    """The commented reference file, as it is shipped."""
    text = (Path(inspect.getfile(errors)).parent / "config" / "reference.yaml").read_text("utf-8")
    return (
        "# nuages.yaml\n\nEvery key, with what it means and what it is when it is left out. "
        "An `infera.yaml` is read as well.\n\n```yaml\n" + text + "```\n"
    )


def variables() -> str:
    """What generated settings and containers read from the environment."""
    parts = [
        "# Variables\n\nWhat the generated settings and containers read, besides what your own "
        "settings read (`nuages contract`). An empty variable is as good as an unset one; of "
        "several names in one row the first with a value counts.\n"
    ]
    for group, rows in VARIABLES.items():
        parts.append(f"## {group}\n\n| variable | meaning |\n| --- | --- |")
        for keys, meaning in rows.items():
            quoted = ", ".join(f"`{name.strip()}`" for name in keys.split(","))
            parts.append(f"| {quoted} | {meaning} |")
        parts.append("")
    return "\n".join(parts)


def error_classes() -> str:
    """Exit codes and reasons, by class of error."""
    rows = ["| exit code | class | reason | meaning |", "| --- | --- | --- | --- |"]
    rows.append("| 0 | | | all is well |")
    classes = [errors.NuagesError, *errors.NuagesError.__subclasses__()]
    for kind in sorted(classes, key=lambda kind: kind.exit_code):
        summary = (inspect.getdoc(kind) or "").splitlines()[0]
        rows.append(
            f"| {kind.exit_code} | `{kind.__name__}` | `{kind.default_reason}` | {summary} |"
        )
    rows.append(f"| {errors.INTERRUPTED} | | | Ctrl-C |")
    return (
        "# Errors and exit codes\n\nEvery error says what is wrong, where (`file:line:column`) and "
        "what to do. With `--json` it is an object with `reason`, `message`, `hint`, `location`, "
        "`detail` and `exit_code`.\n\n" + "\n".join(rows) + "\n\n" + causes()
    )


def causes() -> str:
    """What a failed step's log is recognised by."""
    rows = ["## Causes that a log shows\n"]
    rows += ["| reason | what it means | what to do |", "| --- | --- | --- |"]
    for entry in TABLE:
        words = entry.explanation.format(subject="…"), entry.remedy.format(subject="…")
        rows.append(f"| `{entry.code}` | {words[0]} | {words[1]} |".replace("\n", " "))
    return "\n".join(rows) + "\n"


def write() -> None:
    """Write every page, and remove the page of a rule that is gone."""
    (FOLDER / "rules").mkdir(exist_ok=True)
    for page in (FOLDER / "rules").glob("*.md"):
        page.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
