"""Which kinds of fault (``labels/README.md``) each rule is about.

Rule authors add their rule here; a kind that no rule names counts as missed in
``agreement.py``. A kind may belong to several rules and a rule to several kinds.
"""

from __future__ import annotations

KINDS: dict[str, tuple[str, ...]] = {
    "SEC001": (
        "debug-true-in-production",
        "debug-fails-open",
        "settings-default-to-development",
        "wsgi-defaults-to-development-settings",
    ),
    "CON001": ("required-variable-not-provided",),
    "IMG001": ("dockerfile-runs-as-root",),
    "IMG002": ("image-latest-tag", "image-without-tag", "image-floating-tag"),
    "MIG001": (
        "migration-renames-column",
        "migration-renames-table",
        "migration-drops-column",
        "migration-drops-table",
    ),
    "DEP001": ("unpinned-dependencies",),
    "NET001": ("store-port-published",),
    "SCA001": ("connection-budget",),
}
