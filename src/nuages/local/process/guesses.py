"""A value for a variable of which only the name's last word is known, told to the user as made up.

These come after everything that is known of a variable, and after the project's own example: they
let the site start without the service that they belong to.
"""

from __future__ import annotations

import re

from nuages.local.process.stand_ins import Kind, Place


def _fixed(text: str, names: str) -> Kind:
    return Kind(rf"(^|_)({names})$", lambda _: text)


KINDS: tuple[Kind, ...] = (
    Kind(r"(PUBLIC|SITE|PUBLISHABLE|CLIENT|API|APP|MAPS?)_?KEY$", lambda place: place.random()),
    Kind(r"(^|_)(URL|URI|LINK|ENDPOINT)$", lambda place: place.origin),
    _fixed("localhost", "HOST|HOSTNAME|SERVER"),
    _fixed("local", "USER|USERNAME|LOGIN|NAME|NICKNAME"),
    _fixed("+15555550100", "PHONE|PHONE_NUMBER|FROM_NUMBER|TWILIO_NUMBER|WHATSAPP_NUMBER"),
    _fixed("1", "ID|PORT|COUNT|SIZE|DAYS|HOURS|MINUTES|RATE|NUMBER|AMOUNT|INTERVAL|TTL|LIFETIME"),
)
"""In the order in which they are tried; an ID may be read as a number, so that it is one."""


IMPLIED: tuple[tuple[str, str], ...] = (
    (r"NoRegionError: You must specify a region", "AWS_DEFAULT_REGION"),
    (r"NoCredentialsError: Unable to locate credentials", "AWS_ACCESS_KEY_ID"),
    (r"PartialCredentialsError: .*secret_key", "AWS_SECRET_ACCESS_KEY"),
)
"""What packages say that miss a variable which they read themselves, and its name.

https://docs.aws.amazon.com/boto3/latest/guide/configuration.html
"""


def implied(log: str) -> list[str]:
    """The variables that a log shows to be missing without naming them."""
    return [name for pattern, name in IMPLIED if re.search(pattern, log)]


def guess(name: str, place: Place) -> str | None:
    """What lets code go on that asks for a variable of this name; None where nothing would."""
    for kind in KINDS:
        if re.search(kind.pattern, name.upper()):
            return kind.value(place)
    return None
