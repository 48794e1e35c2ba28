"""Where uploads go: a bucket with private files and signed URLs, or a folder."""

import re
from typing import Any
from urllib.parse import ParseResult, parse_qs, unquote, urlparse

from django.core.exceptions import ImproperlyConfigured

from config.environment import flag, text

LOCAL = "django.core.files.storage.FileSystemStorage"
GOOGLE = "storages.backends.gcloud.GoogleCloudStorage"
AMAZON = "storages.backends.s3.S3Storage"
CLOUDS = {GOOGLE: "https://storage.googleapis.com", AMAZON: "https://*.amazonaws.com"}
Store = dict[str, Any]


def default_store(media_root: str, media_url: str) -> Store:
    """STORAGES["default"], by DEFAULT_STORAGE_DSN or the name of a bucket; else the folder."""
    dsn = text("DEFAULT_STORAGE_DSN")
    found = _by_dsn(dsn) if dsn else _by_name()
    root = text("MEDIA_ROOT", default=media_root)
    return found or {"BACKEND": LOCAL, "OPTIONS": {"location": root, "base_url": media_url}}


def static_url(own: str) -> str:
    """STATIC_URL: of a bucket that the files were uploaded to, else this site's."""
    bucket = text("STATIC_BUCKET")
    return f"https://storage.googleapis.com/{bucket}/static/" if bucket else own


def origins(store: Store, static: str) -> list[str]:
    """The origins that pages load uploads and static files from, for the content policy."""
    options = store.get("OPTIONS", {})
    domain = f"https://{options['custom_domain']}" if "custom_domain" in options else ""
    found = domain or options.get("endpoint_url", "") or CLOUDS.get(store["BACKEND"], "")
    return sorted({*re.findall(r"^https?://[^/]+", static), found} - {""})


def _by_dsn(dsn: str) -> Store:
    """``s3://key:secret@host/bucket``, ``gs://bucket``, ``file:///folder/?url=/media/``."""
    parts = urlparse(dsn)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.scheme == "file":
        options = {
            "location": text("MEDIA_ROOT", default=unquote(parts.path)),
            "base_url": query.get("url", "/media/"),
        }
        return {"BACKEND": LOCAL, "OPTIONS": options}
    if parts.scheme in ("gs", "gcs"):
        return _google(parts.netloc)
    if parts.scheme == "s3":
        return _amazon(parts, query)
    raise ImproperlyConfigured("DEFAULT_STORAGE_DSN begins with s3://, gs:// or file://.")


def _by_name() -> Store | None:
    amazon = text("AWS_STORAGE_BUCKET_NAME")
    google = text("GCS_BUCKET_NAME", "GS_BUCKET_NAME", "MEDIA_BUCKET")
    if amazon:
        return _amazon(urlparse(f"s3://{amazon}"), {})
    return _google(google) if google else None


def _google(bucket: str) -> Store:
    # Signed URLs without a key file: the account signs by the IAM Credentials API.
    options = {"bucket_name": bucket, "default_acl": None, "querystring_auth": True}
    options |= {"file_overwrite": False, "iam_sign_blob": flag("GS_IAM_SIGN_BLOB", True)}
    return {"BACKEND": GOOGLE, "OPTIONS": options}


def _amazon(parts: ParseResult, query: dict[str, str]) -> Store:
    options: Store = {"default_acl": None, "file_overwrite": False, "querystring_auth": True}
    options |= _place(parts, query)
    if parts.username:
        options["access_key"] = unquote(parts.username)
        options["secret_key"] = unquote(parts.password or "")
    region = query.get("region") or text("AWS_S3_REGION", "AWS_S3_REGION_NAME", "AWS_REGION")
    if region:
        options["region_name"] = region
    if "auth" in query:
        options["signature_version"] = query["auth"]
    if "domain" in query:
        options |= {"custom_domain": query["domain"], "querystring_auth": False}
    return {"BACKEND": AMAZON, "OPTIONS": options}


def _place(parts: ParseResult, query: dict[str, str]) -> Store:
    """The bucket stands before ``.s3`` in a host of Amazon's, is the path elsewhere, or all."""
    host, path = parts.hostname or "", parts.path.strip("/")
    amazon = re.match(r"(?:(.+)\.)?s3(?:[.-]([a-z0-9-]+))?\.amazonaws\.com$", host)
    if not path and not amazon:
        return {"bucket_name": host}
    first, _, rest = path.partition("/")
    own = bool(amazon and amazon[1])
    place = {"bucket_name": amazon[1] if amazon and own else first}
    if amazon and amazon[2]:
        place["region_name"] = amazon[2]
    if path if own else rest:
        place["location"] = path if own else rest
    if not amazon:
        scheme = "http" if query.get("tls") == "off" else "https"
        place["endpoint_url"] = f"{scheme}://{parts.netloc.rpartition('@')[2]}"
    return place
