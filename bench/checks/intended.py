"""Which rules are about each kind of mistake, as ``expects`` of the mutations says it.

Written beside the rules and after the mutations. A kind that is not here counts as missed.
"""

from __future__ import annotations

INTENDED: dict[str, tuple[str, ...]] = {
    # cache, sessions
    "cache server missing": ("CAC011",),
    "dummy cache in production": ("CAC004",),
    "expired sessions never cleared": ("CAC012",),
    "in-memory channel layer": ("CAC013",),
    "local-memory cache across instances": ("CAC001", "CAC003"),
    "sessions in local files": ("CAC003",),
    "sessions only in a cache": ("CAC002",),
    # removed settings
    "application that its package no longer has": ("VER008",),
    "client class for the built-in redis cache": ("VER006",),
    "removed cache back end": ("VER007",),
    "removed file storage setting": ("VER001", "VER002"),
    "removed import": ("VER011",),
    "removed setting": ("VER003", "VER004", "VER012"),
    "removed static storage setting": ("VER001", "VER002"),
    # mail
    "default sender address": ("MAI006",),
    "development mail back end in production": ("MAI001",),
    "mail port and encryption disagree": ("MAI007",),
    "mail with tls and ssl": ("MAI004",),
    "mail without timeout": ("MAI005",),
    "mail without tls": ("MAI003",),
    "no mail server": ("MAI002",),
    # logs
    "debug level in production": ("LOG002",),
    "existing loggers disabled": ("LOG005",),
    "json logs without severity": ("LOG010",),
    "log file in a container": ("LOG001",),
    "logs are not structured": ("LOG004",),
    "no logging to the console": ("LOG003", "LOG006"),
    "old path of the json formatter": ("LOG011",),
    "personal data in error reports": ("LOG009", "LOG012"),
    # timeouts
    "keep-alive below the load balancer's": ("TIM007",),
    "no server timeout": ("TIM003",),
    "outgoing request without timeout": ("TIM005",),
    "proxy timeout below the request's": ("TIM006",),
    "server timeout below the request's": ("TIM001",),
    "stop timeout below the graceful one": ("TIM002",),
    "upload limits disagree": ("TIM008",),
    "worker heartbeat on disk": ("TIM009",),
    "worker is stopped before its tasks end": ("TIM010",),
    # probes
    "liveness depends on the database": ("PRO004",),
    "no time to start": ("PRO005",),
    "one failed probe is enough": ("PRO006",),
    "probe meets host validation": ("PRO003",),
    "probe meets the https redirect": ("PRO003",),
    "probe path is not served": ("PRO002",),
    "probe path needs a login": ("PRO007",),
    "probe timeout over its interval": ("TIM004",),
}
