from rest_framework.permissions import BasePermission


class IsCustomer(BasePermission):
    """Only the order's own customer."""

    def has_object_permission(self, request, view, obj):
        return obj.customer_id == request.user.pk
