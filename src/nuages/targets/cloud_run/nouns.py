"""What the objects of Google Cloud are called, in the order in which a plan tells of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nuages.changes.nouns import Noun, value_at

Values = Mapping[str, Any]

_SITE, _DATABASE, _CACHE, _FILES = "Site", "Database", "Cache", "Files"
_SECRETS, _ADDRESS, _NETWORK = "Secrets", "Address", "Network"
_WATCH, _RIGHTS, _PROJECT = "Watching", "Accounts and rights", "Project"


def _engine(values: Values) -> str:
    version = str(values.get("database_version") or "")
    kinds = {"POSTGRES": "PostgreSQL", "MYSQL": "MySQL", "SQLSERVER": "SQL Server"}
    kind, _, number = version.partition("_")
    return f"{kinds.get(kind, '')} {number.replace('_', '.')} database server".strip()


def _standby(values: Values) -> str:
    regional = value_at(values, "settings.0.availability_type") == "REGIONAL"
    return "with a standby" if regional else ""


def _instances(values: Values) -> str:
    low = value_at(values, "template.0.scaling.0.min_instance_count")
    high = value_at(values, "template.0.scaling.0.max_instance_count")
    return f"{low or 0:g} to {high:g} instances" if isinstance(high, int | float) else ""


def _container(path: str) -> tuple[str, ...]:
    limits = f"{path}.containers.0.resources.0.limits"
    return (f"{{{limits}.cpu}} CPU", f"{{{limits}.memory}}")


def _many(singular: str, plural: str, subject: str = _RIGHTS, key: str = "") -> Noun:
    return Noun(subject, singular, key, many=plural)


def _purpose(peering: str, other: str) -> Callable[[Values], str]:
    return lambda values: peering if values.get("purpose") == "VPC_PEERING" else other


def _part(noun: str, key: str = "name") -> Noun:
    return Noun(_ADDRESS, noun, key)


NOUNS: Mapping[str, Noun] = {
    "google_cloud_run_v2_service": Noun(
        _SITE, "web service", details=(*_container("template.0"), _instances)
    ),
    "google_cloud_run_v2_worker_pool": Noun(_SITE, "worker", details=_container("template.0")),
    "google_cloud_run_v2_job": Noun(_SITE, "job", details=_container("template.0.template.0")),
    "google_cloud_scheduler_job": Noun(_SITE, "schedule", details=("{schedule}",)),
    "google_sql_database_instance": Noun(
        _DATABASE,
        _engine,
        details=("{settings.0.tier}", "{settings.0.disk_size} GB", _standby),
        holds="EVERY ROW of the site, with the server's own backups,",
    ),
    "google_sql_database": Noun(_DATABASE, "database", holds="every row in it"),
    "google_sql_user": Noun(_DATABASE, "database account"),
    "random_id": Noun(_DATABASE, "random end of the database server's name", key="hex"),
    "google_redis_instance": Noun(
        _CACHE,
        "Redis cache",
        details=("{memory_size_gb} GB",),
        holds="what is cached, and the tasks that wait in it,",
    ),
    "google_memorystore_instance": Noun(
        _CACHE,
        "Valkey cache",
        key="instance_id",
        details=("{node_type}",),
        holds="what is cached, and the tasks that wait in it,",
    ),
    "google_storage_bucket": Noun(_FILES, "bucket", holds="every file in it"),
    "google_secret_manager_secret": Noun(
        _SECRETS, "secret", key="secret_id", holds="every value of it"
    ),
    "google_secret_manager_secret_version": Noun(
        _SECRETS, "value of a secret", key="", holds="this value"
    ),
    "google_pubsub_topic": Noun(_SECRETS, "notice that a secret is due for renewal"),
    "google_compute_managed_ssl_certificate": _part("certificate"),
    "google_compute_global_address": Noun(
        _purpose(_NETWORK, _ADDRESS),
        _purpose("range of addresses for Google's services", "IP address"),
    ),
    "google_compute_backend_service": _part("load balancer's way to the site"),
    "google_compute_backend_bucket": _part("load balancer's way to static files"),
    "google_compute_url_map": _part("load balancer's map of paths"),
    "google_compute_region_network_endpoint_group": _part("load balancer's target"),
    "google_compute_ssl_policy": _part("choice of TLS versions"),
    "google_compute_target_https_proxy": _part("load balancer's https end"),
    "google_compute_target_http_proxy": _part("load balancer's http end"),
    "google_compute_global_forwarding_rule": Noun(
        _ADDRESS, "load balancer's open port", details=("port {port_range}",)
    ),
    "google_compute_security_policy": _part("firewall of the load balancer (Cloud Armor)"),
    "google_compute_network": Noun(_NETWORK, "private network"),
    "google_compute_subnetwork": Noun(_NETWORK, "subnet", details=("{ip_cidr_range}",)),
    "google_compute_firewall": Noun(_NETWORK, "network firewall rule"),
    "google_service_networking_connection": Noun(
        _NETWORK, "peering with Google's services", key=""
    ),
    "google_network_connectivity_service_connection_policy": Noun(
        _NETWORK, "way from the network to the cache"
    ),
    "google_vpc_access_connector": Noun(_NETWORK, "connector to the network"),
    "google_compute_router": Noun(_NETWORK, "router"),
    "google_compute_router_nat": Noun(_NETWORK, "way out of the network"),
    "google_compute_address": Noun(_NETWORK, "outgoing IP address"),
    "google_monitoring_uptime_check_config": Noun(_WATCH, "uptime check", key="display_name"),
    "google_monitoring_alert_policy": Noun(_WATCH, "alert", key="display_name"),
    "google_monitoring_notification_channel": Noun(
        _WATCH, "way to notify somebody", key="display_name"
    ),
    "google_monitoring_dashboard": Noun(_WATCH, "dashboard", key=""),
    "google_billing_budget": Noun(_WATCH, "budget", key="display_name"),
    "google_service_account": Noun(_RIGHTS, "service account", key="account_id"),
    "google_secret_manager_secret_iam_member": _many(
        "right to read a secret", "rights to read a secret"
    ),
    "google_storage_bucket_iam_member": _many("right to use a bucket", "rights to use a bucket"),
    "google_service_account_iam_member": _many(
        "right to sign as a service account", "rights to sign as a service account"
    ),
    "google_project_iam_member": _many("right in the project", "rights in the project"),
    "google_cloud_run_v2_job_iam_member": _many("right to start a job", "rights to start a job"),
    "google_cloud_run_v2_service_iam_member": Noun(_SITE, "right to open the site", key="member"),
    "google_pubsub_topic_iam_member": _many("right to send a notice", "rights to send a notice"),
    "google_project_service": _many("API", "APIs that are turned on", _PROJECT, "service"),
    "google_artifact_registry_repository": Noun(
        _PROJECT, "image registry", key="repository_id", holds="every image in it"
    ),
    "google_cloudbuild_trigger": Noun(_PROJECT, "build trigger"),
    "google_access_context_manager_service_perimeter_resource": Noun(
        _PROJECT, "place in the service perimeter", key=""
    ),
}
