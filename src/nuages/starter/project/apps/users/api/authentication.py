"""Who calls: a token that expires, and of which only a digest is stored."""

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox import auth
from knox.models import get_token_model
from rest_framework.exceptions import AuthenticationFailed

from apps.users.models import User


class TokenAuthentication(auth.TokenAuthentication):
    """``Authorization: Token …``, as ``POST token/`` gives it."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, object]:
        if not token.isascii():  # knox would stumble over it
            raise AuthenticationFailed
        return super().authenticate_credentials(token)


class TokenScheme(KnoxTokenScheme):
    target_class = "apps.users.api.authentication.TokenAuthentication"
    name = "token"


def revoke_tokens(user: User) -> None:
    """End every use of the API by token, on all devices."""
    get_token_model().objects.filter(user=user).delete()
