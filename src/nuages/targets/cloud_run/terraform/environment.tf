# What the processes find in their environment, complete; the release reads it from the outputs.
variable "environment" {
  description = "Variables of every process that are no secrets."
  type        = map(string)
  default     = {}
}

variable "wiring" {
  description = "Variables that the infrastructure answers => which part of it: database.host, cache.url, site.hosts and so on."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([for part in values(var.wiring) : contains([
      "database.connection", "database.engine", "database.host", "database.name", "database.port",
      "database.tls", "database.url", "database.user",
      "cache.ca", "cache.host", "cache.port", "cache.url",
      "site.host", "site.hosts", "site.origins", "static.bucket", "storage.bucket",
    ], part)])
    error_message = "A variable is wired to a part that is not there; see environment.tf for the parts."
  }
}

variable "domain" {
  description = "The name that people type, and its aliases."
  type        = list(string)
  default     = []
}

locals {
  # Known before anything exists, so that hosts and origins are right on the first release.
  # https://cloud.google.com/run/docs/triggering/https-request#deterministic
  run_host = "${var.name}-${data.google_project.this.number}.${var.region}.run.app"
  hosts    = concat(var.domain, [local.run_host])

  parts = merge(
    {
      "site.host"    = local.hosts[0]
      "site.hosts"   = join(",", local.hosts)
      "site.origins" = join(",", [for host in local.hosts : "https://${host}"])
    },
    var.database == null ? {} : {
      "database.connection" = local.database_instance.connection
      "database.engine"     = local.is_postgresql ? "django.db.backends.postgresql" : "django.db.backends.mysql"
      "database.host"       = local.uses_socket ? "/cloudsql/${local.database_instance.connection}" : local.database_host
      "database.name"       = var.database.name
      "database.port"       = tostring(local.database_port)
      # The socket's other end speaks TLS by itself; an empty variable counts as unset.
      "database.tls"  = local.uses_socket ? "" : "require"
      "database.user" = var.database.user
    },
    local.has_redis ? {
      # Memorystore has an authority of its own. It is no secret.
      "cache.ca"   = join("\n", google_redis_instance.this[0].server_ca_certs[*].cert)
      "cache.host" = google_redis_instance.this[0].host
      "cache.port" = tostring(google_redis_instance.this[0].port)
    } : {},
    local.has_valkey ? {
      "cache.ca"   = join("\n", flatten(google_memorystore_instance.this[0].managed_server_ca[*].ca_certs[*].certificates))
      "cache.host" = local.valkey.ip_address
      "cache.port" = tostring(local.valkey.port)
      "cache.url"  = "rediss://${local.valkey.ip_address}:${local.valkey.port}/0"
    } : {},
    var.storage == null ? {} : { "storage.bucket" = google_storage_bucket.media[0].name },
    var.static_bucket ? { "static.bucket" = google_storage_bucket.static[0].name } : {},
  )
  valkey = one(flatten(google_memorystore_instance.this[*].endpoints[0].connections[0].psc_auto_connection[0]))

  # By secret, because a password is in them.
  secret_parts = merge(
    local.wires_database_url ? { "database.url" = google_secret_manager_secret.database_url[0].secret_id } : {},
    local.has_redis ? { "cache.url" = google_secret_manager_secret.cache_url[0].secret_id } : {},
  )

  shared_environment = merge(
    # Which project the traces, and the lines of the log that belong to one, are in.
    { GOOGLE_CLOUD_PROJECT = var.project_id },
    var.observability.traces ? { OTEL_RESOURCE_ATTRIBUTES = "gcp.project_id=${var.project_id}" } : {},
    { for variable, part in var.wiring : variable => local.parts[part] if contains(keys(local.parts), part) },
    var.environment,
  )
  shared_secrets = {
    for variable, part in var.wiring : variable => local.secret_parts[part] if contains(keys(local.secret_parts), part)
  }
}
