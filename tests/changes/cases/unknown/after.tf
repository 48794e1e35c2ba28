resource "random_id" "this" {
  byte_length = 2
}

resource "google_storage_bucket" "media" {
  name     = "my-media"
  location = "EU"
  labels   = { version = random_id.this.hex }
}
