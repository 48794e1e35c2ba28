variable "perimeter" {
  description = "An existing VPC Service Controls perimeter that the project joins: accessPolicies/1/servicePerimeters/name."
  type        = string
  default     = null
}

resource "google_access_context_manager_service_perimeter_resource" "this" {
  count = var.perimeter == null ? 0 : 1

  perimeter_name = var.perimeter
  resource       = "projects/${data.google_project.this.number}"

  depends_on = [google_project_service.this]
}
