"""Every option of nuages.yaml that shapes the infrastructure, in few rows that hold all pairs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import combinations, product

DATABASES = {
    "postgresql": {"type": "postgresql"},
    "mysql": {"type": "mysql"},
    "none": {"type": "none"},
    "existing": {"type": "postgresql", "existing": "the-database"},
}
STORAGES = {
    "none": {"type": "none"},
    "private": {"type": "gcs"},
    "public": {"type": "gcs", "public": True},
}
STATIC = {"whitenoise": "whitenoise", "bucket": "bucket", "cdn": "bucket+cdn"}
SWITCHES = (
    *("standby", "flags", "socket", "replica", "mount", "cdn", "waf", "cpu_always_on", "idle"),
    *("schedules", "traces", "errors", "uptime", "alerts", "dashboard", "rotation", "budget"),
    *("perimeter", "labels", "vpc", "connector", "egress", "start_delay", "staging", "halves"),
    *("private", "rate", "large", "retries"),
)
AXES: Mapping[str, tuple[str, ...]] = {
    "database": tuple(DATABASES),
    "cache": ("none", "redis", "valkey"),
    "storage": tuple(STORAGES),
    "static": tuple(STATIC),
    "domain": ("none", "one", "two"),
    "ingress": ("all", "internal", "load-balancer"),
    "release": ("nobody", "deployer", "trigger"),
    "workers": ("none", "found"),
    **dict.fromkeys(SWITCHES, ("off", "on")),
}
Row = dict[str, str]
Choice = tuple[str, str]


def pairs(row: Mapping[str, str]) -> set[frozenset[Choice]]:
    return {frozenset(two) for two in combinations(row.items(), 2)}


def every_pair() -> set[frozenset[Choice]]:
    axes = combinations(AXES.items(), 2)
    return {frozenset({(a, x), (b, y)}) for (a, xs), (b, ys) in axes for x, y in product(xs, ys)}


def rows() -> Iterator[Row]:
    """Greedily: each row begins with a pair that none had, and takes in as many as it can."""
    left = every_pair()
    while left:
        row = dict(min(left, key=sorted))
        for axis, options in AXES.items():
            if axis not in row:
                new = {o: len(left & pairs({**row, axis: o})) for o in options}
                row[axis] = max(options, key=lambda option: new[option])
        left -= pairs(row)
        yield row


def yaml(row: Mapping[str, str]) -> str:
    """The nuages.yaml of a row; JSON is YAML."""

    def on(name: str) -> bool:
        return row[name] == "on"

    database = dict(DATABASES[row["database"]])
    if row["database"] != "none":
        database |= {"high_availability": on("standby"), "socket": on("socket")}
    if on("flags") and row["database"] == "postgresql":
        database["flags"] = {"log_statement": "none", "work_mem": "8192"}
    cache = {"type": row["cache"]}
    if row["cache"] != "none":
        cache |= {"high_availability": on("replica"), "size": "5gb" if on("large") else "1gb"}
    storage = dict(STORAGES[row["storage"]])
    if on("mount") and row["storage"] != "none":
        storage["mount"] = "/app/media"
    said = {
        "project_name": "my-site",
        "provider": "gcp",
        "deletion_protection": False,
        "deployment": _deployment(on("cpu_always_on"), on("start_delay"), on("idle")),
        "database": database,
        "cache": cache,
        "storage": storage,
        "static": STATIC[row["static"]],
        "ingress": row["ingress"],
        "cdn": on("cdn"),
        "waf": {"requests_per_minute": 600} if on("waf") and on("rate") else on("waf"),
        **({"access": "private", "callers": ["group:a@example.com"]} if on("private") else {}),
        "observability": {
            "traces": on("traces"),
            "error_reporting": on("errors"),
            # Nobody outside may ask what is closed: nuages.yaml refuses both together.
            "uptime_check": on("uptime") and not on("private") and row["ingress"] != "internal",
            "alerts": {"email": ["team@example.com"] if on("alerts") else []},
            "dashboard": on("dashboard"),
        },
        "network": _network(row),
        **_rest(row),
    }
    if row["workers"] == "none":
        said["services"] = {"worker": False, "beat": False}
    return json.dumps(said)


def _deployment(always: bool, delay: bool, idle: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "cpu_always_on": always,
        "scaling": {"min_instances": 0 if idle else 1, "max_instances": 4},
    }
    return found | ({"health_check": {"start_delay": "10s"}} if delay else {})


def _network(row: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {"connector": row["connector"] == "on"}
    if row["egress"] == "on":
        found["egress"] = "all"
    if row["perimeter"] == "on":
        found["perimeter"] = "accessPolicies/1/servicePerimeters/ours"
    if row["vpc"] == "on":
        return found | {"vpc": "ours", "subnets": ["ours"]}
    return found | {"range": "10.20.0.0/24"}


def _rest(row: Mapping[str, str]) -> dict[str, object]:
    domains = {"none": [], "one": ["a.example"], "two": ["a.example", "b.example"]}[row["domain"]]
    found: dict[str, object] = {}
    if domains:
        found |= {"domain": domains[0], "domain_aliases": domains[1:]}
    if row["release"] != "nobody":
        found[row["release"]] = {"repository": "jazz/my-site"}
    if row["schedules"] == "on":
        clear = {"cron": "0 3 * * *", "command": "clearsessions"}
        found["schedules"] = {"clear": {**clear, "retries": 2 if row["retries"] == "on" else 0}}
    if row["rotation"] == "on":
        found["secrets_rotation"] = "90d"
    if row["budget"] == "on":
        found["budget"] = {"amount": 50, "account": "000000-111111-222222"}
    if row["labels"] == "on":
        found["labels"] = {"team": "jazz"}
    if row["staging"] == "on":
        found["environments"] = {"staging": {}}
    return found
