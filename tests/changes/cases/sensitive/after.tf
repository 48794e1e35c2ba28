variable "password" {
  type      = string
  sensitive = true
}

resource "google_redis_instance" "this" {
  name           = "cache"
  memory_size_gb = 2
  auth_enabled   = true
}

resource "google_sql_user" "site" {
  name     = "site"
  instance = "my-site-ab12"
  password = var.password
}

resource "google_cloud_run_v2_job" "migrate" {
  name                = "migrate"
  location            = "europe-west1"
  deletion_protection = false

  template {
    template {
      containers {
        image = "gcr.io/my-project/site"

        env {
          name  = "DJANGO_DEBUG"
          value = "True"
        }
        env {
          name  = "STRIPE_SECRET_KEY"
          value = "planted-in-the-environment-two"
        }
        env {
          name  = "BROKER"
          value = "amqp://site:planted-in-a-url-two@mq.example.com/"
        }
      }
    }
  }
}
