from __future__ import annotations

import pytest
from plain_project import Detected

OWN = {"shop/management/commands/load_shops.py": ""}
PO = 'msgid ""\nmsgstr ""\n"Language: fr\\n"\n' + "#" * 600 + '\nmsgid "yes"\nmsgstr "oui"\n'
EMPTY_PO = 'msgid ""\nmsgstr ""\n' + "#" * 600 + '\nmsgid "yes"\nmsgstr ""\n'


@pytest.mark.parametrize(
    ("files", "settings", "steps"),
    [
        ({}, "", []),
        ({}, "CACHES = {'a': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}\n",
         [("release", "createcachetable")]),
        ({}, "INSTALLED_APPS += ['compressor']\nCOMPRESS_OFFLINE = True\n",
         [("build", "compress --force")]),
        ({}, "INSTALLED_APPS += ['compressor']\nCOMPRESS_OFFLINE = False\n", []),
        ({"bin/post_compile": "python manage.py compress --engine jinja2\n"},
         "INSTALLED_APPS += ['compressor']\nCOMPRESS_OFFLINE = True\n",
         [("build", "compress --engine jinja2")]),
        ({"templates/page.html": '<style type="text/x-scss">a { b { color: red } }</style>'},
             "INSTALLED_APPS += ['compressor']\n"
             "COMPRESS_PRECOMPILERS = [('text/x-scss', 'django_libsass.SassCompiler')]\n",
         [("build", "compress --force")]),
        ({"templates/page.html": '<style>a { color: red }</style>'},  # listed, and never used
             "INSTALLED_APPS += ['compressor']\n"
             "COMPRESS_PRECOMPILERS = [('text/x-scss', 'django_libsass.SassCompiler')]\n",
         []),
        # its words, when the settings say: a table is not made while an image is built
        ({"Dockerfile": "RUN python manage.py createcachetable --database other\n"},
         "CACHES = {'a': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}\n",
         [("release", "createcachetable --database other")]),
        ({}, "INSTALLED_APPS += ['django_tailwind_cli']\n", [("build", "tailwind build")]),
        ({}, "INSTALLED_APPS += ['tailwind']\nTAILWIND_APP_NAME = 'theme'\n", []),
        ({"locale/fr/LC_MESSAGES/django.po": PO}, "", [("build", "compilemessages")]),
        ({"locale/fr/LC_MESSAGES/django.po": PO, "locale/fr/LC_MESSAGES/django.mo": ""}, "", []),
        ({"locale/fr/LC_MESSAGES/django.po": PO}, "USE_I18N = False\n", []),
        ({"locale/fr/LC_MESSAGES/django.po": EMPTY_PO}, "", []),
        # a release phase: migrate is ours, a command of their own is a step
        ({"Procfile": "release: python manage.py migrate && python manage.py load_shops --all\n",
          **OWN}, "", [("release", "load_shops --all")]),
        ({"Procfile": "web: python manage.py load_shops\n", **OWN}, "", []),
        ({"Procfile": "release: python manage.py unheard_of\n"}, "", []),
        ({"Procfile": "release: ./manage.py loaddata shops.json\n"}, "",
         [("release", "loaddata shops.json")]),
        ({"Procfile": "release: python manage.py load_shops $WHICH\n", **OWN}, "", []),
        ({"Dockerfile": "RUN python manage.py collectstatic && python manage.py compilemessages\n",
          "locale/fr/LC_MESSAGES/django.po": EMPTY_PO}, "", [("build", "compilemessages")]),
        ({"Dockerfile": "RUN python manage.py compilemessages\n"}, "", []),
        ({"Dockerfile": "# RUN python manage.py compilemessages\n"}, "", []),
        ({"Dockerfile": 'CMD ["python", "manage.py", "runserver"]\n'}, "", []),
        # under a condition it may be for development
        ({"entrypoint.sh": "if [ $DEV ]; then\n  python manage.py load_shops\nfi\n", **OWN}, "",
         []),
        # a script that the image copies by its path, wherever it is
        ({"Dockerfile": "COPY ops/box/entrypoint.sh /\n",
          "ops/box/entrypoint.sh": "python manage.py load_shops\n", **OWN}, "",
         [("release", "load_shops")]),
        ({"ops/box/entrypoint.sh": "python manage.py load_shops\n", **OWN}, "", []),
        # it makes files out of files, whoever names it
        ({"shop/management/commands/compile_themes.py": ""}, "", [("build", "compile_themes")]),
        # applications that compile before a page is asked for
        ({"requirements.txt": "django==5.2.1\ndjango-compressor\n"},
         "INSTALLED_APPS += ['sass_processor']\n", [("build", "compilescss")]),
        ({}, "INSTALLED_APPS += ['sass_processor']\n", []),
        ({}, "INSTALLED_APPS += ['statici18n']\n", [("build", "compilejsi18n")]),
        # what a Makefile does to deploy, and nothing of its other targets
        ({"Makefile": "setup: x\n\tpython manage.py loaddata tea\n\ndeploy: static\n"
          "\tpython manage.py migrate\n\tpython manage.py load_shops\n\nlint:\n\truff\n", **OWN},
         "", [("release", "load_shops")]),
        ({"Makefile": "deploy-dev:\n\tpython manage.py load_shops\n", **OWN}, "", []),
        # a document says that files are to be made, by a command of the project's own
        ({"README.md": "Run `python manage.py build_css`, python manage.py load_shops\n", **OWN,
          "shop/management/commands/build_css.py": ""}, "", [("build", "build_css")]),
        ({"README.md": "python manage.py build_css\n"}, "", []),
        # but not under the one by which an entry point is told to serve
        ({"entrypoint.sh": 'if [ "$1" == "run" ]; then\n  python manage.py migrate\n'
          "  python manage.py load_shops\nfi\n", **OWN}, "", [("release", "load_shops")]),
        ({"entrypoint.sh": 'if [ "$1" == "dev" ]; then\n  python manage.py migrate\n'
          "  python manage.py load_shops\nfi\n", **OWN}, "", []),
        ({"entrypoint.sh": "if [ x ]; then\n  y\nfi\npython manage.py load_shops\n", **OWN}, "",
         [("release", "load_shops")]),
    ],
)  # fmt: skip
def test_steps_beyond_migrate(
    detected: Detected, files: dict[str, str], settings: str, steps: list[tuple[str, str]]
) -> None:
    found = detected(files, settings).management_steps
    assert [(fact.value.when, " ".join(fact.value.command)) for fact in found] == steps
