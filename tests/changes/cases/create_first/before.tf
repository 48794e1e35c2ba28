resource "google_compute_managed_ssl_certificate" "web" {
  name = "site-one"

  managed {
    domains = ["www.example.com"]
  }

  lifecycle {
    create_before_destroy = true
  }
}
