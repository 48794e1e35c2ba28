"""What staff can ask for in the list of users."""

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.core.exceptions import ValidationError
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import FilterSet

from apps.users.models import User


class MomentField(IsoDateTimeField):
    """A moment in UTC: PostgreSQL refuses offsets of 16 hours and more, which ISO 8601 knows."""

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:  # in UTC it is before the year 1, or after 9999
            raise ValidationError(self.error_messages["invalid"], "invalid") from None


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField


class UserFilter(FilterSet):
    created_after = MomentFilter("created_at", "gte")
    created_before = MomentFilter("created_at", "lt")

    class Meta:
        model = User
        fields = ("is_active", "is_staff")
