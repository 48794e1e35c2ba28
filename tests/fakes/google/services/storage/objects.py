"""Objects, their generations and their contents."""

from __future__ import annotations

import base64
import hashlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

from fakes.google.calls import Call, Json, Raw, answers
from fakes.google.checksums import crc32c_text
from fakes.google.clock import now
from fakes.google.errors import GoogleError, legacy
from fakes.google.pages import page
from fakes.google.services.storage.buckets import found as bucket_of
from fakes.google.services.storage.conditions import check_generation

if TYPE_CHECKING:
    from fakes.google.world import GoogleWorld


def live(world: GoogleWorld, bucket: str, name: str) -> Json | None:
    return world.resources.get("objects", f"{bucket}/{name}")


def found(world: GoogleWorld, bucket: str, name: str, generation: str | None = None) -> Json:
    """Raises GoogleError 404."""
    bucket_of(world, bucket)
    current = live(world, bucket, name)
    if generation and (current is None or current["generation"] != str(generation)):
        current = world.resources.get("generations", f"{bucket}/{name}#{generation}")
    if current is None:
        raise missing(bucket, name)
    return current


def missing(bucket: str, name: str) -> GoogleError:
    return legacy(404, f"No such object: {bucket}/{name}", "notFound")


def content_path(world: GoogleWorld, entry: Json) -> Path:
    digest = hashlib.sha256(f"{entry['bucket']}/{entry['name']}".encode()).hexdigest()[:24]
    return world.folder / "blobs" / f"{digest}-{entry['generation']}"


def content_of(world: GoogleWorld, entry: Json) -> bytes:
    return content_path(world, entry).read_bytes()


def written(world: GoogleWorld, bucket: str, given: Json, content: bytes, query: Json) -> Json:
    """A new generation of an object.

    Raises:
        GoogleError: a precondition does not hold, or a checksum is another.
    """
    md5 = base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()
    checksums = {"md5Hash": md5, "crc32c": crc32c_text(content)}
    for name, value in checksums.items():
        if given.get(name, value) != value:
            raise legacy(400, f"Provided {name} does not match the calculated one.", "invalid")
    with world.resources.lock:
        bucket_of(world, bucket)
        name = given["name"]
        current = live(world, bucket, name)
        check_generation(current, query)
        generation = str(
            max(time.time_ns() // 1000, int((current or {"generation": 0})["generation"]) + 1)
        )
        entry = {
            "contentType": "application/octet-stream",
            "storageClass": "STANDARD",
            **given,
            **checksums,
            "kind": "storage#object",
            "id": f"{bucket}/{name}/{generation}",
            "bucket": bucket,
            "generation": generation,
            "metageneration": "1",
            "size": str(len(content)),
            "timeCreated": now(),
            "updated": now(),
            "etag": base64.b64encode(generation.encode()).decode(),
        }
        path = content_path(world, entry)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        _put_away(world, current)
        world.resources.put("objects", f"{bucket}/{name}", entry)
        return entry


def _put_away(world: GoogleWorld, current: Json | None) -> None:
    """What was live becomes a noncurrent version, or is gone."""
    if current is None:
        return
    bucket = bucket_of(world, current["bucket"])
    if bucket.get("versioning", {}).get("enabled"):
        name = f"{current['bucket']}/{current['name']}#{current['generation']}"
        world.resources.put("generations", name, {**current, "timeDeleted": now()})
    else:
        content_path(world, current).unlink(missing_ok=True)


@answers("storage.v1", "objects.list")
def listed(call: Call) -> Json:
    bucket, query = bucket_of(call.world, call.path["bucket"])["name"], call.query
    every = call.world.resources.list("objects", f"{bucket}/{query.get('prefix', '')}")
    if query.get("versions"):
        every += call.world.resources.list("generations", f"{bucket}/{query.get('prefix', '')}")
    every = sorted(every, key=lambda each: (each["name"], int(each["generation"])))
    kept, prefixes = _folded(every, query.get("prefix", ""), query.get("delimiter", ""))
    answer = page("items", kept, query, size="maxResults", limit=1000)
    return {"kind": "storage#objects", **answer, **({"prefixes": prefixes} if prefixes else {})}


def _folded(every: list[Json], prefix: str, delimiter: str) -> tuple[list[Json], list[str]]:
    kept, prefixes = [], []
    for each in every:
        rest = each["name"][len(prefix) :]
        if delimiter and delimiter in rest:
            prefixes.append(prefix + rest.split(delimiter)[0] + delimiter)
        else:
            kept.append(each)
    return kept, sorted(set(prefixes))


@answers("storage.v1", "objects.patch")
def patch(call: Call) -> Json:
    with call.world.resources.lock:
        current = found(call.world, call.path["bucket"], call.path["object"])
        check_generation(current, call.query)
        number = str(int(current["metageneration"]) + 1)
        fresh = {**current, **call.body, "metageneration": number, "updated": now()}
        call.world.resources.put("objects", f"{current['bucket']}/{current['name']}", fresh)
        return fresh


@answers("storage.v1", "objects.delete")
def delete(call: Call) -> Raw:
    world, bucket, name = call.world, call.path["bucket"], call.path["object"]
    generation = call.query.get("generation")
    with world.resources.lock:
        entry = found(world, bucket, name, generation)
        check_generation(entry, call.query)
        current = live(world, bucket, name)
        if generation and (current is None or current["generation"] != str(generation)):
            world.resources.delete("generations", f"{bucket}/{name}#{generation}")
            content_path(world, entry).unlink(missing_ok=True)
        else:
            _put_away(world, current if not generation else None)
            world.resources.delete("objects", f"{bucket}/{name}")
    return Raw(b"", status=204)
