"""Rules about the cache."""

from __future__ import annotations

from clean_site import found

REDIS = "django.core.cache.backends.redis.RedisCache"


def test_no_cache_at_all_matters_only_where_one_is_used() -> None:
    assert not found("CAC001", {"settings.py": "# no CACHES\n# no SESSION_ENGINE"})
    files = {
        "settings.py": "# no CACHES\n# no SESSION_ENGINE",
        "orders/views.py": "from django.core.cache import cache\n",
    }
    (finding,) = found("CAC001", files)
    assert "orders/views.py" in finding.message


def test_one_process_has_nobody_to_disagree_with() -> None:
    local = "CACHES['default'] = {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}"
    yaml = "deployment:\n  scaling:\n    max_instances: 1\nserver:\n  workers: 1\n"
    assert not found("CAC001", {"settings.py": local, "nuages.yaml": yaml})
    assert found("CAC001", {"settings.py": local})


def test_sessions_in_a_process_memory_are_worse_than_in_redis() -> None:
    cached = "SESSION_ENGINE = 'django.contrib.sessions.backends.cache'"
    local = "CACHES['default'] = {'BACKEND': 'django.core.cache.backends.locmem.LocMemCache'}"
    assert [f.severity for f in found("CAC002", {"settings.py": cached})] == ["warning"]
    worse = found("CAC002", {"settings.py": f"{local}\n{cached}"})
    assert [f.severity for f in worse] == ["error"]


def test_a_default_of_localhost_is_less_than_localhost() -> None:
    written = "CACHES['default']['LOCATION'] = env.str('CACHE', default='redis://localhost')"
    assert [f.severity for f in found("CAC005", {"settings.py": written})] == ["info"]
    fixed = "CACHES['default']['LOCATION'] = ['redis://:secret@127.0.0.1:6379']"
    assert [f.severity for f in found("CAC005", {"settings.py": fixed})] == ["warning"]


def test_an_optional_cache_may_be_missing() -> None:
    redis = f"CACHES['default'] = {{'BACKEND': '{REDIS}', 'LOCATION': env.str('REDIS_URL')}}"
    for cache, faults in (("{type: redis, optional: true}", 0), ("{type: none}", 1)):
        files = {"settings.py": redis, "nuages.yaml": f"provider: gcp\ncache: {cache}\n"}
        assert len(found("CAC011", files)) == faults


def test_certificates_in_a_url_count_too() -> None:
    url = "CELERY_BROKER = env.str('REDIS_URL') + '?ssl_cert_reqs=none'"
    assert found("CAC006", {"settings.py": url})
    assert not found("CAC006", {"settings.py": "# ssl_cert_reqs=none"})


def test_any_process_may_make_the_table() -> None:
    database = "CACHES['default'] = {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}"
    procfile = "release: python manage.py migrate && python manage.py createcachetable\n"
    assert found("CAC008", {"settings.py": database})
    assert not found("CAC008", {"settings.py": database, "Procfile": procfile})
