"""What Terraform 1.11 printed when it failed."""

from __future__ import annotations

from nuages.changes.faults import faults
from nuages.text import Location

MISSING = """\

Error: Missing required argument

  with google_sql_user.admin[0],
  on database.tf line 183, in resource "google_sql_user" "admin":
 183: resource "google_sql_user" "admin" {

"password_wo_version": all of `password_wo, password_wo_version` must be
specified
"""
SYNTAX = """\
Error: Terraform encountered problems during initialisation, including problems
with the configuration, described below.

The Terraform configuration must be valid before initialization so that
Terraform can determine which modules and providers need to be installed.

Error: Unclosed configuration block

  on web.tf line 41, in resource "google_cloud_run_v2_service" "web":
  41: resource "google_cloud_run_v2_service" "web" {

There is no closing brace for this block before the end of the file. This may
be caused by incorrect brace nesting elsewhere in this file.

Error: Argument or block definition required

  on jobs.tf line 3:
   3: ]

An argument or block definition is required here.
"""
FRAMED = """\
╷
│ Error: Error acquiring the state lock
│
│ Error message: resource temporarily unavailable
╵
╷
│ Warning: Value for undeclared variable
│
│ The root module does not declare a variable named "x".
╵
"""


def test_an_argument_that_is_missing() -> None:
    (fault,) = faults(MISSING)
    assert fault.location == Location("database.tf", 183)
    assert fault.address == "google_sql_user.admin[0]"
    assert fault.message == (
        'Missing required argument. "password_wo_version": all of `password_wo, '
        "password_wo_version` must be specified"
    )


def test_every_error_has_its_place() -> None:
    found = faults(SYNTAX)
    assert [str(fault.location) for fault in found] == ["web.tf:41", "jobs.tf:3"]
    assert found[1].message == (
        "Argument or block definition required. An argument or block definition is required here."
    )


def test_a_frame_and_a_warning_are_left_out() -> None:
    (fault,) = faults(FRAMED)
    assert fault.message == (
        "Error acquiring the state lock. Error message: resource temporarily unavailable"
    )
    assert fault.location is None


def test_no_error() -> None:
    assert faults("Terraform has been successfully initialized!") == ()
