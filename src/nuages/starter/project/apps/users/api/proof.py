"""Limits, passwords and mails, as the site's pages have them."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as RefusedPassword
from rest_framework import status
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api.errors import MailAway
from apps.users.models import User
from apps.users.throttling import seconds_to_wait


def written(request: Request, action: str, email: str, send: Callable[[], Any]) -> Response:
    """Send the mail, if there were not too many of them; 202 for every address.

    Raises:
        Throttled: too many tries of `action`, a key of ``settings.TRIES_AN_HOUR``.
        MailAway: the mail server is; the same for every address.
    """
    if wait := seconds_to_wait(request, action, email):
        raise Throttled(wait)
    try:
        send()
    except OSError as error:
        raise MailAway from error
    return Response(status=status.HTTP_202_ACCEPTED)


def proved(request: Request, email: str, password: str) -> User:
    """The active account that has this password. The same answer for every reason against it.

    Raises:
        Throttled: too many guesses.
        ValidationError: the address or the password is not right.
    """
    user = authenticate(request, username=email, password=password)
    if wait := getattr(request, "seconds_to_wait", 0):
        raise Throttled(wait)
    if not isinstance(user, User):
        raise ValidationError("The e-mail address or the password is not right.", "wrong_login")
    return user


def set_password(user: User, password: str, field: str = "password") -> None:
    """Save the account with this password.

    Raises:
        ValidationError: it is too weak.
    """
    try:
        validate_password(password, user)
    except RefusedPassword as error:
        raise ValidationError({field: error.messages}, "password_weak") from error
    user.set_password(password)
    user.save()
