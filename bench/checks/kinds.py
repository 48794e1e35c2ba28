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
    "VER001": ("removed-setting", "static-without-manifest", "setting-ignored"),
    "VER002": ("removed-setting",),
    "VER003": ("removed-setting", "deprecated-setting"),
    "VER004": ("removed-setting",),
    "VER005": ("unknown-setting-ignored",),
    "VER006": ("redis-client-class",),
    "VER007": ("removed-backend",),
    "VER008": ("removed-app",),
    "VER009": ("removed-setting",),
    "CAC001": ("locmem-cache-across-workers",),
    "CAC002": ("cache-only-sessions",),
    "CAC005": ("cache-url-default", "cache-url-default-localhost"),
    "CAC006": ("redis-tls-not-verified",),
    "MAI001": ("email-console-backend",),
    "MAI002": ("email-not-configured",),
    "MAI005": ("email-no-timeout",),
    "MAI006": (
        "default-from-email-placeholder",
        "default-from-email-local",
    ),
    "MAI008": ("mail-admins-without-admins", "admins-placeholder"),
    "LOG003": ("no-logging-configuration",),
    "LOG004": ("logs-not-json",),
    "LOG005": ("disable-existing-loggers",),
    "LOG008": ("no-root-logger",),
    "PRO001": ("no-health-endpoint",),
    "PRO003": ("probe-meets-https-redirect",),
    "PRO004": ("liveness-depends-on-database", "liveness-on-database"),
    "TIM001": ("timeouts-chain",),
    "TIM002": ("timeouts-chain",),
    "TIM003": ("no-request-timeout",),
    "TIM005": ("no-timeout-on-outgoing-request",),
    "TIM006": ("timeouts-chain",),
}
