locals {
  apis = var.enable_apis ? toset(compact([
    "artifactregistry.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
    local.has_network || local.has_balancer ? "compute.googleapis.com" : "",
    local.has_peering ? "servicenetworking.googleapis.com" : "",
    local.has_valkey ? "networkconnectivity.googleapis.com" : "",
    var.network.connector ? "vpcaccess.googleapis.com" : "",
    var.database == null ? "" : "sqladmin.googleapis.com",
    local.has_redis ? "redis.googleapis.com" : "",
    local.has_valkey ? "memorystore.googleapis.com" : "",
    length(local.schedules) > 0 ? "cloudscheduler.googleapis.com" : "",
    var.observability.traces ? "cloudtrace.googleapis.com" : "",
    var.observability.traces ? "telemetry.googleapis.com" : "",
    var.observability.error_reporting ? "clouderrorreporting.googleapis.com" : "",
    var.budget == null ? "" : "billingbudgets.googleapis.com",
    var.perimeter == null ? "" : "accesscontextmanager.googleapis.com",
    local.federates ? "sts.googleapis.com" : "",
    var.trigger == null ? "" : "cloudbuild.googleapis.com",
    length(local.rotated) > 0 ? "pubsub.googleapis.com" : "",
  ])) : toset([])
}

resource "google_project_service" "this" {
  for_each = local.apis

  service            = each.value
  disable_on_destroy = false
}

data "google_project" "this" {}
