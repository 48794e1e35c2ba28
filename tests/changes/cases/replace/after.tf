resource "google_sql_database_instance" "this" {
  count = 1

  name                = "my-site-ab12"
  database_version    = "POSTGRES_17"
  region              = "us-central1"
  deletion_protection = false

  settings {
    tier              = "db-f1-micro"
    disk_size         = 10
    availability_type = "ZONAL"

    ip_configuration {
      ipv4_enabled = true
    }

    database_flags {
      name  = "max_connections"
      value = "50"
    }
  }
}
