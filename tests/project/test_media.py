from __future__ import annotations

import pytest
from plain_project import Detected

MODEL = "from django.db import models\nclass A(models.Model):\n"


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("    a = models.FileField(upload_to='x')\n", [3]),
        ("    a = models.ImageField()\n    b: str = ThumbnailerImageField(\n    )\n", [3, 4]),
        ("    a=models.FileField()\n", [3]),
        ("    a = (\n        1)\n    name = models.CharField(max_length=1)\n", []),
        ("    a = models.FilePathField()\n", []),
        # an argument, not a field
        ("    x = f(\n        field=ImageField(),\n    )\n", []),
        ("    def f(self):\n        return FileField\n", []),
    ],
)
def test_fields_that_keep_files(detected: Detected, body: str, lines: list[int]) -> None:
    found = detected({"blog/models.py": MODEL + body}).media_fields
    assert [(e.location.path, e.location.line) for e in found] == [
        ("blog/models.py", line) for line in lines
    ]


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("blog/models/post.py", True),
        ("blog/models_old.py", True),
        ("blog/tests/models.py", False),
        ("blog/migrations/models.py", False),
        ("blog/forms.py", False),
    ],
)
def test_only_models_are_read(detected: Detected, path: str, seen: bool) -> None:
    found = detected({path: MODEL + "    a = models.FileField()\n"}).media_fields
    assert bool(found) is seen


@pytest.mark.parametrize(
    ("settings", "model"),
    [("AUTH_USER_MODEL = 'people.User'\n", "people.User"),
     ("AUTH_USER_MODEL = 'auth.User'\n", None), ("", None)],
)  # fmt: skip
def test_the_user_model(detected: Detected, settings: str, model: str | None) -> None:
    found = detected(settings=settings).custom_user
    assert (found.value if found else None) == model


@pytest.mark.parametrize(("app", "there"), [("rest_framework", True), ("ninja", False)])
def test_rest_framework(detected: Detected, app: str, there: bool) -> None:
    found = detected(settings=f"INSTALLED_APPS += ['{app}']\n").rest_framework
    assert found.value is there


def test_uploads_that_are_under_version_control(detected: Detected) -> None:
    settings = (
        "from pathlib import Path\nBASE = Path(__file__).resolve().parent.parent\n"
        "MEDIA_ROOT = BASE / 'media'\n"
    )
    assert detected({"media/nobody.png": "x"}, settings).uploads == "media"
    assert detected({"media/views.py": "x", "media/nobody.png": "x"}, settings).uploads == ""
    assert detected({"pictures/nobody.png": "x"}, settings).uploads == ""
