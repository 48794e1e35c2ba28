"""Tools of development that are installed, or answer, in production."""

from __future__ import annotations

import ast

from nuages.checks.finding import Fault
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.checks.sources.python_file import PythonFile
from nuages.project.python_source import literal

_TOOLS = {
    "debug_toolbar": "shows the settings, the SQL and every template's variables",
    "silk": "keeps every request with its body and its password",
    "django_browser_reload": "holds a connection open for each page",
    "livereload": "holds a connection open for each page",
    "django_pdb": "stops the process at a prompt",
    "werkzeug_debugger_runserver": "runs Python from the browser",
    "django_werkzeug": "runs Python from the browser",
    "pyinstrument": "profiles any request that asks for it",
}
_URLS = ("debug_toolbar", "silk", "django_browser_reload", "__debug__", "__reload__")


@rule(
    "SEC002",
    severity="warning",
    title="A debugging tool is installed in production",
    why="It is there for whoever works on the code: it shows what the site holds, or slows each "
    "request. One wrong INTERNAL_IPS behind a proxy, and everybody is inside.",
    symptom="ModuleNotFoundError: No module named 'debug_toolbar'; the toolbar's handle on a "
    "public page.",
    fix="Add it in the development settings alone, or under `if DEBUG:`.",
    url="https://django-debug-toolbar.readthedocs.io/en/latest/installation.html",
    mistake={"settings.py": "INSTALLED_APPS += ['debug_toolbar']"},
    fixed={"settings.py": "if DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']"},
    repaired_by="debug_apps",
)
def tools(production: Production) -> Faults:
    settings = production.settings
    if settings.get("DEBUG", default=False) and not settings.fixed("DEBUG"):
        return
    seen = set()
    for setting in ("INSTALLED_APPS", "MIDDLEWARE"):
        for name in settings.texts(setting):
            package = name.partition(".")[0]
            if package in _TOOLS and package not in seen:
                seen.add(package)
                yield Fault(f"{package} {_TOOLS[package]}", settings.at(setting, name))


@rule(
    "SEC003",
    severity="warning",
    title="The URLs of a debugging tool are there for everybody",
    why="The tool's pages answer whoever asks, whether or not its app is meant for development.",
    symptom="NoReverseMatch: 'djdt' is not a registered namespace; a public page under "
    "/__debug__/ or /silk/.",
    fix="Include them under `if settings.DEBUG:`.",
    url="https://django-debug-toolbar.readthedocs.io/en/latest/installation.html#add-the-urls",
    mistake={
        "shop/urls.py": "from django.urls import include, path\n"
        'urlpatterns = [path("silk/", include("silk.urls", namespace="silk"))]\n'
    },
    fixed={
        "shop/urls.py": "from django.conf import settings\nfrom django.urls import include, path\n"
        "urlpatterns = []\nif settings.DEBUG:\n"
        '    urlpatterns += [path("silk/", include("silk.urls", namespace="silk"))]\n'
    },
)
def tool_urls(production: Production) -> Faults:
    for file in production.mentioning(*_URLS):
        if "urlpatterns" not in file.text:
            continue
        guarded = _guarded(file)
        for call in file.calls("include", "debug_toolbar_urls"):
            name = _included(call)
            if name and call not in guarded:
                yield Fault(f"{name} has its URLs without a condition", file.at(call))


def _included(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name) and call.func.id == "debug_toolbar_urls":
        return ""  # it gives no URLs while DEBUG is off
    words = [literal(node) or "" for node in ast.walk(call) if isinstance(node, ast.Constant)]
    words += [
        ast.unparse(argument) for argument in call.args if isinstance(argument, ast.Attribute)
    ]
    packages = (word.partition(".")[0] for word in words)
    return next((name for name in packages if name in _URLS), "")


def _guarded(file: PythonFile) -> set[ast.Call]:
    """The calls that some condition decides on, one of their function's included."""
    places: list[ast.AST] = [*file.nodes(ast.If), *file.nodes(ast.IfExp)]
    for function in file.nodes(ast.FunctionDef):
        if any(isinstance(node, ast.If) for node in ast.walk(function)):
            places.append(function)
    inside = (node for place in places for node in ast.walk(place))
    return {node for node in inside if isinstance(node, ast.Call)}


@rule(
    "SEC004",
    severity="error",
    title="The debug toolbar is shown to everybody",
    why="SHOW_TOOLBAR_CALLBACK decides who sees it. One that is always true shows the settings, "
    "the SQL and the session of each request to every visitor.",
    symptom="The toolbar's handle on a public page.",
    fix="Delete SHOW_TOOLBAR_CALLBACK, or let it answer only while `settings.DEBUG` is on.",
    url="https://django-debug-toolbar.readthedocs.io/en/latest/configuration.html",
    mistake={
        "settings.py": "INSTALLED_APPS += ['debug_toolbar']\n"
        "DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': lambda request: True}"
    },
    fixed={
        "settings.py": "if DEBUG:\n"
        "    DEBUG_TOOLBAR_CONFIG = {'SHOW_TOOLBAR_CALLBACK': lambda request: True}"
    },
)
def shown_to_all(production: Production) -> Faults:
    settings = production.settings
    if "DEBUG_TOOLBAR_CONFIG" not in settings or not settings.has_app("debug_toolbar"):
        return
    where = settings.at("DEBUG_TOOLBAR_CONFIG", "SHOW_TOOLBAR_CALLBACK")
    for each in production.python(where.path).nodes(ast.Lambda):
        always = isinstance(each.body, ast.Constant) and each.body.value is True
        if always and each.lineno >= settings.at("DEBUG_TOOLBAR_CONFIG").line:
            yield Fault("SHOW_TOOLBAR_CALLBACK answers True to every request", where)
            return


@rule(
    "SEC005",
    severity="info",
    title="django-extensions is installed in production",
    why="runserver_plus runs Python that is typed into the error page, reset_db drops the "
    "database, and shell_plus is one typo from the live data.",
    symptom="A Werkzeug debugger in production.",
    fix="Add it in the development settings alone.",
    url="https://django-extensions.readthedocs.io/en/latest/runserver_plus.html",
    mistake={"settings.py": "INSTALLED_APPS += ['django_extensions']"},
    fixed={"settings.py": "if DEBUG:\n    INSTALLED_APPS += ['django_extensions']"},
)
def extensions(production: Production) -> Faults:
    if production.settings.has_app("django_extensions"):
        where = production.settings.at("INSTALLED_APPS", "django_extensions")
        yield Fault("django_extensions is among the apps of production", where)
