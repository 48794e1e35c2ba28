"""Management commands that the project needs, or says it needs, beyond migrate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from nuages.project.facts import Evidence, Fact
from nuages.project.hints import deployment_files
from nuages.project.python_source import at
from nuages.project.site import Site
from nuages.project.static import is_precompiled
from nuages.project.tools import ManagementStep
from nuages.text import Location

_MANAGE = re.compile(
    r"(?:manage\.py|django-admin(?:\.py)?|python3? -m django)[\"',]*\s+[\"']?(?P<command>[a-z_]\w*)"
    r"(?P<rest>[^\n&;|#`)]*)"
)
_OURS = frozenset(
    {"migrate", "collectstatic", "createsuperuser", "check", "runserver", "runserver_plus", "shell"}
    | {"test", "makemigrations", "startapp", "startproject", "help", "dbshell", "shell_plus"}
    | {"showmigrations", "makemessages", "dumpdata", "flush", "reset_db", "sqlmigrate", "inspectdb"}
    | {"changepassword", "wait_for_db", "waitfordb", "celery", "qcluster", "rqworker", "run_huey"}
    | {"runworker", "rundramatiq", "process_tasks", "graph_models", "diffsettings", "version"}
    | {"spectacular", "pytest", "coverage", "validate_templates", "tailwind", "livereload", "lint"}
    | {"runscript", "rqscheduler", "rqstats", "clearsessions", "supervisor", "syncdb", "show_urls"}
    | {"generate_swagger", "squashmigrations", "loadtestdata", "sqlflush", "print_settings"}
)
_BUILD = frozenset({"compress", "compilemessages", "compilescss", "compile_themes", "collectfasta"})
_COMPILE = re.compile(r"^compile(?:_?\w+)?$|^build(?:_\w+)?$")
_OWN_COMPILER = re.compile(r"(?:^|/)management/commands/(compile_\w+)\.py$")
_OWN_ASSETS = re.compile(
    r"^(?:compile|build|generate|bundle)_\w*(?:css|sass|scss|js|themes?|assets|static|styles|icons)$"
)
_DOCUMENTS = re.compile(r"^(?:README|INSTALL|CONTRIBUTING|DEPLOY\w*)(?:\.(?:md|rst|txt))?$", re.I)
_TARGET = re.compile(
    r"^(?:deploy|release|prod(?:uction)?)[\w-]*\s*:(?!=).*\n(?:(?:\t.*|[ \t]*)\n)*", re.MULTILINE
)
_DEVELOP = re.compile(r"(?i)dev|debug|test|local|demo")
_SCRIPTS = (
    "entrypoint.sh",
    "docker-entrypoint.sh",
    "start.sh",
    "release-tasks.sh",
    "release.sh",
    "deploy.sh",
    "bin/post_compile",
)
"""The last is Heroku's: https://devcenter.heroku.com/articles/python-support#build-hooks"""


def management_steps(site: Site) -> tuple[Fact[ManagementStep], ...]:
    """Each once: what settings make necessary first, then what deployment files run.

    Where both have a command, its words are those of the file, at the time that it has to run.
    """
    found: dict[str, Fact[ManagementStep]] = {}
    documented = tuple(_documented(site))
    for fact in (*_needed(site), *documented, *_told(site)):
        found.setdefault(fact.value.command[0], fact)
    said = {fact.value.command[0]: fact for fact in reversed(documented)}
    return tuple(_in_words_of(said.get(name, fact), fact) for name, fact in found.items())


def _in_words_of(said: Fact[ManagementStep], fact: Fact[ManagementStep]) -> Fact[ManagementStep]:
    return replace(said, value=replace(said.value, when=fact.value.when))


def needs_messages(steps: tuple[Fact[ManagementStep], ...]) -> bool:
    """Whether gettext has to be there."""
    return any(step.value.command[0] == "compilemessages" for step in steps)


def _step(evidence: Evidence, when: str, *command: str) -> Fact[ManagementStep]:
    moment = "build" if when == "build" else "release"
    return Fact(ManagementStep(command, moment), (evidence,))  # type: ignore[arg-type]


def _needed(site: Site) -> Iterator[Fact[ManagementStep]]:
    caches = site.value("CACHES")
    for alias, entry in caches.items() if isinstance(caches, Mapping) else ():
        backend = entry.get("BACKEND") if isinstance(entry, Mapping) else None
        if isinstance(backend, str) and backend.endswith("db.DatabaseCache"):
            note = f"CACHES[{alias!r}] keeps its entries in a table"
            where = Evidence(site.at("CACHES").location, note)
            yield _step(where, "release", "createcachetable")
    compiled = ("COMPRESS_PRECOMPILERS",) if is_precompiled(site) else ()
    for name in ("COMPRESS_OFFLINE", *compiled):
        if site.value(name) and "compressor" in site.apps:
            yield _step(site.at(name), "build", "compress", "--force")
    if "django_tailwind_cli" in site.apps:  # without node; with it, the front-end build does it
        yield _step(site.at("INSTALLED_APPS"), "build", "tailwind", "build")
    for path in sorted(site.tree.files):
        if match := _OWN_COMPILER.search(path):
            note = "a command of the project's own that makes what pages need"
            yield _step(Evidence(Location(path), note), "build", match[1])
    if source := _uncompiled(site):
        note = "a translation without its compiled .mo"
        yield _step(Evidence(Location(source), note), "build", "compilemessages")
    yield from _of_apps(site)  # catalogues for JavaScript come from compiled messages


def _of_apps(site: Site) -> Iterator[Fact[ManagementStep]]:
    """What well-known applications compile before pages can name it.

    https://github.com/jrief/django-sass-processor#offline-compilation (it needs
    django-compressor), https://django-statici18n.readthedocs.io/en/latest/
    """
    rendered = site.value("SASS_PROCESSOR_ENABLED") is True
    if "sass_processor" in site.apps and not rendered and site.has("django-compressor"):
        yield _step(site.at("INSTALLED_APPS"), "build", "compilescss")
    if "statici18n" in site.apps and site.value("USE_I18N") is not False:
        yield _step(site.at("INSTALLED_APPS"), "build", "compilejsi18n")


def _uncompiled(site: Site) -> str | None:
    if site.value("USE_I18N") is False:
        return None
    prefix = "" if site.manage_dir == "." else f"{site.manage_dir}/"
    for path in site.tree.named("django.po", "djangojs.po"):
        compiled = f"{path[:-3]}.mo" in site.tree
        if path.startswith(prefix) and not compiled and _translates(site.tree.read(path)):
            return path
    return None


def _translates(text: str | None) -> bool:
    """Whether a .po says anything but its header."""
    return bool(text and re.search(r'^msgstr(?:\[0\])? "[^"]|^msgstr ""\n"[^"]', text[600:], re.M))


def _documented(site: Site) -> Iterator[Fact[ManagementStep]]:
    near = [path for path, _ in site.near(*_SCRIPTS)]
    deployment = deployment_files(site.tree, site.manage_dir)
    images = "\n".join(site.tree.read(path) or "" for path in deployment if "ockerfile" in path)
    started = [path for path in site.tree.named(*_SCRIPTS) if path in images]
    for path in dict.fromkeys((*deployment, *near, *started)):
        text = site.tree.read(path) or ""
        if path.endswith("Procfile"):
            text = "\n".join(re.findall(r"^release:.*$", text, re.MULTILINE))
        yield from _in_text(site, path, text)


def _told(site: Site) -> Iterator[Fact[ManagementStep]]:
    """What a Makefile runs to deploy, and files that documents say are to be made."""
    for path, text in site.near("Makefile", "makefile", "GNUmakefile"):
        for target in _TARGET.finditer(text if text.endswith("\n") else f"{text}\n"):
            if not _DEVELOP.search(target[0].partition(":")[0]):
                yield from _in_text(site, path, target[0])
    names = [name for name in site.tree.by_name if _DOCUMENTS.match(name)]
    documents = [path for path, _ in site.near(*sorted(names), "Makefile", "justfile")]
    workflows = [p for p in site.tree.files if p.startswith(".github/workflows/")]
    for path in (*documents, *workflows):
        for fact in _in_text(site, path, site.tree.read(path) or ""):
            if _OWN_ASSETS.match(fact.value.command[0]):
                yield replace(fact, value=replace(fact.value, when="build"))


def _in_text(site: Site, path: str, text: str) -> Iterator[Fact[ManagementStep]]:
    whole = site.tree.read(path) or ""
    for match in _MANAGE.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        command = match["command"]
        if line.lstrip().startswith(("#", "//")) or command in _OURS:
            continue
        if _conditional(text, match.start()) or not _exists(site, command):
            continue
        build = command in _BUILD or bool(_COMPILE.match(command)) or _builds(path)
        words = re.findall(r"[^\s\"',\[\]]+", match["rest"])
        if any(word.startswith(("$", ">", "<", "{")) for word in words):
            continue
        note = f"{path} runs {command}"
        evidence = at(path, whole, max(whole.find(match[0]), 0), note)
        yield _step(evidence, "build" if build else "release", command, *words)


def _builds(path: str) -> bool:
    """Whether what a file runs belongs into the image."""
    return path.endswith(("Dockerfile", "bin/post_compile"))


def _conditional(text: str, position: int) -> bool:
    """Inside a shell's ``if`` that has not been closed: it may be meant for development."""
    before = text[:position]
    opened = len(re.findall(r"(?:^|[;\n])\s*(?:if|case)\b", before))
    closed = len(re.findall(r"(?:^|[;\n])\s*(?:fi|esac)\b", before))
    return opened > closed and not _is_the_way_to_serve(before)


def _is_the_way_to_serve(before: str) -> bool:
    """The branch of an entry point that its argument chooses and that migrates."""
    opener = list(re.finditer(r"(?:^|[;\n])\s*(?:if|case)\b([^\n]*)", before))[-1]
    asked = re.search(r"\$\{?[1@*]", opener[1]) and not _DEVELOP.search(opener[1])
    return (
        bool(asked) and " migrate" in before[opener.end() :] and ";;" not in before[opener.end() :]
    )


def _exists(site: Site, command: str) -> bool:
    """The project's own, Django's, or a well-known application's command."""
    own = f"management/commands/{command}.py"
    if command == "compilemessages":
        return any(name.endswith(".po") for name in site.tree.by_name)
    known = {"loaddata", "createcachetable", "compress", "update_index"}
    known |= {"collectfasta", "compilescss", "sync_translation_fields", "set_default_site"}
    known |= {"rebuild_index", "search_index", "update_permissions", "sync_page_translation_fields"}
    return command in known or any(
        path.endswith(own) for path in site.tree.by_name.get(f"{command}.py", ())
    )
