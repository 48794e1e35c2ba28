# Flags stand in blocks of their own, where readers and scanners find them.
resource "google_sql_database_instance" "postgresql" {
  #checkov:skip=CKV_GCP_6:every connection is encrypted; a certificate of its own for every process would be one more secret to keep
  #checkov:skip=CKV2_GCP_13:a line in the log for every statement costs more than it tells; Query Insights has the durations
  count = local.makes_postgresql ? 1 : 0

  name                = "${var.name}-${random_id.database[0].hex}"
  database_version    = "POSTGRES_${local.database_release}"
  region              = var.region
  deletion_protection = var.deletion_protection

  settings {
    tier                        = var.database.tier
    edition                     = "ENTERPRISE"
    availability_type           = var.database.high_availability ? "REGIONAL" : "ZONAL"
    deletion_protection_enabled = var.deletion_protection
    disk_type                   = "PD_SSD"
    disk_size                   = var.database.disk
    disk_autoresize             = true

    ip_configuration {
      ipv4_enabled    = false
      private_network = local.vpc
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = var.database.backups
      point_in_time_recovery_enabled = var.database.backups
      start_time                     = "02:00"
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 14
        retention_unit   = "COUNT"
      }
    }

    insights_config {
      query_insights_enabled  = true
      record_application_tags = true
    }

    maintenance_window {
      day          = 7
      hour         = 3
      update_track = "stable"
    }

    database_flags {
      name  = "cloudsql.enable_pgaudit"
      value = lookup(var.database.flags, "cloudsql.enable_pgaudit", "on")
    }

    database_flags {
      name  = "log_checkpoints"
      value = lookup(var.database.flags, "log_checkpoints", "on")
    }

    database_flags {
      name  = "log_connections"
      value = lookup(var.database.flags, "log_connections", "on")
    }

    database_flags {
      name  = "log_disconnections"
      value = lookup(var.database.flags, "log_disconnections", "on")
    }

    database_flags {
      name  = "log_duration"
      value = lookup(var.database.flags, "log_duration", "off")
    }

    database_flags {
      name  = "log_hostname"
      value = lookup(var.database.flags, "log_hostname", "on")
    }

    database_flags {
      name  = "log_lock_waits"
      value = lookup(var.database.flags, "log_lock_waits", "on")
    }

    database_flags {
      name  = "log_min_duration_statement"
      value = lookup(var.database.flags, "log_min_duration_statement", "-1")
    }

    database_flags {
      name  = "log_min_error_statement"
      value = lookup(var.database.flags, "log_min_error_statement", "error")
    }

    database_flags {
      name  = "log_min_messages"
      value = lookup(var.database.flags, "log_min_messages", "warning")
    }

    database_flags {
      name  = "log_statement"
      value = lookup(var.database.flags, "log_statement", "ddl")
    }

    database_flags {
      name  = "log_temp_files"
      value = lookup(var.database.flags, "log_temp_files", "0")
    }

    dynamic "database_flags" {
      for_each = local.further_flags

      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }

    user_labels = var.labels
  }

  lifecycle {
    # The disk grows by itself.
    ignore_changes = [settings[0].disk_size]
  }

  depends_on = [google_service_networking_connection.this, google_project_service.this]
}
