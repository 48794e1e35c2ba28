"""Every URL of the site begins here."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from apps.core.media import media

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("apps.core.urls")),
    path("accounts/", include("apps.users.urls")),
    path("api/v1/", include("config.api")),
    path(settings.ADMIN_PATH, admin.site.urls),
]

if settings.MEDIA_ROOT:  # uploads are in a folder, not in a bucket
    urlpatterns.append(path(f"{settings.MEDIA_URL.strip('/')}/<path:path>", media))

if settings.DEBUG and "debug_toolbar" in settings.INSTALLED_APPS:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
