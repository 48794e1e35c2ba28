"""Command lines of Terraform, and of OpenTofu, which takes the same words.

Each runs in the folder of the configuration. A value that is secret is never a word: it is the
variable ``TF_VAR_name`` of the program's environment.
Source: https://developer.hashicorp.com/terraform/cli/commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

PROGRAMS = ("terraform", "tofu")
"""In the order in which they are looked for."""
CHANGES = 2
"""The status of ``plan -detailed-exitcode`` that succeeded and found something to do."""
UNATTENDED = {"TF_IN_AUTOMATION": "1", "CHECKPOINT_DISABLE": "1"}
"""Environment of every call: no advice on what to type next, no question to HashiCorp."""
_PLAIN = ("-input=false", "-no-color")
_LOCK = "60s"

Argv = tuple[str, ...]


def init(
    program: str, bucket: str | None = None, *, prefix: str = "", upgrade: bool = False
) -> Argv:
    """Bring the providers and open the state in ``bucket``; None: the backend is complete.

    ``prefix`` tells the states of a bucket apart; empty: as the configuration says.
    """
    backend: Argv = (f"-backend-config=bucket={bucket}",) if bucket else ()
    backend += (f"-backend-config=prefix={prefix}",) if prefix else ()
    newer = ("-upgrade",) if upgrade else ()
    return (program, "init", *_PLAIN, "-reconfigure", *backend, *newer)


def validate(program: str) -> Argv:
    """Ask for every fault of the configuration, as JSON."""
    return (program, "validate", "-json")


def plan(
    program: str,
    out: str,
    *,
    var_files: Iterable[str] = (),
    variables: Mapping[str, str] | None = None,
    destroy: bool = False,
    targets: Iterable[str] = (),
    lock_timeout: str | None = _LOCK,
) -> Argv:
    """Write what would change to the file ``out``; the status is ``CHANGES`` when there is any.

    ``variables`` are not secret. Without a ``lock_timeout`` somebody else may change the state
    meanwhile, which only matters to who applies the plan; without ``targets`` all is planned.
    """
    words = (program, "plan", *_PLAIN, f"-out={out}", "-detailed-exitcode")
    locking = _locking(lock_timeout) if lock_timeout else ("-lock=false",)
    mode = ("-destroy",) if destroy else ()
    some = tuple(f"-target={address}" for address in targets)
    return (*words, *locking, *mode, *some, *_values(var_files, variables))


def show(program: str, plan_file: str) -> Argv:
    """Print a plan as JSON. Values that are marked as sensitive stand in it."""
    return (program, "show", "-json", "-no-color", plan_file)


def apply(program: str, plan_file: str, *, lock_timeout: str = _LOCK) -> Argv:
    """Carry out exactly what a plan says; it is refused when the state has changed since."""
    return (program, "apply", *_PLAIN, *_locking(lock_timeout), plan_file)


def output(program: str) -> Argv:
    """Print the outputs as JSON."""
    return (program, "output", "-json", "-no-color")


def force_unlock(program: str, lock_id: str) -> Argv:
    """Take away the lock that a run left which died."""
    return (program, "force-unlock", "-force", lock_id)


def destroy(
    program: str,
    *,
    var_files: Iterable[str] = (),
    variables: Mapping[str, str] | None = None,
    lock_timeout: str = _LOCK,
) -> Argv:
    """Destroy everything, with no question asked."""
    words = (program, "destroy", *_PLAIN, "-auto-approve", *_locking(lock_timeout))
    return (*words, *_values(var_files, variables))


def forget(program: str, addresses: Iterable[str], *, lock_timeout: str = _LOCK) -> Argv:
    """Look after some objects no longer; they stay as they are."""
    return (program, "state", "rm", f"-lock-timeout={lock_timeout}", *addresses)


def managed(program: str, address: str) -> Argv:
    """Print the address where the state has the object, else nothing."""
    return (program, "state", "list", address)


def adopt(
    program: str,
    address: str,
    id: str,
    *,
    var_files: Iterable[str] = (),
    variables: Mapping[str, str] | None = None,
    lock_timeout: str = _LOCK,
) -> Argv:
    """Look after an object from now on that is there already."""
    words = (program, "import", *_PLAIN, *_locking(lock_timeout))
    return (*words, *_values(var_files, variables), address, id)


def version(program: str) -> Argv:
    """Print the program's version as JSON."""
    return (program, "version", "-json")


def _locking(seconds: str) -> Argv:
    return (f"-lock-timeout={seconds}",)


def _values(var_files: Iterable[str], variables: Mapping[str, str] | None) -> Argv:
    named = (f"-var={name}={value}" for name, value in sorted((variables or {}).items()))
    return (*(f"-var-file={name}" for name in var_files), *named)
