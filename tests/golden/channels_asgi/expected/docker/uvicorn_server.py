"""Serves the site with uvicorn: https://www.uvicorn.org/settings/"""

import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run(
        "tavern.asgi:application",
        host="0.0.0.0",
        port=int(os.environ.get("PORT", "8000")),
        workers=int(os.environ.get("WEB_CONCURRENCY", "2")),
        lifespan="auto",
        # Whoever reaches this port is the proxy: it is published nowhere else.
        proxy_headers=True,
        forwarded_allow_ips="*",
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=25,
    )
