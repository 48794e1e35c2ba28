"""A plain project under the generated settings, for each Django."""

from __future__ import annotations

from pathlib import Path

import pytest
from django_environments import VERSIONS, Django, django, written
from handmade import deployment, overlay
from plain_site import PROJECT

from nuages.artifacts.cloud_settings import cloud_settings


@pytest.fixture(params=sorted(VERSIONS), scope="module")
def here(request: pytest.FixtureRequest) -> Django:
    return django(request.param)


@pytest.fixture
def site(here: Django, tmp_path: Path) -> Path:
    made = cloud_settings(
        deployment(overlay=overlay(django=here.version, debug_apps=("debug_toolbar",)))
    )
    urls = "urlpatterns = []\n"
    return written(tmp_path, made, mysite____init__="", mysite__settings=PROJECT, mysite__urls=urls)
