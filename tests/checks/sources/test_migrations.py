from clean_site import site

HEAD = "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"


def test_who_is_the_newest() -> None:
    found = site().migrations
    assert [(m.app, m.name, m.leaf, m.initial) for m in found] == [
        ("orders", "0001_initial", False, True),
        ("orders", "0002_order_note", True, False),
    ]


def test_operations_on_the_database_only() -> None:
    text = HEAD + (
        "    atomic = False\n"
        '    dependencies = [("orders", "0002_order_note")]\n'
        "    operations = [\n"
        "        migrations.SeparateDatabaseAndState(\n"
        "            database_operations=[migrations.RunSQL('drop table x')],\n"
        "            state_operations=[migrations.DeleteModel('X')],\n"
        "        ),\n"
        '        migrations.AddField("order", "size", models.IntegerField(null=True)),\n'
        "    ]\n"
    )
    migration = site({"orders/migrations/0003_more.py": text}).migrations[-1]
    assert not migration.atomic
    assert [(o.kind, o.location.line) for o in migration.operations] == [
        ("RunSQL", 9),
        ("AddField", 12),
    ]
    operation = migration.operations[1]
    assert (operation.model, operation.text("name", 1)) == ("order", "size")
    assert operation.field is not None


def test_a_file_that_cannot_be_parsed_is_no_migration() -> None:
    assert len(site({"orders/migrations/0003_bad.py": "class Migration(:"}).migrations) == 2
