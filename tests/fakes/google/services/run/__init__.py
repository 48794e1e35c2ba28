"""run.v2: services, revisions, jobs, executions, worker pools."""

from fakes.google.services.run import executions, jobs, others, services, tasks, worker_pools

__all__ = ["executions", "jobs", "others", "services", "tasks", "worker_pools"]
