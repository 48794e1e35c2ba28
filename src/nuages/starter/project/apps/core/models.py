"""Small things that models of other apps share."""

from django.db import models


class TimeStampedModel(models.Model):
    """When a row was made and last changed; the newest first."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ["-created_at"]
