#!/bin/sh
# Prepares what is asked for, and becomes the command. Nothing is asked for by default: several
# instances that start at once would race, and the job `migrate` does it once per release.
#
#   DJANGO_WAIT_FOR_DATABASE=30    wait that many seconds for the database, then give up
#   DJANGO_MANAGEPY_MIGRATE=on     apply the migrations
#   DJANGO_CREATE_SUPERUSER=on     make the superuser of DJANGO_SUPERUSER_USERNAME, _EMAIL and
#                                  _PASSWORD, unless there is one of that name
set -eu

is_on() {
    case "$1" in
        1 | [Oo][Nn] | ON | [Tt]rue | TRUE | [Yy]es | YES) return 0 ;;
        *) return 1 ;;
    esac
}

if [ "${DJANGO_WAIT_FOR_DATABASE:-0}" != 0 ]; then
    python "/app/docker/wait_for_database.py" "$DJANGO_WAIT_FOR_DATABASE"
fi

if is_on "${DJANGO_MANAGEPY_MIGRATE:-off}"; then
    python -m django migrate --noinput
fi

if is_on "${DJANGO_CREATE_SUPERUSER:-off}"; then
    python "/app/docker/create_superuser.py"
fi

exec "$@"
