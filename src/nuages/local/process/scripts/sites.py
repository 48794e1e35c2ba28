"""Makes the Site of django.contrib.sites that requests here look for, unless it is there."""

import json
import os
import sys

sys.path.pop(0)  # this folder, whose names the project may use
sys.path.insert(0, os.getcwd())

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.sites.models import Site  # noqa: E402

HOST = sys.argv[2]


def lacking():
    # SITE_ID names the one Site; without it, each request looks for the Site of its Host.
    number = getattr(settings, "SITE_ID", None)
    return {"pk": number} if number else {"domain": HOST}


wanted = lacking()
made = not Site.objects.filter(**wanted).exists()
if made:
    Site.objects.create(**dict({"domain": HOST, "name": HOST}, **wanted))
print("NUAGES-SITES " + json.dumps({"made": made}))
