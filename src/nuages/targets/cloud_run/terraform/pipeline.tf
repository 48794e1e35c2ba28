variable "trigger" {
  description = "Deploy with Cloud Build when a branch moves: the repository is connected once, by hand."
  type = object({
    # projects/P/locations/R/connections/C/repositories/N
    repository      = string
    branch          = optional(string, "main")
    file            = optional(string, "cloudbuild.yaml")
    service_account = string
    approval        = optional(bool, false)
  })
  default = null
}

resource "google_cloudbuild_trigger" "deploy" {
  count = var.trigger == null ? 0 : 1

  name            = "${var.name}-deploy"
  location        = var.region
  filename        = var.trigger.file
  service_account = var.trigger.service_account

  repository_event_config {
    repository = var.trigger.repository

    push {
      branch = "^${var.trigger.branch}$"
    }
  }

  approval_config {
    approval_required = var.trigger.approval
  }

  depends_on = [google_project_service.this]
}
