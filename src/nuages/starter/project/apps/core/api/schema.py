"""The documentation of every operation, with its errors."""

from drf_spectacular.utils import OpenApiExample
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication

from .errors import ErrorsSerializer


class Schema(AutoSchema):
    """Documents every error that an operation can answer."""

    def _should_add_error_response(self, responses: dict, status_code: str) -> bool:
        if status_code == "413" and not self._takes_a_body():
            return False
        return super()._should_add_error_response(responses, status_code)

    def _takes_a_body(self) -> bool:
        return self.method in ("POST", "PUT", "PATCH")

    def _should_add_parse_error_response(self) -> bool:
        return self._takes_a_body()

    def _should_add_http415_error_response(self) -> bool:
        return self._takes_a_body()

    def _should_add_http403_error_response(self) -> bool:
        # A session without its CSRF token is refused as well.
        session = any(isinstance(a, SessionAuthentication) for a in self.view.get_authenticators())
        unsafe = self.method not in ("GET", "HEAD", "OPTIONS")
        return (session and unsafe) or super()._should_add_http403_error_response()

    def _get_error_response_serializer(self, status_code: str) -> type[serializers.Serializer]:
        return ErrorsSerializer

    def _get_error_response_examples(self) -> list[OpenApiExample]:
        return []
