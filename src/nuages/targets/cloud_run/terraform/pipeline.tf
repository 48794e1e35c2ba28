variable "trigger" {
  description = "Deploy with Cloud Build when a branch moves: the repository is connected once, by hand."
  type = object({
    # projects/P/locations/R/connections/C/repositories/N
    repository = string
    branch     = optional(string, "main")
    file       = optional(string, "cloudbuild.yaml")
    approval   = optional(bool, false)
    # projects/P/serviceAccounts/EMAIL; without it, the deployer.
    service_account = optional(string)
  })
  default = null

  validation {
    condition     = var.trigger == null ? true : var.trigger.service_account != null || var.deployer != null
    error_message = "A trigger needs an account: give trigger.service_account, or deployer."
  }
}

resource "google_cloudbuild_trigger" "deploy" {
  count = var.trigger == null ? 0 : 1

  name            = "${var.name}-deploy"
  location        = var.region
  filename        = var.trigger.file
  service_account = coalesce(var.trigger.service_account, one(google_service_account.deployer[*].id))

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
