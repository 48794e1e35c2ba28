variable "deployer" {
  description = "An account that pipelines release with, without a key. It is made by a person's first apply, and its rights change by a person's alone."
  type = object({
    # owner/name on GitHub: jobs of its environment may be the account.
    repository = optional(string)
    # The repository's number, which nobody can take over as they could a name that became free.
    repository_id = optional(string)
    environment   = optional(string, "production")
  })
  default = null

  validation {
    condition     = try(var.deployer.repository, null) == null ? true : can(regex("^[\\w.-]+/[\\w.-]+$", var.deployer.repository))
    error_message = "deployer.repository is owner/name, as GitHub has it."
  }
}

locals {
  federates   = var.deployer != null ? var.deployer.repository != null : false
  deployer_id = "${replace(substr(var.name, 0, 23), "/-+$/", "")}-deploy"

  # What an apply of exactly this configuration, and a release, have to do.
  deployer_roles = var.deployer == null ? toset([]) : toset(compact([
    "roles/artifactregistry.admin",
    "roles/iam.serviceAccountAdmin",
    "roles/logging.logWriter",
    "roles/logging.viewer",
    "roles/monitoring.editor",
    "roles/run.admin",
    "roles/secretmanager.admin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/storage.admin",
    var.database == null ? "" : "roles/cloudsql.admin",
    local.has_redis ? "roles/redis.admin" : "",
    local.has_valkey ? "roles/memorystore.admin" : "",
    local.has_network ? "roles/compute.networkAdmin" : "",
    local.has_network || local.has_balancer ? "roles/compute.securityAdmin" : "",
    local.has_balancer ? "roles/compute.loadBalancerAdmin" : "",
    var.network.connector ? "roles/vpcaccess.admin" : "",
    length(local.schedules) > 0 ? "roles/cloudscheduler.admin" : "",
    length(local.rotated) > 0 ? "roles/pubsub.admin" : "",
    var.trigger == null ? "" : "roles/cloudbuild.builds.editor",
  ]))
  owner      = try(split("/", var.deployer.repository)[0], null)
  repository = try(split("/", var.deployer.repository)[1], null)
  by_number  = try(var.deployer.repository_id, null) == null ? "" : " && assertion.repository_id == '${var.deployer.repository_id}'"
  # The rights in the project that it may hand on: those that the site's own accounts have.
  granted_roles = ["roles/cloudsql.client", "roles/cloudtrace.agent", "roles/errorreporting.writer"]
}

resource "google_service_account" "deployer" {
  count = var.deployer == null ? 0 : 1

  account_id   = local.deployer_id
  display_name = "Releases ${var.name}"

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "deployer" {
  for_each = local.deployer_roles

  project = var.project_id
  role    = each.value
  member  = google_service_account.deployer[0].member
}

resource "google_project_iam_member" "deployer_grants" {
  count = var.deployer == null ? 0 : 1

  project = var.project_id
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.deployer[0].member

  condition {
    title      = "Hands on the rights of the site alone"
    expression = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${join(", ", [for role in local.granted_roles : "'${role}'"])}])"
  }
}

# It starts what runs as these accounts, and as no other.
resource "google_service_account_iam_member" "deployer" {
  for_each = var.deployer == null ? {} : local.accounts

  service_account_id = google_service_account.this[each.key].name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.deployer[0].member
}

# The name of a pool that was deleted is not free again for a month.
resource "random_id" "github" {
  count = local.federates ? 1 : 0

  byte_length = 2
}

resource "google_iam_workload_identity_pool" "github" {
  count = local.federates ? 1 : 0

  workload_identity_pool_id = "${substr(var.name, 0, 20)}-github-${random_id.github[0].hex}"
  display_name              = "GitHub Actions"

  depends_on = [google_project_service.this]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  count = local.federates ? 1 : 0

  workload_identity_pool_id          = google_iam_workload_identity_pool.github[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  # Without it, every repository of GitHub's could come in. A job of the environment has this subject.
  attribute_condition = "assertion.sub == 'repo:${local.owner}/${local.repository}:environment:${var.deployer.environment}'${local.by_number}"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

# A job of the environment alone: no pull request, and who releases is settled on GitHub.
resource "google_service_account_iam_member" "github" {
  count = local.federates ? 1 : 0

  service_account_id = google_service_account.deployer[0].name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.github[0].name}/subject/repo:${var.deployer.repository}:environment:${var.deployer.environment}"
}

output "deployer" {
  description = "GCP_SERVICE_ACCOUNT and GCP_WORKLOAD_IDENTITY_PROVIDER of a pipeline; null: there is none."
  value = var.deployer == null ? null : {
    account  = google_service_account.deployer[0].email
    provider = one(google_iam_workload_identity_pool_provider.github[*].name)
  }
}
