"""Who may do what to whom."""

from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.users.models import User


class MayAdministerUsers(DjangoModelPermissions):
    """Staff with the permission that the admin asks for too; only superusers touch superusers."""

    perms_map = {
        **DjangoModelPermissions.perms_map,
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
    }

    def has_permission(self, request: Request, view: APIView) -> bool:
        staff = getattr(request.user, "is_staff", False)
        return staff and super().has_permission(request, view)

    def has_object_permission(self, request: Request, view: APIView, obj: User) -> bool:
        return (
            request.method in ("GET", "HEAD") or not obj.is_superuser or request.user.is_superuser
        )
