resource "google_service_account" "this" {
  for_each = toset(["web", "worker"])

  account_id = "site-${each.key}"
}
