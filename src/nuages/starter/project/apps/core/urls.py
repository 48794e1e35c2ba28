from django.templatetags.static import static
from django.urls import path
from django.utils.functional import lazy
from django.views.generic import RedirectView

from .views import HomeView

app_name = "core"

# Pages that are not ours, like the API's answers, make browsers ask for this one.
icon = RedirectView.as_view(url=lazy(static, str)("img/favicon.svg"))

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("favicon.ico", icon, name="icon"),
]
