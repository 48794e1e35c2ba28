"""What goes in and out. Every serializer names its fields: nothing else can be set."""

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.users.avatars import picture
from apps.users.models import User

from .proof import proved


@extend_schema_field(
    {"type": "string", "format": "password", "maxLength": 1024, "example": "seven-tall-poplars"}
)
class PasswordField(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(write_only=True, trim_whitespace=False, max_length=1024, **kwargs)


@extend_schema_field(
    {"type": "string", "format": "email", "maxLength": 254, "example": "ana@example.org"}
)
class LowercaseEmailField(serializers.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).lower()


class EmailSerializer(serializers.Serializer):
    email = LowercaseEmailField()


class CredentialsSerializer(serializers.Serializer):
    email = LowercaseEmailField()
    password = PasswordField()


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField(help_text="Shown only now. Send it as `Authorization: Token …`.")
    expires_at = serializers.DateTimeField()


class ProvedLinkSerializer(serializers.Serializer):
    token = serializers.CharField(max_length=1024, write_only=True)


class SignUpSerializer(ProvedLinkSerializer):
    name = serializers.CharField(max_length=150, required=False)
    password = PasswordField()


class PasswordResetSerializer(ProvedLinkSerializer):
    uid = serializers.CharField(max_length=64, write_only=True)
    password = PasswordField()


class OwnPasswordSerializer(serializers.Serializer):
    """Asks once more who it is; guesses are counted as at login."""

    password = PasswordField(help_text="Your present password.")

    def validate_password(self, value: str) -> str:
        request = self.context["request"]
        proved(request, request.user.email, value)
        return value


class EmailChangeSerializer(OwnPasswordSerializer):
    email = LowercaseEmailField()


class PasswordChangeSerializer(OwnPasswordSerializer):
    new_password = PasswordField()


class MeSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ("id", "email", "name", "bio", "avatar", "is_staff", "created_at", "updated_at")
        read_only_fields = ("email", "avatar", "is_staff", "created_at", "updated_at")


class AvatarSerializer(serializers.Serializer):
    avatar = serializers.FileField(max_length=255, help_text="PNG, JPEG, WebP or GIF, up to 5 MB.")

    def validate_avatar(self, upload: UploadedFile) -> ContentFile:
        return picture(upload)


class UserSerializer(serializers.ModelSerializer):
    """An account as staff see it. Rights are given in the admin."""

    class Meta:
        model = User
        fields = (*MeSerializer.Meta.fields, "is_active", "is_superuser", "last_login")
        read_only_fields = (*MeSerializer.Meta.read_only_fields, "is_superuser", "last_login")

    def validate_is_active(self, value: bool) -> bool:
        if not value and self.instance == self.context["request"].user:
            raise serializers.ValidationError("You cannot deactivate yourself.", "own_account")
        return value
