"""Who has an account."""

import uuid
from pathlib import PurePath
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.mail import send_mail
from django.db import models
from django_cleanup import cleanup

from apps.core.models import TimeStampedModel

from .fields import LowercaseEmailField


def avatar_path(user: "User", filename: str) -> str:
    """A name that nobody can guess, and that says nothing about the file that was sent."""
    return f"avatars/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()}"


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the login."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save and return a new account.

        Raises:
            ValueError: no e-mail address was given.
        """
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, **{**fields, "is_staff": True, "is_superuser": True}
        )


@cleanup.select
class User(AbstractBaseUser, PermissionsMixin, TimeStampedModel):
    """An account; the e-mail address is the login, whatever the case of its letters."""

    email = LowercaseEmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "There is an account with this e-mail address already."},
    )
    name = models.CharField(max_length=150, blank=True)
    bio = models.TextField(max_length=1000, blank=True)
    avatar = models.ImageField(upload_to=avatar_path, blank=True)
    is_staff = models.BooleanField("staff", default=False, help_text="May use the admin.")
    is_active = models.BooleanField(
        "active", default=True, help_text="Switch this off instead of deleting an account."
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta(TimeStampedModel.Meta):
        abstract = False

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        chosen = self._password is not None  # type: ignore[attr-defined]  # newly set, wherever
        super().save(*args, **kwargs)
        if chosen:
            self.auth_token_set.all().delete()  # type: ignore[attr-defined]

    def email_user(self, subject: str, message: str, from_email: str | None = None) -> None:
        send_mail(subject, message, from_email, [self.email])
