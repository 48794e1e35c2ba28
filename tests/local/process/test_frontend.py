from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from nuages.effects import files
from nuages.image import Frontend
from nuages.local.process import frontend

NPM = Frontend("npm", ".", "package-lock.json", "build", "20")
PROGRAM = """import pathlib, sys
with open("calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
"""


def test_the_lock_is_honoured() -> None:
    assert frontend.install_argv(NPM, locked=True)[:2] == ("npm", "ci")
    assert frontend.install_argv(NPM, locked=False)[:2] == ("npm", "install")
    assert frontend.build_argvs(NPM) == (("npm", "run", "build"),)


def test_a_later_yarn_is_told_in_its_own_words() -> None:
    first, later = (Frontend("yarn", ".", "yarn.lock", "build", "20", yarn) for yarn in (None, "4"))
    assert "--non-interactive" in frontend.install_argv(first, locked=True)
    assert frontend.install_argv(later, locked=True) == ("yarn", "install", "--immutable")
    assert frontend.install_argv(later, locked=False) == ("yarn", "install", "--no-immutable")


def test_yarn_is_brought_in_the_version_that_wrote_the_lock(tmp_path: Path) -> None:
    files.write(tmp_path / "npx", "", 0o755)
    first = Frontend("yarn", ".", "yarn.lock", "build", "20")
    later = Frontend("yarn", ".", "yarn.lock", "build", "20", "4")
    assert frontend.available(first, str(tmp_path)) == ("npx", "--yes", "--package", "yarn@1")
    assert (frontend.available(later, str(tmp_path)) or ())[-1] == "@yarnpkg/cli-dist@4"
    files.write(tmp_path / "yarn", "", 0o755)
    assert frontend.available(first, str(tmp_path)) == ()
    assert (frontend.available(later, str(tmp_path)) or ())[-1] == "@yarnpkg/cli-dist@4"


def test_a_program_of_the_packages_is_run_by_the_tool() -> None:
    def argvs(tool: Literal["npm", "pnpm"], command: str) -> list[str]:
        return [
            " ".join(argv)
            for argv in frontend.build_argvs(Frontend(tool, ".", None, command, "20"))
        ]

    assert argvs("npm", "gulp build") == ["npx gulp build"]
    assert argvs("pnpm", "gulp build") == ["pnpm exec gulp build"]
    assert argvs("npm", "build-css && build-js") == ["npm run build-css", "npm run build-js"]
    assert argvs("npm", "") == []


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


def test_an_old_bundler_gets_the_hashes_of_its_time(tmp_path: Path) -> None:
    import sys  # noqa: PLC0415

    program = (
        "import os, sys\n"
        "old = '--openssl-legacy-provider' in os.environ.get('NODE_OPTIONS', '')\n"
        "if 'run' in sys.argv and not old:\n"
        "    sys.exit('code: ERR_OSSL_EVP_UNSUPPORTED')\n"
    )
    files.write(tmp_path / "tools" / "npm", f"#!{sys.executable}\n{program}", 0o755)
    copy = tmp_path / ".nuages" / "build"
    copy.mkdir(parents=True)
    environment = {"PATH": f"{tmp_path / 'tools'}:/usr/bin:/bin"}
    frontend.Build(NPM, copy, environment, tmp_path / "log", print).run((), "source")
    assert (tmp_path / ".nuages" / "frontend-built").exists()


def test_peers_that_conflict_are_taken_as_npm_6_took_them(tmp_path: Path) -> None:
    import sys  # noqa: PLC0415

    program = (
        "import sys\n"
        "if 'run' not in sys.argv and '--legacy-peer-deps' not in sys.argv:\n"
        "    sys.exit('npm error code ERESOLVE')\n"
    )
    files.write(tmp_path / "tools" / "npm", f"#!{sys.executable}\n{program}", 0o755)
    copy = tmp_path / ".nuages" / "build"
    copy.mkdir(parents=True)
    environment = {"PATH": f"{tmp_path / 'tools'}:/usr/bin:/bin"}
    frontend.Build(NPM, copy, environment, tmp_path / "log", print).run((), "source")
    assert (tmp_path / ".nuages" / "frontend-built").exists()


FAILS_ONCE = """import json, pathlib, sys
package = json.loads(pathlib.Path("package.json").read_text())
if sys.argv[1] in ("ci", "install") and "overrides" not in package:
    print("npm error path /site/node_modules/node-sass\\nnpm error gyp ERR! not ok")
    sys.exit(1)
with open("calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
"""


def test_dart_sass_stands_in_for_what_does_not_compile_any_more(tmp_path: Path) -> None:
    import sys  # noqa: PLC0415

    copy = tmp_path / "copy"
    package = {"devDependencies": {"node-sass": "^4", "gulp": "^4"}}
    files.write(copy / "package.json", json.dumps(package))
    files.write(copy / "package-lock.json", "{}")
    files.write(tmp_path / "bin" / "npm", f"#!{sys.executable}\n{FAILS_ONCE}", 0o755)
    environment = {"PATH": str(tmp_path / "bin")}
    build = frontend.Build(NPM, copy, environment, tmp_path / "log", lambda _: None)
    build.run((), "source")
    changed = json.loads((copy / "package.json").read_text())
    assert changed["devDependencies"] == {"node-sass": frontend.DART_SASS, "gulp": "^4"}
    assert changed["overrides"] == {"node-sass": frontend.DART_SASS}
    assert not (copy / "package-lock.json").exists()
    assert (copy / "calls").read_text().splitlines()[-1] == "run build"


LACKS_ONE = """import json, pathlib, sys
package = json.loads(pathlib.Path("package.json").read_text())
if sys.argv[1] in ("ci", "install") and "stylelint-config-acme" in package["devDependencies"]:
    sys.exit("npm error code E404")
with open("calls", "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
"""


def test_what_only_looks_at_the_code_is_left_out_where_the_registry_lacks_some(
    tmp_path: Path,
) -> None:
    import sys  # noqa: PLC0415

    copy = tmp_path / "copy"
    builders = {"webpack": "^5", "eslint-webpack-plugin": "^4", "sass": "^1"}
    checkers = {"stylelint-config-acme": "^2", "eslint": "^8", "@acme/prettier-config": "1"}
    files.write(copy / "package.json", json.dumps({"devDependencies": {**builders, **checkers}}))
    files.write(copy / "package-lock.json", "{}")
    files.write(tmp_path / "bin" / "npm", f"#!{sys.executable}\n{LACKS_ONE}", 0o755)
    environment = {"PATH": str(tmp_path / "bin")}
    frontend.Build(NPM, copy, environment, tmp_path / "log", print).run((), "source")
    assert json.loads((copy / "package.json").read_text())["devDependencies"] == builders
    assert (copy / "calls").read_text().splitlines()[-1] == "run build"
