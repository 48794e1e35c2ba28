"""Templates to text: the only place that knows Jinja."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def render(template: str, package: str = "nuages.artifacts", **context: Any) -> str:
    """Return a template of a package's ``templates`` laid out with ``context``.

    A name that the context lacks is an error, never an empty string.
    """
    return _environment(package).get_template(template).render(**context)


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=PackageLoader(package, "templates"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 -- nothing here is HTML
    )
    environment.filters["py"] = python_literal
    return environment


def python_literal(value: Any) -> str:
    """A text, number, None, or list of texts as Python source, in double quotes."""
    quoted = isinstance(value, str | list)
    return json.dumps(value, ensure_ascii=False) if quoted else repr(value)
