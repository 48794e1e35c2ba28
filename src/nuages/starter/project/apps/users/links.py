"""Links that prove that somebody reads an address. Signed, and nothing is stored."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from .models import User

DAY = 24 * 3600  # seconds
SIGN_UP = "users.sign-up"
CHANGE_EMAIL = "users.change-email"


def absolute(request: HttpRequest, path: str) -> str:
    """`path` at the site's own domain. Without one, at the request's host, which Django checked.

    Raises:
        ImproperlyConfigured: any host is allowed, so that a stranger could choose the link's.
    """
    if settings.DOMAIN not in ("", "localhost"):  # on one's own machine the port matters
        return f"{request.scheme}://{settings.DOMAIN}{path}"
    if "*" in settings.ALLOWED_HOSTS:
        raise ImproperlyConfigured("Set DOMAIN, or name the hosts in ALLOWED_HOSTS.")
    return request.build_absolute_uri(path)


def sign_up(request: HttpRequest, email: str) -> str:
    token = signing.dumps(email, salt=SIGN_UP)
    return absolute(request, reverse("users:sign-up-finish", args=[token]))


def invited(token: str) -> str | None:
    """The address that a link for sign-up was sent to; None if it is false or too old."""
    try:
        return signing.loads(token, salt=SIGN_UP, max_age=DAY)
    except signing.BadSignature:
        return None


def reset(request: HttpRequest, user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return absolute(request, reverse("users:password-reset-confirm", args=[uid, token]))


def change_email(request: HttpRequest, user: User, email: str) -> str:
    # Bound to the present address and password: it works once, and not after either changed.
    payload = [user.pk, user.email, user.get_session_auth_hash(), email]
    token = signing.dumps(payload, salt=CHANGE_EMAIL)
    return absolute(request, reverse("users:email-confirm", args=[token]))


def changed_email(token: str) -> tuple[User, str] | None:
    """The account and its new address; None if the link is false, too old or used."""
    try:
        pk, old, proof, new = signing.loads(token, salt=CHANGE_EMAIL, max_age=DAY)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk, email=old, is_active=True).first()
    if user is None or user.get_session_auth_hash() != proof:
        return None
    return user, new
