"""What the tests of the topic celery say of a site."""

from __future__ import annotations

from clean_site import Files, found, texts_of

from nuages.checks.finding import Finding

APP = texts_of("split")["config/celery_app.py"]


COMPOSE = "docker-compose.production.yml"


TASKS = "from celery import shared_task\n\nfrom library.loans.models import Loan\n\n\n"


def of(rule: str, code: str = "", settings: str = "", app: str = "") -> list[Finding]:
    files: Files = {
        "library/loans/more.py": code,
        "settings.py": settings,
        "config/celery_app.py": APP + app,
    }
    return found(rule, files, base="split")


def compose(changed: str, into: str) -> Files:
    text = texts_of("split")[COMPOSE]
    assert changed in text
    return {COMPOSE: text.replace(changed, into)}
