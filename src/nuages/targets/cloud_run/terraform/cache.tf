variable "cache" {
  description = "Memorystore: redis (AUTH and TLS), or valkey (TLS; reached through the private network alone)."
  type = object({
    engine            = string
    version           = string
    size_gb           = optional(number, 1)
    high_availability = optional(bool, false)
    node_type         = optional(string, "SHARED_CORE_NANO")
  })
  default = null

  validation {
    condition     = var.cache == null ? true : contains(["redis", "valkey"], var.cache.engine)
    error_message = "cache.engine is redis or valkey."
  }
}

locals {
  has_redis  = var.cache != null ? var.cache.engine == "redis" : false
  has_valkey = var.cache != null ? var.cache.engine == "valkey" : false
}

# Its AUTH string is made by the service and stands in the state: the state's bucket is private.
resource "google_redis_instance" "this" {
  count = local.has_redis ? 1 : 0

  name                    = "${var.name}-cache"
  region                  = var.region
  tier                    = var.cache.high_availability ? "STANDARD_HA" : "BASIC"
  memory_size_gb          = var.cache.size_gb
  redis_version           = "REDIS_${replace(var.cache.version, ".", "_")}"
  authorized_network      = local.vpc
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  auth_enabled            = true
  transit_encryption_mode = "SERVER_AUTHENTICATION"

  # The cache's own entries go first; a session or a queue without an end stays.
  redis_configs = { "maxmemory-policy" = "volatile-lru" }

  maintenance_policy {
    weekly_maintenance_window {
      day = "SUNDAY"

      start_time {
        hours   = 3
        minutes = 0
        seconds = 0
        nanos   = 0
      }
    }
  }

  depends_on = [google_service_networking_connection.this, google_project_service.this]
}

# The string reaches the services as a secret, like any other.
resource "google_secret_manager_secret" "cache_url" {
  count = local.has_redis ? 1 : 0

  secret_id = "${var.name}-cache-url"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_version" "cache_url" {
  count = local.has_redis ? 1 : 0

  secret      = google_secret_manager_secret.cache_url[0].id
  secret_data = "rediss://:${google_redis_instance.this[0].auth_string}@${google_redis_instance.this[0].host}:${google_redis_instance.this[0].port}/0"
}

resource "google_secret_manager_secret_iam_member" "cache_url" {
  for_each = local.has_redis ? local.accounts : {}

  project   = var.project_id
  secret_id = google_secret_manager_secret.cache_url[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this[each.key].member
}

resource "google_network_connectivity_service_connection_policy" "valkey" {
  count = local.has_valkey ? 1 : 0

  name          = "${var.name}-valkey"
  location      = var.region
  network       = local.vpc
  service_class = "gcp-memorystore"

  psc_config {
    subnetworks = [local.subnet]
  }

  depends_on = [google_project_service.this]
}

resource "google_memorystore_instance" "this" {
  count = local.has_valkey ? 1 : 0

  instance_id                 = "${var.name}-cache"
  location                    = var.region
  shard_count                 = 1
  replica_count               = var.cache.high_availability ? 1 : 0
  node_type                   = var.cache.node_type
  engine_version              = "VALKEY_${replace(var.cache.version, ".", "_")}"
  mode                        = "CLUSTER_DISABLED"
  transit_encryption_mode     = "SERVER_AUTHENTICATION"
  authorization_mode          = "AUTH_DISABLED"
  deletion_protection_enabled = false

  desired_auto_created_endpoints {
    network    = local.vpc
    project_id = var.project_id
  }

  depends_on = [google_network_connectivity_service_connection_policy.valkey]
}
