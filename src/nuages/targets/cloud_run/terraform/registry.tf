variable "registry" {
  description = "Make the image registry too: a repository's name. `nuages deploy` has made its own before."
  type        = string
  default     = null
}

resource "google_artifact_registry_repository" "this" {
  #checkov:skip=CKV_GCP_84:an image holds no secret; Google's own key is enough
  count = var.registry == null ? 0 : 1

  repository_id = var.registry
  location      = var.region
  format        = "DOCKER"

  docker_config {
    immutable_tags = true
  }

  cleanup_policies {
    id     = "keep-the-last-releases"
    action = "KEEP"

    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-old-images"
    action = "DELETE"

    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.this]
}
