variable "waf" {
  description = "Cloud Armor before the load balancer: known attacks are refused, and who asks too often waits."
  type        = bool
  default     = false
}

variable "waf_requests_per_minute" {
  description = "Of one address, before it gets 429."
  type        = number
  default     = 1200
}

locals {
  # OWASP's core rules at the sensitivity with the fewest false alarms.
  # https://cloud.google.com/armor/docs/waf-rules
  attacks = var.waf ? {
    "sqli-v33-stable"             = 1010
    "xss-v33-stable"              = 1020
    "lfi-v33-stable"              = 1030
    "rce-v33-stable"              = 1040
    "scannerdetection-v33-stable" = 1050
    "protocolattack-v33-stable"   = 1060
    "sessionfixation-v33-stable"  = 1070
  } : {}
}

resource "google_compute_security_policy" "this" {
  count = var.waf ? 1 : 0

  name        = "${var.name}-armor"
  description = "What the site does not answer"
  type        = "CLOUD_ARMOR"

  rule {
    description = "Log4j's hole: scanners still look for it"
    action      = "deny(403)"
    priority    = 900

    match {
      expr {
        expression = "evaluatePreconfiguredExpr('cve-canary')"
      }
    }
  }

  dynamic "rule" {
    for_each = local.attacks

    content {
      description = rule.key
      action      = "deny(403)"
      priority    = rule.value

      match {
        expr {
          expression = "evaluatePreconfiguredWaf('${rule.key}', {'sensitivity': 1})"
        }
      }
    }
  }

  rule {
    description = "Not so fast"
    action      = "throttle"
    priority    = 2000

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }

    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
      enforce_on_key = "IP"

      rate_limit_threshold {
        count        = var.waf_requests_per_minute
        interval_sec = 60
      }
    }
  }

  rule {
    description = "Everybody else"
    action      = "allow"
    priority    = 2147483647

    match {
      versioned_expr = "SRC_IPS_V1"

      config {
        src_ip_ranges = ["*"]
      }
    }
  }

  depends_on = [google_project_service.this]
}
