variable "database" {
  description = "A Cloud SQL instance: PostgreSQL or MySQL, reached by its private address only."
  type = object({
    engine  = string
    version = string
    tier    = string
    name    = string
    user    = string
    # The account of db-init.
    admin                  = optional(string, "nuages-admin")
    disk                   = optional(number, 10)
    high_availability      = optional(bool, false)
    backups                = optional(bool, true)
    max_connections        = optional(number)
    flags                  = optional(map(string), {})
    socket                 = optional(bool, false)
    admin_password_version = optional(number, 1)
    # Of the site's own role, which db-init makes.
    password_version = optional(number, 1)
    # An instance that is there already, by its name: nothing is made of it here.
    existing = optional(string)
  })
  default = null

  validation {
    condition     = var.database == null ? true : contains(["postgresql", "mysql"], var.database.engine)
    error_message = "database.engine is postgresql or mysql."
  }
  validation {
    condition     = var.database == null ? true : var.database.backups || !var.database.high_availability
    error_message = "A standby needs backups and the log: leave database.backups on."
  }
}

variable "database_admin_password" {
  description = "Of the account that db-init uses. Written once, kept in no state; give it as TF_VAR_database_admin_password."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

locals {
  makes_database = var.database != null ? var.database.existing == null : false
  uses_socket    = var.database != null ? var.database.socket : false
  is_postgresql  = var.database != null ? var.database.engine == "postgresql" : false

  database_release = one([for database in var.database[*] : replace(database.version, ".", "_")])
  database_instance = var.database == null ? null : {
    name       = one(concat(google_sql_database_instance.postgresql[*].name, google_sql_database_instance.mysql[*].name, data.google_sql_database_instance.existing[*].name))
    connection = one(concat(google_sql_database_instance.postgresql[*].connection_name, google_sql_database_instance.mysql[*].connection_name, data.google_sql_database_instance.existing[*].connection_name))
    host       = one(concat(google_sql_database_instance.postgresql[*].private_ip_address, google_sql_database_instance.mysql[*].private_ip_address, data.google_sql_database_instance.existing[*].private_ip_address))
  }

  connections = var.database == null ? null : var.database.max_connections
  # Beside those that stand in the instance itself.
  further_flags = var.database == null ? {} : merge(
    local.connections == null ? {} : { "max_connections" = tostring(local.connections) },
    { for flag, value in var.database.flags : flag => value if !contains(local.usual_flags, flag) },
  )
  usual_flags = [
    "cloudsql.enable_pgaudit",
    "log_checkpoints",
    "log_connections",
    "log_disconnections",
    "log_duration",
    "log_hostname",
    "log_lock_waits",
    "log_min_duration_statement",
    "log_min_error_statement",
    "log_min_messages",
    "log_statement",
    "log_temp_files",
    "local_infile",
    "skip_show_database",
  ]
  makes_postgresql = local.makes_database && local.is_postgresql
  makes_mysql      = local.makes_database && !local.is_postgresql
}

# A name that was used is not free again for a week.
resource "random_id" "database" {
  count = local.makes_database ? 1 : 0

  byte_length = 2
}

data "google_sql_database_instance" "existing" {
  count = local.uses_existing_database ? 1 : 0

  name = var.database.existing
}

locals {
  uses_existing_database = var.database != null ? var.database.existing != null : false
}

resource "google_sql_database" "this" {
  count = var.database == null ? 0 : 1

  name     = var.database.name
  instance = local.database_instance.name
  # Roles of their own keep the database from being dropped; the instance goes as a whole.
  deletion_policy = "ABANDON"
}

# Who comes in through the API is a superuser: db-init alone uses this account, and makes with it
# the role that the site has.
resource "google_sql_user" "admin" {
  count = var.database == null ? 0 : 1

  name                = var.database.admin
  instance            = local.database_instance.name
  host                = local.is_postgresql ? null : "%"
  password_wo         = var.database_admin_password
  password_wo_version = var.database.admin_password_version
  deletion_policy     = local.is_postgresql ? "ABANDON" : null
}

variable "database_password" {
  description = "Of the site's own role, for the secret that holds the whole URL; give it as TF_VAR_database_password."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

locals {
  # Settings that read one URL get it as a secret of its own; there is no other way to put a
  # password into a longer value on Cloud Run.
  wires_database_url = contains(values(var.wiring), "database.url") && var.database != null
  database_port      = local.is_postgresql ? 5432 : 3306
  database_host      = local.database_instance == null ? null : local.database_instance.host
}

resource "google_secret_manager_secret" "database_url" {
  count = local.wires_database_url ? 1 : 0

  secret_id = "${var.name}-database-url"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_version" "database_url" {
  count = local.wires_database_url ? 1 : 0

  secret = google_secret_manager_secret.database_url[0].id
  secret_data_wo = format("%s://%s:%s@%s:%d/%s%s",
    local.is_postgresql ? "postgres" : "mysql",
    var.database.user,
    urlencode(coalesce(var.database_password, "not-given")),
    local.database_host,
    local.database_port,
    var.database.name,
    local.is_postgresql ? "?sslmode=require" : "?ssl_mode=REQUIRED",
  )
  # Another address is another value.
  secret_data_wo_version = var.database.password_version + parseint(substr(sha1(local.database_host), 0, 7), 16)
}

resource "google_secret_manager_secret_iam_member" "database_url" {
  for_each = local.wires_database_url ? local.accounts : {}

  project   = var.project_id
  secret_id = google_secret_manager_secret.database_url[0].secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this[each.key].member
}
