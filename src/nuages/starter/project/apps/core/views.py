"""The landing page."""

import platform
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView


class HomeView(TemplateView):
    """What a new site has, and where; yours to replace."""

    template_name = "core/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        places = [
            place(reverse("api:docs"), _("API"), _("Every operation, to read and to try.")),
            place(
                reverse("api:schema"),
                _("Schema"),
                _("The same in OpenAPI, for clients' generators."),
            ),
            place("/health/", _("Health"), _("Database, cache, storage and migrations.")),
            place(reverse("users:login"), _("Accounts"), _("Log in, sign up, profile, password.")),
        ]
        if self.admin_is_shown():
            admin = place(reverse("admin:index"), _("Admin"), _("Accounts and all your models."))
            places.insert(0, admin)
        return super().get_context_data(places=places, running_on=self.running_on(), **kwargs)

    def admin_is_shown(self) -> bool:
        """An admin that was moved is moved so that strangers do not find it."""
        return settings.ADMIN_PATH == "admin/" or self.request.user.is_staff

    def running_on(self) -> str:
        """Which versions run; for developers and staff, since attackers like to know them too."""
        if not (settings.DEBUG or self.request.user.is_staff):
            return ""
        versions = f"Django {django.get_version()} · Python {platform.python_version()}"
        return f"{versions} · {connection.display_name}"


def place(path: str, name: str, about: str) -> dict[str, str]:
    return {"path": path, "name": name, "about": about}
