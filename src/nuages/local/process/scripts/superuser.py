"""Makes a superuser from DJANGO_SUPERUSER_*, unless somebody of that name is there already."""

import inspect
import json
import os
import sys
import traceback

sys.path.pop(0)  # this folder, whose names the project may use
sys.path.insert(0, os.getcwd())

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import models  # noqa: E402

STAND_INS = {
    models.EmailField: "admin@localhost.localdomain",
    models.URLField: "http://localhost/",
    models.BooleanField: False,
    models.IntegerField: 0,
    models.DateField: "2000-01-01",
    models.DateTimeField: "2000-01-01T00:00:00Z",
}


def given(name):
    return os.environ.get("DJANGO_SUPERUSER_" + name.upper())


def stand_in(model, name):
    field = model._meta.get_field(name)
    if field.is_relation:
        return field.remote_field.model._default_manager.first()
    if isinstance(field, models.EmailField):
        return STAND_INS[models.EmailField]
    for kind, value in STAND_INS.items():
        if isinstance(field, kind):
            return value
    return "admin"


def is_demanded(parameter):
    fixed = parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)
    return not fixed and parameter.default is parameter.empty and parameter.name != "password"


def wanted(create, values):
    """What ``create`` takes of ``values``, and what else it insists on: its model's fields."""
    found = inspect.signature(create).parameters
    for name in found:
        if is_demanded(found[name]) and name not in values:
            values[name] = given(name) or stand_in(model, name)
    if any(parameter.kind == parameter.VAR_KEYWORD for parameter in found.values()):
        return values
    return {name: value for name, value in values.items() if name in found}


def others(user):
    # What some login forms ask for instead of what the model calls the user's name.
    found = [getattr(user, name, None) for name in ("username", "email")]
    return [str(value) for value in found if value and value != values[login]]


def made():
    """The user, and what failed of all that the project does once there is one.

    Its receivers of signals run when the row is written, and may want a service from elsewhere.
    """
    create = model._default_manager.create_superuser
    try:
        return create(password=password, **wanted(create, values)), ""
    except Exception as error:
        user = found()
        if user is None or not user.check_password(password):
            raise
        traceback.print_exc()
        return user, f"{type(error).__name__}: {error}".partition("\n")[0][:200]


def found():
    return model._default_manager.filter(**{login: values[login]}).first()


def answer(user, created, password_set, incomplete=""):
    line = {"login": login, "name": str(values[login]), "others": others(user)}
    line.update(created=created, password=password_set, incomplete=incomplete)
    print("NUAGES-SUPERUSER " + json.dumps(line))


model = get_user_model()
login = model.USERNAME_FIELD
values = {name: given(name) or stand_in(model, name) for name in model.REQUIRED_FIELDS}
values[login] = given(login) or stand_in(model, login)
password = os.environ["DJANGO_SUPERUSER_PASSWORD"]
existing = found()
if existing is None:
    user, incomplete = made()
    answer(user, True, True, incomplete)
else:
    answer(existing, False, existing.check_password(password))
