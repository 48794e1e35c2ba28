"""A mirror of providers for one world: fakecloud's, where provider.py stands before Google's."""

from __future__ import annotations

import os
import re
from pathlib import Path

SHIM = """\
#!{python}
import sys
sys.path.insert(0, {home!r})
from fakecloud.provider import Provider, serve
import importlib.util
spec = importlib.util.spec_from_file_location("told", {provider!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
serve(module.told(open({url!r}).read(), {folder!r}, Provider)({name!r}, {version!r}))
"""
RC = """\
disable_checkpoint = true
provider_installation {{
  filesystem_mirror {{
    path    = "{mirror}"
    include = ["registry.terraform.io/*/*"]
  }}
}}
"""


def write(url: str, folder: Path) -> Path | None:
    """Writes it below `folder` from the mirror that TF_CLI_CONFIG_FILE names.

    Returns:
        the configuration file that takes Terraform there; None without a mirror.
    """
    given = os.environ.get("TF_CLI_CONFIG_FILE")
    text = Path(given).read_text("utf-8") if given and Path(given).exists() else ""
    source = re.search(r'path\s*=\s*"([^"]+)"', text)
    if source is None:
        return None
    kept = folder / "write-only"
    kept.mkdir(mode=0o700, exist_ok=True)
    # Apart from the shims: those of a world that starts again must have the same checksums.
    said = folder / "url"
    said.write_text(url, "utf-8")
    for program in sorted(Path(source[1]).rglob("terraform-provider-*")):
        target = folder / "mirror" / program.relative_to(source[1])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(_shim(program.read_text("utf-8"), said, kept), "utf-8")
        target.chmod(0o755)
    path = folder / "terraformrc"
    path.write_text(RC.format(mirror=folder / "mirror"), "utf-8")
    return path


def _shim(program: str, said: Path, kept: Path) -> str:
    served = re.search(r"serve\(Provider\('(google[\w-]*)', '([\d.]+)'\)\)", program)
    home = re.search(r"sys\.path\.insert\(0, '([^']+)'\)", program)
    if served is None or home is None:
        return program
    return SHIM.format(
        python=program.splitlines()[0].removeprefix("#!"),
        home=home[1],
        provider=str(Path(__file__).with_name("provider.py")),
        url=str(said),
        folder=str(kept),
        name=served[1],
        version=served[2],
    )
