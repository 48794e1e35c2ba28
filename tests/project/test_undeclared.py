from __future__ import annotations

import pytest

from nuages.project.detect import detect
from nuages.project.tree import Tree
from tests.project.plain_project import PLAIN


def found(**more: str) -> dict[str, str]:
    files = {name.replace("__", "/") + ".py": text for name, text in more.items()}
    project = detect(Tree.of({**PLAIN, **files}))
    return {fact.value: str(fact.evidence[0].note) for fact in project.undeclared}


SETTINGS = PLAIN["shop/settings.py"]


def test_an_app_and_a_middleware_whose_packages_nobody_asks_for() -> None:
    text = f"{SETTINGS}\nINSTALLED_APPS += ['rest_framework.authtoken', 'shop']\n"
    text += "MIDDLEWARE = ['corsheaders.middleware.CorsMiddleware']\n"
    assert found(shop__settings=text) == {
        "djangorestframework": "rest_framework is named in INSTALLED_APPS",
        "django-cors-headers": "corsheaders is named in MIDDLEWARE",
    }


@pytest.mark.parametrize(
    ("line", "requirement"),
    [
        ("import environ", "django-environ"),
        ("from dotenv import load_dotenv", "python-dotenv"),
        ("try:\n    import environ\nexcept ImportError:\n    pass", None),
        ("import nobody_knows_this", None),
        ("import environment_of_ours", None),
        ("import MySQLdb", None),  # compiled: whoever meets its absence brings the headers too
    ],
)
def test_imports_of_the_settings(line: str, requirement: str | None) -> None:
    said = found(shop__settings=f"{line}\n{SETTINGS}")
    assert list(said) == ([requirement] if requirement else [])


def test_a_module_of_the_projects_own_is_no_package() -> None:
    text = f"import environ\n{SETTINGS}"
    assert found(shop__settings=text, environ="x = 1\n") == {}


def test_a_field_for_pictures_needs_pillow() -> None:
    models = "from django.db import models\n\nclass A(models.Model):\n    a = models.ImageField()\n"
    text = f"{SETTINGS}\nINSTALLED_APPS += ['shop.apps']\n"
    said = found(shop__models=models, shop____init__="", shop__settings=text)
    assert said == {"pillow": "PIL is what ImageField needs"}
