"""What was sent, and what is said when it is wrong."""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from drf_standardized_errors.handler import ExceptionHandler as StandardHandler
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request


def valid(serializer: type[serializers.Serializer], request: Request) -> dict[str, Any]:
    """What was sent, checked.

    Raises:
        ValidationError: something in it is wrong.
    """
    checked = serializer(data=request.data, context={"request": request})
    checked.is_valid(raise_exception=True)
    return checked.validated_data


class MailAway(APIException):
    status_code = 503
    default_detail = "We cannot send mail at the moment. Please try again later."
    default_code = "mail_unavailable"


class TooLarge(APIException):
    status_code = 413
    default_detail = "This is more than the API takes at once."
    default_code = "too_large"


class ExceptionHandler(StandardHandler):
    """What Django finds suspicious is the sender's error, not this site's."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, RequestDataTooBig):
            return TooLarge()
        if isinstance(exc, SuspiciousOperation):
            return ParseError()
        return super().convert_known_exceptions(exc)


class ErrorSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(
        allow_null=True, help_text="The field that is wrong, if it is one."
    )


class ErrorsSerializer(serializers.Serializer):
    """How every error looks."""

    type = serializers.ChoiceField(["validation_error", "client_error", "server_error"])
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]  # its own `errors` is never used
