"""Where uploads go: a bucket, or a folder; and how static files are stored."""

import re
import sys
from pathlib import Path, PurePath
from urllib.parse import parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from .environment import flag, text

LOCAL = "django.core.files.storage.FileSystemStorage"


class Storages:
    """The settings of both stores, for Django from 4.2 (``backends``) and before (``legacy``)."""

    def __init__(self, backends, media_root, media_url, legacy):
        self.backends = backends
        self.media_root = media_root
        self.media_url = media_url
        self.legacy = legacy


def declared(own):
    """STORAGES, with what the names before Django 4.2 say where it is silent."""
    stores = dict(own("STORAGES") or {})
    for name, old in (
        ("default", "DEFAULT_FILE_STORAGE"),
        ("staticfiles", "STATICFILES_STORAGE"),
    ):
        if name not in stores and own(old):
            stores[name] = {"BACKEND": own(old)}
    return stores


def storages(current, static, media_root, media_url, kind, public):
    """STORAGES with what the environment names in the place of the project's own.

    ``kind`` says whose bucket MEDIA_BUCKET is; ``public``: its files have plain, unsigned URLs.
    """
    backends = dict(current)
    own = backends.get("default") or {"BACKEND": LOCAL}
    found = _from_dsn(text("DEFAULT_STORAGE_DSN"), public) or _from_names(kind, public)
    root, url = media_root, media_url
    if found and found["BACKEND"] == LOCAL:
        root, url = found["root"], found["url"]
        found = {"BACKEND": LOCAL}
    backends["default"] = found or own
    if static:
        backends["staticfiles"] = {"BACKEND": static}
    backends.setdefault(
        "staticfiles", {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    )
    root = _like(folder("MEDIA_ROOT", root, "/app/media"), media_root)
    return Storages(backends, root, url or "/media/", _legacy(backends["default"]))


def folder(name, current, default):
    """A folder that a variable names, else the project's own, else ``default``."""
    return _like(text(name, default=str(current or default)), current)


def static_url(current, kind):
    """STATIC_URL: of the bucket STATIC_BUCKET, else of this site."""
    bucket = text("STATIC_BUCKET")
    if not bucket:
        return current
    if kind == "s3":
        return "https://%s.s3.amazonaws.com/static/" % bucket
    return "https://storage.googleapis.com/%s/static/" % bucket


def sources(directories, root):
    """STATICFILES_DIRS with the project's own STATIC_ROOT, where STATIC_ROOT names another."""
    known = list(directories or [])
    return known if Path(text("STATIC_ROOT", default=str(root))) == Path(root) else [*known, root]


def bundled(own, root):
    """Whether `compress` made the bundles, or makes them now, or keeps them out of sight."""
    elsewhere = own("COMPRESS_OFFLINE_MANIFEST_STORAGE") or own("COMPRESS_STORAGE")
    if elsewhere or own("COMPRESS_PRECOMPILERS") or "compress" in sys.argv:
        return True
    manifest = own("COMPRESS_OFFLINE_MANIFEST") or "manifest.json"
    return Path(root, own("COMPRESS_OUTPUT_DIR") or "CACHE", manifest).is_file()


def _like(path, current):
    # The project's own code may join it with ``/``, which text does not know.
    return type(current)(path) if isinstance(current, PurePath) else path


def _from_dsn(dsn, public):
    """``s3://key:secret@bucket.s3.amazonaws.com``, ``gs://bucket``, ``file:///folder/?url=/media/``."""
    parts = urlparse(dsn)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "file":
        return {"BACKEND": LOCAL, "root": unquote(parts.path), "url": query.get("url", "/media/")}
    if parts.scheme in ("gs", "gcs"):
        return _google(parts.netloc, public)
    if parts.scheme == "s3":
        return _amazon(parts, query, public)
    if dsn:
        raise ImproperlyConfigured("DEFAULT_STORAGE_DSN begins with s3://, gs:// or file://.")
    return None


def _from_names(kind, public):
    google = text("GCS_BUCKET_NAME", "GS_BUCKET_NAME")
    amazon = text("AWS_STORAGE_BUCKET_NAME")
    if kind == "s3":
        amazon = amazon or text("MEDIA_BUCKET")
    else:
        google = google or text("MEDIA_BUCKET")
    if amazon:
        return _amazon(urlparse("s3://" + amazon), {}, public)
    return _google(google, public) if google else None


def _amazon(parts, query, public):
    """The bucket stands before ``.s3`` in a host of Amazon's, is the path elsewhere, or all."""
    options = {"default_acl": None, "file_overwrite": False, "querystring_auth": not public}
    options.update(_place(parts, query))
    if parts.username:
        options["access_key"] = unquote(parts.username)
        options["secret_key"] = unquote(parts.password or "")
    region = query.get("region") or text("AWS_S3_REGION", "AWS_S3_REGION_NAME", "AWS_REGION")
    if region:
        options["region_name"] = region
    if "auth" in query:
        options["signature_version"] = query["auth"]
    if "domain" in query:
        options.update(custom_domain=query["domain"], querystring_auth=False)
    return {"BACKEND": "storages.backends.s3boto3.S3Boto3Storage", "OPTIONS": options}


def _place(parts, query):
    host, path = parts.hostname or "", parts.path.strip("/")
    amazon = re.match(r"(?:(.+)\.)?s3(?:[.-]([a-z0-9-]+))?\.amazonaws\.com$", host)
    if not path and not amazon:
        return {"bucket_name": host}
    first, _, rest = path.partition("/")
    own = bool(amazon and amazon.group(1))
    place = {"bucket_name": amazon.group(1) if own else first}
    if amazon and amazon.group(2):
        place["region_name"] = amazon.group(2)
    if path if own else rest:
        place["location"] = path if own else rest
    if not amazon:
        scheme = "http" if query.get("tls") == "off" else "https"
        place["endpoint_url"] = "%s://%s" % (scheme, parts.netloc.rpartition("@")[2])
    return place


def _google(bucket, public):
    # Signed URLs without a key file: the account signs by the IAM Credentials API.
    options = {"bucket_name": bucket, "default_acl": None, "querystring_auth": not public}
    options.update(file_overwrite=False, iam_sign_blob=flag("GS_IAM_SIGN_BLOB", True))
    return {"BACKEND": "storages.backends.gcloud.GoogleCloudStorage", "OPTIONS": options}


def _legacy(default):
    """django-storages reads these before Django 4.2, which knows no OPTIONS."""
    prefix = "GS_" if "gcloud" in default["BACKEND"] else "AWS_"
    names = {
        "bucket_name": prefix + ("BUCKET_NAME" if prefix == "GS_" else "STORAGE_BUCKET_NAME"),
        "endpoint_url": "AWS_S3_ENDPOINT_URL",
        "region_name": "AWS_S3_REGION_NAME",
        "access_key": "AWS_S3_ACCESS_KEY_ID",
        "secret_key": "AWS_S3_SECRET_ACCESS_KEY",
        "custom_domain": "AWS_S3_CUSTOM_DOMAIN",
        "signature_version": "AWS_S3_SIGNATURE_VERSION",
        "file_overwrite": "GS_FILE_OVERWRITE" if prefix == "GS_" else "AWS_S3_FILE_OVERWRITE",
    }
    options = default.get("OPTIONS") or {}
    return {names.get(name, prefix + name.upper()): value for name, value in options.items()}
