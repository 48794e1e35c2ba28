"""One's own account. No address names an account, so nobody else's can be meant."""

from typing import cast

from django.contrib.auth import logout, update_session_auth_hash
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api.errors import valid
from apps.users import links, mails
from apps.users.models import User

from . import serializers
from .entrance import SENT, EntranceView, bad_link
from .proof import set_password, written


def caller(request: Request) -> User:
    """Whose account it is; the permissions let nobody in who has none."""
    return cast(User, request.user)


def shown(request: Request) -> Response:
    return Response(serializers.MeSerializer(caller(request), context={"request": request}).data)


class MeView(APIView):
    @extend_schema(responses=serializers.MeSerializer)
    def get(self, request: Request) -> Response:
        """Your account."""
        return shown(request)

    @extend_schema(
        request=serializers.MeSerializer(partial=True), responses=serializers.MeSerializer
    )
    def patch(self, request: Request) -> Response:
        """Change your name or the words about you."""
        serializer = serializers.MeSerializer(caller(request), request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return shown(request)


class AvatarView(APIView):
    parser_classes = (MultiPartParser,)
    throttle_scope = "avatar"

    @extend_schema(
        request={"multipart/form-data": serializers.AvatarSerializer},
        responses=serializers.MeSerializer,
    )
    def put(self, request: Request) -> Response:
        """Send a picture; what is kept is a small square drawn from it."""
        user = caller(request)
        user.avatar = valid(serializers.AvatarSerializer, request)["avatar"]
        user.save(update_fields=["avatar", "updated_at"])
        return shown(request)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take your picture away."""
        caller(request).avatar.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordView(APIView):
    @extend_schema(request=serializers.PasswordChangeSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change your password. Ends every other session and all tokens."""
        data = valid(serializers.PasswordChangeSerializer, request)
        set_password(caller(request), data["new_password"], "new_password")
        if request.auth is None:
            update_session_auth_hash(request, caller(request))
        mails.password_changed(caller(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class EmailView(APIView):
    @extend_schema(request=serializers.EmailChangeSerializer, responses=SENT)
    def post(self, request: Request) -> Response:
        """Write to a new address, which is yours once the link in the mail was followed."""
        email = valid(serializers.EmailChangeSerializer, request)["email"]
        return written(
            request, "sign-up", email, lambda: mails.change_email(request, caller(request), email)
        )


class EmailConfirmView(EntranceView):
    @extend_schema(request=serializers.ProvedLinkSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Take the new address, with the token at the end of the link."""
        change = links.changed_email(valid(serializers.ProvedLinkSerializer, request)["token"])
        if change is None or User.objects.filter(email=change[1]).exists():
            raise bad_link()
        user, new = change
        old, user.email = user.email, new
        user.save(update_fields=["email", "updated_at"])
        mails.email_changed(user, old)
        return Response(status=status.HTTP_204_NO_CONTENT)


class DeleteView(APIView):
    @extend_schema(request=serializers.OwnPasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Delete your account and what it held, for good."""
        valid(serializers.OwnPasswordSerializer, request)
        user = caller(request)
        logout(request)
        user.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
