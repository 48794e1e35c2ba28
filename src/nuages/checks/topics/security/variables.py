"""Variables that switch a protection off, for the interpreter or a library."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nuages.checks.finding import Fault
from nuages.checks.given import given
from nuages.checks.production import Production
from nuages.checks.rule import Faults, rule
from nuages.text import Location

_OFF = frozenset({"", "0", "false", "no", "off"})
_DANGEROUS = {
    "DJANGO_ALLOW_ASYNC_UNSAFE": "lets queries of several requests share one connection",
    "OAUTHLIB_INSECURE_TRANSPORT": "lets tokens of OAuth travel over plain http",
    "PYTHONDEVMODE": "turns Python's development mode on, which is slow and noisy",
    "C_FORCE_ROOT": "lets Celery unpickle messages as root",
}
_CHECKED = {
    "PYTHONHTTPSVERIFY": "certificates of servers are not verified",
    "NODE_TLS_REJECT_UNAUTHORIZED": "certificates of servers are not verified",
}
_SET = re.compile(
    r"environ(?:\[|\.setdefault\(|\.update\()\s*[\"'](\w+)[\"']\s*(?:\]\s*=|,)\s*(.+)"
)
_TESTS = re.compile(r"(?:^|/)tests?(?:[_.][^/]*)?(?:/|$)|_tests?\.py$")
_VIEW = "import os\n\nos.environ['DJANGO_ALLOW_ASYNC_UNSAFE'] = {}\n"


@rule(
    "SEC043",
    severity="warning",
    title="A variable switches a protection off",
    why="Each of these was set once to make an error go away. The error was about something "
    "true: connections that are shared, certificates that nobody verified, a login over http.",
    symptom="Rows of another request; ssl errors that are gone, and a proxy in between that "
    "nobody knows of.",
    fix="Take it out, and mend what it hid: `sync_to_async` around queries, https for OAuth, the "
    "right bundle of certificates.",
    url="https://docs.djangoproject.com/en/stable/topics/async/#async-safety",
    mistake={"orders/views.py": _VIEW.format("'true'")},
    fixed={"orders/views.py": "import os\n\nNAME = os.environ.get('NAME')\n"},
)
def switched_off(production: Production) -> Faults:
    for name, value, where in _set(production):
        off = value.strip("\"' )").lower() in _OFF
        if name in _DANGEROUS and not off:
            yield Fault(f"{name} {_DANGEROUS[name]}", where)
        elif name in _CHECKED and off and value:
            yield Fault(f"{name} is 0: {_CHECKED[name]}", where)


def _set(production: Production) -> Iterator[tuple[str, str, Location]]:
    for each in given(production):
        if not each.working:
            yield each.name, each.value or "", each.location
    files = production.mentioning(*_DANGEROUS, *_CHECKED)
    for file in (each for each in files if not _TESTS.search(each.path)):
        for number, line in enumerate(file.text.splitlines(), 1):
            match = _SET.search(line)
            if match and not line.lstrip().startswith("#"):
                yield match[1], match[2], Location(file.path, number, match.start() + 1)
