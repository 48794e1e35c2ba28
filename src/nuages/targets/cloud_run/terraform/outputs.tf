# What people want to know, and what a release needs to make revisions through the API.
output "url" {
  description = "Where the site is."
  value       = length(var.domain) > 0 ? "https://${var.domain[0]}" : "https://${local.run_host}"
}

output "run_hosts" {
  description = "The names that Cloud Run itself gives the service: one that is known before, another once the service is there."
  value       = local.run_hosts
}

output "addresses" {
  description = "What the domain's A and AAAA records are."
  value       = { for version, address in google_compute_global_address.balancer : version => address.address }
}

output "outgoing_address" {
  description = "From where the site calls others, when all of it leaves through the network."
  value       = one(google_compute_address.nat[*].address)
}

output "released" {
  description = "Whether the web service and the workers are there."
  value       = var.released
}

output "accounts" {
  description = "Service account of each thing that runs."
  value       = { for name, account in google_service_account.this : name => account.email }
}

output "environment" {
  description = "Variables that every process has, beside its own."
  value       = local.shared_environment
}

output "secrets" {
  description = "Variable => secret, of what the infrastructure itself knows."
  value       = local.shared_secrets
}

output "network" {
  description = "How revisions and jobs reach the private network; null: not at all."
  value = local.has_network ? {
    network   = local.vpc
    subnet    = local.subnet
    egress    = local.egress
    connector = one(google_vpc_access_connector.this[*].id)
  } : null
}

output "database" {
  description = "The instance; null: there is none."
  value = var.database == null ? null : {
    instance   = local.database_instance.name
    connection = local.database_instance.connection
    host       = local.database_host
    name       = var.database.name
    user       = var.database.user
    admin      = google_sql_user.admin[0].name
  }
}

output "buckets" {
  description = "Of uploads and of static files; null: there is none."
  value = {
    media  = one(google_storage_bucket.media[*].name)
    static = one(google_storage_bucket.static[*].name)
  }
}

output "workers" {
  description = "Worker pools by name; none before the first release."
  value       = { for name, pool in google_cloud_run_v2_worker_pool.this : name => pool.name }
}

output "jobs" {
  description = "Jobs by name."
  value       = { for name, job in google_cloud_run_v2_job.this : name => job.name }
}

locals {
  # Before the service is there, nobody can know its second name.
  run_hosts = distinct(concat([local.run_host], [
    for url in flatten([for web in google_cloud_run_v2_service.web : coalescelist(web.urls, [web.uri])]) : trimprefix(url, "https://")
  ]))
}
