"""Rules about the security of the settings: other spellings, and what must stay silent."""

from __future__ import annotations

import pytest
from clean_site import found
from security_site import messages


@pytest.mark.parametrize(
    "settings",
    [
        "INSTALLED_APPS = (*INSTALLED_APPS, 'silk')",
        "INSTALLED_APPS.append('debug_toolbar.apps.DebugToolbarConfig')",
        "MIDDLEWARE.insert(0, 'debug_toolbar.middleware.DebugToolbarMiddleware')",
        "INSTALLED_APPS += ['django_browser_reload']",
    ],
)
def test_a_tool_is_found_however_it_is_added(settings: str) -> None:
    assert len(found("SEC002", {"settings.py": settings})) == 1


def test_a_tool_under_debug_is_fine() -> None:
    added = "if DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n    MIDDLEWARE += ['silk.x.Y']"
    assert not messages("SEC002", added)


@pytest.mark.parametrize(
    ("urls", "count"),
    [
        ("urlpatterns = [path('__debug__/', include('debug_toolbar.urls'))]", 1),
        ("import debug_toolbar\nurlpatterns = [path('d/', include(debug_toolbar.urls))]", 1),
        ("urlpatterns = [path('d/', include('debug_toolbar.urls'))] if settings.DEBUG else []", 0),
        ("from debug_toolbar.toolbar import debug_toolbar_urls\n"
         "urlpatterns = [*debug_toolbar_urls()]", 0),
        ("def add(urlpatterns):\n    if not settings.DEBUG:\n        return urlpatterns\n"
         "    return [path('d/', include('debug_toolbar.urls')), *urlpatterns]", 0),
    ],
)  # fmt: skip
def test_urls_of_tools(urls: str, count: int) -> None:
    text = f"from django.conf import settings\nfrom django.urls import include, path\n{urls}\n"
    assert len(found("SEC003", {"shop/urls.py": text})) == count
