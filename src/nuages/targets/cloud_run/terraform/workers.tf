variable "workers" {
  description = "Processes beside the web that answer no requests: Celery's worker and beat, other queues."
  type = map(object({
    command     = list(string)
    args        = optional(list(string), [])
    cpu         = optional(string, "1")
    memory      = optional(string, "512Mi")
    instances   = optional(number, 1)
    singleton   = optional(bool, false)
    environment = optional(map(string), {})
    secrets     = optional(set(string), [])
  }))
  default = {}

  validation {
    condition     = alltrue([for worker in values(var.workers) : !worker.singleton || worker.instances <= 1])
    error_message = "A singleton has one instance at most."
  }
}

resource "google_cloud_run_v2_worker_pool" "this" {
  for_each = var.released ? var.workers : {}

  name                = "${var.name}-${each.key}"
  location            = var.region
  deletion_protection = false

  scaling {
    manual_instance_count = each.value.instances
  }

  template {
    service_account = google_service_account.this[each.key].email

    dynamic "vpc_access" {
      for_each = local.has_network ? [1] : []

      content {
        egress = local.egress

        network_interfaces {
          network    = local.vpc
          subnetwork = local.subnet
        }
      }
    }

    containers {
      image   = var.image
      command = each.value.command
      args    = each.value.args

      resources {
        limits = { cpu = each.value.cpu, memory = each.value.memory }
      }

      dynamic "env" {
        for_each = merge(local.shared_environment, each.value.environment)

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = merge(local.shared_secrets, { for variable in each.value.secrets : variable => var.secrets[variable] })

        content {
          name = env.key

          value_source {
            secret_key_ref {
              secret  = env.value
              version = "latest"
            }
          }
        }
      }

      dynamic "volume_mounts" {
        for_each = local.volumes

        content {
          name       = volume_mounts.key
          mount_path = volume_mounts.value
        }
      }
    }

    dynamic "volumes" {
      for_each = local.volumes

      content {
        name = volumes.key

        dynamic "gcs" {
          for_each = volumes.key == "media" ? [1] : []

          content {
            bucket    = google_storage_bucket.media[0].name
            read_only = false
          }
        }

        dynamic "cloud_sql_instance" {
          for_each = volumes.key == "cloudsql" ? [1] : []

          content {
            instances = [local.database_instance.connection]
          }
        }
      }
    }
  }

  lifecycle {
    # A release takes a singleton to none before it brings the next one.
    ignore_changes = [template, scaling, instance_splits, client, client_version]
  }

  depends_on = [
    google_project_service.this,
    google_service_account_iam_member.deployer,
    google_secret_manager_secret_iam_member.reader,
    google_secret_manager_secret_iam_member.cache_url,
    google_secret_manager_secret_iam_member.database_url,
    google_secret_manager_secret_version.cache_url,
    google_secret_manager_secret_version.database_url,
  ]
}
