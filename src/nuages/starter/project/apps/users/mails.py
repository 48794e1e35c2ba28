"""The mails about accounts.

Whoever asks for a link gets the same answer, and the same work is done, whether or not there is
such an account: one look-up and one mail to the address. Only who reads that mail learns more.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from . import links
from .models import User

log = logging.getLogger(__name__)


def send(name: str, to: str, **context: Any) -> None:
    """Send ``users/mail/<name>.txt``; its first line is the subject.

    Raises:
        OSError: the mail server is away or refuses (smtplib's errors are OSErrors too).
    """
    text = render_to_string(
        f"users/mail/{name}.txt", {"site_name": settings.SITE_NAME, "email": to, **context}
    )
    subject, _, body = text.strip().partition("\n")
    send_mail(subject.strip(), f"{body.strip()}\n", None, [to])


def account(email: str) -> User | None:
    """The account that may use a password, if there is one."""
    user = User.objects.filter(email=email, is_active=True).first()
    return user if user and user.has_usable_password() else None


def sign_up(request: HttpRequest, email: str) -> None:
    """A link to make the account with; to who has one, the way to log in."""
    link = links.sign_up(request, email)
    if User.objects.filter(email=email).exists():
        login = links.absolute(request, reverse("users:login"))
        reset = links.absolute(request, reverse("users:password-reset"))
        send("have_account", email, login=login, reset=reset)
    else:
        send("sign_up", email, link=link)


def reset(request: HttpRequest, email: str) -> None:
    """A link to choose a new password with; to who has no account, a word about that."""
    user = account(email)
    if user:
        send("reset", email, link=links.reset(request, user))
    else:
        sign_up_page = links.absolute(request, reverse("users:sign-up"))
        send("no_account", email, sign_up=sign_up_page)


def change_email(request: HttpRequest, user: User, email: str) -> None:
    """A link to the new address; to an address that has an account, a word about that."""
    link = links.change_email(request, user, email)
    if User.objects.filter(email=email).exists():
        send("email_taken", email)
    else:
        send("email_change", email, link=link)


def notice(name: str, to: str, **context: Any) -> None:
    """Tell of what is done already; a mail server that is away does not undo it."""
    try:
        send(name, to, **context)
    except OSError:
        log.exception("The notice %s was not sent", name)


def password_changed(user: User) -> None:
    notice("password_changed", user.email)


def email_changed(user: User, old: str) -> None:
    notice("email_changed", old, new=user.email)
