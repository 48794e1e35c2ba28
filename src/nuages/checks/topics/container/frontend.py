"""The part of an image that Node builds."""

from __future__ import annotations

import re

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.shell import commands

_IMAGE = (
    "FROM node:24-slim AS assets\nWORKDIR /app\nCOPY package.json package-lock.json ./\n{}"
    "FROM python:3.13-slim\nCOPY --from=assets /app/dist /app/dist\nRUN pip list\nUSER 2000\n"
    'CMD ["gunicorn"]\n'
)


@rule(
    "IMG049",
    severity="info",
    title="npm may install other versions than the lock",
    why="`npm install` takes newer versions where package.json admits them, and rewrites the lock "
    "in the image, where nobody sees it.",
    symptom="A page that looks different after a build of the same commit.",
    fix="Write `npm ci`.",
    url="https://docs.npmjs.com/cli/commands/npm-ci",
    mistake={"Dockerfile": _IMAGE.format("RUN npm install\n"), "package-lock.json": "{}"},
    fixed={"Dockerfile": _IMAGE.format("RUN npm ci\n"), "package-lock.json": "{}"},
)
def npm_install(production: Production) -> Faults:
    if not production.tree.by_name.get("package-lock.json"):
        return
    for dockerfile in production.dockerfiles:
        for each in (i for i in dockerfile.needed if i.keyword == "RUN"):
            for made in commands([(each.text.replace("\n", " "), each.location)]):
                words = [w for w in made.argv[1:] if not re.match(r"-|\.{1,2}/?$|/", w)]
                if made.program == "npm" and words in (["install"], ["i"]):
                    yield Fault(f"{made.text[:40]} may change the lock", each.location)
