"""Serving uploads from the local disk, where no bucket and no web server does it."""

from django.conf import settings
from django.http import HttpResponseNotAllowed, HttpResponseNotFound, Http404
from django.views.static import serve

from .middleware import answering


def media(request):
    """One file below MEDIA_ROOT; what a visitor uploaded must not run as a page of the site."""
    request.get_host()  # a foreign Host is refused here as everywhere
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        path = request.path_info[len(settings.MEDIA_URL) :]
        response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    except Http404:
        return HttpResponseNotFound("Not found", content_type="text/plain")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _applies(request):
    url = settings.MEDIA_URL
    return url.startswith("/") and len(url) > 1 and request.path_info.startswith(url)


MediaMiddleware = answering(_applies, media)
