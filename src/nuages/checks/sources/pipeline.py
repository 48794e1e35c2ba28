"""Pipelines of GitHub and GitLab as jobs with steps.

The formats: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
and https://docs.gitlab.com/ci/yaml/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from nuages.checks.sources.yaml_file import Yaml
from nuages.text import Location

_RESERVED = frozenset(
    {"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"}
    | {"before_script", "after_script", "pages"}
)
_STAGES = (".pre", "build", "test", "deploy", ".post")


@dataclass(frozen=True)
class Step:
    """One thing that a job does: a command, or an action of somebody's."""

    run: str
    uses: str
    yaml: Yaml
    location: Location

    def option(self, name: str) -> Yaml | None:
        """What is given to the action under ``with``."""
        return self.yaml.get("with", name)


@dataclass(frozen=True)
class Job:
    """One job, in the words of GitHub."""

    name: str
    yaml: Yaml
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    """The jobs before it, as far as they are named; of GitLab all of the stages before its own."""
    location: Location

    @property
    def text(self) -> str:
        """Every command of it."""
        return "\n".join(step.run for step in self.steps)

    @property
    def condition(self) -> str:
        """``if``, or what GitLab's ``only`` and ``rules`` say, as one line."""
        found = [self.yaml.get(key) for key in ("if", "rules", "only", "except", "when")]
        return " ".join(str(each.value) for each in found if each)

    @cached_property
    def environment(self) -> Mapping[str, tuple[str, Location]]:
        """The variables of the job that are written out."""
        found = {}
        for key in ("env", "variables"):
            pairs = self.yaml.get(key)
            for name, value in pairs.items() if pairs else ():
                found[name] = (value.text, value.location)
        return found


@dataclass(frozen=True)
class Pipeline:
    """A workflow of GitHub, or GitLab's pipeline."""

    path: str
    yaml: Yaml
    gitlab: bool

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs in their order."""
        return tuple(self._gitlab() if self.gitlab else self._github())

    def job(self, name: str) -> Job | None:
        """The job of that name."""
        return next((job for job in self.jobs if job.name == name), None)

    def before(self, job: Job) -> tuple[Job, ...]:
        """Every job that has to succeed before this one begins."""
        found: dict[str, Job] = {}
        todo = list(job.needs)
        while todo:
            name = todo.pop()
            needed = self.job(name)
            if needed and name not in found:
                found[name] = needed
                todo += needed.needs
        return tuple(found.values())

    @property
    def triggers(self) -> Mapping[str, Yaml | None]:
        """The events of ``on``, each with what is said about it."""
        found = self.yaml.get("on")
        if found is None:
            return {}
        listed = {item.text: None for item in found.list()}
        return {**dict(found.items()), **listed} or {found.text: None}

    def _github(self) -> Iterator[Job]:
        jobs = self.yaml.get("jobs")
        for name, job in jobs.items() if jobs else ():
            needs = job.get("needs")
            listed = [item.text for item in needs.list()] if needs else []
            names = listed or ([needs.text] if needs and needs.text else [])
            where = self.yaml.at("jobs", name)
            yield Job(name, job, tuple(_github_steps(job)), tuple(names), where)

    def _gitlab(self) -> Iterator[Job]:
        jobs = [(n, j) for n, j in self.yaml.items() if n not in _RESERVED and n[:1] != "."]
        said = self.yaml.get("stages")
        stages = [item.text for item in said.list()] if said else list(_STAGES)
        for name, job in jobs:
            needs = job.get("needs")
            named = [i.text or _text(i.get("job")) for i in needs.list()] if needs else None
            if named is None:
                own = _index(stages, _text(job.get("stage")) or "test")
                named = [
                    n for n, j in jobs if _index(stages, _text(j.get("stage")) or "test") < own
                ]
            yield Job(name, job, tuple(_gitlab_steps(job)), tuple(named), self.yaml.at(name))


def pipeline(yaml: Yaml) -> Pipeline:
    """Read a workflow; what is not one has no jobs."""
    return Pipeline(yaml.path, yaml, ".gitlab-ci" in yaml.path)


def _github_steps(job: Yaml) -> Iterator[Step]:
    steps = job.get("steps")
    for step in steps.list() if steps else ():
        run, uses = step.get("run"), step.get("uses")
        where = run.location if run else uses.location if uses else step.location
        yield Step(_text(run), _text(uses), step, where)
    called = job.get("uses")
    if called:
        yield Step("", called.text, job, called.location)


def _gitlab_steps(job: Yaml) -> Iterator[Step]:
    for key in ("before_script", "script", "after_script"):
        script = job.get(key)
        for line in script.list() if script else ():
            yield Step(line.text, "", job, line.location)
        if script and not list(script.list()):
            yield Step(script.text, "", job, script.location)


def _text(yaml: Yaml | None) -> str:
    return yaml.text if yaml else ""


def _index(stages: list[str], stage: str) -> int:
    return stages.index(stage) if stage in stages else len(stages)
