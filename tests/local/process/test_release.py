from __future__ import annotations

from pathlib import Path

from nuages.effects.shell import Finished
from nuages.local.process.release import asks_for_static_files, asks_too_early

ABSENT = 'django.db.utils.ProgrammingError: relation "shop_site" does not exist\n'


def test_urls_that_query_an_empty_database_while_they_are_imported() -> None:
    checks = '  File "/x/migrate.py", line 100, in handle\n    all_issues = checks.run_checks(\n'
    assert asks_too_early(checks + ABSENT)
    assert not asks_too_early(ABSENT)
    assert not asks_too_early(f"{checks}ImproperlyConfigured: nothing\n")


def test_a_command_that_bundles_nothing_wants_the_static_files_first() -> None:
    def finished(status: int, *lines: str) -> Finished:
        return Finished(("python", "-m", "django", "compress"), status, lines, Path("compress.log"))

    assert asks_for_static_files(finished(0, "Compressed 0 block(s) from 162 template(s)"))
    assert not asks_for_static_files(finished(0, "Compressed 10 block(s) from 162 template(s)"))
    assert asks_for_static_files(
        finished(1, "ValueError: Missing staticfiles manifest entry for 'a'")
    )
    assert not asks_for_static_files(finished(1, "Compressed 0 block(s)", "OSError: no"))
    assert not asks_for_static_files(finished(1, ABSENT))  # as migrations may end, that send mail
