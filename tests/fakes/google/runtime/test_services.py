"""Revisions, and the front before them."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter

import httpx
import pytest

from fakes.google.protocol import NotReady
from fakes.google.runtime import ContainerRuntime, tiny
from fakes.google.runtime.tiny import SERVICE, eventually, revision, variable

pytestmark = [pytest.mark.slow, pytest.mark.docker, pytest.mark.xdist_group("google-runtime")]
HTTP = {"startupProbe": {"httpGet": {"path": "/health"}, "periodSeconds": 1}}


def started(runtime: ContainerRuntime, image: str, short: str, **fields: object) -> str:
    made = revision(image, short, **{**HTTP, **fields})
    runtime.start_revision(made)
    return str(made["name"])


def test_an_instance_is_the_image_with_its_environment_and_secrets(
    runtime: ContainerRuntime, world: tiny.World, image: str
) -> None:
    world.secrets["projects/jazz-club/secrets/key", "latest"] = b"s3cret"
    secret = {"name": "KEY", "valueSource": {"secretKeyRef": {"secret": "key"}}}
    name = started(runtime, image, "web-00001-env", env=[variable("VERSION", "1"), secret])
    runtime.route(SERVICE, {name: 100}, {})
    seen = httpx.get(runtime.service_uri(SERVICE)).json()["environment"]
    assert (seen["VERSION"], seen["KEY"], seen["PORT"]) == ("1", "s3cret", "8000")
    assert (seen["K_SERVICE"], seen["K_REVISION"]) == ("web", "web-00001-env")
    (container,) = map(runtime.docker.inspect, runtime.docker.owned("revision"))
    assert container["Config"]["Image"] == image
    assert container["HostConfig"]["Memory"] == 512 * 2**20
    processes = subprocess.run(["ps", "axww"], capture_output=True, text=True, check=True).stdout
    assert "s3cret" not in processes


def test_a_secret_has_its_value_of_the_moment_when_the_instance_starts(
    runtime: ContainerRuntime, world: tiny.World, image: str
) -> None:
    world.secrets["projects/jazz-club/secrets/turning", "latest"] = b"old"
    secret = {"name": "KEY", "valueSource": {"secretKeyRef": {"secret": "turning"}}}
    name = started(runtime, image, "web-00002-key", env=[secret])
    runtime.route(SERVICE, {name: 100}, {})
    world.secrets["projects/jazz-club/secrets/turning", "latest"] = b"new"
    uri = runtime.service_uri(SERVICE)
    assert httpx.get(uri).json()["environment"]["KEY"] == "old"
    runtime.stop_revision(name)
    assert httpx.get(uri).json()["environment"]["KEY"] == "new"


def test_a_service_and_its_tags_have_their_own_addresses_and_hosts(
    runtime: ContainerRuntime, image: str
) -> None:
    one = started(runtime, image, "web-00003-one", env=[variable("VERSION", "1")])
    two = started(runtime, image, "web-00003-two", env=[variable("VERSION", "2")])
    runtime.route(SERVICE, {one: 100}, {"next": two})
    service = httpx.get(runtime.service_uri(SERVICE)).json()
    tagged = httpx.get(runtime.service_uri(SERVICE, "next")).json()
    assert (service["environment"]["VERSION"], tagged["environment"]["VERSION"]) == ("1", "2")
    assert service["headers"]["Host"] == "web-987654321098.europe-west1.run.app"
    assert tagged["headers"]["Host"] == "next---web-987654321098.europe-west1.run.app"
    hashed = "web-2b74662f68-eu.a.run.app"
    answer = httpx.get(runtime.service_uri(SERVICE), headers={"Host": hashed})
    assert answer.json()["headers"]["Host"] == hashed


def test_no_request_is_lost_while_traffic_is_shifted(runtime: ContainerRuntime, image: str) -> None:
    uri, answers, end = runtime.service_uri(SERVICE), Counter[str](), threading.Event()
    names = [
        started(runtime, image, f"web-0001{n}-shift", env=[variable("VERSION", str(n))])
        for n in range(2)
    ]
    runtime.route(SERVICE, {names[0]: 100}, {})

    def poll() -> None:
        while not end.is_set():
            answer = httpx.get(f"{uri}/slow/0.05")
            version = answer.json()["environment"]["VERSION"] if answer.is_success else "lost"
            answers[version] += 1

    clients = [threading.Thread(target=poll) for _ in range(3)]
    for client in clients:
        client.start()
    for first, second in ((0, 1), (1, 0), (0, 1)):
        runtime.route(SERVICE, {names[first]: 50, names[second]: 50}, {})
        time.sleep(0.3)
        runtime.route(SERVICE, {names[second]: 100}, {})
        time.sleep(0.3)
    end.set()
    for client in clients:
        client.join()
    assert answers["lost"] == 0
    assert answers["0"] > 5
    assert answers["1"] > 5


def test_a_revision_runs_as_long_as_something_points_at_it(
    runtime: ContainerRuntime, image: str
) -> None:
    one, two = (started(runtime, image, f"web-0002{n}-kept") for n in range(2))
    runtime.route(SERVICE, {one: 100}, {"next": two})
    only(runtime, 2)
    runtime.route(SERVICE, {one: 100, two: 0}, {})
    only(runtime, 1)
    runtime.start_revision(revision(image, "web-00021-kept"))
    assert len(runtime.docker.owned("revision")) == 2
    runtime.route(SERVICE, {two: 100}, {})
    only(runtime, 1)
    assert httpx.get(runtime.service_uri(SERVICE)).status_code == 200


def only(runtime: ContainerRuntime, left: int) -> None:
    eventually(lambda: len(runtime.docker.owned("revision")) == left)


def test_a_long_request_ends_before_its_instance_does(
    runtime: ContainerRuntime, image: str
) -> None:
    name = started(runtime, image, "web-00004-slow")
    runtime.route(SERVICE, {name: 100}, {})
    answers: list[int] = []
    uri = runtime.service_uri(SERVICE)
    client = threading.Thread(target=lambda: answers.append(httpx.get(f"{uri}/slow/2").status_code))
    client.start()
    time.sleep(0.5)
    runtime.route(SERVICE, {}, {})
    client.join()
    only(runtime, 0)
    assert answers == [200]
    assert "SIGTERM" in texts(runtime, "web-00004-slow")


def test_a_crashed_instance_is_replaced_for_the_next_request(
    runtime: ContainerRuntime, image: str
) -> None:
    name = started(runtime, image, "web-00005-crash")
    runtime.route(SERVICE, {name: 100}, {})
    uri = runtime.service_uri(SERVICE)
    assert httpx.get(f"{uri}/crash").status_code == 503
    assert httpx.get(f"{uri}/").status_code == 200
    assert "Container called exit(3)." in texts(runtime, "web-00005-crash")


def test_an_instance_that_fails_its_liveness_probe_is_killed(
    runtime: ContainerRuntime, image: str
) -> None:
    liveness = {"httpGet": {"path": "/health"}, "periodSeconds": 1, "failureThreshold": 1}
    name = started(runtime, image, "web-00006-live", livenessProbe=liveness)
    runtime.route(SERVICE, {name: 100}, {})
    uri = runtime.service_uri(SERVICE)
    before = httpx.get(f"{uri}/sicken").json()["environment"]["HOSTNAME"]
    eventually(lambda: httpx.get(uri).json()["environment"]["HOSTNAME"] != before)


def test_a_revision_that_does_not_come_up_says_so_and_is_gone(
    runtime: ContainerRuntime, image: str
) -> None:
    runtime.route(SERVICE, {}, {})
    only(runtime, 0)
    with pytest.raises(
        NotReady, match=r"failed to start and listen on the port defined .*PORT=8000"
    ):
        started(runtime, image, "web-00007-sick", env=[variable("UNHEALTHY", "1")])
    with pytest.raises(NotReady, match="failed to start"):
        started(runtime, image, "web-00007-exit", command=["false"])
    assert runtime.docker.owned("revision") == []


def test_what_is_not_there_is_named(runtime: ContainerRuntime, image: str) -> None:
    missing = image.partition("@")[0] + ":none"
    with pytest.raises(NotReady, match=f"Image '{missing}' not found"):
        started(runtime, missing, "web-00008-image")
    secret = {"name": "KEY", "valueSource": {"secretKeyRef": {"secret": "none"}}}
    with pytest.raises(NotReady, match="secrets/none/versions/latest was not found"):
        started(runtime, image, "web-00008-secret", env=[secret])


def test_only_invokers_come_in(runtime: ContainerRuntime, world: tiny.World, image: str) -> None:
    name = started(runtime, image, "web-00009-iam")
    runtime.route(SERVICE, {name: 100}, {})
    uri = runtime.service_uri(SERVICE)
    world.may_invoke = set()
    refused = httpx.get(f"{uri}/a")
    assert refused.status_code == 403
    assert "Your client does not have permission to get URL <code>/a</code>" in refused.text
    assert httpx.get(uri, headers={"Authorization": "Bearer bad"}).status_code == 401
    assert httpx.get(uri, headers={"Authorization": "Bearer good"}).status_code == 403
    world.may_invoke = {"serviceAccount:ci@jazz-club.iam.gserviceaccount.com"}
    assert httpx.get(uri, headers={"Authorization": "Bearer good"}).status_code == 200


def test_an_internal_service_answers_the_network_alone(
    runtime: ContainerRuntime, world: tiny.World, image: str
) -> None:
    name = started(runtime, image, "web-00010-in")
    runtime.route(SERVICE, {name: 100}, {})
    world.ingresses[SERVICE] = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    uri = runtime.service_uri(SERVICE)
    code = f"import urllib.request; print(urllib.request.urlopen('{uri}').status)"
    assert httpx.get(uri).status_code == 404
    assert runtime.run_execution(tiny.execution(image, code, "inside-abcde")).ok


def test_bodies_go_through_whole(runtime: ContainerRuntime, image: str) -> None:
    name = started(runtime, image, "web-00011-body")
    runtime.route(SERVICE, {name: 100}, {})
    answer = httpx.post(runtime.service_uri(SERVICE), content=b"x" * 3_000_000)
    assert (answer.status_code, answer.json()) == (201, {"length": 3_000_000})


def test_requests_are_counted_and_written_down(runtime: ContainerRuntime, image: str) -> None:
    name = started(runtime, image, "web-00012-count")
    runtime.route(SERVICE, {name: 100}, {})
    for _ in range(3):
        httpx.get(f"{runtime.service_uri(SERVICE)}/counted")

    def counted() -> Counter[str]:
        found = Counter[str]()
        for count in runtime.request_counts():
            if count.revision == "web-00012-count":
                found[count.response_code_class] += count.count
        return found

    eventually(lambda: counted() == {"2xx": 3})
    urls = [
        entry["httpRequest"]["requestUrl"]
        for entry in runtime.log_entries()
        if "httpRequest" in entry
        and entry["resource"]["labels"]["revision_name"] == "web-00012-count"
    ]
    assert urls == ["https://web-987654321098.europe-west1.run.app/counted"] * 3


def test_a_deleted_service_answers_404(runtime: ContainerRuntime, image: str) -> None:
    runtime.route(SERVICE, {}, {})
    assert httpx.get(runtime.service_uri(SERVICE)).status_code == 404


def texts(runtime: ContainerRuntime, revision: str) -> list[str]:
    return [
        entry["textPayload"]
        for entry in runtime.log_entries()
        if entry["resource"]["labels"].get("revision_name") == revision and "textPayload" in entry
    ]
