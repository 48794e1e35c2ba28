from __future__ import annotations

import pytest

from nuages.checks.production import Production
from nuages.config.schema import Config
from nuages.deploy.migrations import harmful, migrations, since
from nuages.project.detect import detect
from nuages.project.tree import Tree

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")\n'
SETTINGS = 'INSTALLED_APPS = ["shop"]\nSECRET_KEY = "x"\nROOT_URLCONF = "site_.urls"\n'


def brought(operation: str) -> dict[str, tuple[str, ...]]:
    text = (
        "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
        f"    operations = [{operation}]\n"
    )
    tree = Tree.of(
        {
            "manage.py": MANAGE,
            "site_/__init__.py": "",
            "site_/settings.py": SETTINGS,
            "shop/__init__.py": "",
            "shop/migrations/__init__.py": "",
            "shop/migrations/0002_change.py": text,
        }
    )
    return migrations(Production(tree, detect(tree), Config.empty(), "production", tree))


@pytest.mark.parametrize(
    ("operation", "harm"),
    [
        ('migrations.AddField("book", "isbn", models.CharField(null=True))', ()),
        ('migrations.AddField("book", "n", models.IntegerField(db_default=0))', ()),
        ('migrations.CreateModel("Author", fields=[])', ()),
        ('migrations.AddIndex("book", models.Index(fields=["isbn"], name="i"))', ()),
        ('migrations.RemoveField("book", "isbn")', ("RemoveField book.isbn",)),
        ('migrations.DeleteModel("Book")', ("DeleteModel Book",)),
        (
            'migrations.AddField("book", "n", models.IntegerField(default=0))',
            ("NOT NULL book.n",),
        ),
        ('migrations.RunSQL("DROP TABLE shop_book")', ("DROP TABLE",)),
        ('migrations.AlterField("book", "n", models.TextField())', ("AlterField book.n",)),
    ],
)
def test_what_older_code_cannot_live_with(operation: str, harm: tuple[str, ...]) -> None:
    assert brought(operation) == {"shop.0002_change": harm}


def test_only_what_the_older_release_does_not_know_counts() -> None:
    old = {"shop.0001_initial": (), "shop.0002_gone": ("DeleteModel Book",)}
    new = {**old, "shop.0003_more": (), "shop.0004_less": ("RemoveField book.isbn",)}

    assert set(since(old, new)) == {"shop.0003_more", "shop.0004_less"}
    assert harmful(since(old, new)) == {"shop.0004_less": ("RemoveField book.isbn",)}
