from __future__ import annotations

from nuages.steps.step import Await, Fresh, Probe, Question, Request, Run, Secret, Token


def test_a_program_reads_as_it_would_be_typed_and_shows_no_secret() -> None:
    step = Run(
        "Plan",
        ("terraform", "plan", "-var=name=my site"),
        "infrastructure",
        {"TF_VAR_password": Secret("projects/p/secrets/s")},
        Token(),
    )

    assert str(step) == (
        "cd infrastructure && TF_VAR_password=‹secret projects/p/secrets/s› "
        "terraform plan '-var=name=my site' < ‹access token›"
    )


def test_a_request_reads_in_the_words_of_its_api() -> None:
    step = Request(
        "Its first value",
        "secretmanager.v1",
        "projects.secrets.addVersion",
        {"parent": "projects/p/secrets/s"},
        {"payload": {"data": Fresh(20)}},
    )

    assert str(step) == (
        "secretmanager.v1 projects.secrets.addVersion parent=projects/p/secrets/s "
        '{"payload": {"data": "‹20 random characters›"}}'
    )
    assert str(Await(step, bool, 60)).startswith("until it has ended: secretmanager.v1 ")


def test_a_probe_names_every_address_that_it_asks() -> None:
    questions = (Question("/health/live"), Question("/"))
    assert str(Probe("Ask", "https://x", questions)) == "GET https://x/health/live\nGET https://x/"
