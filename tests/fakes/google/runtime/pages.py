"""What Google's front end answers in place of a service. Pure."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

_PAGE = """\

<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>{status} {title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: {title}</h1>
<h2>{text}</h2>
<h2></h2>
</body></html>
"""
_TEXTS = {
    401: (
        "Unauthorized",
        "Your client does not have permission to the requested URL <code>{path}</code>.",
    ),
    403: (
        "Forbidden",
        "Your client does not have permission to get URL <code>{path}</code> from this server.",
    ),
    404: ("Page not found", "The requested URL was not found on this server."),
    400: ("Bad Request", "Your client has issued a malformed or illegal request."),
    503: (
        "Server Error",
        "The service you requested is not available yet.<p>Please try again in 30 seconds.",
    ),
    504: ("Server Error", "The server encountered an error and could not complete your request."),
}


def page(status: int, path: str) -> bytes:
    """A whole response."""
    title, text = _TEXTS[status]
    body = _PAGE.format(status=status, title=title, text=text.format(path=escape(path))).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n"
        "Content-Type: text/html; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        "Server: Google Frontend\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode() + body
