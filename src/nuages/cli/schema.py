"""``nuages schema``"""

from __future__ import annotations

import click


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of nuages.yaml, for editors.

    \b
    Example:
      nuages schema > nuages.schema.json
      # first line of nuages.yaml:
      # yaml-language-server: $schema=nuages.schema.json
    """
    from nuages.cli.output import print_json
    from nuages.config.schema import json_schema

    print_json(json_schema())
