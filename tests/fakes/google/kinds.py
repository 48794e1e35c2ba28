"""What both Terraform and the APIs make: Terraform's types, and how they differ from the JSON."""

from __future__ import annotations

from collections.abc import Callable

from fakes.google.terraform import Json, Kind

PLACE = "projects/{project}/locations/{location}"


def _labels_read(attributes: Json, body: Json) -> None:
    for name in ("labels", "annotations"):
        if effective := attributes.get(f"effective_{name}"):
            body[name] = effective


def _labels_written(body: Json, before: Json, attributes: Json) -> None:
    """`labels` in a state are those of the configuration; all stand in `effective_labels`."""
    for name in ("labels", "annotations"):
        attributes[f"effective_{name}"] = body.get(name, {})
        attributes[name] = before.get(name)


def _pool_read(attributes: Json, body: Json) -> None:
    _labels_read(attributes, body)
    for block in attributes.get("scaling") or []:
        body["scaling"] = {"manualInstanceCount": block.get("manual_instance_count") or 0}


def _run(
    type: str,
    schema: str,
    collection: str,
    read: Callable[[Json, Json], None] = _labels_read,
) -> Kind:
    return Kind(
        f"google_cloud_run_v2_{type}",
        "run.v2",
        f"GoogleCloudRunV2{schema}",
        f"{PLACE}/{collection}/{{name}}",
        read=read,
        written=_labels_written,
    )


SERVICE = _run("service", "Service", "services")
JOB = _run("job", "Job", "jobs")
WORKER_POOL = _run("worker_pool", "WorkerPool", "workerPools", _pool_read)


def _secret_read(attributes: Json, body: Json) -> None:
    _labels_read(attributes, body)
    blocks = attributes.get("replication") or [{}]
    if blocks[0].get("auto"):
        body["replication"] = {"automatic": {}}


def _secret_written(body: Json, before: Json, attributes: Json) -> None:
    _labels_written(body, before, attributes)
    blocks = attributes.get("replication") or [{}]
    automatic = blocks[0].pop("automatic", None)
    blocks[0].setdefault("user_managed", [])
    blocks[0]["auto"] = [{"customer_managed_encryption": []}] if automatic is not None else []


SECRET = Kind(
    "google_secret_manager_secret",
    "secretmanager.v1",
    "Secret",
    "projects/{project}/secrets/{secret_id}",
    read=_secret_read,
    written=_secret_written,
)


def _version_written(body: Json, before: Json, attributes: Json) -> None:
    attributes["enabled"] = body.get("state") == "ENABLED"
    attributes["secret"] = body["name"].split("/versions/")[0]


SECRET_VERSION = Kind(
    "google_secret_manager_secret_version",
    "secretmanager.v1",
    "SecretVersion",
    "projects/{project}/secrets/{secret_id}/versions/{version}",
    written=_version_written,
    named="{secret}/versions/{version}".format_map,
)


def _repository_read(attributes: Json, body: Json) -> None:
    _labels_read(attributes, body)
    policies = {}
    for block in attributes.get("cleanup_policies") or []:
        policy = {"id": block["id"], "action": block["action"]}
        if recent := block.get("most_recent_versions"):
            policy["mostRecentVersions"] = {"keepCount": recent[0]["keep_count"]}
        if condition := block.get("condition"):
            given = {"olderThan": condition[0].get("older_than")}
            policy["condition"] = {key: value for key, value in given.items() if value}
        policies[block["id"]] = policy
    body.pop("cleanupPolicies", None)
    if policies:
        body["cleanupPolicies"] = policies


def _repository_written(body: Json, before: Json, attributes: Json) -> None:
    _labels_written(body, before, attributes)
    blocks = []
    for name, policy in body.get("cleanupPolicies", {}).items():
        block: Json = {"id": name, "action": policy.get("action")}
        if recent := policy.get("mostRecentVersions"):
            block["most_recent_versions"] = [{"keep_count": recent.get("keepCount")}]
        if condition := policy.get("condition"):
            block["condition"] = [{"older_than": condition.get("olderThan"), "tag_state": "ANY"}]
        blocks.append(block)
    attributes["cleanup_policies"] = blocks


REPOSITORY = Kind(
    "google_artifact_registry_repository",
    "artifactregistry.v1",
    "Repository",
    f"{PLACE}/repositories/{{repository_id}}",
    read=_repository_read,
    written=_repository_written,
)
PROJECT_SERVICE = Kind(
    "google_project_service",
    "serviceusage.v1",
    "GoogleApiServiceusageV1Service",
    "projects/{project}/services/{service}",
    id="{project}/{service}",
)
ACCOUNT = Kind(
    "google_service_account",
    "iam.v1",
    "ServiceAccount",
    "projects/{project}/serviceAccounts/{email}",
    written=lambda body, before, attributes: attributes.update(
        account_id=body["email"].split("@")[0], member=f"serviceAccount:{body['email']}"
    ),
)
SCHEDULE = Kind(
    "google_cloud_scheduler_job",
    "cloudscheduler.v1",
    "Job",
    "projects/{project}/locations/{region}/jobs/{name}",
)


def _bucket_read(attributes: Json, body: Json) -> None:
    _labels_read(attributes, body)
    access: Json = {}
    if attributes.get("uniform_bucket_level_access"):
        access["uniformBucketLevelAccess"] = {"enabled": True}
    if attributes.get("public_access_prevention"):
        access["publicAccessPrevention"] = attributes["public_access_prevention"]
    body["iamConfiguration"] = access
    for name in ("rpo", "timeCreated", "updated", "selfLink", "projectNumber"):
        body.pop(name, None)


def _bucket_written(body: Json, before: Json, attributes: Json) -> None:
    _labels_written(body, before, attributes)
    access = body.get("iamConfiguration", {})
    uniform = access.get("uniformBucketLevelAccess", {}).get("enabled", False)
    attributes["uniform_bucket_level_access"] = uniform
    attributes["public_access_prevention"] = access.get("publicAccessPrevention", "inherited")
    attributes["project_number"] = int(body.get("projectNumber", 0))
    attributes["url"] = f"gs://{body['name']}"
    if str(before.get("location")).upper() == attributes["location"]:
        attributes["location"] = before["location"]  # either case is the same to the provider
    for name in ("logging", "encryption", "autoclass", "website", "owner", "billing"):
        attributes[name] = before.get(name, [])


BUCKET = Kind(
    "google_storage_bucket",
    "storage.v1",
    "Bucket",
    "{name}",
    read=_bucket_read,
    written=_bucket_written,
)


def _instance_read(attributes: Json, body: Json) -> None:
    for name in ("replicaConfiguration", "replicationCluster", "serviceAccountEmailAddress"):
        body.pop(name, None)
    for name in ("masterInstanceName", "rootPassword", "selfLink", "serverCaCert", "nodeCount"):
        body.pop(name, None)
    ip = body.get("settings", {}).get("ipConfiguration", {})
    kind, given = (
        ("PRIVATE", "private_ip_address")
        if ip.get("privateNetwork")
        else (
            "PRIMARY",
            "public_ip_address",
        )
    )
    body["ipAddresses"] = [{"type": kind, "ipAddress": attributes[given]}]


def _instance_written(body: Json, before: Json, attributes: Json) -> None:
    addresses = {each["type"]: each["ipAddress"] for each in body.get("ipAddresses", [])}
    private, public = addresses.get("PRIVATE", ""), addresses.get("PRIMARY", "")
    attributes.update(private_ip_address=private, public_ip_address=public)
    attributes["first_ip_address"] = public or private
    for name in ("root_password", "clone", "deletion_protection"):
        attributes[name] = before.get(name)


SQL_INSTANCE = Kind(
    "google_sql_database_instance",
    "sqladmin.v1",
    "DatabaseInstance",
    "{name}",
    renames={
        "dataDiskSizeGb": "disk_size",
        "dataDiskType": "disk_type",
        "storageAutoResize": "disk_autoresize",
        "storageAutoResizeLimit": "disk_autoresize_limit",
        "settingsVersion": "version",
        "ipAddresses": "ip_address",
        "denyMaintenancePeriods": "deny_maintenance_period",
    },
    read=_instance_read,
    written=_instance_written,
)
SQL_DATABASE = Kind(
    "google_sql_database",
    "sqladmin.v1",
    "Database",
    "{instance}/databases/{name}",
    id="projects/{project}/instances/{instance}/databases/{name}",
)
SQL_USER = Kind(
    "google_sql_user",
    "sqladmin.v1",
    "User",
    "{instance}/users/{name}",
    id="{name}//{instance}",
    read=lambda attributes, body: [body.pop(name, None) for name in ("password", "host")] and None,
    written=lambda body, before, attributes: attributes.update(
        password=before.get("password"), host=before.get("host", "")
    ),
)

# Memorystore: only Terraform makes it, and no API is asked for it.
REDIS = Kind(
    "google_redis_instance",
    "redis.v1",
    "Instance",
    "projects/{project}/locations/{region}/instances/{name}",
)
VALKEY = Kind(
    "google_memorystore_instance",
    "redis.v1",  # no document of Memorystore's own API comes with the client
    "Instance",
    "projects/{project}/locations/{location}/instances/{instance_id}",
)
