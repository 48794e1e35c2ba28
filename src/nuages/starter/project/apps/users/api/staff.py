"""Other people's accounts, for staff who may see them in the admin too."""

from django.db.models import QuerySet
from rest_framework import generics
from rest_framework.exceptions import PermissionDenied
from rest_framework.serializers import BaseSerializer

from apps.users.models import User

from .authentication import revoke_tokens
from .filters import UserFilter
from .permissions import MayAdministerUsers
from .serializers import UserSerializer


class UserListView(generics.ListAPIView[User]):
    """All accounts, the newest first."""

    queryset = User.objects.all()
    serializer_class = UserSerializer
    permission_classes = (MayAdministerUsers,)
    filterset_class = UserFilter
    search_fields = ("email", "name")
    ordering_fields = ("created_at", "email", "last_login")
    ordering = ("-created_at", "-id")


class UserView(generics.RetrieveUpdateDestroyAPIView[User]):
    queryset: QuerySet[User] = User.objects.all()
    serializer_class = UserSerializer
    permission_classes = (MayAdministerUsers,)
    http_method_names = ("get", "head", "options", "patch", "delete")

    def perform_update(self, serializer: BaseSerializer[User]) -> None:
        user = serializer.save()
        if not user.is_active:
            revoke_tokens(user)

    def perform_destroy(self, user: User) -> None:
        """Deactivate; deleting for good is done in the admin."""
        if user == self.request.user:
            raise PermissionDenied("You cannot deactivate yourself.")
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        revoke_tokens(user)
