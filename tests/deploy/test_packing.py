"""The archive that an image is built from elsewhere."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

from golden_cases import deployed

from nuages.artifacts.container import container_artifacts
from nuages.deploy.packing import members, packed


def project(root: Path) -> Path:
    texts = {
        "manage.py": "",
        "shop/views.py": "",
        ".env": "SECRET_KEY=planted",
        ".gitignore": "media/\n",
        "media/upload.jpg": "",
        "terraform.tfstate": "planted",
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return root


def generated(root: Path, *, private: bool) -> list[str]:
    found = container_artifacts(deployed("plain_sqlite", "gcp"), private=private)
    for each in found:
        path = root / each.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(each.text, "utf-8")
    names = [each.path for each in found]
    if not private:
        lock = {"generated": dict.fromkeys(names, "0")}
        (root / "nuages.lock").write_text(json.dumps(lock), "utf-8")
    return names


def test_private_files_are_those_that_the_image_needs(tmp_path: Path) -> None:
    root = project(tmp_path)
    generated(root, private=True)
    (root / ".nuages/overlay/shop_cloud").mkdir(parents=True)
    (root / ".nuages/overlay/shop_cloud/settings.py").write_text("", "utf-8")
    (root / ".nuages/logs").mkdir()
    (root / ".nuages/logs/docker.log").write_text("planted", "utf-8")
    (root / ".nuages/running.json").write_text("{}", "utf-8")

    found = members(root, ".nuages/Dockerfile")

    assert {"manage.py", "shop/views.py", ".nuages/Dockerfile"} <= set(found)
    assert ".nuages/docker-entrypoint.sh" in found
    assert ".nuages/overlay/shop_cloud/settings.py" in found
    assert not {".env", "media/upload.jpg", "terraform.tfstate"} & set(found)
    assert not [name for name in found if name.endswith((".log", "running.json"))]


def test_rendered_files_go_along(tmp_path: Path) -> None:
    root = project(tmp_path)
    generated(root, private=False)

    found = members(root, "Dockerfile")

    assert {"manage.py", "Dockerfile", ".dockerignore", "docker-entrypoint.sh"} <= {
        name.removeprefix("docker/") for name in found
    }
    assert "compose.yaml" not in found
    assert ".env" not in found


def test_the_archive_is_nobodys_and_gone_afterwards(tmp_path: Path) -> None:
    root = project(tmp_path)
    generated(root, private=True)
    with packed(root, ".nuages/Dockerfile") as path:
        assert path.stat().st_mode & 0o077 == 0
        first = path.read_bytes()
        with tarfile.open(path) as archive:
            assert {(m.uid, m.gid, m.uname) for m in archive} == {(0, 0, "")}
            assert tuple(archive.getnames()) == members(root, ".nuages/Dockerfile")
    assert not path.exists()
    with packed(root, ".nuages/Dockerfile") as path:
        assert path.read_bytes() == first
