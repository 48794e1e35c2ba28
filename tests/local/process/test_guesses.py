from __future__ import annotations

import pytest

from nuages.local.process import guesses, variables
from nuages.local.process.stand_ins import Place
from nuages.project.facts import Variable

PLACE = Place(8001, random=lambda: "random")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RECAPTCHA_PUBLIC_KEY", "random"),
        ("GOOGLE_MAPS_API_KEY", "random"),
        ("TELEGRAM_CHAT_ID", "1"),
        ("PAYMENT_GATEWAY_URL", "http://localhost:8001"),
        ("TWILIO_PHONE_NUMBER", "+15555550100"),
        ("GRAYLOG_HOST", "localhost"),
        ("WAREHOUSE_CODE", None),
        ("THEME", None),
        ("PAYMENT_BACKEND", None),
        ("UNIQUE", None),
    ],
)
def test_the_last_word_of_a_name_may_say_enough(name: str, value: str | None) -> None:
    assert guesses.guess(name, PLACE) == value


def test_a_guess_comes_last_and_is_told() -> None:
    shown = variables.Sources(example={"RECAPTCHA_PUBLIC_KEY": "6Le-example"})
    (from_example,) = variables.with_stand_in((), "RECAPTCHA_PUBLIC_KEY", PLACE, shown) or ()
    assert (from_example.value, from_example.note) == ("6Le-example", "")
    (guessed,) = variables.with_stand_in((), "RECAPTCHA_PUBLIC_KEY", PLACE) or ()
    assert (guessed.value, guessed.note) == ("random", variables.MADE_UP)
    unknown = Variable("WAREHOUSE_CODE", (), True, None, None, False, False)
    assert "WAREHOUSE_CODE" in str(variables.needed((unknown,)))


def test_what_a_package_reads_without_naming_it() -> None:
    region = "botocore.exceptions.NoRegionError: You must specify a region."
    assert guesses.implied(region) == ["AWS_DEFAULT_REGION"]
    assert guesses.implied("KeyError: 'AWS_DEFAULT_REGION'") == []
    (value,) = variables.with_stand_in((), "AWS_DEFAULT_REGION", PLACE) or ()
    assert value.value == "us-east-1"
