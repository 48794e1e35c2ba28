resource "google_storage_bucket" "media" {
  name                        = "my-media"
  location                    = "EU"
  uniform_bucket_level_access = true
  force_destroy               = false
}
resource "google_sql_database_instance" "this" {
  count = 1

  name                = "my-site-ab12"
  database_version    = "POSTGRES_17"
  region              = "europe-west1"
  deletion_protection = true

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
