# The secrets and their first values are made before this runs, through the API, so that no value
# is ever in the state, in a plan or in a file. Here they are only named, and opened to who reads them.
variable "secrets" {
  description = "Environment variable => the id of its secret in Secret Manager."
  type        = map(string)
  default     = {}
}

variable "rotation" {
  description = "How the secrets that may be renewed are: seconds between two renewals, and their variables."
  type = object({
    period  = number
    secrets = set(string)
  })
  default = null

  validation {
    condition     = var.rotation == null ? true : var.rotation.period >= 3600
    error_message = "Secret Manager renews once an hour at most."
  }
}

locals {
  rotated = var.rotation == null ? toset([]) : var.rotation.secrets

  # Who reads which: "web/DJANGO_SECRET_KEY" => both.
  read = merge(
    { web = var.web.secrets },
    { for name, worker in var.workers : name => worker.secrets },
    { for name, job in var.jobs : name => job.secrets },
  )
  readers = merge([for account, variables in local.read : {
    for variable in variables : "${account}/${variable}" => { account = account, variable = variable }
  }]...)
}

resource "google_secret_manager_secret_iam_member" "reader" {
  for_each = local.readers

  project   = var.project_id
  secret_id = var.secrets[each.value.variable]
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this[each.value.account].member
}

# Secret Manager says on this topic when a value is due; `nuages secrets rotate` renews it.
resource "google_pubsub_topic" "rotation" {
  #checkov:skip=CKV_GCP_83:a message says which secret is due, never its value
  count = length(local.rotated) > 0 ? 1 : 0

  name                       = "${var.name}-rotation"
  message_retention_duration = "86400s"

  depends_on = [google_project_service.this]
}

resource "google_pubsub_topic_iam_member" "rotation" {
  count = length(local.rotated) > 0 ? 1 : 0

  topic  = google_pubsub_topic.rotation[0].id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-secretmanager.iam.gserviceaccount.com"
}
