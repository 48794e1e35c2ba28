"""Static files under names that carry a hash of their content, so that they never expire."""

from urllib.parse import unquote, urldefrag

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """A file that is missing costs its own picture or font, not the page nor the build."""

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):
        """A reference in a style sheet to a file that does not exist stays as it is."""
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name

    def stored_name(self, name):
        """A file that was not collected keeps its plain name."""
        known = self.hashed_files.get(self.hash_key(self.clean_name(urldefrag(unquote(name))[0])))
        return super().stored_name(name) if known else name
