"""Rules about static files and uploads, on their edges."""

from __future__ import annotations

import pytest
from clean_site import found

LOCAL = "STORAGES['default'] = {'BACKEND': 'django.core.files.storage.FileSystemStorage'}\n"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
UNSERVED = f"MIDDLEWARE.remove('{WHITENOISE}')\n"
PHOTO = """\
from django.db import models


class Photo(models.Model):
    image = models.ImageField()
"""
S3 = "STORAGES['default'] = {{'BACKEND': 'storages.backends.s3.S3Storage', 'OPTIONS': {}}}\n"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"settings.py": UNSERVED, "Procfile": "web: uwsgi --static-map /static=/app/static"},
        {"settings.py": UNSERVED, "nginx.conf": "location /static/ {\n  alias /srv;\n}\n"},
        {"settings.py": f"{UNSERVED}STATIC_URL = 'https://cdn.example.com/'"},
        {
            "settings.py": f"{UNSERVED}STORAGES['staticfiles'] = "
            "{'BACKEND': 'storages.backends.s3.S3StaticStorage'}"
        },
        {
            "settings.py": UNSERVED,
            "shop/wsgi.py": "from whitenoise import WhiteNoise\napplication = WhiteNoise(None)\n",
        },
        {"settings.py": f"{UNSERVED}INSTALLED_APPS.remove('django.contrib.staticfiles')"},
    ],
)
def test_static_files_that_something_else_serves(elsewhere: dict[str, str]) -> None:
    assert found("STA010", elsewhere) == []


def test_whitenoise_that_is_installed_but_unused_is_named() -> None:
    (finding,) = found("STA010", {"settings.py": UNSERVED})
    assert "installed, but not in MIDDLEWARE" in finding.message


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("MIDDLEWARE = tuple(MIDDLEWARE)", False),
        ("MIDDLEWARE.insert(1, 'shop.middleware.Health')", False),
        (f"{UNSERVED}MIDDLEWARE += ['{WHITENOISE}']", True),
        (f"{UNSERVED}MIDDLEWARE.insert(0, '{WHITENOISE}')", True),
        (f"{UNSERVED}MIDDLEWARE.insert(3, '{WHITENOISE}')", True),
    ],
)
def test_place_of_whitenoise(change: str, wrong: bool) -> None:
    assert bool(found("STA011", {"settings.py": change})) is wrong


def test_a_root_that_no_disk_needs() -> None:
    s3 = "# no STATIC_ROOT\nSTORAGES['staticfiles'] = {'BACKEND': 'storages.backends.s3.S3Storage'}"
    assert found("STA001", {"settings.py": s3}) == []
    finders = "# no STATIC_ROOT\nWHITENOISE_USE_FINDERS = True"
    assert found("STA001", {"settings.py": finders}) == []


def test_a_comment_does_not_collect() -> None:
    image = "FROM python:3.13-slim\nRUN pip install .\n{}CMD gunicorn shop.wsgi\n"
    comment = image.format("# RUN python manage.py collectstatic\n")
    assert found("STA005", {"Dockerfile": comment})
    assert (
        found("STA005", {"Dockerfile": image.format(""), "Makefile": "x:\n\t./m collectstatic"})
        == []
    )
    assert found("STA005", {"Dockerfile": image.format(""), "app.json": "DISABLE_COLLECTSTATIC"})


@pytest.mark.parametrize(
    ("script", "starts"),
    [
        ("python manage.py collectstatic --noinput\nexec gunicorn shop.wsgi\n", True),
        ('python manage.py collectstatic --noinput\nexec "$@"\n', True),
        ("python manage.py collectstatic --noinput\npython manage.py migrate\n", False),
    ],
)
def test_collected_at_start(script: str, starts: bool) -> None:
    assert bool(found("STA006", {"start.sh": script})) is starts


@pytest.mark.parametrize(
    ("settings", "public"),
    [
        ("AWS_DEFAULT_ACL = 'public-read'", True),
        ("import os\nif 'BUCKET' in os.environ:\n    GS_DEFAULT_ACL = 'publicRead'", True),
        ("AWS_DEFAULT_ACL = env('ACL', default='public-read')", True),
        ("AWS_DEFAULT_ACL = 'private'", False),
        ("AWS_DEFAULT_ACL = None", False),
        (f"{LOCAL}AWS_DEFAULT_ACL = 'public-read'", False),
    ],
)
def test_public_uploads(settings: str, public: bool) -> None:
    assert bool(found("STA014", {"settings.py": settings})) is public


def test_public_uploads_of_a_class_of_its_own() -> None:
    text = "class {}(S3Storage):\n    default_acl = 'public-read'\n"
    assert found("STA014", {"shop/storages.py": text.format("MediaStorage")})
    assert found("STA014", {"shop/storages.py": text.format("StaticStorage")}) == []


def test_links_that_a_cdn_signs() -> None:
    unsigned = "AWS_QUERYSTRING_AUTH = False\n"
    assert found("STA015", {"settings.py": unsigned})
    assert found("STA015", {"settings.py": f"{unsigned}AWS_CLOUDFRONT_KEY = env('KEY')"}) == []


def test_overwriting_by_the_global_setting() -> None:
    bucket = S3.format("{}")
    assert found("STA016", {"settings.py": bucket})
    assert found("STA016", {"settings.py": f"{bucket}AWS_S3_FILE_OVERWRITE = False"}) == []


COMPOSE = "services:\n  web:\n    build: .\n    volumes: {}\n"


@pytest.mark.parametrize(
    ("volumes", "lost"),
    [
        ("[]", True),
        ('["static:/app/static"]', True),
        ('["media:/app/media"]', False),
        ("[{type: volume, source: m, target: /app/media}]", False),
    ],
)
def test_uploads_on_a_volume(volumes: str, lost: bool) -> None:
    files = {
        "settings.py": f"{LOCAL}MEDIA_ROOT = BASE_DIR / 'media'",
        "orders/models.py": PHOTO,
        "compose.yaml": COMPOSE.format(volumes),
    }
    assert bool(found("STA019", files)) is lost


def test_uploads_outside_of_the_project_are_somebody_elses_matter() -> None:
    files = {"settings.py": f"{LOCAL}MEDIA_ROOT = '/srv/media'", "orders/models.py": PHOTO}
    assert found("STA019", files) == []


def test_media_routes_for_development_only() -> None:
    urls = (
        "from django.conf import settings\nfrom django.urls import re_path\n"
        "from django.views.static import serve\nurlpatterns = []\n{}urlpatterns += [\n"
        "{}re_path('^media/(?P<path>.*)$', serve, {{'document_root': settings.MEDIA_ROOT}}),\n{}]\n"
    )
    always = urls.format("", "    ", "")
    guarded = urls.format("if settings.DEBUG:\n    ", "        ", "    ")
    assert found("STA020", {"shop/urls.py": always})
    assert found("STA020", {"shop/urls.py": guarded}) == []


@pytest.mark.parametrize(
    ("value", "found_one"),
    [("10 ** 9", True), ("10 * 1024 * 1024", False), ("env.int('LIMIT')", False)],
)
def test_size_of_a_request(value: str, found_one: bool) -> None:
    settings = f"DATA_UPLOAD_MAX_MEMORY_SIZE = {value}"
    assert bool(found("STA022", {"settings.py": settings})) is found_one


def test_shared_places() -> None:
    (same,) = found("STA009", {"settings.py": "MEDIA_URL = '/static/'"})
    (inside,) = found("STA009", {"settings.py": "MEDIA_ROOT = STATIC_ROOT / 'media'"})
    assert (same.severity, inside.severity) == ("error", "warning")
    assert found("STA009", {"settings.py": "MEDIA_URL = '/static-media/'"}) == []


def test_a_volume_that_a_variable_may_name() -> None:
    settings = f"{LOCAL}import os\nMEDIA_ROOT = os.environ.get('MEDIA_ROOT', BASE_DIR / 'media')"
    files = {"settings.py": settings, "orders/models.py": PHOTO}
    assert found("STA019", {**files, "compose.yaml": COMPOSE.format("[]")})
    given = f"{COMPOSE.format('[]')}    environment: {{MEDIA_ROOT: /srv/media}}\n"
    assert found("STA019", {**files, "compose.yaml": given}) == []
    assert found("STA019", {**files, "compose.yaml": None}) == []


def test_local_uploads_of_several_instances() -> None:
    text = (
        "provider: {}\ndomain: shop.example.com\nstorage: {{type: local}}\n"
        "deployment: {{scaling: {{max_instances: 3}}}}\n"
        "env_vars: {{AWS_STORAGE_BUCKET_NAME: uploads}}\n"
    )
    files = {"settings.py": f"{LOCAL}MEDIA_ROOT = '/srv/media'", "orders/models.py": PHOTO}
    (finding,) = found("STA019", {**files, "nuages.yaml": text.format("aws")})
    assert str(finding.location).startswith("nuages.yaml:3")
    assert found("STA019", {**files, "nuages.yaml": text.format("docker")}) == []


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("RUN python manage.py collectstatic --noinput || true", True),
        ("RUN python manage.py collectstatic --noinput || echo none", True),
        ("RUN python manage.py collectstatic --noinput && rm -rf /root/.cache || true", False),
        ("RUN pip install . || true && python manage.py collectstatic", False),
    ],
)
def test_failures_that_are_hidden(line: str, hidden: bool) -> None:
    image = f"FROM python:3.13-slim\n{line}\nCMD gunicorn shop.wsgi\n"
    assert bool(found("STA023", {"Dockerfile": image})) is hidden


def test_a_pipeline_that_collects_for_its_tests() -> None:
    image = "FROM python:3.13-slim\nRUN pip install .\nCMD gunicorn shop.wsgi\n"
    steps = "jobs:\n  test:\n    steps:\n      - run: {}\n"
    ci = steps.format("python manage.py collectstatic --noinput")
    remote = steps.format("docker compose run web python manage.py collectstatic --noinput")
    place = ".github/workflows/ci.yml"
    assert found("STA005", {"Dockerfile": image, place: ci})
    assert found("STA005", {"Dockerfile": image, place: remote}) == []


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("orders/site.css", False),
        ("orders/theme.css", False),
        ("orders/logo.png", True),
        ("orders/dist/app.js", False),
        ("orders/app.min.js", False),
        ("admin/css/base.css", False),
    ],
)
def test_static_files_that_templates_name(name: str, missing: bool) -> None:
    page = f'{{% load static %}}<link href="{{% static "{name}" %}}">'
    files = {
        "orders/static/orders/site.css": "",
        "orders/static/orders/theme.scss": "",
        "orders/templates/orders/page.html": page,
    }
    assert bool(found("STA024", files)) is missing
    plain = (
        "STORAGES['staticfiles'] = "
        "{'BACKEND': 'django.contrib.staticfiles.storage.StaticFilesStorage'}"
    )
    assert found("STA024", {**files, "settings.py": plain}) == []
