#!/bin/sh
set -eu
case "${1:-web}" in
  web)
    exec gunicorn config.wsgi:application \
      --bind "0.0.0.0:${PORT:-8080}" \
      --workers "${WEB_CONCURRENCY:-2}" --threads 4 \
      --timeout 70 --graceful-timeout 30 --keep-alive 75 \
      --worker-tmp-dir /dev/shm \
      --access-logfile - --error-logfile -
    ;;
  *) exec "$@" ;;
esac
