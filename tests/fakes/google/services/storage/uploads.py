"""Contents written: media, multipart and resumable uploads.

cloud.google.com/storage/docs/uploads-downloads
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, Raw, answers, json_answer
from fakes.google.errors import legacy
from fakes.google.services.storage.buckets import found as bucket_of
from fakes.google.services.storage.objects import written

if TYPE_CHECKING:
    from fakes.google.server import Request
    from fakes.google.world import GoogleWorld


@answers("storage.v1", "objects.insert")
def insert(call: Call) -> Json | Raw:
    bucket = bucket_of(call.world, call.path["bucket"])["name"]
    given = {**call.body, "name": call.query.get("name") or call.body.get("name", "")}
    if not given["name"]:
        raise legacy(400, "Required parameter: name", "required")
    if call.query.get("contentEncoding"):
        given["contentEncoding"] = call.query["contentEncoding"]
    if call.query.get("uploadType") == "resumable":
        return _begun(call, bucket, given)
    if call.media is None:
        raise legacy(400, "Upload requests must be sent to the upload path.", "badRequest")
    given.setdefault("contentType", call.media.content_type)
    return written(call.world, bucket, given, call.media.content, call.query)


def _begun(call: Call, bucket: str, given: Json) -> Raw:
    ticket = secrets.token_urlsafe(24)
    given.setdefault("contentType", call.headers.get("x-upload-content-type", ""))
    call.world.uploads[ticket] = (bucket, given, call.query, bytearray())
    # The rest goes to a path of the fake's own: only this header tells it.
    by_name = call.headers.get("host") == call.method.api.host
    root = f"https://{call.method.api.host}" if by_name else call.world.url
    return Raw(b"", headers={"Location": f"{root}/upload/{ticket}"})


def resumed(world: GoogleWorld, request: Request) -> Raw | None:
    """A chunk of a resumable upload; None for any other path."""
    place, _, ticket = f"{request.host}/{request.path}".rpartition("/")
    if place not in ("upload", "storage.googleapis.com/upload") or ticket not in world.uploads:
        return None
    bucket, given, query, received = world.uploads[ticket]
    received += request.content
    span = re.fullmatch(r"bytes (?:\d+-\d+|\*)/(\d+|\*)", request.headers.get("content-range", ""))
    if span and (span[1] == "*" or int(span[1]) > len(received)):
        headers = {"Range": f"bytes=0-{len(received) - 1}"} if received else {}
        return Raw(b"", headers=headers, status=308)
    del world.uploads[ticket]
    return json_answer(written(world, bucket, given, bytes(received), query))
