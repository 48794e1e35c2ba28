"""What the jobs of a pipeline are for: to test, to release, to deploy."""

from __future__ import annotations

import re

from nuages.checks.production import Production
from nuages.checks.sources.pipeline import Job, Pipeline, Step, pipeline

_TESTS = re.compile(
    r"\bpytest\b|manage(?:\.py)?\"? test\b|(?:django-admin|-m django) test\b|\btox\b|\bnox\b"
    r"|\bunittest\b"
    r"|coverage run|runtests|\bmake\s+(?:[\w-]+\s+)*[\w-]*(?:test|check|ci|verify|coverage)[\w-]*"
    r"|\b(?:just|task|invoke|inv|hatch run|poe|pdm run|poetry run|npm run|yarn|\./run)\s+[\w:-]*"
    r"(?:test|ci|check)[\w:-]*|\btests?\.sh\b|(?:^|/)ci\.sh|scripts?/[\w-]*tests?\b",
    re.MULTILINE,
)
_DEPLOYS = re.compile(
    r"\bgcloud (?:beta )?(?:run (?:deploy|services (?:update|replace)|jobs (?:deploy|execute))"
    r"|app deploy|builds submit|deploy)"
    r"|\bfly(?:ctl)? deploy|\baws (?:ecs update-service|deploy|apprunner|elasticbeanstalk)"
    r"|\beb deploy|\bkubectl (?:[\w-]+ )*(?:apply|set image|rollout restart)|\bhelm upgrade"
    r"|\bnuages deploy|\bkamal deploy|\brailway up|\bterraform apply|\bansible-playbook\b"
    r"|\bcdk deploy|\bsam deploy|\bserverless deploy|\bzappa (?:update|deploy)|\bcopilot deploy"
    r"|\bheroku container:release|git push (?:\S+ )*(?:heroku|dokku)\b|\bdokku\b"
    r"|\bssh\b[^\n]*(?:docker|systemctl|git pull|deploy)|\bdocker stack deploy|\bcaprover deploy"
    r"|\baz webapp|\bdoctl apps"
)
_DEPLOY_ACTIONS = re.compile(
    r"deploy-cloudrun|amazon-ecs-deploy|flyctl-actions|heroku-deploy|webapps-deploy|ssh-action"
    r"|deploy-appengine|beanstalk|k8s-deploy|railway|app_action|kamal|dokku|caprover|render-deploy"
)
_PUBLISHES = re.compile(
    r"\bdocker (?:image )?push\b|\bdocker buildx build\b[^\n]*--push|\bkaniko\b"
)
_MEANT = re.compile(r"\b(?:deploy|release|production|publish)", re.IGNORECASE)
_CALLED_TESTS = re.compile(r"test|check|\bci\b|verify|quality|backend|build", re.IGNORECASE)


def pipelines(production: Production) -> tuple[Pipeline, ...]:
    """Every pipeline of the project's."""
    return tuple(pipeline(each) for each in production.workflows)


def tests(job: Job) -> bool:
    """Whether a job tests, or may: one that is kept elsewhere is given the benefit of the doubt."""
    called = any(
        step.uses.startswith("./") or "/.github/workflows/" in step.uses for step in job.steps
    )
    named = _CALLED_TESTS.search(job.name) and (called or job.yaml.get("extends"))
    return bool(_TESTS.search(job.text)) or bool(named)


def deploys(step: Step) -> bool:
    """Whether a step brings something to where it is served."""
    return bool(_DEPLOYS.search(step.run) or _DEPLOY_ACTIONS.search(step.uses.partition("@")[0]))


def publishes(step: Step) -> bool:
    """Whether a step pushes an image."""
    pushed = step.option("push") if "build-push-action" in step.uses else None
    return bool(_PUBLISHES.search(step.run)) or bool(pushed and pushed.text == "true")


def deployment(job: Job) -> Step | None:
    """The first step of a job that deploys."""
    return next((step for step in job.steps if deploys(step)), None)


def release(job: Job) -> Step | None:
    """The first step of a job that deploys or pushes an image."""
    return next((step for step in job.steps if deploys(step) or publishes(step)), None)


def tested_by(one: Pipeline) -> bool:
    """Whether any job of a pipeline tests."""
    return any(tests(job) for job in one.jobs)
