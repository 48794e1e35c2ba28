resource "google_storage_bucket" "media" {
  name                        = "my-media"
  location                    = "EU"
  uniform_bucket_level_access = true
  force_destroy               = false
}
