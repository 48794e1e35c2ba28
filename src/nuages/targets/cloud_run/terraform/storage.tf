variable "storage" {
  description = "The bucket of uploads. Names of buckets are the whole world's: the project's id is put before it."
  type = object({
    bucket = string
    public = optional(bool, false)
    # A folder in which code that wants files finds the bucket.
    mount = optional(string)
    # Which pages may load uploads by script.
    origins = optional(list(string), [])
  })
  default = null
}

variable "static_bucket" {
  description = "Serve static files from a bucket behind the load balancer's cache."
  type        = bool
  default     = false
}

resource "google_storage_bucket" "media" {
  #checkov:skip=CKV_GCP_62:the audit log has who reads and writes
  count = var.storage == null ? 0 : 1

  name                        = length(local.media_bucket) <= 63 ? local.media_bucket : "${substr(local.media_bucket, 0, 54)}-${substr(sha1(local.media_bucket), 0, 8)}"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = var.storage.public ? "inherited" : "enforced"
  force_destroy               = !var.deletion_protection

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 604800
  }

  # What was overwritten or deleted stays for a month; uploads that were never finished, a day.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 30
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  dynamic "cors" {
    for_each = length(var.storage.origins) > 0 ? [1] : []

    content {
      origin          = var.storage.origins
      method          = ["GET", "HEAD"]
      response_header = ["Content-Type"]
      max_age_seconds = 3600
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_storage_bucket_iam_member" "media" {
  for_each = var.storage == null ? {} : local.accounts

  bucket = google_storage_bucket.media[0].name
  role   = "roles/storage.objectUser"
  member = google_service_account.this[each.key].member
}

# Static files are for everybody; uploads only where storage.public says so.
resource "google_storage_bucket_iam_member" "public" {
  #checkov:skip=CKV_GCP_28:what every visitor's browser loads is no secret
  for_each = merge(
    var.static_bucket ? { static = google_storage_bucket.static[0].name } : {},
    local.opens_media ? { media = google_storage_bucket.media[0].name } : {},
  )

  bucket = each.value
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}

locals {
  media_bucket = var.storage == null ? "" : "${var.project_id}-${var.storage.bucket}"
  opens_media  = var.storage != null ? var.storage.public : false
}

# Links to private uploads are signed by the account itself, through the API: there is no key.
resource "google_service_account_iam_member" "signs" {
  for_each = var.storage == null ? {} : local.accounts

  service_account_id = google_service_account.this[each.key].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.this[each.key].member
}

resource "google_storage_bucket" "static" {
  #checkov:skip=CKV_GCP_62:who loads a style sheet is in the load balancer's log
  #checkov:skip=CKV_GCP_114:everybody may load what it holds
  count = var.static_bucket ? 1 : 0

  name                        = "${var.project_id}-${var.name}-static"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "inherited"
  force_destroy               = true

  versioning {
    enabled = true
  }

  cors {
    origin          = ["*"]
    method          = ["GET", "HEAD"]
    response_header = ["Content-Type"]
    max_age_seconds = 3600
  }

  depends_on = [google_project_service.this]
}

# A job uploads them before the release; nobody else writes there.
resource "google_storage_bucket_iam_member" "static_writer" {
  count = var.static_bucket && contains(keys(var.jobs), "collectstatic") ? 1 : 0

  bucket = google_storage_bucket.static[0].name
  role   = "roles/storage.objectUser"
  member = google_service_account.this["collectstatic"].member
}
