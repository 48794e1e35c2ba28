"""Where generated files stand, relative to the project's root, and inside the image."""

from __future__ import annotations

from dataclasses import dataclass

APP = "/app"
VENV = "/venv"
USER = 2000
MEDIA = f"{APP}/media"
PRIVATE = ".nuages"


@dataclass(frozen=True)
class Layout:
    """The paths of one set of files: in the open, or all below ``.nuages``."""

    private: bool

    def _at(self, name: str) -> str:
        return f"{PRIVATE}/{name}" if self.private else name

    @property
    def dockerfile(self) -> str:
        return self._at("Dockerfile")

    @property
    def dockerignore(self) -> str:
        """BuildKit prefers the ignore file that is named after the Dockerfile."""
        return f"{PRIVATE}/Dockerfile.dockerignore" if self.private else ".dockerignore"

    @property
    def compose(self) -> str:
        return self._at("compose.yaml")

    @property
    def development(self) -> str:
        return self._at("compose.dev.yaml")

    @property
    def requirements(self) -> str:
        return self._at("requirements-cloud.txt")

    @property
    def env_example(self) -> str:
        return self._at(".env.example")

    @property
    def folder(self) -> str:
        """What the image and the containers read, and nobody calls by hand."""
        return self._at("docker")

    @property
    def entrypoint(self) -> str:
        return f"{self.folder}/entrypoint.sh"

    @property
    def nginx(self) -> str:
        return f"{self.folder}/nginx.conf"

    @property
    def context(self) -> str:
        """The build context as the compose file sees it: the project's root."""
        return ".." if self.private else "."

    def beside_compose(self, path: str) -> str:
        """A path as the compose file, which stands in the layout's own folder, names it."""
        return "./" + path.removeprefix(f"{PRIVATE}/" if self.private else "")


def joined(*parts: str) -> str:
    """A path of its parts; ``.`` and empty parts vanish."""
    return "/".join(
        part.strip("/") if i else part for i, part in enumerate(parts) if part not in (".", "")
    )
