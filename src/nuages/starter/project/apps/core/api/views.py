"""The API's own pages: its documentation, and what is not there."""

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class DocsView(SpectacularSwaggerSplitView):
    """Swagger, with no script or style in the page itself."""

    template_name = "api/docs.html"


@extend_schema(exclude=True)
class NotFoundView(APIView):
    """Whatever is not there: said as JSON, like every other error."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise NotFound

    def get(self, request: Request) -> Response:
        raise NotFound
