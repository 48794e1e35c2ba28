"""The query language of Logging, as far as it compares fields; Monitoring's filters are part of it.

cloud.google.com/logging/docs/view/logging-query-language
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from fakes.google.errors import invalid

Json = dict[str, Any]
Test = Callable[[Json], bool]
TOKEN = re.compile(
    r'\s*(?:(?P<comment>--[^\n]*)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<op>!=|>=|<=|=~|!~|[=<>:])'
    r'|(?P<mark>[()])|(?P<word>[\w./@%+*-]+(?:(?<=\.)"(?:[^"\\]|\\.)*"(?:\.[\w-]+)*)?))'
)
SEVERITIES = (
    *("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING"),
    *("ERROR", "CRITICAL", "ALERT", "EMERGENCY"),
)


def compiled(text: str) -> Test:
    """Raises GoogleError 400 for what cannot be read."""
    parser = _Parser(text)
    if not parser.tokens:
        return lambda entry: True
    test = parser.either()
    if parser.tokens:
        raise parser.unreadable()
    return test


def value_at(entry: Json, path: str) -> Any:
    """What stands at `resource.labels.service_name` or `labels."run.googleapis.com/x"`."""
    found: Any = entry
    for quoted, plain in re.findall(r'"((?:[^"\\]|\\.)*)"|([^."]+)', path):
        if not isinstance(found, dict):
            return None
        found = found.get(quoted or plain)
    return found


class _Parser:
    def __init__(self, text: str) -> None:
        self.text, self.tokens, at = text, [], 0
        while text[at:].strip():
            match = TOKEN.match(text, at)
            if match is None:
                raise self.unreadable()
            if match.lastgroup != "comment":
                self.tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
            at = match.end()

    def unreadable(self) -> Exception:
        return invalid(f"Unparseable filter: syntax error in {self.text!r}", "filter")

    def taken(self, *words: str) -> bool:
        if self.tokens and self.tokens[0][0] in ("word", "mark") and self.tokens[0][1] in words:
            self.tokens.pop(0)
            return True
        return False

    def either(self) -> Test:
        tests = [self.both()]
        while self.taken("OR"):
            tests.append(self.both())
        return lambda entry: any(test(entry) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self.tokens and self.tokens[0][1] not in ("OR", ")"):
            self.taken("AND")
            tests.append(self.one())
        return lambda entry: all(test(entry) for test in tests)

    def one(self) -> Test:
        if self.taken("NOT", "-"):
            inner = self.one()
            return lambda entry: not inner(entry)
        if self.taken("("):
            inner = self.either()
            if not self.taken(")"):
                raise self.unreadable()
            return inner
        return self.comparison()

    def comparison(self) -> Test:
        kinds = [kind for kind, _ in self.tokens[:3]]
        if kinds[:1] == ["text"] and kinds[1:2] != ["op"]:
            wanted = _unquoted(self.tokens.pop(0)[1]).lower()
            return lambda entry: wanted in str(entry).lower()
        if len(kinds) < 3 or kinds[0] not in ("word", "text") or kinds[1] != "op":
            raise self.unreadable()
        (_, field), (_, operator), (kind, value) = self.tokens[:3]
        del self.tokens[:3]
        value = _unquoted(value) if kind == "text" else value
        return lambda entry: _holds(value_at(entry, field), operator, value, field)


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _holds(found: Any, operator: str, value: str, field: str) -> bool:
    if field == "severity":
        found = found or "DEFAULT"
    if found is None:
        return operator in ("!=", "!~")
    if operator == ":":
        return value == "*" or value.lower() in str(found).lower()
    if operator in ("=~", "!~"):
        return (re.search(value, str(found)) is not None) is (operator == "=~")
    left, right = _comparable(found, field), _comparable(value, field)
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


def _comparable(value: Any, field: str) -> Any:
    text = str(value)
    if field == "severity":
        if text.upper() not in SEVERITIES:
            raise invalid(f"Invalid severity: {text}", "filter")
        return SEVERITIES.index(text.upper())
    if field in ("timestamp", "receiveTimestamp"):
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise invalid(f"Invalid timestamp: {text}", "filter") from error
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text
