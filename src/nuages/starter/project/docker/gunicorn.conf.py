"""How gunicorn serves the site: https://docs.gunicorn.org/en/stable/settings.html"""

import gc
import os

bind = "0.0.0.0:" + os.environ.get("PORT", "8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))

# The proxy in front gives up after this, the database before.
timeout = 310
graceful_timeout = 25
keepalive = 75

# Workers say that they live by touching a file: in memory, as the root is read-only and a disk
# may block (https://docs.gunicorn.org/en/stable/faq.html#blocking-os-fchmod).
worker_tmp_dir = "/dev/shm"

# Whoever reaches this port is the proxy or the load balancer: it is published nowhere else.
forwarded_allow_ips = "*"

accesslog = "-"
errorlog = "-"
capture_output = True

# The application is imported once, before the workers are forked from it.
preload_app = True

# Nothing that is imported is garbage: collecting while importing only costs time, and what is
# frozen afterwards stays shared between the workers.
gc.disable()


def pre_fork(server, worker):
    """Leave no connection for two processes to write to."""
    from django.db import connections

    connections.close_all()
    gc.freeze()


def post_fork(server, worker):
    gc.enable()
