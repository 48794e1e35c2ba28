"""Annotations that Python 3.14 evaluates late."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nuages.effects import files
from nuages.local.process.annotation import for_types, late, too_early

CODE = "def ask(question: Question) -> None:\n    pass\n"


def said(folder: Path, code: str) -> str:
    """What a Python older than 3.14 says of a program."""
    files.write(folder / "site.py", code)
    argv = (sys.executable, str(folder / "site.py"))
    return subprocess.run(argv, capture_output=True, text=True, check=False).stderr


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="there it is no error")
def test_the_file_whose_annotation_is_too_early(tmp_path: Path) -> None:
    log = said(tmp_path, CODE)
    assert too_early(log, str(tmp_path)) == str(tmp_path / "site.py")
    assert too_early(log, str(tmp_path / "elsewhere")) == ""
    assert too_early(said(tmp_path, "print(Question)\n"), str(tmp_path)) == ""
    assert said(tmp_path, late(CODE)) == ""


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("#!/usr/bin/python\nx: A = 1\n",
         "#!/usr/bin/python\nfrom __future__ import annotations\nx: A = 1\n"),
        ('"""What\nit is."""\nx: A = 1\n',
         '"""What\nit is."""\nfrom __future__ import annotations\nx: A = 1\n'),
        ("from __future__ import annotations\n", "from __future__ import annotations\n"),
        ("not python at all\n", "not python at all\n"),
        ("", "from __future__ import annotations\n"),
    ],
)  # fmt: skip
def test_where_it_is_said(text: str, changed: str) -> None:
    assert late(text) == changed


def test_imports_that_only_a_type_checker_sees() -> None:
    assert for_types("if TYPE_CHECKING:\n    from a import B\n")
    assert not for_types("from a import B\n")
