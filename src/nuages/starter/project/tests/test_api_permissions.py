"""Every endpoint, every method, every role. The endpoints come from the URLs, so that one that is
new and stands in no row here fails."""

import io

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from apps.users.models import User

from .conftest import API, PASSWORD, ROLES

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
NEW = "another-good-password"
PASS = {"password": PASSWORD}
#                        anonymous, user, other, staff without rights, staff with rights, superuser
OPEN_202 = (202, 202, 202, 202, 202, 202)
OPEN_400 = (400, 400, 400, 400, 400, 400)
OPEN_200 = (200, 200, 200, 200, 200, 200)
OWN_200 = (401, 200, 200, 200, 200, 200)
OWN_202 = (401, 202, 202, 202, 202, 202)
OWN_204 = (401, 204, 204, 204, 204, 204)
STAFF_200 = (401, 403, 403, 403, 200, 200)
STAFF_204 = (401, 403, 403, 403, 204, 204)

# (address, method): (what is sent, what each role gets); `{user}` is the id of the role `user`.
ROWS = {
    ("schema/", "GET"): (None, OPEN_200),
    ("docs/", "GET"): (None, OPEN_200),
    ("sign-up/", "POST"): ({"email": "new@example.com"}, OPEN_202),
    ("sign-up/confirm/", "POST"): ({"token": "false", "password": NEW}, OPEN_400),
    ("token/", "POST"): ({"email": "user@example.com", "password": PASSWORD}, (201,) * 6),
    ("token/", "DELETE"): (None, OWN_204),
    ("password-reset/", "POST"): ({"email": "user@example.com"}, OPEN_202),
    ("password-reset/confirm/", "POST"): ({"uid": "MQ", "token": "x", "password": NEW}, OPEN_400),
    ("email/confirm/", "POST"): ({"token": "false"}, OPEN_400),
    ("me/", "GET"): (None, OWN_200),
    ("me/", "PATCH"): ({"name": "Changed"}, OWN_200),
    ("me/avatar/", "PUT"): ("picture", OWN_200),
    ("me/avatar/", "DELETE"): (None, OWN_204),
    ("me/password/", "POST"): ({**PASS, "new_password": NEW}, OWN_204),
    ("me/email/", "POST"): ({**PASS, "email": "new@example.com"}, OWN_202),
    ("me/delete/", "POST"): (PASS, OWN_204),
    ("users/", "GET"): (None, STAFF_200),
    ("users/{user}/", "GET"): (None, STAFF_200),
    ("users/{user}/", "PATCH"): ({"name": "Changed"}, STAFF_200),
    ("users/{user}/", "DELETE"): (None, STAFF_204),
    ("users/{superuser}/", "GET"): (None, STAFF_200),
    ("users/{superuser}/", "PATCH"): ({"name": "Changed"}, (401, 403, 403, 403, 403, 200)),
    ("users/{superuser}/", "DELETE"): (None, (401, 403, 403, 403, 403, 403)),
    **{("nowhere", method): (None, (404,) * 6) for method in METHODS},
}
# Who may not come in is not told that there is no such method either.
CLOSED = {"token/", "me/", "me/avatar/", "me/password/", "me/email/", "me/delete/"}
STAFF = {"users/", "users/{user}/", "users/{superuser}/"}
ADDRESSES = {"": {"nowhere"}, "users/<int:pk>/": {"users/{user}/", "users/{superuser}/"}}


def routes(resolver: URLResolver, below: str = "") -> set[str]:
    found = set()
    for entry in resolver.url_patterns:
        route = below + str(entry.pattern)
        found |= {route} if isinstance(entry, URLPattern) else routes(entry, route)
    return found


def endpoints() -> set[str]:
    return {
        route.removeprefix(API[1:]) for route in routes(get_resolver()) if route.startswith(API[1:])
    }


def expected(address: str, method: str, role: str) -> int:
    if (address, method) in ROWS:
        return ROWS[address, method][1][ROLES.index(role)]
    if address in CLOSED | STAFF and role == "anonymous":
        return 401
    if address in STAFF and role not in ("admin", "superuser"):
        return 403
    return 405


def test_every_endpoint_has_its_rows():
    known = {address for address, _ in ROWS}
    for route in endpoints():
        assert ADDRESSES.get(route, {route}) <= known, f"no rows in ROWS for {route}"
    shown = set().union(*(ADDRESSES.get(route, {route}) for route in endpoints()))
    assert known == shown


def test_every_documented_operation_has_its_row(db):
    from drf_spectacular.generators import SchemaGenerator

    paths = SchemaGenerator().get_schema(public=True)["paths"]
    operations = {
        (path.removeprefix(API).replace("{id}", "{user}"), method.upper())
        for path, item in paths.items()
        for method in item
    }
    assert operations == {
        row for row in ROWS if row[0] not in ("schema/", "docs/", "nowhere", "users/{superuser}/")
    }


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(out, "PNG")
    out.seek(0)
    out.name = "me.png"
    return out


def rows_of(users: dict[str, User]) -> dict[str, dict]:
    """What is stored about each account, as long as it is there."""
    return {role: User.objects.filter(pk=user.pk).values().first() for role, user in users.items()}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("address", sorted({address for address, _ in ROWS}))
def test_permissions(call, people, address, method, role):
    before = rows_of(people)
    sent = ROWS.get((address, method), (None,))[0]
    form = {"data": {"avatar": picture()}, "format": "multipart"} if sent == "picture" else {}
    path = address.format(**{name: user.pk for name, user in people.items()})
    response = call(role, method, path, **(form or {"data": sent}))
    assert response.status_code == expected(address, method, role), response.content
    after = rows_of(people)
    changed = {name for name in people if before[name] != after[name]}
    allowed = {role}
    if response.status_code < 300 and address.startswith("users/"):
        allowed.add("superuser" if "superuser" in address else "user")
    assert changed <= allowed if response.status_code < 300 else not changed
