"""What logs say and what that means: a table of known causes, the narrowest first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    code: str
    pattern: str
    explanation: str
    remedy: str


_NAME = r"[A-Z][A-Z0-9_]{2,}"

TABLE: tuple[Entry, ...] = (
    Entry(
        "missing-variable",
        rf"KeyError: ['\"](?P<a>{_NAME})['\"]"
        rf"|Set the (?P<b>{_NAME}) (?:environment )?variable"
        rf"|(?:^|\W)(?P<c>{_NAME}) not found\. Declare it as envvar"
        rf"|[Ee]nvironment variable[ :]+[\"'`]?(?P<d>{_NAME})[\"'`]? "
        r"(?:is )?(?:not set|required|missing)"
        rf"|Value [\"'](?P<e>{_NAME})[\"'] must be (?:explicitly )?set"
        rf"|Environment variable [\"'](?P<f>{_NAME})[\"'] (?:not set|invalid)"
        rf"|Value '(?P<h>DJANGO_{_NAME})' (?:is|must)"
        rf"|(?:set|define|provide) (?:the )?[\"'`]?(?P<g>{_NAME})[\"'`]? "
        r"(?:environment|env|in your env)",
        "the settings need the environment variable {subject}",
        "Give {subject} a value: put it into a file and pass that with --env-file.",
    ),
    Entry(
        "secret-key-empty",
        r"The SECRET_KEY setting must not be empty",
        "SECRET_KEY is empty when production settings are imported",
        "Name the variable that the settings read it from, with --env-file.",
    ),
    Entry(
        "empty-setting",
        rf"(?:settings\.(?P<a>{_NAME})|[Ss]etting [\"'`]?(?P<b>{_NAME})[\"'`]?"
        rf"|[\"'`]?(?P<c>{_NAME})[\"'`]? setting) "
        r"(?:must be (?:defined|set|configured|provided|specified)|must not be empty|is required"
        r"|is not (?:set|configured|defined)|is missing|cannot be (?:empty|None))"
        rf"|^\w*(?:Error|Configured): [^\n]*?\b(?P<d>{_NAME}) configuration (?:seems |is )?"
        r"(?:not valid|invalid|missing)",
        "the setting {subject} has no value",
        "Give the variable that it is read from a value, most likely {subject}, with --env-file.",
    ),
    Entry(
        "missing-settings",
        r"ModuleNotFoundError: No module named "
        r"'(?P<a>[\w.]*(?:local_settings|settings[\w.]*|secrets?))'",
        "the settings import {subject}, which is not in the project (a file that git ignores?)",
        "Write that module, or choose other settings with `settings:` in nuages.yaml.",
    ),
    Entry(
        "pkg-resources",
        r"No module named 'pkg_resources'",
        "a package imports pkg_resources, which setuptools no longer has since version 81",
        "Pin `setuptools<81` in the project's requirements.",
    ),
    Entry(
        "distutils",
        r"No module named 'distutils'",
        "a package imports distutils, which Python no longer has since 3.12",
        "Run the project on Python 3.11, or add `setuptools<81` to its requirements.",
    ),
    Entry(
        "django-too-new",
        r"cannot import name '(?P<a>\w+)' from 'django[\w.]*'"
        r"|No module named '(?P<b>django\.[\w.]+)'",
        "{subject} is not in the Django that is installed: a package, or the project, is older",
        "Hold Django back in the requirements (such as `django<4.0`), or update what imports it.",
    ),
    Entry(
        "missing-module",
        r"(?:ModuleNotFoundError|ImportError): No module named '?(?P<a>[\w.]+)'?",
        "the module {subject} is imported and no package of the requirements brings it",
        "Add the package that has {subject} to the project's requirements.",
    ),
    Entry(
        "library-missing",
        r"(?:ImportError|OSError): (?:cannot load library )?"
        r"'?(?P<a>lib[\w.+-]+\.(?:so|dylib)[\w.]*)"
        r"|(?:ImportError|OSError): (?P<b>\w+) shared library not found",
        "the system library {subject} is not installed",
        "Install the system's package that has {subject}.",
    ),
    Entry(
        "gdal-missing",
        r"Could not find the GDAL library",
        "GeoDjango needs GDAL, GEOS and PROJ, which are not installed",
        "Install them (Debian: gdal-bin libgdal-dev; macOS: brew install gdal).",
    ),
    Entry(
        "missing-extension",
        r"extension \"(?P<a>[\w-]+)\" (?:is not available|does not exist|must be installed)"
        r"|could not open extension control file .*/(?P<b>[\w-]+)\.control"
        r"|type \"(?P<c>hstore|citext|geometry|vector|ltree)\" does not exist",
        "the database lacks the extension {subject}",
        "Give DATABASE_URL of a PostgreSQL that has {subject}, or install PostgreSQL with its "
        "contrib packages here.",
    ),
    Entry(
        "database-unreachable",
        r"could not connect to server|connection to server .* failed"
        r"|Can't connect to (?:MySQL )?server",
        "the database does not answer",
        "See that the server of DATABASE_URL runs and can be reached from here.",
    ),
    Entry(
        "redis-unreachable",
        r"redis\.exceptions\.ConnectionError|Error \d+ connecting to [\w.-]+:63\d\d"
        r"|kombu\.exceptions\.OperationalError",
        "Redis does not answer, and the site needs it",
        "Install redis-server or valkey-server here, or give REDIS_URL.",
    ),
    Entry(
        "static-root",
        r"without having set the STATIC_ROOT setting",
        "STATIC_ROOT is not set",
        "Set STATIC_ROOT in the settings.",
    ),
    Entry(
        "manifest-entry",
        r"Missing staticfiles manifest entry for '(?P<a>[^']+)'",
        "a template names the static file {subject}, which was not collected",
        "Build the front end first, or correct the name in the template.",
    ),
    Entry(
        "manifest-reference",
        r"The file '?(?P<a>[^' ]+)'? could not be found with",
        "a stylesheet refers to {subject}, which does not exist",
        "Correct the reference, or set WHITENOISE_MANIFEST_STRICT = False.",
    ),
    Entry(
        "frontend-missing",
        r"No such file or directory: '[^']*(?:manifest|webpack-stats|assets)\.json'"
        r"|Error reading \S*webpack-stats|WebpackLoader\w*Error|DjangoVite\w*Error"
        r"|Cannot find \S+ in Vite manifest",
        "pages need the output of the front-end build",
        "Install node and npm, then run `nuages up` again.",
    ),
    Entry(
        "template-missing",
        r"TemplateDoesNotExist: (?P<a>\S+)",
        "the template {subject} does not exist",
        "Commit it; or, where a front-end build makes it, let `build` in package.json make it.",
    ),
    Entry(
        "offline-compression",
        r"OfflineGenerationError",
        "django-compressor has no offline manifest",
        "Run `manage.py compress` before serving, or set COMPRESS_OFFLINE = False.",
    ),
    Entry(
        "missing-column",
        r"column \"?(?P<a>[\w.]+)\"?(?: of relation \S+)? does not exist"
        r"|no such column: (?P<b>[\w.]+)"
        r"|has no column named (?P<c>\w+)|Unknown column '(?P<d>[^']+)'",
        "the column {subject} does not exist: a model has it and no migration makes it",
        "Make the migration and commit it: python manage.py makemigrations.",
    ),
    Entry(
        "missing-table",
        r"no such table: (?P<a>[\w.]+)|relation \"(?P<b>[\w.]+)\" does not exist"
        r"|Table '(?P<c>[\w.]+)' doesn't exist",
        "the table {subject} does not exist",
        "Some app has no migration for it, or the settings read the database while they load.",
    ),
    Entry(
        "git-unreachable",
        r"git\+(?P<a>[a-z+]+://[^\s`'\"]+?)[`'\"]?\s[\s\S]{0,2000}?"
        r"(?:Git operation failed|failed to (?:clone|fetch|resolve)|exit (?:code|status): 128)"
        r"|fatal: unable to access '(?P<b>[^']+)'",
        "the requirement from the repository {subject} cannot be fetched",
        "See that the repository can be reached from here, or depend on a release of it.",
    ),
    Entry(
        "index-unreachable",
        r"Failed to fetch: `?(?P<a>https?://[^\s`]+)`?\s[\s\S]{0,600}?"
        r"(?:dns error|[Cc]onnection refused|client error \(Connect\)|timed out)",
        "{subject} cannot be fetched: its server does not answer",
        "See that the server can be reached from here, or name an index that has the package.",
    ),
    Entry(
        "npm-package-missing",
        r"npm error 404 +(?:Not Found - GET )?(?P<a>https?://\S+)"
        r"|error (?P<b>https?://\S+): (?:Request failed .404|Not found)",
        "the front end's package {subject} is not in the registry",
        "See that the registry has it (NPM_CONFIG_REGISTRY names another), or drop it.",
    ),
    Entry(
        "network-at-import",
        r"(?:Name or service not known|Temporary failure in name resolution|nodename nor servname)",
        "something is fetched from the network, which does not answer",
        "Connect to the network, or give the variable that points elsewhere.",
    ),
    Entry(
        "program-missing",
        r"Could not run (?P<a>curl-config)|(?P<b>xmlsec) binary not found",
        "a package looks for the program {subject}, which this system does not have",
        "Install it with the system's packages: xmlsec1, or libcurl's development files.",
    ),
    Entry(
        "content-missing",
        r"(?P<a>\w+)\.DoesNotExist: \w+ matching query does not exist",
        "a page asks for a {subject} that the database does not have, empty as it is",
        "Make it in the admin while the site runs, or load the project's data; it is kept.",
    ),
    Entry(
        "bad-host",
        r"Invalid HTTP_HOST header: '(?P<a>[^']+)'",
        "the Host {subject} is not allowed",
        "Add it to ALLOWED_HOSTS.",
    ),
    Entry(
        "csrf-origin",
        r"Origin checking failed - (?P<a>\S+) does not match any trusted origins",
        "{subject} is not among CSRF_TRUSTED_ORIGINS",
        "Add it there.",
    ),
    Entry(
        "compiler-missing",
        r"(?:unable to execute|error: command) '?(?P<a>[\w+-]*(?:gcc|cc|g\+\+|clang))"
        r"(?!'? failed with exit)|linker `cc` not found",
        "a package must be compiled and there is no compiler ({subject})",
        "Install a compiler (Debian: build-essential; macOS: xcode-select --install).",
    ),
    Entry(
        "header-missing",
        r"fatal error: '?(?P<a>[\w/.+-]+\.h)'?(?:: No such file| file not found)",
        "a package must be compiled and {subject} is missing",
        "Install the system's development package that has {subject}.",
    ),
    Entry(
        "build-failed",
        r"Failed to build[: ]*`?(?P<a>[A-Za-z0-9._-]+(?:==[\w.]+)?)",
        "{subject} has no wheel for this Python and system, and its source does not build",
        "Use the Python that it was made for, or a newer version of it.",
    ),
    Entry(
        "package-not-found",
        r"Because (?P<a>[\w.-]+) was not found in the package registry"
        r"|No matching distribution found for (?P<b>\S+)",
        "the package index has no {subject}",
        "See that the index is reachable and that the name and version are right.",
    ),
    Entry(
        "syntax-too-new",
        r"File \"[^\"]*site-packages/(?P<a>[^\"]+)\", line \d+\n(?:.*\n){1,3}?SyntaxError: ",
        "this Python cannot parse {subject}, a file of an installed package",
        "Pin the release of that package that was made for this Python, or run on a newer one.",
    ),
    Entry(
        "syntax-error",
        r"File \"(?P<a>[^\"]+\", line \d+)\n(?:.*\n){1,3}?SyntaxError: |^SyntaxError: (?P<b>.+)$",
        "Python cannot parse the project's own code ({subject})",
        "Mend that line. Where it is Python 2 (print without parentheses), port it first.",
    ),
    Entry(
        "import-name",
        r"ImportError: cannot import name '(?P<a>\w+)'",
        "{subject} is not where a package looks for it: two packages do not fit together",
        "Pin versions that fit, or use the project's lock file.",
    ),
    Entry(
        "missing-file",
        r"FileNotFoundError: \[Errno 2\] No such file or directory: '(?P<a>[^']+)'",
        "{subject} is read and is not there (a file that git ignores, a program?)",
        "Put it there, or choose settings that do without it.",
    ),
    Entry(
        "missing-variable",
        r"^[\w.]*(?:Error|Exception|ImproperlyConfigured): "
        r"(?=[^\n]*\b(?:[Vv]ariable|environ|env)\b)"
        r"(?=[^\n]*\b(?:set|required?|missing|define[d]?|provide|need(?:s|ed)?)\b)"
        rf"[^\n]*?(?<![\w])(?P<a>{_NAME})(?![\w])",
        "the settings need the environment variable {subject}",
        "Give {subject} a value: put it into a file and pass that with --env-file.",
    ),
    Entry(
        "improperly-configured",
        r"ImproperlyConfigured: (?P<a>.+)$",
        "the project says: {subject}",
        "Give what it asks for with --env-file.",
    ),
)
