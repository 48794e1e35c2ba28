"""What Django said, as findings."""

from __future__ import annotations

from dataclasses import replace

from clean_site import site

from nuages.checks.inspection import inspection_of
from nuages.checks.runner import Selection, report

ANSWER = {
    "checks": [
        {"id": "models.W042", "level": 30, "message": "m", "hint": "h", "path": None, "line": 0},
        {
            "id": "fields.E304",
            "level": 40,
            "message": "clash",
            "hint": "",
            "path": "orders/models.py",
            "line": 5,
        },
    ],
    "changes": [
        "Migrations for 'orders':",
        "  orders/migrations/0003_a.py",
        "    + Add field size to order",
        "    - Remove field note from order",
    ],
    "lint": [
        {
            "app": "orders",
            "name": "0002_order_note",
            "level": "error",
            "code": "NOT_NULL",
            "message": "NOT NULL constraint",
            "path": "orders/migrations/0002_order_note.py",
        }
    ],
    "problems": [],
}


def test_each_has_its_rule_its_severity_and_its_place() -> None:
    production = replace(site(), inspection=inspection_of(ANSWER))
    found = report(production, Selection(("DJA",))).findings
    assert [(f.rule.id, f.severity, str(f.location)) for f in found] == [
        ("DJA003", "error", "orders/migrations/0002_order_note.py:1"),
        ("DJA002", "error", "orders/models.py:1"),
        ("DJA001", "error", "orders/models.py:5"),
        ("DJA001", "warning", "shop/settings.py:1"),
    ]
    assert found[1].message == (
        "makemigrations would write orders/migrations/0003_a.py: "
        "Add field size to order; Remove field note from order"
    )
    assert found[3].fix == "h"


def test_without_asking_nothing_is_said_and_no_suppression_is_unused() -> None:
    text = "X = 1  # nuages: ignore[DJA001] known"
    assert report(site({"settings.py": text})).findings == ()


def _said(code: str) -> dict[str, object]:
    said = {"id": code, "level": 30, "message": "m", "hint": "", "path": None, "line": 0}
    return {**ANSWER, "checks": [said], "changes": [], "lint": []}


def test_what_a_rule_says_is_not_said_again() -> None:
    production = site({"settings.py": "SECURE_HSTS_SECONDS = 0"})
    production = replace(production, inspection=inspection_of(_said("security.W004")))
    found = report(production, Selection(("DJA", "SEC016"))).findings
    assert [f.rule.id for f in found] == ["SEC016"]


def test_a_message_about_a_setting_stands_at_it() -> None:
    production = replace(site(), inspection=inspection_of(_said("security.W012")))
    (finding,) = report(production, Selection(("DJA",))).findings
    at = production.settings.at("SESSION_COOKIE_SECURE")
    assert (finding.location, at.line > 1) == (at, True)
