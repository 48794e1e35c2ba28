"""Whole projects as ``nuages render`` leaves them: the starter, and the seed's configuration."""

from __future__ import annotations

from pathlib import Path

from nuages.cli.app import run
from nuages.starter.create import create

INFERA = Path(__file__).parents[2] / "config" / "infera.yaml"
FULL = """\
project_name: blue-note
provider: gcp
profile: high-availability
domain: www.example.com
domain_aliases: [example.com]
database: {type: postgresql, extensions: [pg_trgm], flags: {work_mem: 8192}}
cache: {type: redis}
storage: {type: gcs, mount: /app/media}
static: bucket+cdn
waf: true
services: {worker: {command: celery -A config worker}}
schedules: {clear: {cron: "0 3 * * *", command: clearsessions}}
network: {egress: all, perimeter: accessPolicies/1/servicePerimeters/ours}
observability:
  {traces: true, error_reporting: true, uptime_check: true, dashboard: true,
   alerts: {email: [team@example.com]}}
secrets_rotation: 90d
budget: {amount: 50, account: 000000-111111-222222}
deployer: {repository: jazz/blue-note, repository_id: "192030405"}
trigger: {repository: projects/p/locations/l/connections/c/repositories/r}
"""
SITES = ("starter", "infera", "full")


def rendered(name: str, root: Path) -> Path:
    """The starter with one of the three configurations, and everything that render writes."""
    create("blue-note", root)
    own = root / "nuages.yaml"
    if name == "starter":
        own.write_text(f"{own.read_text('utf-8')}\nprovider: gcp\n", "utf-8")
    elif name == "infera":
        own.unlink()
        (root / "infera.yaml").write_text(INFERA.read_text("utf-8"), "utf-8")
    else:
        own.write_text(FULL, "utf-8")
    assert run(["render", "--force", str(root)]) == 0
    return root
