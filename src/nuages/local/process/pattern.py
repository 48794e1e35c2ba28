"""The pattern of a settings file that git ignores, filled in for a run here: pure."""

from __future__ import annotations

import ast
import re
from urllib.parse import urlsplit

_KEY = """
import os as _os

SECRET_KEY = _os.environ["SECRET_KEY"]  # a pattern's own is nobody's secret
"""


def filled(text: str, redis: str) -> str:
    """With a secret key out of the environment, and the Redis that runs here.

    The database, the hosts and the rest are put right by the cloud settings on top; what reads
    these two reads them earlier. A pattern that cannot be parsed stays as it is.
    """
    try:
        names = {t.id for node in ast.parse(text).body for t in _targets(node)}
    except (SyntaxError, ValueError):
        return text
    port = urlsplit(redis).port
    if port:
        text = re.sub(r"\b6379\b", str(port), text)
    return f"{text.rstrip()}\n{_KEY}" if "SECRET_KEY" in names else text


def _targets(node: ast.stmt) -> list[ast.Name]:
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [target for target in targets if isinstance(target, ast.Name)]
