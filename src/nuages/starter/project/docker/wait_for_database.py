"""Wait until the database answers, at most as many seconds as the first argument says."""

import sys
import time

import django
from django.db import OperationalError, connection

django.setup()
end = time.monotonic() + float(sys.argv[1])
while True:
    try:
        connection.ensure_connection()
        break
    except OperationalError as error:
        if time.monotonic() >= end:
            sys.exit("The database does not answer after %s s: %s" % (sys.argv[1], error))
        time.sleep(0.5)
