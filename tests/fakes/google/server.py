"""The HTTP server: the first part of a path is the real host's name."""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from fakes.google import rights
from fakes.google.calls import Call, Media, Raw, answer, json_answer
from fakes.google.discovery import Method
from fakes.google.errors import GoogleError, invalid
from fakes.google.failures import Asked, ConnectionCut
from fakes.google.routes import matched
from fakes.google.services.storage.downloads import readable, xml
from fakes.google.services.storage.uploads import resumed
from fakes.google.tokens import GrantRefused
from fakes.google.validation import checked_answer, checked_body, checked_query

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld

MISSING = (
    "Request is missing required authentication credential. Expected OAuth 2 access token, login "
    "cookie or other valid authentication credential. See "
    "https://developers.google.com/identity/sign-in/web/devconsole-project."
)
INVALID = MISSING.replace(
    "is missing required authentication credential", "had invalid authentication credentials"
)
DENIED = "Permission '{method}' denied on resource 'projects/{name}' (or it may not exist)."
# Go's client takes an endpoint's host alone for uploads (and for reading: see downloads.xml).
STORAGE_AT_ROOT = re.compile(r"/(upload/|resumable/upload/)?storage/v1/")
NOWHERE = b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title><p><b>404.</b> That's an error."


@dataclass
class Logged:
    """One request that came in."""

    api: str
    method: str
    verb: str
    path: str
    status: int = 0
    body: Any = None


@dataclass
class Request:
    """As it came over the wire."""

    verb: str
    target: str
    headers: dict[str, str]
    content: bytes
    host: str = ""
    path: str = ""
    query: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        split = urlsplit(self.target)
        self.host, _, self.path = split.path.lstrip("/").partition("/")
        self.query = parse_qs(split.query, keep_blank_values=True)
        if STORAGE_AT_ROOT.match(split.path):
            self.host, self.path = "storage.googleapis.com", split.path.lstrip("/")

    def json(self) -> Any:
        if not self.content.strip():
            return None
        try:
            return json.loads(self.content)
        except ValueError as error:
            raise invalid(f"Invalid JSON payload received. {error}", "") from error

    def parts(self) -> tuple[Any, Media | None]:
        """JSON and media of an upload: cloud.google.com/storage/docs/uploading-objects"""
        kind = self.headers.get("content-type", "application/octet-stream")
        if not kind.startswith("multipart/related"):
            return None, Media(self.content, kind)
        head = f"Content-Type: {kind}\r\nMIME-Version: 1.0\r\n\r\n".encode()
        message = message_from_bytes(head + self.content, policy=policy.HTTP)
        if not message.is_multipart():
            raise invalid("Malformed multipart body.")
        metadata, media = list(message.iter_parts())
        content = media.get_payload(decode=True)
        return json.loads(metadata.get_content()), Media(content, media.get_content_type())


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, world: GoogleWorld) -> None:
        super().__init__(("127.0.0.1", world.port), Connection)
        self.world = world

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is nothing to speak of."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, format: str, *args: object) -> None:
        """Requests go to the world's log."""

    def handle_one(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else self._chunks()
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, self.target(), headers, content)
        try:
            self._send(*Answering(self.server.world, request).answer())
        except (ConnectionCut, BrokenPipeError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = handle_one

    def target(self) -> str:
        """The path, with the real host's name as its first part."""
        return self.path

    def _chunks(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return b""
        content = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _send(self, status: int, raw: Raw) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": raw.content_type, **raw.headers}.items():
            self.send_header(name, value)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(raw.content)))
        self.end_headers()
        if self.command != "HEAD" and status not in (204, 304):
            self.wfile.write(raw.content)


class Answering:
    """From a request to its answer."""

    def __init__(self, world: GoogleWorld, request: Request) -> None:
        self.world, self.request = world, request
        self.logged = Logged("", "", request.verb, request.target)

    def answer(self) -> tuple[int, Raw]:
        try:
            raw = self._answered()
        except GoogleError as error:
            raw = json_answer(error.body(), error.code)
        except ConnectionCut:
            self.world.log.append(self.logged)
            raise
        except Exception as error:  # a fault of the fake is said, not hung up on
            traceback.print_exc()
            raw = json_answer(GoogleError(500, f"The fake failed: {error!r}").body(), 500)
        self.logged.status = raw.status
        self.world.log.append(self.logged)
        return raw.status, raw

    def _answered(self) -> Raw:
        request = self.request
        if request.host == "token" and request.verb == "POST":
            return self._granted()
        if request.host == "terraform" and request.verb == "POST":
            applied = request.json()
            refused = self.world.noticing.settled(applied["type"], applied["id"])
            return json_answer({"errors": [refused.message] if refused else []})
        if (found := resumed(self.world, request)) is not None:
            return found
        route = matched(request.host, request.verb, request.path)
        if route is None:
            return self._elsewhere()
        self.logged.api, self.logged.method = route[0].api.name, route[0].id
        holder = self._authenticated()
        self._check_project(route[1])
        asked = self._asked(route[0].id, route[1])
        return self._failing(asked, lambda: self._called(holder, *route))

    def _asked(self, method: str, path: dict[str, str]) -> Asked:
        query = {name: values[0] for name, values in self.request.query.items()}
        return Asked(method, {**query, **path})

    def _elsewhere(self) -> Raw:
        read = readable(self.world, self.request)
        if read is None:
            return Raw(NOWHERE, "text/html; charset=UTF-8", status=404)
        self.logged.api, self.logged.method = "storage.v1", "storage.objects.get"
        asked = self._asked("storage.objects.get", {"bucket": read[0], "object": read[1]})
        return self._failing(asked, lambda: xml(self.world, self.request, *read))

    def _granted(self) -> Raw:
        try:
            return json_answer(self.world.tokens.grant(parse_qs(self.request.content.decode())))
        except GrantRefused as refused:
            error, description = refused.args
            return json_answer({"error": error, "error_description": description}, 400)

    def _authenticated(self) -> str:
        """The account that asks."""
        authorization = self.request.headers.get("authorization")
        if authorization is None:
            raise GoogleError(401, MISSING)
        holder = self.world.tokens.holder(authorization)
        if holder is None:
            raise GoogleError(401, INVALID)
        return holder

    def _check_project(self, path: dict[str, str]) -> None:
        """There is one project; what belongs to others may not even be known to be there."""
        own = (self.world.project, self.world.project_number, "-")
        for name, value in path.items():
            parts = value.split("/")
            found = parts[1] if parts[0] == "projects" and parts[1:] else ""
            found = value if name in ("project", "projectId") else found
            if found and found not in own:
                raise GoogleError(403, DENIED.format(method=self.logged.method, name=found))

    def _failing(self, asked: Asked, called: Callable[[], Raw]) -> Raw:
        failure = self.world.failures.request(asked)
        if failure is None:
            return called()
        if failure.does and not failure.after_effect:
            failure.does()
        time.sleep(0 if failure.after_effect else failure.seconds)
        answered = called() if failure.after_effect or failure.status is None else None
        time.sleep(failure.seconds if failure.after_effect else 0)
        if failure.does and failure.after_effect:
            failure.does()
        if failure.status is None and answered is not None:
            return answered
        raise failure.error(asked.method)

    def _called(self, holder: str, method: Method, path: dict[str, str]) -> Raw:
        request, media = self.request, None
        uploads = request.path.startswith(("upload/", "resumable/"))
        if uploads and request.query.get("uploadType") != ["resumable"]:
            body, media = request.parts()
        else:
            body = request.json()
        self.logged.body = body
        call = Call(
            self.world,
            method,
            path,
            checked_query(method, request.query),
            checked_body(method, body),
            media,
            request.headers,
        )
        self.world.notice_terraform()
        if holder != self.world.tokens.email:
            rights.check(call, holder)
        found = answer(call)
        return found if isinstance(found, Raw) else json_answer(checked_answer(method, found))
