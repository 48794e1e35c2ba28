resource "google_compute_managed_ssl_certificate" "web" {
  name = "site-two"

  managed {
    domains = ["shop.example.com"]
  }

  lifecycle {
    create_before_destroy = true
  }
}
