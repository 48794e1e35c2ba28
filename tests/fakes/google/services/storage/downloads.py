"""Contents read: objects.get with alt=media, and the XML API's path (bucket/object)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.sax.saxutils import escape

from fakes.google.calls import Call, Json, Raw, answers
from fakes.google.errors import GoogleError
from fakes.google.kinds import BUCKET
from fakes.google.rights import allows
from fakes.google.services.storage.conditions import check_generation
from fakes.google.services.storage.objects import content_of, found
from fakes.google.services.storage.signed import Refused, is_signed, signer

if TYPE_CHECKING:
    from fakes.google.server import Request
    from fakes.google.world import GoogleWorld


@answers("storage.v1", "objects.get")
def get(call: Call) -> Json | Raw:
    bucket, name = call.path["bucket"], call.path["object"]
    entry = found(call.world, bucket, name, call.query.get("generation"))
    check_generation(entry, call.query)
    if call.query.get("alt") != "media":
        return entry
    return downloaded(call.world, entry, call.headers)


def downloaded(world: GoogleWorld, entry: Json, headers: dict[str, str]) -> Raw:
    content = content_of(world, entry)
    shown = {
        "ETag": entry["etag"],
        "x-goog-generation": entry["generation"],
        "x-goog-metageneration": entry["metageneration"],
        "x-goog-stored-content-length": entry["size"],
        "x-goog-stored-content-encoding": entry.get("contentEncoding", "identity"),
        "x-goog-storage-class": entry["storageClass"],
        "Cache-Control": entry.get("cacheControl", "private, max-age=0"),
        "Last-Modified": "Mon, 05 Jan 2026 08:00:00 GMT",
    }
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", headers.get("range", ""))
    if not asked:
        shown["x-goog-hash"] = f"crc32c={entry['crc32c']},md5={entry['md5Hash']}"
        return Raw(content, entry["contentType"], shown)
    start = int(asked[1])
    if start >= len(content):
        return Raw(b"", entry["contentType"], {"Content-Range": f"bytes */{len(content)}"}, 416)
    part = content[start : int(asked[2]) + 1 if asked[2] else None]
    end = start + len(part) - 1
    shown["Content-Range"] = f"bytes {start}-{end}/{len(content)}"
    return Raw(part, entry["contentType"], shown, 206)


def readable(world: GoogleWorld, request: Request) -> tuple[str, str] | None:
    """bucket/object at the root, where Go's client reads; None for any other path."""
    bucket, name = request.host, unquote(request.path)
    if request.host == "storage.googleapis.com":
        bucket, _, name = name.partition("/")
    if request.verb not in ("GET", "HEAD") or not name or not world.resources.get(BUCKET, bucket):
        return None
    return bucket, name


def xml(world: GoogleWorld, request: Request, bucket: str, name: str) -> Raw:
    """What the XML API answers: to a token, to a signed URL, to anybody where all may read."""
    try:
        _check_reader(world, request, bucket)
        generation = request.query.get("generation", [None])[0]
        entry = found(world, bucket, name, generation)
    except Refused as refused:
        return _refused(refused)
    except GoogleError as error:
        return _refused(Refused(error.code, "NoSuchKey", "The specified key does not exist."))
    answer = downloaded(world, entry, request.headers)
    return _as_asked(answer, request) if is_signed(request) else answer


def _check_reader(world: GoogleWorld, request: Request, bucket: str) -> None:
    authorization = request.headers.get("authorization", "")
    email = signer(world, request) if is_signed(request) else world.tokens.holder(authorization)
    if allows(world, email or "", "storage.objects.get", f"buckets/{bucket}"):
        return
    if email is None:
        raise Refused(401, "AuthenticationRequired", "Authentication required.")
    access = f"{email} does not have storage.objects.get access to the Google Cloud Storage object."
    raise Refused(403, "AccessDenied", "Access denied.", access)


def _as_asked(answer: Raw, request: Request) -> Raw:
    """https://cloud.google.com/storage/docs/xml-api/reference-headers#responsecontentdisposition"""
    asked = {name: values[0] for name, values in request.query.items()}
    kind = asked.get("response-content-type", answer.content_type)
    disposition = asked.get("response-content-disposition")
    shown = {"Content-Disposition": disposition} if disposition else {}
    return replace(answer, content_type=kind, headers={**answer.headers, **shown})


def _refused(refused: Refused) -> Raw:
    details = f"<Details>{escape(refused.details)}</Details>" if refused.details else ""
    inner = f"<Code>{refused.code}</Code><Message>{escape(refused.message)}</Message>{details}"
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error>{inner}</Error>".encode()
    return Raw(body, "application/xml; charset=UTF-8", status=refused.status)
