from __future__ import annotations

import re

import pytest

from nuages.local import causes
from nuages.local.known_causes import TABLE

CASES = [
    ("ImportError: MagickWand shared library not found.", "library-missing", "MagickWand"),
    (
        "ValueError: No payment backend. SHOP_PAYMENT_BACKEND configuration seems not valid. Look.",
        "empty-setting",
        "SHOP_PAYMENT_BACKEND",
    ),
    (
        "ValueError: Please set required 'APP_VERSION' variable",
        "missing-variable",
        "APP_VERSION",
    ),
    (
        "django.core.exceptions.ImproperlyConfigured: The MAIL_TOKEN env variable is required",
        "missing-variable",
        "MAIL_TOKEN",
    ),
    (
        "django.core.exceptions.ImproperlyConfigured: Variable RSA_PRIVATE_KEY is not provided. "
        "It is required for running in not DEBUG mode.",
        "missing-variable",
        "RSA_PRIVATE_KEY",
    ),
    ("KeyError: 'DJANGO_ADMIN_URL'", "missing-variable", "DJANGO_ADMIN_URL"),
    (
        "django.core.exceptions.ImproperlyConfigured: Set the MAILGUN_API_KEY environment variable",
        "missing-variable",
        "MAILGUN_API_KEY",
    ),
    (
        "decouple.UndefinedValueError: SITE_ID not found. Declare it as envvar or define a default",
        "missing-variable",
        "SITE_ID",
    ),
    (
        'environs.exceptions.EnvError: Environment variable "DOMAIN" not set',
        "missing-variable",
        "DOMAIN",
    ),
    (
        'column "is_new_employee" of relation "auth_user" does not exist',
        "missing-column",
        "is_new_employee",
    ),
    ("OperationalError: no such column: shop_tea.origin", "missing-column", "shop_tea.origin"),
    (
        "ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
        "secret-key-empty",
        "",
    ),
    (
        "ModuleNotFoundError: No module named 'shop.local_settings'",
        "missing-settings",
        "shop.local_settings",
    ),
    ("ModuleNotFoundError: No module named 'pkg_resources'", "pkg-resources", ""),
    ("ModuleNotFoundError: No module named 'distutils'", "distutils", ""),
    ("ModuleNotFoundError: No module named 'environ'", "missing-module", "environ"),
    (
        "ImportError: libmagic.so.1: cannot open shared object file: No such file or directory",
        "library-missing",
        "libmagic.so.1",
    ),
    ("Could not run curl-config: [Errno 2] No such file", "program-missing", "curl-config"),
    ("SigverError: xmlsec binary not found: /usr/bin/xmlsec1", "program-missing", "xmlsec"),
    ("OSError: cannot load library 'libcairo.so.2'", "library-missing", "libcairo.so.2"),
    ("ImproperlyConfigured: Could not find the GDAL library (tried", "gdal-missing", ""),
    (
        'psycopg.errors.FeatureNotSupported: extension "postgis" is not available',
        "missing-extension",
        "postgis",
    ),
    ('type "citext" does not exist', "missing-extension", "citext"),
    (
        'connection to server at "10.0.0.1", port 5432 failed: Connection refused',
        "database-unreachable",
        "",
    ),
    (
        "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379.",
        "redis-unreachable",
        "",
    ),
    (
        "ImproperlyConfigured: You're using the staticfiles app without having set the STATIC_ROOT "
        "setting to a filesystem path.",
        "static-root",
        "",
    ),
    (
        "ValueError: Missing staticfiles manifest entry for 'css/site.css'",
        "manifest-entry",
        "css/site.css",
    ),
    (
        "whitenoise.storage.MissingFileError: The file 'img/x.png' could not be found with <Static",
        "manifest-reference",
        "img/x.png",
    ),
    ("django.db.utils.OperationalError: no such table: app_site", "missing-table", "app_site"),
    (
        'psycopg2.errors.UndefinedTable: relation "app_site" does not exist',
        "missing-table",
        "app_site",
    ),
    ("socket.gaierror: [Errno -2] Name or service not known", "network-at-import", ""),
    ("Invalid HTTP_HOST header: '10.0.0.7'. You may need", "bad-host", "10.0.0.7"),
    (
        "Forbidden (Origin checking failed - https://a.org does not match any trusted origins.)",
        "csrf-origin",
        "https://a.org",
    ),
    ("error: command 'gcc' failed: No such file or directory", "compiler-missing", "gcc"),
    (
        "error: Failed to build `old==1.0`\nerror: command 'gcc' failed with exit status 1",
        "build-failed",
        "old==1.0",
    ),
    ("fatal error: libpq-fe.h: No such file or directory", "header-missing", "libpq-fe.h"),
    ("error: Failed to build `lxml==3.8.0`", "build-failed", "lxml==3.8.0"),
    (
        "FileNotFoundError: [Errno 2] No such file or directory: '/app/dist/manifest.json'",
        "frontend-missing",
        "",
    ),
    (
        "  cause: Failed to fetch: https://x.org/a.whl\n  cause: client error (Connect)\n",
        "index-unreachable",
        "https://x.org/a.whl",
    ),
    (
        "npm error 404 Not Found - GET https://r.org/@a/b.tgz\nnpm error 404",
        "npm-package-missing",
        "https://r.org/@a/b.tgz",
    ),
    ("compressor.exceptions.OfflineGenerationError: You have offline", "offline-compression", ""),
    (
        "Because django-nope was not found in the package registry and you require it",
        "package-not-found",
        "django-nope",
    ),
    (
        "SyntaxError: invalid syntax",
        "syntax-error",
        "invalid syntax",
    ),
    (
        '  File "/site/shop/settings.py", line 3\n    x = = 1\n        ^\n'
        "SyntaxError: invalid syntax",
        "syntax-error",
        '/site/shop/settings.py", line 3',
    ),
    (
        '  File "/env/lib/python3.9/site-packages/tea/pot.py", line 3\n    match x:\n'
        "          ^\nSyntaxError: invalid syntax",
        "syntax-too-new",
        "tea/pot.py",
    ),
    (
        "  × Failed to download and build `thing @ git+https://git.example.org/a/thing@1f2e`\n"
        "  ├─▶ Git operation failed",
        "git-unreachable",
        "https://git.example.org/a/thing@1f2e",
    ),
    (
        "FileNotFoundError: [Errno 2] No such file or directory: '/app/conf/keys.json'",
        "missing-file",
        "/app/conf/keys.json",
    ),
    ("ImportError: cannot import name 'url' from 'django.conf.urls'", "django-too-new", "url"),
    ("No module named 'django.utils.six'", "django-too-new", "django.utils.six"),
    ("ImportError: cannot import name 'soft_unicode' from 'm'", "import-name", "soft_unicode"),
    ("ImproperlyConfigured: settings.UAA_ID must be defined as text", "empty-setting", "UAA_ID"),
    (
        "x.models.HomePage.DoesNotExist: HomePage matching query does not exist.",
        "content-missing",
        "HomePage",
    ),
    ("django.template.exceptions.TemplateDoesNotExist: a.html", "template-missing", "a.html"),
    (
        "django.core.exceptions.ImproperlyConfigured: Choose a theme",
        "improperly-configured",
        "Choose a theme",
    ),
]


@pytest.mark.parametrize(("log", "code", "subject"), CASES, ids=[case[1] for case in CASES])
def test_a_log_tells_its_cause(log: str, code: str, subject: str) -> None:
    cause = causes.likely(f"Traceback (most recent call last):\n  …\n{log}\n")
    assert cause is not None
    assert (cause.code, cause.subject) == (code, subject)
    assert cause.remedy
    if subject:
        assert subject in cause.explanation + cause.remedy


def test_the_last_of_several_counts() -> None:
    log = "KeyError: 'FIRST_ONE'\n\nDuring handling …\n\nKeyError: 'SECOND_ONE'"
    found = causes.likely(log)
    assert found is not None
    assert found.subject == "SECOND_ONE"


@pytest.mark.parametrize("log", ["", "Operations to perform:\n  Apply all migrations: admin", "OK"])
def test_a_log_without_a_fault_has_no_cause(log: str) -> None:
    assert causes.likely(log) is None


def test_a_key_of_a_dictionary_is_no_variable() -> None:
    assert causes.likely("KeyError: 'name'") is None


def test_every_entry_is_met_by_a_case() -> None:
    met = {code for _, code, _ in CASES}
    assert {entry.code for entry in TABLE} == met


def test_every_pattern_says_what_its_text_names() -> None:
    for entry in TABLE:
        names = re.compile(entry.pattern).groupindex
        assert "{subject}" not in entry.explanation + entry.remedy or names, entry.code


def test_the_place_is_the_last_file_of_the_project() -> None:
    log = (
        'File "/x/build/config/settings.py", line 3, in <module>\n'
        'File "/env/django/conf.py", line 9, in __init__\n'
        "ValueError: no\n"
    )
    assert causes.place(log, "/x/build") == "ValueError: no (at config/settings.py:3)"
    assert causes.place("", "/x") == "it printed nothing"


def test_a_folder_for_a_file_that_is_written() -> None:
    written = (
        "    with open(self.conf_file, 'w') as f:\n         ~~~~^^^^^^\n"
        "FileNotFoundError: [Errno 2] No such file or directory: '/home/x/.shop/shop.conf'\n"
    )
    assert causes.missing_folder(written, "/home/x") == ".shop"
    assert causes.missing_folder(written.replace("'w'", "'r'"), "/home/x") is None


def test_the_names_that_an_exception_says_are_found_in_it_alone() -> None:
    log = "  OTHER_KEY = os.getenv('OTHER_KEY')\nValueError: MAIL_HOST must be given\nfor mails"
    names = ["OTHER_KEY", "MAIL", "MAIL_HOST"]
    assert causes.mentioned(log, names) == ["MAIL_HOST"]
    assert causes.mentioned("MAIL_HOST", names) == []
