"""The REST API, below /api/v1/."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from apps.core.api.views import DocsView, NotFoundView

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(url_name="api:schema"), name="docs"),
    path("", include("apps.users.api.urls")),
    re_path("", NotFoundView.as_view(), name="not-found"),
]
