from __future__ import annotations

import pytest

from nuages.project.syntax import bracketed, oldest
from nuages.project.tree import Tree


@pytest.mark.parametrize(
    ("text", "version", "line"),
    [
        ("x = 1\n", None, 0),
        ("try:\n    pass\nexcept (A, B):\n    pass\n", None, 0),
        ("try:\n    pass\nexcept A, B:\n    pass\n", "3.14", 3),
        ("try:\n    pass\nexcept a.A, b.B, C:\n    pass\n", "3.14", 3),
        ("match x:\n    case 1:\n        pass\n", "3.10", 1),
        ("try:\n    pass\nexcept* A:\n    pass\n", "3.11", 3),
        ("type A = int\n", "3.12", 1),
        ("def f[T](x: T) -> T:\n    return x\n", "3.12", 1),
        ("\nclass A[T]:\n    pass\n", "3.12", 2),
        ("""x = f"{d["k"]}"\n""", "3.12", 1),
        ("""x = f"{d['k']}"\n""", None, 0),
        ("""x = f"{a}" + "b" + "{c}"\n""", None, 0),
        # inside a string, or as a name, it is nothing
        ('x = """\nexcept A, B:\n"""\nmatch = 3\nmatch.x\n', None, 0),
    ],
)
def test_the_oldest_python(text: str, version: str | None, line: int) -> None:
    found, problems = oldest(Tree.of({"a.py": text}), ("a.py",))
    assert problems == []
    assert (found.value if found else None) == version
    if found:
        assert found.evidence[0].location.line == line


@pytest.mark.parametrize(
    "text", ["print 'two'\n", "try:\n  pass\nexcept A, e:\n  pass\n", "def (\n"]
)
def test_what_no_python_3_parses_is_a_problem(text: str) -> None:
    found, problems = oldest(Tree.of({"a.py": text}), ("a.py",))
    assert found is None
    assert [problem.location.path for problem in problems] == ["a.py"]


def test_the_newest_need_of_several_files_decides() -> None:
    tree = Tree.of({"a.py": "match x:\n    case 1:\n        pass\n", "b.py": "type A = int\n"})
    found, _ = oldest(tree, ("a.py", "b.py"))
    assert found is not None
    assert (found.value, [e.location.path for e in found.evidence]) == ("3.12", ["b.py"])


def test_brackets_for_older_pythons() -> None:
    newer = "try:\n    x()\nexcept ValueError, TypeError:\n    y()\n"
    older = "try:\n    x()\nexcept (ValueError, TypeError):\n    y()\n"
    assert bracketed(newer) == older
    assert bracketed(older) == older
    text = 'DOC = """\nexcept A, B:\n"""\n'
    assert bracketed(text) == text
