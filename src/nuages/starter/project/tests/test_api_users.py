"""What staff can do with other people's accounts."""

import pytest

from apps.users.models import User

from .conftest import PASSWORD


def emails(response) -> list[str]:
    return [row["email"].partition("@")[0] for row in response.json()["results"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=oth", ["other"]),
        ("is_staff=true&ordering=email", ["admin", "staff", "superuser"]),
        ("is_active=false", []),
        ("is_staff=false&ordering=-email", ["user", "other"]),
        ("created_after=2000-01-01T00:00:00Z&is_staff=false&ordering=email", ["other", "user"]),
        ("created_before=2000-01-01T00:00:00Z", []),
        ("created_before=2000-01-01T00:00:00-17:42", []),  # PostgreSQL refuses such offsets
        ("ordering=password&is_staff=false", ["other", "user"]),
    ],
)
def test_the_list_is_filtered_searched_and_ordered(call, query, found):
    assert emails(call("admin", "GET", f"users/?{query}")) == found


def test_pages_hold_twenty_and_a_hundred_at_most(call, people):
    User.objects.bulk_create(User(email=f"{n}@example.com") for n in range(120))
    sizes = {
        query: len(call("admin", "GET", f"users/{query}").json()["results"])
        for query in ("", "?page_size=7", "?page_size=1000", "?page=7", "?page_size=0")
    }
    assert sizes == {
        "": 20,
        "?page_size=7": 7,
        "?page_size=1000": 100,
        "?page=7": 5,
        "?page_size=0": 20,
    }
    assert call("admin", "GET", "users/?page=8").status_code == 404


@pytest.mark.parametrize("moment", ["soon", "0001-01-01T00:00:00%2B05:00"])
def test_a_false_filter_is_said(call, moment):
    response = call("admin", "GET", f"users/?created_after={moment}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["attr"] == "created_after"


def test_rights_are_not_given_by_the_api(call, people):
    body = {"is_staff": True, "is_superuser": True, "groups": [1], "email": "x@example.com"}
    assert call("superuser", "PATCH", f"users/{people['user'].pk}/", body).status_code == 200
    people["user"].refresh_from_db()
    assert not people["user"].is_staff
    assert not people["user"].is_superuser
    assert people["user"].email == "user@example.com"


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_deactivated_account_is_kept_and_locked_out(call, people, method):
    tokens = people["user"].auth_token_set
    call("user", "GET", "me/")
    assert tokens.exists()
    call("admin", method, f"users/{people['user'].pk}/", {"is_active": False})
    people["user"].refresh_from_db()
    assert not people["user"].is_active
    assert not tokens.exists()
    body = {"email": "user@example.com", "password": PASSWORD}
    assert call("anonymous", "POST", "token/", body).status_code == 400


@pytest.mark.parametrize(("method", "status"), [("PATCH", 400), ("DELETE", 403)])
def test_nobody_locks_themselves_out(call, people, method, status):
    path = f"users/{people['superuser'].pk}/"
    assert call("superuser", method, path, {"is_active": False}).status_code == status
    people["superuser"].refresh_from_db()
    assert people["superuser"].is_active


def test_whether_there_is_such_an_account_is_for_staff_to_know(call, people):
    there = call("user", "GET", f"users/{people['other'].pk}/")
    nowhere = call("user", "GET", "users/999999/")
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert call("admin", "GET", "users/999999/").status_code == 404
    assert call("admin", "GET", f"users/{10**30}/").status_code == 404
