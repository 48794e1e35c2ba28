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

output "web" {
  description = "The service: its name, account, complete environment, and variable => secret."
  value       = merge(local.processes["web"], { environment = merge(local.web_environment, local.web_hosts) })
}

output "workers" {
  description = "The same of each worker pool."
  value       = { for name in keys(var.workers) : name => local.processes["workers/${name}"] }
}

output "jobs" {
  description = "The same of each job."
  value       = { for name in keys(var.jobs) : name => local.processes["jobs/${name}"] }
}

output "template" {
  description = "What every revision and execution has in common, as the API (run.v2) writes it."
  value = {
    vpcAccess    = local.vpc_access
    volumes      = local.api_volumes
    volumeMounts = [for name, path in local.volumes : { name = name, mountPath = path }]
  }
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

locals {
  # Before the service is there, nobody can know its second name.
  run_hosts = distinct(concat([local.run_host], [
    for url in flatten([for web in google_cloud_run_v2_service.web : coalescelist(web.urls, [web.uri])]) : trimprefix(url, "https://")
  ]))
  every_host = concat(var.domain, local.run_hosts)
  web_hosts = merge(
    { for variable, part in var.wiring : variable => join(",", local.every_host) if part == "site.hosts" },
    { for variable, part in var.wiring : variable => join(",", [for host in local.every_host : "https://${host}"]) if part == "site.origins" },
  )

  declared = merge(
    { web = { name = var.name, account = "web", of = { environment = var.web.environment, secrets = var.web.secrets } } },
    { for name, worker in var.workers : "workers/${name}" => { name = "${var.name}-${name}", account = name, of = { environment = worker.environment, secrets = worker.secrets } } },
    { for name, job in var.jobs : "jobs/${name}" => { name = "${var.name}-${name}", account = name, of = { environment = job.environment, secrets = job.secrets } } },
  )
  processes = { for key, each in local.declared : key => {
    name        = each.name
    account     = google_service_account.this[each.account].email
    environment = merge(local.shared_environment, each.of.environment)
    secrets     = merge(local.shared_secrets, { for variable in each.of.secrets : variable => var.secrets[variable] })
  } }

  # As the API has it: what is not said is not there.
  vpc_access = !local.has_network ? null : { for key, value in {
    egress            = local.egress
    connector         = one(google_vpc_access_connector.this[*].id)
    networkInterfaces = var.network.connector ? null : [{ network = local.vpc, subnetwork = local.subnet }]
  } : key => value if value != null }

  api_volumes = concat(
    [for name, path in local.volumes : {
      name = name
      gcs = {
        bucket   = google_storage_bucket.media[0].name
        readOnly = false
        # Of the image's user.
        mountOptions = ["implicit-dirs", "uid=2000", "gid=2000"]
      }
    } if name == "media"],
    [for name, path in local.volumes : {
      name             = name
      cloudSqlInstance = { instances = [local.database_instance.connection] }
    } if name == "cloudsql"],
  )
}
