"""Serving uploads from the local disk, where no bucket and no web server does it."""

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse | HttpResponse | HttpResponseNotModified:
    """One file below MEDIA_ROOT; what a visitor uploaded must not run as a page of the site."""
    response = serve(request, path, document_root=settings.MEDIA_ROOT)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return response
