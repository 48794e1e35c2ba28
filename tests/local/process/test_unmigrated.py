from __future__ import annotations

from pathlib import Path

from nuages.local.process.unmigrated import Unmigrated, superseded, uncommitted, unmigrated

COPY = Path("/site/.nuages/build")


def app(label: str, migrations: str | None, root: str = str(COPY)) -> dict[str, str | None]:
    folder = migrations and f"{root}/{label}/{migrations}"
    return {"label": label, "path": f"{root}/{label}", "migrations": folder}


LISTED = ["shop/models.py", "shop/migrations/__init__.py", "shop/migrations/0001_initial.py"]
SHOP = app("shop", "migrations")
AUTH = app("auth", "migrations", "/env/site-packages")


def test_committed_and_released_migrations_are_left_alone() -> None:
    assert unmigrated([SHOP, AUTH], "auth", COPY, LISTED) == Unmigrated()


def test_apps_without_a_package_are_synced() -> None:
    found = unmigrated([SHOP, app("blog", None)], "auth", COPY, LISTED)
    assert found == Unmigrated(synced=("blog",))


def test_an_empty_package_has_its_migrations_made_and_those_of_its_neighbours() -> None:
    listed = [*LISTED, "cart/migrations/__init__.py", "cart/migrations/old/0001_x.py"]
    tables = [SHOP, app("blog", None), app("cart", "migrations")]
    assert unmigrated(tables, "auth", COPY, listed) == Unmigrated(made=("blog", "cart"))


def test_the_user_models_app_must_have_migrations() -> None:
    tables = [app("people", None), app("legacy", None, "/env/site-packages")]
    assert unmigrated(tables, "people", COPY, []) == Unmigrated(("people",), ("legacy",))


def test_what_was_made_gives_way_to_what_is_committed(tmp_path: Path) -> None:
    folder = tmp_path / "shop" / "migrations"
    folder.mkdir(parents=True)
    for name in ("__init__.py", "0001_initial.py", "0001_made_before.py"):
        (folder / name).write_text("")
    tables = [app("shop", "migrations", str(tmp_path))]
    assert superseded(tables, tmp_path, LISTED) == (folder / "0001_made_before.py",)
    assert superseded(tables, tmp_path, LISTED[:2]) == ()


def test_an_image_needs_them_committed_and_is_told_how() -> None:
    said = uncommitted(("people", "shop"))
    assert said.endswith("python manage.py makemigrations people shop")
