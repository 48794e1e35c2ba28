"""Make a superuser from DJANGO_SUPERUSER_*, unless there is one of that name.

Unlike ``createsuperuser --noinput`` it can be run again, and refuses to make an account without a
password, into which nobody could log in.
"""

import os
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402


def given(field):
    return os.environ.get("DJANGO_SUPERUSER_" + field.upper(), "")


model = get_user_model()
login = model.USERNAME_FIELD
needed = [login] + list(model.REQUIRED_FIELDS) + ["password"]
missing = ["DJANGO_SUPERUSER_" + field.upper() for field in needed if not given(field)]
if missing:
    sys.exit("No superuser was made: set %s." % ", ".join(missing))
users = model._default_manager
if users.filter(**{login: given(login)}).exists():
    print("%s is there already." % given(login))
else:
    users.create_superuser(**{field: given(field) for field in needed})
    print("Made the superuser %s." % given(login))
