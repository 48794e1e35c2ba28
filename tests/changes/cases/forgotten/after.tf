removed {
  from = google_storage_bucket.media

  lifecycle {
    destroy = false
  }
}
