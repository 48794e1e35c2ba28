"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from security_site import READ, messages


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ("ALLOWED_HOSTS = ('*',)", ["SEC011"]),
        ("ALLOWED_HOSTS = os.environ.get('HOSTS', '*').split(',')", ["SEC011"]),
        ("ALLOWED_HOSTS = []", ["SEC012"]),
        ("# no ALLOWED_HOSTS", ["SEC012"]),
        ("ALLOWED_HOSTS = ['.localhost', '127.0.0.1', '[::1]']", ["SEC012"]),
        ("ALLOWED_HOSTS = []\nif h := os.environ.get('RENDER_EXTERNAL_HOSTNAME'):\n"
         "    ALLOWED_HOSTS.append(h)", ["SEC012"]),
        ("ALLOWED_HOSTS = ['shop.example.net:8000']", ["SEC013"]),
        ("ALLOWED_HOSTS = ['a.example.net,b.example.net']", ["SEC013"]),
        ("ALLOWED_HOSTS = ['*.example.net']", ["SEC013"]),
        ("ALLOWED_HOSTS = 'shop.example.net'", ["SEC013"]),
        ("ALLOWED_HOSTS = ['example.com']", ["SEC014"]),
        ("ALLOWED_HOSTS = ['shop.example.net', 'localhost']", []),
        ("ALLOWED_HOSTS = ['.shop.example.net', '[2001:db8::1]']", []),
        ("ALLOWED_HOSTS = os.environ['SHOP_HOSTS'].split(',')", []),
        ("ALLOWED_HOSTS = env.list('APP_ALLOWED_HOSTS', default=['localhost'])", []),
    ],
)  # fmt: skip
def test_hosts(line: str, rules: list[str]) -> None:
    asked = ("SEC011", "SEC012", "SEC013", "SEC014")
    assert [rule for rule in asked if messages(rule, f"{READ}{line}")] == rules


def test_a_wildcard_in_the_code_is_shown_there_though_nuages_yaml_gives_the_hosts() -> None:
    given = "domain: shop.example.com\nenv_vars:\n  ALLOWED_HOSTS: shop.example.com\n"
    files = {"settings.py": "ALLOWED_HOSTS.append('*')", "nuages.yaml": given}
    (finding,) = found("SEC011", files)
    assert finding.location.path == "shop/settings.py"


def test_all_addresses_of_this_machine_are_no_host_of_a_visitor() -> None:
    assert len(messages("SEC012", "ALLOWED_HOSTS = ['localhost', '[::]', '0.0.0.0']")) == 1
