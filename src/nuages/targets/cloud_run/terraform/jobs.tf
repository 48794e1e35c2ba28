variable "jobs" {
  description = "Commands that run once and end: migrate, db-init, superuser, those on a schedule."
  type = map(object({
    command     = optional(list(string), [])
    args        = optional(list(string), [])
    cpu         = optional(string, "1")
    memory      = optional(string, "512Mi")
    timeout     = optional(number, 600)
    retries     = optional(number, 0)
    schedule    = optional(string)
    environment = optional(map(string), {})
    secrets     = optional(set(string), [])
    # "all": what it sends goes through the network, as only that reaches a service that is closed.
    egress = optional(string)
    # It may call the service.
    calls = optional(bool, false)
  }))
  default = {}
}

locals {
  schedules = { for name, job in var.jobs : name => job if job.schedule != null }
}

resource "google_cloud_run_v2_job" "this" {
  for_each = var.jobs

  name                = "${var.name}-${each.key}"
  location            = var.region
  deletion_protection = false

  template {
    template {
      service_account       = google_service_account.this[each.key].email
      timeout               = "${each.value.timeout}s"
      max_retries           = each.value.retries
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"

      dynamic "vpc_access" {
        for_each = local.has_network ? [1] : []

        content {
          egress    = each.value.egress == "all" ? "ALL_TRAFFIC" : local.egress
          connector = one(google_vpc_access_connector.this[*].id)

          dynamic "network_interfaces" {
            for_each = var.network.connector ? [] : [1]

            content {
              network    = local.vpc
              subnetwork = local.subnet
            }
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
              bucket = google_storage_bucket.media[0].name
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
  }

  lifecycle {
    # What a release brings. The rest of a job has no revisions and stays Terraform's.
    ignore_changes = [
      template[0].template[0].containers[0].image,
      template[0].template[0].containers[0].env,
      template[0].template[0].containers[0].volume_mounts,
      template[0].template[0].volumes,
      client,
      client_version,
    ]
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

resource "google_cloud_run_v2_job_iam_member" "clock" {
  for_each = local.schedules

  name     = google_cloud_run_v2_job.this[each.key].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.scheduler[0].member
}

resource "google_cloud_scheduler_job" "this" {
  for_each = local.schedules

  name             = "${var.name}-${each.key}"
  region           = var.region
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "180s"

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.this[each.key].id}:run"

    oauth_token {
      service_account_email = google_service_account.scheduler[0].email
    }
  }

  retry_config {
    retry_count = 1
  }

  depends_on = [google_cloud_run_v2_job_iam_member.clock]
}
