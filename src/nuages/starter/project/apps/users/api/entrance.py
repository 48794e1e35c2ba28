"""Ways in, open to all: sign-up, tokens, forgotten passwords. None tells who has an account."""

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.utils.http import urlsafe_base64_decode
from drf_spectacular.utils import extend_schema
from knox.models import get_token_model
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.errors import ErrorsSerializer, valid
from apps.users import links, mails
from apps.users.models import User

from . import serializers
from .authentication import TokenAuthentication
from .proof import proved, set_password, written

SENT = {202: None, 503: ErrorsSerializer}


class EntranceView(APIView):
    """Nobody is known here: no credentials are looked at but those in the body."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class SignUpView(EntranceView):
    @extend_schema(request=serializers.EmailSerializer, responses=SENT)
    def post(self, request: Request) -> Response:
        """Write to the address: a link to make the account with, or that there is one."""
        email = valid(serializers.EmailSerializer, request)["email"]
        return written(request, "sign-up", email, lambda: mails.sign_up(request, email))


class SignUpConfirmView(EntranceView):
    @extend_schema(request=serializers.SignUpSerializer, responses={201: serializers.MeSerializer})
    def post(self, request: Request) -> Response:
        """Make the account, with the token at the end of the link."""
        data = valid(serializers.SignUpSerializer, request)
        email = links.invited(data["token"])
        if email is None or User.objects.filter(email=email).exists():
            raise bad_link()
        user = User(email=email, name=data.get("name", ""))
        try:
            with transaction.atomic():
                set_password(user, data["password"])
        except IntegrityError:  # the same link, twice at once
            raise bad_link() from None
        return Response(
            serializers.MeSerializer(user, context={"request": request}).data,
            status.HTTP_201_CREATED,
        )


class PasswordResetView(EntranceView):
    @extend_schema(request=serializers.EmailSerializer, responses=SENT)
    def post(self, request: Request) -> Response:
        """Write to the address: a link to choose a new password with, or that nobody has it."""
        email = valid(serializers.EmailSerializer, request)["email"]
        return written(request, "reset", email, lambda: mails.reset(request, email))


class PasswordResetConfirmView(EntranceView):
    @extend_schema(request=serializers.PasswordResetSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Set the new password, with the last two parts of the link. Ends sessions and tokens."""
        data = valid(serializers.PasswordResetSerializer, request)
        user = named(data["uid"])
        if user is None or not default_token_generator.check_token(user, data["token"]):
            raise bad_link()
        set_password(user, data["password"])
        mails.password_changed(user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenView(APIView):
    """Tokens are for programs; each device can have its own."""

    authentication_classes = (TokenAuthentication,)

    def get_permissions(self) -> list[AllowAny | IsAuthenticated]:
        return [AllowAny() if self.request.method == "POST" else IsAuthenticated()]

    @extend_schema(
        request=serializers.CredentialsSerializer, responses={201: serializers.TokenSerializer}
    )
    def post(self, request: Request) -> Response:
        """Get a token for an e-mail address and a password."""
        data = valid(serializers.CredentialsSerializer, request)
        user = proved(request, **data)
        token, text = get_token_model().objects.create(user)
        answer = serializers.TokenSerializer({"token": text, "expires_at": token.expiry})
        return Response(answer.data, status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """End the token that this request was sent with."""
        request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


def bad_link() -> ValidationError:
    return ValidationError({"token": "The link is false, too old or used."}, "link_invalid")


def named(uid: str) -> User | None:
    """The account that a link for a new password names."""
    try:
        return User.objects.filter(pk=int(urlsafe_base64_decode(uid)), is_active=True).first()
    except ValueError:
        return None
