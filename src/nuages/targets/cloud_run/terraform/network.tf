variable "network" {
  description = "The private network: one is made unless `vpc` names one."
  type = object({
    vpc       = optional(string)
    subnet    = optional(string)
    egress    = optional(string, "private-ranges")
    connector = optional(bool, false)
    # An address range of an existing network that is already peered with Google's services.
    peered = optional(bool, false)
    # Of the network that is made.
    range = optional(string, "10.8.0.0/24")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["private-ranges", "all"], var.network.egress)
    error_message = "network.egress is private-ranges or all."
  }
  validation {
    condition     = (var.network.vpc == null) == (var.network.subnet == null)
    error_message = "An existing network needs both vpc and subnet."
  }
}

locals {
  # Cloud SQL and Memorystore for Redis sit behind the peering, Valkey behind an endpoint.
  has_peering = var.database != null || local.has_redis
  has_network = local.has_peering || local.has_valkey || var.network.vpc != null || var.network.egress == "all" || local.asks_inside
  # A job asks new revisions from inside, where the service is closed to the outside.
  asks_inside = anytrue([for job in values(var.jobs) : job.egress == "all"])
  makes_vpc   = local.has_network && var.network.vpc == null
  makes_peer  = local.has_peering && !var.network.peered

  vpc    = local.makes_vpc ? google_compute_network.this[0].id : one(data.google_compute_network.existing[*].id)
  subnet = local.makes_vpc ? google_compute_subnetwork.this[0].id : one(data.google_compute_subnetwork.existing[*].id)
  egress = var.network.egress == "all" ? "ALL_TRAFFIC" : "PRIVATE_RANGES_ONLY"
}

data "google_compute_network" "existing" {
  count = var.network.vpc == null ? 0 : 1

  name = var.network.vpc
}

data "google_compute_subnetwork" "existing" {
  count = var.network.subnet == null ? 0 : 1

  name   = var.network.subnet
  region = var.region
}

resource "google_compute_network" "this" {
  count = local.makes_vpc ? 1 : 0

  name                    = "${var.name}-vpc"
  auto_create_subnetworks = false

  depends_on = [google_project_service.this]
}

# Direct VPC egress takes an address for each instance, twice as many during a release.
resource "google_compute_subnetwork" "this" {
  count = local.makes_vpc ? 1 : 0

  name                     = "${var.name}-run"
  network                  = google_compute_network.this[0].id
  region                   = var.region
  ip_cidr_range            = var.network.range
  private_ip_google_access = true

  log_config {
    aggregation_interval = "INTERVAL_10_MIN"
    flow_sampling        = 0.1
    metadata             = "INCLUDE_ALL_METADATA"
  }
}

# Nothing in this network listens to the outside; this says so, and logs who tries.
resource "google_compute_firewall" "deny_ingress" {
  count = local.makes_vpc ? 1 : 0

  name      = "${var.name}-deny-ingress"
  network   = google_compute_network.this[0].id
  direction = "INGRESS"
  priority  = 65534

  source_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }

  log_config {
    metadata = "EXCLUDE_ALL_METADATA"
  }
}

resource "google_compute_global_address" "peering" {
  count = local.makes_peer ? 1 : 0

  name          = "${var.name}-services"
  network       = local.vpc
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  prefix_length = 20
}

# Google deletes what uses the peering some time after it says so; abandoning the peering lets
# `destroy` end, and the network goes with it.
resource "google_service_networking_connection" "this" {
  count = local.makes_peer ? 1 : 0

  network                 = local.vpc
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.peering[0].name]
  deletion_policy         = "ABANDON"

  depends_on = [google_project_service.this]
}

resource "google_vpc_access_connector" "this" {
  count = local.has_network && var.network.connector ? 1 : 0

  name          = substr("${var.name}-cx", 0, 24)
  region        = var.region
  network       = local.vpc
  ip_cidr_range = "10.9.0.0/28"
  min_instances = 2
  max_instances = 3
  machine_type  = "e2-micro"

  depends_on = [google_project_service.this]
}

# With every packet through the network, the way out is one address that others can allow.
resource "google_compute_router" "this" {
  count = local.makes_vpc && var.network.egress == "all" ? 1 : 0

  name    = "${var.name}-router"
  network = google_compute_network.this[0].id
  region  = var.region
}

resource "google_compute_address" "nat" {
  count = local.makes_vpc && var.network.egress == "all" ? 1 : 0

  name   = "${var.name}-nat"
  region = var.region
}

resource "google_compute_router_nat" "this" {
  count = local.makes_vpc && var.network.egress == "all" ? 1 : 0

  name                               = "${var.name}-nat"
  router                             = google_compute_router.this[0].name
  region                             = var.region
  nat_ip_allocate_option             = "MANUAL_ONLY"
  nat_ips                            = [google_compute_address.nat[0].self_link]
  source_subnetwork_ip_ranges_to_nat = "ALL_SUBNETWORKS_ALL_IP_RANGES"

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}
