"""run.v2: the tasks of executions, of which each has one here."""

from __future__ import annotations

from fakes.google.calls import Call, Json, answers
from fakes.google.errors import not_found
from fakes.google.pages import page

AT = "projects.locations.jobs.executions.tasks."


@answers("run.v2", AT + "list")
def listed(call: Call) -> Json:
    name = call.world.normal(call.path["parent"])
    execution = call.world.resources.get("executions", name)
    if execution is None:
        raise not_found(call.path["parent"])
    return page("tasks", [_task(call, execution)], call.query)


def _task(call: Call, execution: Json) -> Json:
    ended = call.world.exit_codes.get(execution["name"])
    name = f"{execution['name']}/tasks/{execution['name'].rsplit('/', 1)[-1]}-task0"
    times = {key: execution[key] for key in ("startTime", "completionTime") if key in execution}
    last = {} if ended is None else {"lastAttemptResult": {"exitCode": ended}}
    return {"name": name, "execution": execution["name"], **times, **last}
