"""Command lines of Docker: the image built, pushed, and asked for its digest.

Source: https://docs.docker.com/reference/cli/docker/.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PLATFORM = "linux/amd64"
"""What container platforms run, whatever this machine is."""
BUILDKIT = {"DOCKER_BUILDKIT": "1"}
"""Environment of a build: secret mounts need BuildKit."""

Argv = tuple[str, ...]


def build(
    tags: Iterable[str],
    *,
    context: str = ".",
    dockerfile: str = "",
    target: str = "",
    labels: Mapping[str, str] | None = None,
    build_args: Mapping[str, str] | None = None,
    secrets: Iterable[str] = (),
) -> Argv:
    """Build an image.

    ``build_args`` stay in the image's history and are not secret; ``secrets`` are names of
    variables of the program's environment, mounted for the instructions that ask for them.
    """
    return (
        *("docker", "build", f"--platform={PLATFORM}", "--progress=plain"),
        *(f"--tag={tag}" for tag in tags),
        *_if("--file", dockerfile),
        *_if("--target", target),
        *_pairs("--label", labels),
        *_pairs("--build-arg", build_args),
        *(f"--secret=id={name},env={name}" for name in secrets),
        context,
    )


def push(reference: str, *, config: str = "") -> Argv:
    """Push a tag; ``config`` is the folder that ``login`` wrote to."""
    return (*_docker(config), "push", reference)


def pull(reference: str, *, config: str = "") -> Argv:
    """Bring an image here."""
    return (*_docker(config), "pull", f"--platform={PLATFORM}", reference)


def run(image: str, argv: Iterable[str], *, variables: Iterable[str], terminal: bool) -> Argv:
    """Run a command in an image, with this machine's network, and remove the container.

    ``variables`` are names: their values come from the environment of the program.
    """
    return (
        *("docker", "run", "--rm", "--interactive", "--network=host"),
        *(("--tty",) if terminal else ()),
        *(f"--env={name}" for name in variables),
        image,
        *argv,
    )


def tag(source: str, name: str) -> Argv:
    """Give an image one more name."""
    return ("docker", "tag", source, name)


def repo_digests(reference: str) -> Argv:
    """Print, as a JSON list, under which ``name@sha256:…`` registries hold an image."""
    return ("docker", "image", "inspect", "--format={{json .RepoDigests}}", reference)


def login(registry: str, user: str, *, config: str) -> Argv:
    """Log in with the password that standard input gives.

    It is kept in the folder ``config`` and not beside the user's own.
    """
    return (*_docker(config), "login", f"--username={user}", "--password-stdin", registry)


def logout(registry: str, *, config: str) -> Argv:
    """Forget what ``login`` kept in the folder ``config``."""
    return (*_docker(config), "logout", registry)


def _docker(config: str) -> Argv:
    return ("docker", f"--config={config}") if config else ("docker",)


def _if(option: str, value: str) -> Argv:
    return (f"{option}={value}",) if value else ()


def _pairs(option: str, pairs: Mapping[str, str] | None) -> Argv:
    return tuple(f"{option}={name}={value}" for name, value in sorted((pairs or {}).items()))
