resource "google_storage_bucket" "media" {
  name     = "my-media"
  location = "EU"
  labels   = { version = "one" }
}
