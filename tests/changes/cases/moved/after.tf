resource "google_storage_bucket" "uploads" {
  name                        = "my-media"
  location                    = "EU"
  uniform_bucket_level_access = true
  force_destroy               = false
}

moved {
  from = google_storage_bucket.media
  to   = google_storage_bucket.uploads
}
