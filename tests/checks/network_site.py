"""What the tests of the topic network say of a site."""

from __future__ import annotations

YAML = "domain: shop.example.com\ndomain_aliases: [example.com]\nenv_vars:\n"
