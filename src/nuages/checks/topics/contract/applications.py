"""Modules that the settings name: the root of the URLs, and the applications of servers."""

from __future__ import annotations

from nuages.checks.finding import Fault, Severity
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule

_NAMED: dict[str, Severity] = {
    "ROOT_URLCONF": "error",
    "WSGI_APPLICATION": "warning",
    "ASGI_APPLICATION": "warning",
}


@rule(
    "CON021",
    severity="warning",
    title="The settings name a module that does not exist",
    why="Django imports it when the first request or the server asks for it: without the URLs "
    "every page is an error, and without its application a server does not start.",
    symptom="ModuleNotFoundError: No module named 'shop.asgi'; ImproperlyConfigured: "
    "ASGI_APPLICATION … could not be loaded.",
    fix="Write the module that is there, or add it.",
    url="https://docs.djangoproject.com/en/stable/ref/settings/#root-urlconf",
    mistake={"settings.py": "ASGI_APPLICATION = 'shop.asgi.application'"},
    fixed={"settings.py": "WSGI_APPLICATION = 'shop.wsgi.application'"},
)
def missing(production: Production) -> Faults:
    settings, sources = production.settings, production.sources
    for name, severity in _NAMED.items():
        value = settings.get(name)
        if not isinstance(value, str) or "." not in value:
            continue
        module = value if name == "ROOT_URLCONF" else value.rpartition(".")[0]
        package = module.partition(".")[0]
        if sources.path(package) and sources.path(module) is None:
            yield Fault(
                f"{name} is {value!r}, and there is no {module} in this project",
                settings.at(name),
                severity=severity,
            )
