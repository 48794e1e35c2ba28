from __future__ import annotations

from pathlib import Path

from nuages.effects import files
from nuages.local.process import frontend
from nuages.model import Frontend

NPM = Frontend("npm", ".", "package-lock.json", "build", "20")
PROGRAM = """import pathlib, sys
with open("calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
"""


def test_the_lock_is_honoured() -> None:
    assert frontend.install_argv(NPM)[:2] == ("npm", "ci")
    assert frontend.install_argv(Frontend("npm", ".", None, "build", "20"))[:2] == (
        "npm",
        "install",
    )
    assert frontend.build_argv(NPM) == ("npm", "run", "build")


def test_without_node_nothing_can_be_built(tmp_path: Path) -> None:
    assert frontend.available(NPM, str(tmp_path)) is None
    assert frontend.available(Frontend("yarn", ".", None, "build", "20"), str(tmp_path)) is None


def test_it_builds_once_for_the_same_files(tmp_path: Path) -> None:
    import sys  # noqa: PLC0415

    tools = tmp_path / "tools"
    files.write(tools / "npm", f"#!{sys.executable}\n{PROGRAM}", 0o755)
    copy = tmp_path / ".nuages" / "build"
    copy.mkdir(parents=True)
    seen: list[str] = []
    build = frontend.Build(
        NPM, copy, {"PATH": f"{tools}:/usr/bin:/bin"}, tmp_path / "log", seen.append
    )
    for source in ("one", "one", "two"):
        build.run((), source)
    assert (copy / "calls").read_text().split("\n") == [
        "ci --no-audit --no-fund",
        "run build",
        "ci --no-audit --no-fund",
        "run build",
        "",
    ]
