resource "google_service_account" "this" {
  for_each = toset(["web"])

  account_id = "site-${each.key}"
}
