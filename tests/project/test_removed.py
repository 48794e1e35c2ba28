from __future__ import annotations

import pytest
from plain_project import Detected

from nuages.project.removed import removed_in


@pytest.mark.parametrize(
    ("path", "text", "below"),
    [
        ("shop/urls.py", "from django.conf.urls import include, url\n", "4.0"),
        (
            "shop/a.py",
            "from django.utils.translation import (\n    ugettext_lazy as _,\n)\n",
            "4.0",
        ),
        ("shop/a.py", "from django.core.urlresolvers import reverse\n", "2.0"),
        ("shop/a.py", "import django.utils.six\n", "3.0"),
        ("shop/a.py", "from django.utils.six.moves import range\n", "3.0"),
        ("shop/models.py", "class A(M):\n    b = models.ForeignKey('B')\n", "2.0"),
        ("shop/models.py", "class A(M):\n    b = models.ForeignKey('B', models.CASCADE)\n", None),
        ("shop/models.py", "class A(M):\n    b = models.ForeignKey('B', **KW)\n", None),
        ("shop/models.py", "class A(M):\n    b = models.NullBooleanField()\n", "4.0"),
        ("shop/forms.py", "b = forms.NullBooleanField()\n", None),
        ("shop/models.py", "class A(M):\n    class Meta:\n        index_together = []\n", "5.1"),
        ("shop/templates/a.html", "{% load i18n staticfiles %}", "3.0"),
        ("shop/templates/a.html", "{% load static %}{% ifequal a b %}{% endifequal %}", "4.0"),
        # prepared for its absence, or not Django's
        (
            "shop/a.py",
            "try:\n    from django.utils.encoding import force_text\nexcept ImportError: pass\n",
            None,
        ),
        ("shop/a.py", "from django.urls import url_has_allowed_host\nutc = 1\n", None),
        ("shop/a.py", "from .http import is_safe_url\n", None),
        ("shop/tests/test_a.py", "from django.conf.urls import url\n", None),
        ("shop/migrations/0001_a.py", "a = models.NullBooleanField()\n", None),
    ],
)
def test_old_code_holds_an_unpinned_django(
    detected: Detected, path: str, text: str, below: str | None
) -> None:
    found = detected({path: text, "requirements.txt": "django\n"}).django_below
    assert (found.value if found else None) == below
    if found:
        assert found.evidence[0].location.path == path


def test_the_oldest_bound_counts_and_decides_on_the_python(detected: Detected) -> None:
    old = "from django.utils.timezone import utc\nfrom django.utils.http import is_safe_url\n"
    project = detected({"shop/a.py": old, "requirements.txt": "django>=2.2\n"})
    assert project.django is not None
    assert project.django.value == ">=2.2,<4.0"
    assert project.python.value == "3.10"
    assert project.django_below is not None
    assert str(project.django_below.evidence[0].location) == "shop/a.py:2"


@pytest.mark.parametrize("said", ["django==5.2.1", "django>=4.2", "django<4", "django~=3.2.0"])
def test_what_the_project_asks_for_is_never_contradicted(detected: Detected, said: str) -> None:
    old = {"shop/a.py": "from django.conf.urls import url\n", "requirements.txt": said + "\n"}
    assert detected(old).django_below is None


def test_a_name_or_a_module_below_one_that_is_gone() -> None:
    assert removed_in("django.utils.six.moves") == "3.0"
    assert removed_in("django.utils.translation", "ugettext") == "4.0"
    assert removed_in("django.utils.translation", "gettext") is None
