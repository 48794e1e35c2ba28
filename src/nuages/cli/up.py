"""``nuages up``"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from nuages.cli import site
from nuages.cli.options import environment_option, project_options
from nuages.cli.output import plain, print_json, stderr
from nuages.cli.progress import Progress
from nuages.cli.reading import Reading
from nuages.effects.signals import interrupting
from nuages.errors import ProofFailed
from nuages.local.engine import Engine, Request, Running
from nuages.local.engines import choose
from nuages.local.prober import prove
from nuages.local.proof import Proof
from nuages.project.facts import Variable


@click.command("up")
@project_options
@environment_option
@click.option(
    "--engine",
    type=click.Choice(["auto", "docker", "process"]),
    default="auto",
    show_default=True,
    help="Containers, or processes of this machine; auto: containers if an engine answers.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="Default: first free from 8000.")
@click.option("--replicas", type=click.IntRange(1, 64), help="How many servers share the load.")
@click.option("--env-file", type=click.Path(path_type=Path), help="Values for variables.")
@click.option("--tls", is_flag=True, help="Serve https with a local certificate, as production.")
@click.option("-d", "--detach", is_flag=True, help="Leave it running; `nuages down` stops it.")
@click.option("--prove", "only_prove", is_flag=True, help="Start, prove, stop: for CI.")
@click.option("--verbose", is_flag=True, help="Show what every step prints.")
@click.option("--json", "as_json", is_flag=True, help="Print the proof as JSON.")
def command(
    path: Path,
    directory: str | None,
    settings: str | None,
    environment: str,
    engine: str,
    port: int | None,
    replicas: int | None,
    env_file: Path | None,
    tls: bool,
    detach: bool,
    only_prove: bool,
    verbose: bool,
    as_json: bool,
) -> int:
    """Run the project here in production mode, and prove that it answers.

    Nothing is edited and nothing is written outside .nuages/, which git ignores. With a Docker
    engine: the image, PostgreSQL, Redis and nginx. Without: an environment of its own, an
    embedded PostgreSQL or SQLite, and the production server.

    \b
    Examples:
      nuages up
      nuages up backend --engine process --port 9000
      nuages up --env-file .env.production --detach
    """
    reading = Reading(path, directory, settings, environment)
    chosen = choose(engine)
    request = Request(
        root=reading.root.resolve(),
        project=reading.project,
        deployment=reading.deployment(private=True),
        listener=Progress(stderr, quiet=as_json, verbose=verbose),
        port=port,
        replicas=replicas,
        given=_values(env_file),
        environment=dict(os.environ),
        ask=_asker(as_json),
        detach=detach,
        tls=tls,
    )
    with interrupting():
        return _Session(chosen, request, as_json=as_json).run(stop=only_prove)


@dataclass(frozen=True)
class _Session:
    """One site from its start to its end."""

    engine: Engine
    request: Request
    as_json: bool

    def run(self, *, stop: bool) -> int:
        running = self.engine.start(self.request)
        stay = False
        try:
            proof = self._proof(running)
            with _ended_by_hand(proof.passed):
                self._tell(running, proof)
                if not proof.passed:
                    raise self._failure(running, proof)
                if stop:
                    return 0
                stay = self.request.detach
                return 0 if stay else self._serve(running)
            return 0
        finally:
            if not stay:
                self.engine.stop(self.request.root)

    def _proof(self, running: Running) -> Proof:
        with self.request.listener.step("Prove that it answers"):
            return prove(running, self.request.project, self.request.root)

    def _tell(self, running: Running, proof: Proof) -> None:
        if not self.as_json:
            site.show(running, proof)
        elif proof.passed:
            print_json(_told(running, proof))

    def _failure(self, running: Running, proof: Proof) -> ProofFailed:
        failed = ", ".join(check.name for check in proof.checks if not check.passed)
        return ProofFailed(
            f"The site started and did not pass: {failed}",
            hint=proof.advice,
            reason=proof.reason,
            told=_told(running, proof),
        )

    def _serve(self, running: Running) -> int:
        if not self.as_json:
            stderr.print("\nCtrl-C stops it.", style="dim")
        return self.engine.wait(running)


def _ended_by_hand(serves: bool) -> AbstractContextManager[object]:
    """Ctrl-C is how a site that serves is meant to end; before that it interrupts."""
    return suppress(KeyboardInterrupt) if serves else nullcontext()


def _told(running: Running, proof: Proof) -> dict[str, Any]:
    return {"running": site.document(running), "proof": plain(proof)}


def _values(env_file: Path | None) -> dict[str, str]:
    from nuages.local.env_file import read

    return {} if env_file is None else read(env_file)


def _asker(as_json: bool) -> Callable[[Variable], str] | None:
    if as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None

    def ask(variable: Variable) -> str:
        place = variable.reads[0] if variable.reads else "the settings"
        answer: str = click.prompt(
            f"{variable.name} (read at {place})", hide_input=variable.secret, err=True
        )
        return answer

    return ask
