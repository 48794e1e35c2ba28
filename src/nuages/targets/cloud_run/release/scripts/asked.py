"""Runs in a job, inside the network: asks a revision what `nuages deploy` asks from outside.

Its argument is JSON: the revision's url, the questions (path and right statuses), whom an ID token
is for, and how many seconds they have together. The last line printed is what was wrong. Only the
standard library is there for certain.
https://cloud.google.com/run/docs/securing/service-identity#identity_tokens
"""

import json
import sys
import time
import urllib.error
import urllib.request

METADATA = "http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/"
REFUSED = (401, 403)


class Here(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(Here)


def get(url, **headers):
    """Status and text; status 0 where nobody answers."""
    try:
        with OPENER.open(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.read(8192).decode("utf-8", "replace")
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read(8192).decode("utf-8", "replace")
    except OSError as error:
        return 0, str(error)


def asked(url, audience):
    status, text = get(url)
    if status in REFUSED and audience:
        path = f"identity?audience={audience}"
        _, token = get(METADATA + path, **{"Metadata-Flavor": "Google"})
        status, text = get(url, Authorization=f"Bearer {token}")
    return status, text


def wrong(said):
    """What is wrong when patience ends; empty: nothing."""
    end = time.monotonic() + said["patience"]
    for question in said["questions"]:
        url = said["url"].rstrip("/") + question["path"]
        while True:
            status, text = asked(url, said["audience"])
            if status in question["statuses"]:
                print(f"{url} answers {status}", flush=True)
                break
            if time.monotonic() > end:
                said = " ".join(text.split())[:200]
                return f"{url} answers {status or 'nothing'} {said}".strip()
            time.sleep(1)
    return ""


if __name__ == "__main__":
    sys.exit(wrong(json.loads(sys.argv[1])) or 0)
