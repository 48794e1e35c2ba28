"""Static files under names that carry a hash of their content, so that they never expire."""

import os
from urllib.parse import unquote, urldefrag

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

LARGE = 2 * 1024 * 1024  # bytes


class StaticCompressor(Compressor):
    """Brotli takes seconds for each megabyte: large files are compressed with gzip alone."""

    def compress(self, path):
        if os.path.getsize(path) <= LARGE:
            return super().compress(path)
        return Compressor(use_brotli=False, quiet=True).compress(path)


class StaticStorage(CompressedManifestStaticFilesStorage):
    """A file that is missing costs its own picture or font, not the page nor the build."""

    manifest_strict = False

    def create_compressor(self, **options):
        return StaticCompressor(**options)

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
