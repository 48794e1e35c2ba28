variable "web" {
  description = "The web service."
  type = object({
    command         = optional(list(string), [])
    args            = optional(list(string), [])
    port            = optional(number, 8000)
    cpu             = optional(string, "1")
    memory          = optional(string, "1Gi")
    min_instances   = optional(number, 0)
    max_instances   = optional(number, 3)
    concurrency     = optional(number, 8)
    timeout         = optional(number, 300)
    cpu_always_on   = optional(bool, false)
    live_path       = optional(string, "/health/live")
    probe_interval  = optional(number, 30)
    probe_timeout   = optional(number, 5)
    probe_threshold = optional(number, 3)
    start_delay     = optional(number, 0)
    start_period    = optional(number, 60)
    environment     = optional(map(string), {})
    secrets         = optional(set(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.web.timeout >= 1 && var.web.timeout <= 3600
    error_message = "Cloud Run ends a request after 3600 s at most."
  }
  validation {
    condition     = var.web.start_period >= 1 && var.web.start_period <= 240
    error_message = "Cloud Run waits 240 s for a start at most."
  }
}

variable "ingress" {
  description = "Who may reach the service: all, internal or load-balancer."
  type        = string
  default     = "all"

  validation {
    condition     = contains(["all", "internal", "load-balancer"], var.ingress)
    error_message = "ingress is all, internal or load-balancer."
  }
}

variable "callers" {
  description = "Who may call a service that is not for everybody: group:team@example.com."
  type        = set(string)
  default     = []
}

variable "public" {
  description = "Let everybody call the service. `nuages deploy` does it itself, after the first probe has passed."
  type        = bool
  default     = false
}

locals {
  ingress = {
    "all"           = "INGRESS_TRAFFIC_ALL"
    "internal"      = "INGRESS_TRAFFIC_INTERNAL_ONLY"
    "load-balancer" = "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"
  }
  web_environment = merge(local.shared_environment, var.web.environment)
  web_secrets     = merge(local.shared_secrets, { for variable in var.web.secrets : variable => var.secrets[variable] })
}

# The shell of the service. Each release makes a revision through the API, and with it the image,
# the environment, the probes and the traffic: their changes are none of Terraform's.
resource "google_cloud_run_v2_service" "web" {
  count = var.released ? 1 : 0

  name                = var.name
  location            = var.region
  ingress             = local.ingress[local.has_balancer && var.ingress == "all" ? "load-balancer" : var.ingress]
  deletion_protection = var.deletion_protection

  template {
    service_account                  = google_service_account.this["web"].email
    timeout                          = "${var.web.timeout}s"
    max_instance_request_concurrency = var.web.concurrency
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"

    scaling {
      min_instance_count = var.web.min_instances
      max_instance_count = var.web.max_instances
    }

    dynamic "vpc_access" {
      for_each = local.has_network ? [1] : []

      content {
        egress    = local.egress
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
      command = var.web.command
      args    = var.web.args

      ports {
        container_port = var.web.port
      }

      resources {
        limits            = { cpu = var.web.cpu, memory = var.web.memory }
        cpu_idle          = !var.web.cpu_always_on
        startup_cpu_boost = true
      }

      startup_probe {
        initial_delay_seconds = var.web.start_delay
        period_seconds        = 2
        timeout_seconds       = 2
        failure_threshold     = ceil(var.web.start_period / 2)

        http_get {
          path = var.web.live_path
        }
      }

      # The process alone: an outage of the database must not restart everything.
      liveness_probe {
        period_seconds    = var.web.probe_interval
        timeout_seconds   = var.web.probe_timeout
        failure_threshold = var.web.probe_threshold

        http_get {
          path = var.web.live_path
        }
      }

      dynamic "env" {
        for_each = local.web_environment

        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "env" {
        for_each = local.web_secrets

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

  lifecycle {
    ignore_changes = [template, traffic, client, client_version, scaling]
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

locals {
  # The mount options of the media (uid, gid, implicit-dirs) come with the release: the provider
  # knows them from its version 7 on only.
  volumes = merge(
    local.mounts_media ? { media = var.storage.mount } : {},
    local.uses_socket ? { cloudsql = "/cloudsql" } : {},
  )
  mounts_media = var.storage != null ? var.storage.mount != null : false
}

resource "google_cloud_run_v2_service_iam_member" "public" {
  count = var.public && var.released ? 1 : 0

  name     = google_cloud_run_v2_service.web[0].name
  location = var.region
  role     = "roles/run.invoker"
  member   = "allUsers"
}

resource "google_cloud_run_v2_service_iam_member" "caller" {
  for_each = var.released ? var.callers : toset([])

  name     = google_cloud_run_v2_service.web[0].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}

# What asks a new revision before anybody else may.
resource "google_cloud_run_v2_service_iam_member" "job" {
  for_each = { for name, job in var.jobs : name => job if job.calls && var.released }

  name     = google_cloud_run_v2_service.web[0].name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.this[each.key].member
}
