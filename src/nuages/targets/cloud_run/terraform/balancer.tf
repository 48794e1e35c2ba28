variable "balancer" {
  description = "An external load balancer; `null` makes one when a domain, cdn, waf or a static bucket asks for it."
  type        = bool
  default     = null
}

variable "cdn" {
  description = "Keep answers that say so in Google's edge caches."
  type        = bool
  default     = false
}

variable "static_url" {
  description = "The path of static files, for the bucket behind it."
  type        = string
  default     = "/static/"
}

locals {
  has_balancer = coalesce(var.balancer, length(var.domain) > 0 || var.cdn || var.waf || var.static_bucket)
  # Without a name there is no certificate, and no https.
  has_tls = local.has_balancer && length(var.domain) > 0
  # What sends requests on is made with the service; addresses, which DNS has to name, before it.
  balances     = local.has_balancer && var.released
  balances_tls = local.has_tls && var.released
}

resource "google_compute_global_address" "balancer" {
  for_each = local.has_balancer ? { ipv4 = "IPV4", ipv6 = "IPV6" } : {}

  name       = "${var.name}-${each.key}"
  ip_version = each.value

  depends_on = [google_project_service.this]
}

resource "google_compute_region_network_endpoint_group" "web" {
  count = local.balances ? 1 : 0

  name                  = "${var.name}-web"
  region                = var.region
  network_endpoint_type = "SERVERLESS"

  cloud_run {
    service = google_cloud_run_v2_service.web[0].name
  }
}

resource "google_compute_backend_service" "web" {
  count = local.balances ? 1 : 0

  name                  = "${var.name}-web"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  protocol              = "HTTPS"
  enable_cdn            = var.cdn
  security_policy       = one(google_compute_security_policy.this[*].id)

  backend {
    group = google_compute_region_network_endpoint_group.web[0].id
  }

  # Only what the site itself calls public is kept: pages behind a login never are.
  dynamic "cdn_policy" {
    for_each = var.cdn ? [1] : []

    content {
      cache_mode         = "USE_ORIGIN_HEADERS"
      negative_caching   = false
      request_coalescing = true
      serve_while_stale  = 60

      cache_key_policy {
        include_host         = true
        include_protocol     = true
        include_query_string = true
      }
    }
  }

  log_config {
    enable      = true
    sample_rate = 1
  }
}

resource "google_compute_backend_bucket" "static" {
  count = var.static_bucket ? 1 : 0

  name             = "${var.name}-static"
  bucket_name      = google_storage_bucket.static[0].name
  enable_cdn       = true
  compression_mode = "AUTOMATIC"

  cdn_policy {
    cache_mode        = "CACHE_ALL_STATIC"
    client_ttl        = 86400
    default_ttl       = 86400
    max_ttl           = 31536000
    negative_caching  = true
    serve_while_stale = 86400
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_url_map" "web" {
  count = local.balances ? 1 : 0

  name            = "${var.name}-web"
  default_service = google_compute_backend_service.web[0].id

  dynamic "host_rule" {
    for_each = var.static_bucket ? [1] : []

    content {
      hosts        = ["*"]
      path_matcher = "static"
    }
  }

  dynamic "path_matcher" {
    for_each = var.static_bucket ? [1] : []

    content {
      name            = "static"
      default_service = google_compute_backend_service.web[0].id

      path_rule {
        paths   = ["${trimsuffix(var.static_url, "/")}/*"]
        service = google_compute_backend_bucket.static[0].id

        route_action {
          url_rewrite {
            path_prefix_rewrite = "/"
          }
        }
      }
    }
  }
}

resource "google_compute_managed_ssl_certificate" "web" {
  count = local.has_tls ? 1 : 0

  # A certificate cannot be changed: other names are another certificate, made before this goes.
  name = "${var.name}-${substr(sha1(join(",", var.domain)), 0, 8)}"

  managed {
    domains = var.domain
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_ssl_policy" "web" {
  count = local.has_tls ? 1 : 0

  name            = "${var.name}-tls"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"

  depends_on = [google_project_service.this]
}

resource "google_compute_target_https_proxy" "web" {
  count = local.balances_tls ? 1 : 0

  name             = "${var.name}-https"
  url_map          = google_compute_url_map.web[0].id
  ssl_certificates = [google_compute_managed_ssl_certificate.web[0].id]
  ssl_policy       = google_compute_ssl_policy.web[0].id
}

resource "google_compute_global_forwarding_rule" "https" {
  for_each = local.balances_tls ? google_compute_global_address.balancer : {}

  name                  = "${var.name}-https-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = each.value.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.web[0].id
}

# Port 80 sends everybody to https; without a name it serves the site itself.
resource "google_compute_url_map" "redirect" {
  count = local.has_tls ? 1 : 0

  name = "${var.name}-redirect"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }

  depends_on = [google_project_service.this]
}

resource "google_compute_target_http_proxy" "web" {
  count = local.balances ? 1 : 0

  name    = "${var.name}-http"
  url_map = local.has_tls ? google_compute_url_map.redirect[0].id : google_compute_url_map.web[0].id
}

resource "google_compute_global_forwarding_rule" "http" {
  for_each = local.balances ? google_compute_global_address.balancer : {}

  name                  = "${var.name}-http-${each.key}"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = each.value.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.web[0].id
}
