"""A new project of `nuages new` in a cloud, and somebody with an account there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import httpx
from fakes.google import GoogleWorld
from fakes.google.kinds import BUCKET

from release.internet import Internet
from release.site import NUAGES, Site

PLACE = "projects/jazz-1910/locations/europe-west1"
EMAIL = "django@example.org"
CACHE = "  optional: true"


class Shop(Site):
    """The service `shop`; `cached` says whether it has a cache server."""

    service = f"{PLACE}/services/shop"

    @classmethod
    def new(cls, folder: Path, world: GoogleWorld, *, cached: bool) -> Shop:
        folder.mkdir()
        subprocess.run((str(NUAGES), "new", "shop"), cwd=folder, check=True, capture_output=True)
        written = folder / "shop/nuages.yaml"
        text = written.read_text("utf-8")
        assert CACHE in text
        text = text.replace(CACHE, "  optional: false") if cached else text
        written.write_text(f"{text}\nprovider: gcp\nproject: jazz-1910\n", "utf-8")
        return cls(folder / "shop", world)

    @property
    def address(self) -> str:
        return self.world.runtime.service_uri(self.service)

    @property
    def host(self) -> str:
        return f"shop-{self.world.project_number}.europe-west1.run.app"

    def visitor(self) -> httpx.Client:
        return httpx.Client(
            base_url=f"https://{self.host}",
            transport=Internet(self.world, self.service, self.host),
            follow_redirects=True,
            timeout=30,
        )

    @property
    def bucket(self) -> str:
        """Where uploads go."""
        (name,) = (n for n in self.world.resources.names(BUCKET) if n.endswith("-media"))
        return name

    def password(self) -> str:
        found = self.world.secret("projects/jazz-1910/secrets/shop-django-superuser-password")
        assert found
        return found.decode()


def posted(visitor: httpx.Client, page: str, fields: dict[str, str], **further: object) -> str:
    """The page that follows when a form is sent as a browser sends it."""
    form = visitor.get(page)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
    assert token, form.text
    sent = {"csrfmiddlewaretoken": token[1], **fields}
    headers = {"Referer": str(form.url)}
    answer = visitor.post(page, data=sent, headers=headers, **further)  # type: ignore[arg-type]
    assert answer.status_code == 200, answer.text
    return answer.text
