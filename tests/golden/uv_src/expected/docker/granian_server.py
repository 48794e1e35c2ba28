"""Serves the site with granian: https://github.com/emmett-framework/granian"""

import os

from granian import Granian
from granian.constants import Interfaces

if __name__ == "__main__":
    Granian(
        "gallery.wsgi:application",
        address="0.0.0.0",
        port=int(os.environ.get("PORT", "8000")),
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("WEB_CONCURRENCY", "2")),
        blocking_threads=int(os.environ.get("WEB_THREADS", "4")),
        workers_kill_timeout=25,
        log_access=True,
    ).serve()
