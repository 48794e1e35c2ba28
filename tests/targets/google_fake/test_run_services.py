"""Services through google-cloud-run, the client that releases go by."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from fakes.google import GoogleWorld
from fakes.google.kinds import SECRET, SECRET_VERSION
from fakes.google.services.secrets import keep_payload
from fakes.google.still import StillRuntime
from google.api_core import exceptions
from google.cloud import run_v2
from google.iam.v1 import policy_pb2
from google.protobuf.field_mask_pb2 import FieldMask

from .conftest import PARENT, done, site

NAME = f"{PARENT}/services/web"
LATEST = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST
REVISION = run_v2.TrafficTargetAllocationType.TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION


def made(services: run_v2.ServicesClient, image: str = "one") -> run_v2.Service:
    return services.create_service(parent=PARENT, service=site(image), service_id="web").result(
        timeout=10
    )


def test_created(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    service = made(services)
    assert service.name == NAME
    assert service.uri.startswith("https://web-")
    assert not service.reconciling
    assert service.terminal_condition.state == run_v2.Condition.State.CONDITION_SUCCEEDED
    assert service.latest_ready_revision == service.latest_created_revision
    assert [(each.type_, each.percent) for each in service.traffic_statuses] == [(LATEST, 100)]
    assert services.get_service(name=NAME) == service
    assert [each.name for each in services.list_services(parent=PARENT)] == [NAME]


def test_operation_is_polled(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    operation = services.create_service(parent=PARENT, service=site(), service_id="web")
    assert not operation.operation.done
    done(operation)
    assert "run.projects.locations.operations.get" in [entry.method for entry in world.log]


def test_created_twice(services: run_v2.ServicesClient) -> None:
    made(services)
    with pytest.raises(exceptions.Conflict, match="already exists"):
        services.create_service(parent=PARENT, service=site(), service_id="web")


def test_release(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    """A new revision with a name and a tag and no traffic, then all of the traffic."""
    first = made(services).latest_ready_revision.rsplit("/", 1)[-1]
    service = services.get_service(name=NAME)
    service.template = site("two", "web-r2").template
    service.traffic = [
        run_v2.TrafficTarget(type_=REVISION, revision=first, percent=100),
        run_v2.TrafficTarget(type_=REVISION, revision="web-r2", tag="candidate"),
    ]
    mask = FieldMask(paths=["template", "traffic"])
    service = done(
        services.update_service(run_v2.UpdateServiceRequest(service=service, update_mask=mask))
    )
    tagged = service.traffic_statuses[1]
    assert (tagged.revision, tagged.tag, tagged.percent) == ("web-r2", "candidate", 0)
    assert tagged.uri.startswith("https://candidate---web-")
    service.traffic = [run_v2.TrafficTarget(type_=REVISION, revision="web-r2", percent=100)]
    service = done(
        services.update_service(
            run_v2.UpdateServiceRequest(service=service, update_mask=FieldMask(paths=["traffic"]))
        )
    )
    routes = [call for call in runtime(world).calls if call[0] == "route"]
    full = f"{NAME}/revisions/"
    assert routes == [
        ("route", NAME, {full + first: 100}, {}),
        ("route", NAME, {full + first: 100}, {"candidate": full + "web-r2"}),
        ("route", NAME, {full + "web-r2": 100}, {}),
    ]


def runtime(world: GoogleWorld) -> StillRuntime:
    assert isinstance(world.runtime, StillRuntime)
    return world.runtime


def test_revision_never_ready(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    first = made(services)
    world.revision_never_ready("web")
    first.template.containers[0].image = "two"
    with pytest.raises(exceptions.GoogleAPICallError, match="not ready and cannot serve"):
        done(services.update_service(service=first))
    service = services.get_service(name=NAME)
    assert service.latest_ready_revision == first.latest_ready_revision
    assert service.latest_created_revision != first.latest_created_revision
    assert service.terminal_condition.state == run_v2.Condition.State.CONDITION_FAILED
    assert service.traffic_statuses == first.traffic_statuses
    world.revision_never_ready("web", never=False)
    service.template.containers[0].image = "three"
    again = done(services.update_service(service=service))
    assert again.latest_ready_revision == again.latest_created_revision


def test_revision_name_is_taken(services: run_v2.ServicesClient) -> None:
    service = made(services)
    service.template = site("two", "web-r2").template
    service = done(services.update_service(service=service))
    service.template = site("three", "web-r2").template
    with pytest.raises(exceptions.Conflict, match="with different configuration already exists"):
        services.update_service(service=service)


def test_etag(services: run_v2.ServicesClient) -> None:
    service = made(services)
    stale = run_v2.Service(service)
    service.description = "first"
    done(services.update_service(service=service))
    stale.description = "second"
    with pytest.raises(exceptions.Conflict, match="current version is"):
        services.update_service(service=stale)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([{"type_": LATEST, "percent": 90}], "must sum to 100"),
        ([{"type_": REVISION, "percent": 100}], "Required"),
        (
            [{"type_": LATEST, "percent": 100, "tag": "a"}, {"type_": LATEST, "tag": "a"}],
            "Duplicate traffic tags",
        ),
        ([{"type_": LATEST, "percent": 100, "tag": "A_b"}], "Invalid tag"),
    ],
)
def test_traffic_refused(
    services: run_v2.ServicesClient, targets: list[dict[str, Any]], message: str
) -> None:
    service = made(services)
    service.traffic = [run_v2.TrafficTarget(**target) for target in targets]
    with pytest.raises(exceptions.BadRequest, match=message):
        services.update_service(service=service)


def test_traffic_to_nowhere(services: run_v2.ServicesClient) -> None:
    service = made(services)
    service.traffic = [{"type_": REVISION, "revision": "web-gone", "percent": 100}]
    with pytest.raises(exceptions.GoogleAPICallError, match="'web-gone' does not exist"):
        done(services.update_service(service=service))


def test_secret_that_is_not_there(services: run_v2.ServicesClient) -> None:
    service = site()
    source = run_v2.EnvVarSource(secret_key_ref={"secret": "key", "version": "latest"})
    service.template.containers[0].env = [run_v2.EnvVar(name="KEY", value_source=source)]
    operation = services.create_service(parent=PARENT, service=service, service_id="web")
    with pytest.raises(exceptions.GoogleAPICallError, match="secrets/key/versions/latest was not"):
        done(operation)


def test_invokers(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    made(services)
    policy = services.get_iam_policy({"resource": NAME})
    assert not policy.bindings
    policy.bindings.append(policy_pb2.Binding(role="roles/run.invoker", members=["allUsers"]))
    services.set_iam_policy({"resource": NAME, "policy": policy})
    assert "allUsers" in world.invokers(NAME)
    with pytest.raises(exceptions.Conflict, match="concurrent policy changes"):
        services.set_iam_policy({"resource": NAME, "policy": policy})


def test_operation_ends_in_error(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    method = "run.projects.locations.services.create"
    world.end_operation_in_error(method, status=500, message="We are sorry.")
    with pytest.raises(exceptions.InternalServerError, match="We are sorry"):
        made(services)
    assert "start_revision" not in [call[0] for call in runtime(world).calls]


def test_cut_after_effect(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    world.cut("run.projects.locations.services.create")
    with pytest.raises(requests.ConnectionError):
        services.create_service(parent=PARENT, service=site(), service_id="web", retry=None)
    assert services.get_service(name=NAME).name == NAME


def test_deleted(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    made(services)
    done(services.delete_service(name=NAME))
    with pytest.raises(exceptions.NotFound):
        services.get_service(name=NAME)
    assert runtime(world).calls[-2] == ("route", NAME, {}, {})


def test_revisions(world: GoogleWorld, services: run_v2.ServicesClient, credentials: Any) -> None:
    service = made(services)
    service.template.containers[0].image = "two"
    service = done(services.update_service(service=service))
    revisions = run_v2.RevisionsClient(
        credentials=credentials,
        transport="rest",
        client_options={"api_endpoint": world.endpoint("run.v2").rstrip("/")},
    )
    listed = list(revisions.list_revisions(parent=NAME))
    assert [each.containers[0].image for each in listed] == ["two", "one"]
    with pytest.raises(exceptions.GoogleAPICallError, match="cannot be deleted"):
        revisions.delete_revision(name=listed[0].name)
    done(revisions.delete_revision(name=listed[1].name))
    assert len(list(revisions.list_revisions(parent=NAME))) == 1


def test_validated_only(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    request = run_v2.CreateServiceRequest(
        parent=PARENT, service=site(), service_id="web", validate_only=True
    )
    assert done(services.create_service(request)).name == NAME
    with pytest.raises(exceptions.NotFound):
        services.get_service(name=NAME)


def test_every_location(services: run_v2.ServicesClient) -> None:
    made(services)
    anywhere = services.list_services(parent="projects/jazz-club/locations/-")
    assert [each.name for each in anywhere] == [NAME]


def test_operation_takes_long(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    world.delay_operation("run.projects.locations.services.create", seconds=0.3)
    operation = services.create_service(parent=PARENT, service=site(), service_id="web")
    assert services.get_service(name=NAME).reconciling
    assert not done(operation).reconciling


def test_accessor_is_missing(world: GoogleWorld, services: run_v2.ServicesClient) -> None:
    name = "projects/jazz-club/secrets/key"
    world.resources.put(SECRET, name, {"name": name})
    version = f"{name}/versions/1"
    world.resources.put(SECRET_VERSION, version, {"name": version, "state": "ENABLED"})
    keep_payload(world, version, b"planted")
    service = site()
    source = run_v2.EnvVarSource(secret_key_ref={"secret": "key", "version": "latest"})
    service.template.containers[0].env = [run_v2.EnvVar(name="KEY", value_source=source)]
    service.template.service_account = "web@jazz-club.iam.gserviceaccount.com"
    with pytest.raises(exceptions.GoogleAPICallError, match="Permission denied on secret"):
        done(services.create_service(parent=PARENT, service=service, service_id="web"))
    role, member = "roles/secretmanager.secretAccessor", "serviceAccount:web@jazz-club.iam"
    bindings = [{"role": role, "members": [f"{member}.gserviceaccount.com"]}]
    world.policies.set(name, {"bindings": bindings})
    kept = services.get_service(name=NAME)
    kept.template.labels["tried"] = "again"
    assert done(services.update_service(service=kept)).latest_ready_revision
