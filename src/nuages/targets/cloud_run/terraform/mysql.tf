resource "google_sql_database_instance" "mysql" {
  #checkov:skip=CKV_GCP_6:every connection is encrypted; a certificate of its own for every process would be one more secret to keep
  count = local.makes_mysql ? 1 : 0

  name                = "${var.name}-${random_id.database[0].hex}"
  database_version    = "MYSQL_${local.database_release}"
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
      binary_log_enabled             = var.database.backups
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
      name  = "local_infile"
      value = lookup(var.database.flags, "local_infile", "off")
    }

    database_flags {
      name  = "skip_show_database"
      value = lookup(var.database.flags, "skip_show_database", "on")
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
