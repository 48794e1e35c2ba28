variable "observability" {
  description = "What is seen of the site from outside."
  type = object({
    traces          = optional(bool, false)
    error_reporting = optional(bool, false)
    uptime_path     = optional(string)
    emails          = optional(set(string), [])
    dashboard       = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "budget" {
  description = "Mail at 50, 90 and 100 per cent of a month's amount, and when that is foreseen."
  type = object({
    billing_account = string
    amount          = number
    currency        = optional(string, "USD")
  })
  default = null
}

locals {
  channels = [for channel in google_monitoring_notification_channel.email : channel.id]
  alerted  = length(var.observability.emails) > 0
  asks     = var.observability.uptime_path != null && var.released
  of_web   = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${var.name}\""

  # Each: the filter, how it is added up, and from which value on somebody is told.
  alerts = local.alerted ? merge(
    {
      errors = {
        title     = "More than 5 server errors in five minutes"
        filter    = "${local.of_web} AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
        aligner   = "ALIGN_DELTA"
        reducer   = "REDUCE_SUM"
        threshold = 5
      }
      latency = {
        title     = "One request in twenty takes over 3 seconds"
        filter    = "${local.of_web} AND metric.type = \"run.googleapis.com/request_latencies\""
        aligner   = "ALIGN_PERCENTILE_95"
        reducer   = "REDUCE_MAX"
        threshold = 3000
      }
    },
    length(var.jobs) == 0 ? {} : {
      jobs = {
        title     = "A job failed"
        filter    = "resource.type = \"cloud_run_job\" AND resource.labels.job_name = starts_with(\"${var.name}-\") AND metric.type = \"run.googleapis.com/job/completed_execution_count\" AND metric.labels.result = \"failed\""
        aligner   = "ALIGN_DELTA"
        reducer   = "REDUCE_SUM"
        threshold = 0
      }
    },
    local.makes_database ? {
      connections = {
        title     = "The database is near its limit of connections"
        filter    = "resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"${var.project_id}:${local.database_instance.name}\" AND metric.type = \"cloudsql.googleapis.com/database/network/connections\""
        aligner   = "ALIGN_MAX"
        reducer   = "REDUCE_SUM"
        threshold = floor(0.8 * coalesce(local.connections, 100))
      }
      disk = {
        title     = "The database's disk is over 90 % full"
        filter    = "resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"${var.project_id}:${local.database_instance.name}\" AND metric.type = \"cloudsql.googleapis.com/database/disk/utilization\""
        aligner   = "ALIGN_MAX"
        reducer   = "REDUCE_MAX"
        threshold = 0.9
      }
    } : {},
  ) : {}
}

resource "google_monitoring_notification_channel" "email" {
  for_each = var.observability.emails

  display_name = each.value
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_uptime_check_config" "web" {
  count = local.asks ? 1 : 0

  display_name = "${var.name} is up"
  period       = "300s"
  timeout      = "10s"

  http_check {
    path         = var.observability.uptime_path
    port         = 443
    use_ssl      = true
    validate_ssl = true
  }

  monitored_resource {
    type = "uptime_url"
    labels = {
      project_id = var.project_id
      host       = local.hosts[0]
    }
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_alert_policy" "uptime" {
  count = local.alerted && local.asks ? 1 : 0

  display_name          = "${var.name} does not answer"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = local.channels

  conditions {
    display_name = "Two places or more get no answer"

    condition_threshold {
      filter          = "resource.type = \"uptime_url\" AND metric.type = \"monitoring.googleapis.com/uptime_check/check_passed\" AND metric.labels.check_id = \"${google_monitoring_uptime_check_config.web[0].uptime_check_id}\""
      comparison      = "COMPARISON_GT"
      threshold_value = 1
      duration        = "60s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = "ALIGN_NEXT_OLDER"
        cross_series_reducer = "REDUCE_COUNT_FALSE"
        group_by_fields      = ["resource.label.host"]
      }
    }
  }
}

resource "google_monitoring_alert_policy" "this" {
  for_each = local.alerts

  display_name          = "${var.name}: ${each.value.title}"
  combiner              = "OR"
  notification_channels = local.channels

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.threshold
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
      }
    }
  }

  alert_strategy {
    auto_close = "86400s"
  }

  depends_on = [google_project_service.this]
}

resource "google_monitoring_dashboard" "this" {
  count = var.observability.dashboard ? 1 : 0

  dashboard_json = jsonencode({
    displayName = var.name
    mosaicLayout = {
      columns = 48
      tiles = [for index, chart in concat(local.charts, local.database_charts) : {
        xPos   = (index % 2) * 24
        yPos   = floor(index / 2) * 16
        width  = 24
        height = 16
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{
              plotType = "LINE"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = chart.filter
                  aggregation = {
                    alignmentPeriod    = "60s"
                    perSeriesAligner   = chart.aligner
                    crossSeriesReducer = chart.reducer
                    groupByFields      = chart.group
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })

  depends_on = [google_project_service.this]
}

locals {
  charts = [
    { title = "Requests a second, by answer", filter = "${local.of_web} AND metric.type = \"run.googleapis.com/request_count\"", aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", group = ["metric.label.response_code_class"] },
    { title = "95th percentile of the time to answer", filter = "${local.of_web} AND metric.type = \"run.googleapis.com/request_latencies\"", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", group = [] },
    { title = "Instances", filter = "${local.of_web} AND metric.type = \"run.googleapis.com/container/instance_count\"", aligner = "ALIGN_MAX", reducer = "REDUCE_SUM", group = ["metric.label.state"] },
    { title = "Memory of an instance", filter = "${local.of_web} AND metric.type = \"run.googleapis.com/container/memory/utilizations\"", aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX", group = [] },
  ]
  database_charts = [for metric, title in local.makes_database ? {
    "cpu/utilization"     = "Database: CPU"
    "network/connections" = "Database: connections"
    } : {} : {
    title   = title
    filter  = "resource.type = \"cloudsql_database\" AND resource.labels.database_id = \"${var.project_id}:${local.database_instance.name}\" AND metric.type = \"cloudsql.googleapis.com/database/${metric}\""
    aligner = "ALIGN_MEAN"
    reducer = "REDUCE_SUM"
    group   = []
  }]
}

resource "google_project_iam_member" "error_reporting" {
  for_each = var.observability.error_reporting ? local.accounts : {}

  project = var.project_id
  role    = "roles/errorreporting.writer"
  member  = google_service_account.this[each.key].member
}

resource "google_billing_budget" "this" {
  count = var.budget == null ? 0 : 1

  billing_account = var.budget.billing_account
  display_name    = var.name

  budget_filter {
    projects = ["projects/${data.google_project.this.number}"]
    labels   = { app = var.name }
  }

  amount {
    specified_amount {
      currency_code = var.budget.currency
      units         = tostring(var.budget.amount)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1.0]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  dynamic "all_updates_rule" {
    for_each = local.alerted ? [1] : []

    content {
      monitoring_notification_channels = local.channels
    }
  }

  depends_on = [google_project_service.this]
}
