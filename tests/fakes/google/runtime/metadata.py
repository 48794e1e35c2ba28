"""The metadata server that a container of Cloud Run has: whose it is, and its tokens.

https://cloud.google.com/run/docs/container-contract#metadata-server
https://cloud.google.com/compute/docs/metadata/querying-metadata
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from ..tokens import Tokens

ROOT = "/computeMetadata/v1/"
SCOPES = "https://www.googleapis.com/auth/cloud-platform"
LISTED = "aliases\nemail\nidentity\nscopes\ntoken\n"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asking:
    """A container: the account that it runs as, its region and its id."""

    account: str
    region: str
    instance: str


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: str
    type: str = "application/text"


def answer(
    project: tuple[str, str], tokens: Tokens, asking: Asking | None, target: str, flavoured: bool
) -> Answer:
    """`project` is its id and its number; `flavoured`: the request says Metadata-Flavor: Google."""
    split = urlsplit(target)
    if split.path == "/":
        return Answer(200, "computeMetadata/\n")
    if not flavoured:
        return Answer(403, "Missing required header: Metadata-Flavor: Google\n")
    if asking is None or not split.path.startswith(ROOT):
        return Answer(404, "Not Found\n")
    query = {name: values[0] for name, values in parse_qs(split.query).items()}
    path = split.path.removeprefix(ROOT).removeprefix("instance/service-accounts/")
    if path.split("/")[0] in ("default", asking.account):
        return _of_account(tokens, asking.account, path.partition("/")[2], query)
    plain = _plain(project, asking).get(path)
    return Answer(404, "Not Found\n") if plain is None else Answer(200, plain)


def _plain(project: tuple[str, str], asking: Asking) -> dict[str, str]:
    return {
        "project/project-id": project[0],
        "project/numeric-project-id": project[1],
        "instance/id": asking.instance,
        "instance/region": f"projects/{project[1]}/regions/{asking.region}",
        "universe/universe-domain": "googleapis.com",
    }


def _of_account(tokens: Tokens, email: str, path: str, query: dict[str, str]) -> Answer:
    if path == "token":
        held = {"access_token": tokens.access_token(email), "expires_in": 3599}
        return _json({**held, "token_type": "Bearer"})
    if path == "identity":
        if not query.get("audience"):
            return Answer(400, "non-empty audience parameter required\n")
        return Answer(200, tokens.identity_token(query["audience"], email))
    if path == "" and query.get("recursive", "").lower() == "true":
        return _json({"aliases": ["default"], "email": email, "scopes": [SCOPES]})
    plain = {
        "email": email,
        "scopes": f"{SCOPES}\n",
        "": "aliases\nemail\nidentity\nscopes\ntoken\n",
    }
    return Answer(200, plain[path]) if path in plain else Answer(404, "Not Found\n")


def _json(body: Json) -> Answer:
    return Answer(200, json.dumps(body), "application/json")


class Handler(BaseHTTPRequestHandler):
    """Its server has `answered`: from the client's address, a target and its flavour."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Google writes none either."""

    def do_GET(self) -> None:
        flavoured = self.headers.get("Metadata-Flavor") == "Google"
        given = self.server.answered(self.client_address[0], self.path, flavoured)  # type: ignore[attr-defined]
        content = given.content.encode()
        self.send_response(given.status)
        for name, value in {"Metadata-Flavor": "Google", "Content-Type": given.type}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
