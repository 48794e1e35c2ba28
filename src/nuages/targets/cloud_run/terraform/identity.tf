# One account for each thing that runs: what one may do, another may not.
locals {
  accounts = merge(
    { web = "The web service" },
    { for name in keys(var.workers) : name => "The service ${name}" },
    { for name in keys(var.jobs) : name => "The job ${name}" },
  )
  # A service account's id has at most 30 characters.
  account_ids = {
    for name in keys(local.accounts) : name =>
    length("${var.name}-${name}") <= 30 ? "${var.name}-${name}" : "${trimsuffix(substr("${var.name}-${name}", 0, 23), "-")}-${substr(sha1("${var.name}-${name}"), 0, 6)}"
  }

  traced = var.observability.traces ? toset(keys(local.accounts)) : toset([])
  # Only where the project's own settings insist on the socket in /cloudsql.
  socketed = local.uses_socket ? toset(keys(local.accounts)) : toset([])
}

resource "google_service_account" "this" {
  for_each = local.accounts

  account_id   = local.account_ids[each.key]
  display_name = "${each.value} of ${var.name}"

  depends_on = [google_project_service.this]
}

resource "google_service_account" "scheduler" {
  count = length(local.schedules) > 0 ? 1 : 0

  account_id   = length(var.name) <= 24 ? "${var.name}-clock" : "${substr(var.name, 0, 17)}-${substr(sha1(var.name), 0, 6)}-clock"
  display_name = "Starts the scheduled jobs of ${var.name}"

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "trace" {
  for_each = local.traced

  project = var.project_id
  role    = "roles/telemetry.tracesWriter"
  member  = google_service_account.this[each.value].member
}

resource "google_project_iam_member" "sql_socket" {
  for_each = local.socketed

  project = var.project_id
  role    = "roles/cloudsql.client"
  member  = google_service_account.this[each.value].member
}
