"""The project's own classes, with what they inherit from one another."""

from __future__ import annotations

from clean_site import site

from nuages.checks.sources.classes import OwnClass
from nuages.checks.sources.python_file import PythonFile

BASES = """\
from rest_framework import viewsets as v
import third.party


class Closed:
    permission_classes: list = []

    class Meta:
        fields = ["a"]

    def check(self): ...


class Desk(Closed, v.ModelViewSet, third.party.Mixin):
    def list(self): ...
"""
FAR = "from library.loans.more import Desk\n\n\nclass Far(Desk):\n    queryset = 1\n"


def classes(texts: dict[str, str]) -> dict[str, OwnClass]:
    production = site({f"library/loans/{name}": text for name, text in texts.items()}, base="split")
    return {each.name: each for each in production.classes("class ")}


def test_what_is_inherited_across_files() -> None:
    far = classes({"more.py": BASES, "far.py": FAR})["Far"]
    assert [each.name for each in far.lineage] == ["Far", "Desk", "Closed"]
    assert far.outside == {"rest_framework.viewsets.ModelViewSet", "third.party.Mixin"}
    assert set(far.methods) == {"list", "check"}
    found, fields = far.attribute("permission_classes"), far.option("fields")
    assert found is not None
    assert fields is not None
    assert (found[1].path, found[1].line) == ("library/loans/more.py", 6)
    assert far.place(far.methods["check"]).path == "library/loans/more.py"


def test_a_name_that_two_files_use_means_neither() -> None:
    found = classes({"more.py": BASES, "again.py": BASES, "far.py": FAR})
    assert [each.name for each in found["Far"].lineage] == ["Far"]
    assert found["Far"].outside == {"library.loans.more.Desk"}


def test_a_class_that_is_its_own_base_ends() -> None:
    loop = classes({"more.py": "class A(B): ...\nclass B(A): ...\n"})["A"]
    assert {each.name for each in loop.lineage} == {"A", "B"}


def test_names_in_full() -> None:
    file = PythonFile("x.py", "import a.b\nimport c as d\nfrom .e import f as g\n")
    assert file.imported == {"a": "a", "d": "c", "g": ".e.f"}
