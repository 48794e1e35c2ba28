"""What people send about themselves. Every form names its fields: nothing else can be set."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    AuthenticationForm,
    BaseUserCreationForm,
    PasswordChangeForm,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import mails
from .avatars import AvatarField
from .models import User

EMAIL = forms.EmailInput(attrs={"autocomplete": "email"})
CURRENT_PASSWORD = forms.PasswordInput(attrs={"autocomplete": "current-password"})


def too_many_tries(seconds: int) -> ValidationError:
    minutes = -(-seconds // 60)
    message = ngettext(
        "Too many tries. Please wait %(minutes)d minute.",
        "Too many tries. Please wait %(minutes)d minutes.",
        minutes,
    )
    return ValidationError(message, code="throttled", params={"minutes": minutes})


class LoginForm(AuthenticationForm):
    username = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("The e-mail address or the password is not right."),
    }

    def get_invalid_login_error(self) -> ValidationError:
        wait = getattr(self.request, "seconds_to_wait", 0)
        return too_many_tries(wait) if wait else super().get_invalid_login_error()


class EmailForm(forms.Form):
    """An address to write to: for sign-up and for a forgotten password."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254, widget=EMAIL)

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class SignUpForm(BaseUserCreationForm):
    """The last step of signing up: the address was proved by the link that led here."""

    class Meta:
        model = User
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class ProfileForm(forms.ModelForm):
    avatar = AvatarField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG, JPEG, WebP or GIF, up to 5 MB."),
    )

    class Meta:
        model = User
        fields = ("name", "bio", "avatar")
        labels = {"name": _("Name"), "bio": _("About you")}
        help_texts = {"bio": _("Up to 1,000 characters.")}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "bio": forms.Textarea(attrs={"rows": 5}),
        }


class PasswordForm(forms.Form):
    """Asks once more who it is; guesses are counted as at login."""

    password = forms.CharField(label=_("Your password"), strip=False, widget=CURRENT_PASSWORD)

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)

    def clean_password(self) -> str:
        return proved(self.request, self.cleaned_data["password"])


class EmailChangeForm(PasswordForm):
    email = forms.EmailField(label=_("New e-mail address"), max_length=254, widget=EMAIL)
    field_order = ("email", "password")

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class ChangePasswordForm(PasswordChangeForm):
    """Django's own, with the guesses at the old password counted."""

    request: HttpRequest

    def clean_old_password(self) -> str:
        return proved(self.request, self.cleaned_data["old_password"])

    def save(self, commit: bool = True) -> User:
        user = super().save(commit)
        mails.password_changed(user)
        return user


def proved(request: HttpRequest, password: str) -> str:
    """The password, if it is the one of who is logged in.

    Raises:
        ValidationError: it is not, or there were too many tries.
    """
    if authenticate(request, username=request.user.get_username(), password=password):
        return password
    wait = getattr(request, "seconds_to_wait", 0)
    if wait:
        raise too_many_tries(wait)
    raise ValidationError(_("This is not your password."), code="password_incorrect")
