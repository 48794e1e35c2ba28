"""A backup is worth what was read of it: restored to a server of its own, read, and deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nuages.steps.site import Restored
from nuages.steps.stage import Outputs, Stage
from nuages.steps.step import Request, Step
from nuages.steps.task import Task
from nuages.targets.cloud_run.day_two import backups, commands
from nuages.targets.cloud_run.day_two.leftovers import DRILL
from nuages.targets.cloud_run.places import Places
from nuages.targets.cloud_run.release import jobs

_SAME = ("tier", "edition", "dataDiskType", "databaseFlags", "ipConfiguration")


def drilled(places: Places, wanted: str, moment: str) -> Task[Restored]:
    """Restore into a server that lives as long as this takes; nothing of the site is touched."""
    name = f"{places.site}-{DRILL}-{moment}"

    def answer(outputs: Outputs) -> Restored:
        backup = backups.chosen(wanted, outputs)
        return Restored(backup, name, commands.answer(outputs))

    def environment(outputs: Outputs) -> dict[str, str]:
        old = outputs.get("infrastructure", "environment", "DB_HOST")
        old = old or outputs.text("infrastructure", "database", "host")
        return {"NUAGES_OLD_HOST": str(old), "NUAGES_NEW_HOST": _address(outputs)}

    stages = (
        *backups.every(places).stages,
        Stage("source", "Look at the server", lambda o: _look(places, wanted, o)),
        Stage("scratch", "Make a server for the drill", lambda o: [_scratch(places, name, o)]),
        Stage("restore", "Bring the backup back", lambda o: _bring(places, wanted, name, o)),
        Stage("address", "Where it is", lambda _: [_get(places, name, "drill")]),
        Stage("role", "Make the site's role there", lambda o: [_role(places, o)]),
        *backups.initialised(places),
        *backups.checked(places, environment),
    )
    return Task(stages, answer, after=(_gone(places, name),))


def _look(places: Places, wanted: str, outputs: Outputs) -> Sequence[Step]:
    backups.chosen(wanted, outputs)
    return [_get(places, backups.instance(outputs), "source")]


def _get(places: Places, name: str, output: str) -> Request:
    return backups.asked("The server", "instances.get", places, name, output=output)


def _scratch(places: Places, name: str, outputs: Outputs) -> Request:
    """As large and in the same network, alone and backed up by nobody."""
    source = outputs.mapping("source")
    settings: dict[str, Any] = source.get("settings", {})
    kept = {part: settings[part] for part in _SAME if part in settings}
    kept |= {"availabilityType": "ZONAL", "deletionProtectionEnabled": False}
    kept |= {"backupConfiguration": {"enabled": False}}
    if "dataDiskSizeGb" in settings:
        kept["dataDiskSizeGb"] = settings["dataDiskSizeGb"]
    body = {"name": name, "databaseVersion": source.get("databaseVersion"), "settings": kept}
    return Request(
        "Make a server for the drill",
        "sqladmin.v1",
        "instances.insert",
        {"project": places.project},
        {**body, "region": source.get("region", places.region)},
        output="scratch",
        patience=backups.HOUR,
    )


def _bring(places: Places, wanted: str, name: str, outputs: Outputs) -> Sequence[Step]:
    backup = backups.chosen(wanted, outputs)
    source = backups.instance(outputs)
    return [backups.restore(places, backup, source, name), backups.admin(places, name)]


def _address(outputs: Outputs) -> str:
    found: Sequence[Mapping[str, Any]] = outputs.mapping("drill").get("ipAddresses", ())
    private = (each for each in found if each.get("type") == "PRIVATE")
    return str(next(private, {}).get("ipAddress") or outputs.text("drill", "address"))


def _role(places: Places, outputs: Outputs) -> Step:
    env = [{"name": "DB_HOST", "value": _address(outputs)}]
    return jobs.start(places, backups.INIT, {"env": env})


def _gone(places: Places, name: str) -> Stage:
    def steps(outputs: Outputs) -> Sequence[Step]:
        if not outputs.get("source"):
            return []
        label = "Delete the server of the drill"
        return [backups.asked(label, "instances.delete", places, name, accept=(404,))]

    return Stage("gone", "Delete the server of the drill", steps)
