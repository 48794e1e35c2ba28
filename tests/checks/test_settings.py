"""Settings as rules ask for them."""

from __future__ import annotations

from clean_site import site


def test_a_default_stands_for_what_is_not_set_and_none_for_what_is_unknown() -> None:
    settings = site({"settings.py": "from nowhere import SECURE_SSL_REDIRECT, THING"}).settings
    assert settings.get("LANGUAGES_BIDI", default=7) == 7
    assert settings.get("THING", default=7) is None
    assert settings.get("THING", "a", default=7) is None


def test_keys_inside() -> None:
    settings = site().settings
    assert settings.get("DATABASES", "default", "CONN_MAX_AGE", default=0) == 60
    assert settings.get("CACHES", "default", "TIMEOUT", default=300) == 300
    where = settings.at("STORAGES", "default", "querystring_auth")
    assert site().text(where.path).splitlines()[where.line - 1].strip().startswith('"querystring')


def test_lists_that_are_known_in_full() -> None:
    settings = site({"settings.py": "from nowhere import MORE\nMIDDLEWARE += MORE"}).settings
    assert not settings.lacks("MIDDLEWARE", "x")
    assert site().settings.lacks("MIDDLEWARE", "x")
    assert site().settings.has_app("orders")


def test_env_vars_of_nuages_yaml_hold() -> None:
    production = site({"nuages.yaml": "env_vars:\n  DEBUG: 'True'\n"})
    assert production.settings.get("DEBUG") is True
    assert production.settings_unset.get("DEBUG") is False


def test_a_removed_setting_is_not_set() -> None:
    production = site({"settings.py": "# no STATIC_ROOT"})
    assert "STATIC_ROOT" not in production.settings
    assert "STATIC_ROOT" in site().settings
