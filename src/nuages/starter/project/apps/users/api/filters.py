"""What staff can ask for in the list of users."""

import django_filters
from django_filters.rest_framework import FilterSet

from apps.users.models import User


class UserFilter(FilterSet):
    created_after = django_filters.IsoDateTimeFilter("created_at", "gte")
    created_before = django_filters.IsoDateTimeFilter("created_at", "lt")

    class Meta:
        model = User
        fields = ("is_active", "is_staff")
