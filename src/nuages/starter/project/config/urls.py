"""Every URL of the site begins here."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("apps.core.urls")),
    path("accounts/", include("apps.users.urls")),
    path("api/v1/", include("config.api")),
    path(settings.ADMIN_PATH, admin.site.urls),
]
