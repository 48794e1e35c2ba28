"""The ``nuages`` command: its verbs, and the one place where errors become exit codes."""

from __future__ import annotations

import importlib
from typing import Any

import click

from nuages import __version__
from nuages.errors import INTERRUPTED, NuagesError, UsageError

VERBS = {
    "new": "Make a new Django project that deploys with nothing to fill in.",
    "init": "Read a Django project, say what was found and why, write nuages.yaml.",
    "contract": "List every environment variable that the project reads.",
    "check": "Find what would break, leak or cost in production, before it is deployed.",
    "render": "Write the Dockerfile, compose.yaml, nginx.conf and cloud settings.",
    "up": "Run the project here in production mode, and prove that it answers.",
    "down": "Stop what `nuages up --detach` started.",
    "plan": "Say what a deployment would make, change and destroy, before it does.",
    "deploy": "Release the project: build, migrate once, ask the new revision, send people there.",
    "rollback": "Send everybody back to an earlier release.",
    "secrets": "List, give and renew what is kept secret.",
    "run": "Run a command once beside the released site: its image, secrets and database.",
    "shell": "Open Django's shell in the released image, on the site's database.",
    "logs": "Show what the site's processes have printed.",
    "db": "Back the database up, bring it back, try a backup, and get into it.",
    "destroy": "Take a site down, and say what stays: the last backup, uploads, secrets.",
    "status": "Say what serves, what is left over, and what was begun and not finished.",
    "cost": "Say what a month costs, line by line, and what would cost less.",
    "schema": "Print the JSON Schema of nuages.yaml, for editors.",
}


class LazyGroup(click.Group):
    """A group that imports a verb's module only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"nuages.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise UsageError(f"There is no verb {args[0]!r}.", hint=_suggestion(args[0]))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))


def _suggestion(verb: str) -> str:
    import difflib

    close = difflib.get_close_matches(verb, VERBS, n=1)
    return f"Did you mean `nuages {close[0]}`?" if close else "`nuages --help` lists the verbs."


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with `nuages up` in the folder of a Django project: it writes nothing outside "
    ".nuages/.",
)
@click.version_option(__version__, "-V", "--version", message="nuages %(version)s")
def app() -> None:
    """Take any Django project from manage.py to production on containers."""


def run(argv: list[str], *, remember: bool = False) -> int:
    """Carry out a command line and return its exit code; never raise, never show a traceback.

    With ``remember`` a verb may keep its answer for the next time (``cli/unchanged.py``).
    """
    from nuages.cli import failure

    as_json = "--json" in argv
    try:
        result: Any = app.main(
            argv, prog_name="nuages", standalone_mode=False, obj=argv if remember else None
        )
    except NuagesError as error:
        return failure.explain(error, as_json=as_json)
    except click.ClickException as error:
        return failure.explain(_usage(error), as_json=as_json)
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        return failure.broken_pipe()
    except Exception as error:
        return failure.report_bug(error)
    return result if isinstance(result, int) else 0


def _usage(error: click.ClickException) -> UsageError:
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "nuages"
    return UsageError(error.format_message(), hint=f"`{where} --help` shows how it is used.")
