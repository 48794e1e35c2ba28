terraform {
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
    random = {
      source = "hashicorp/random"
    }
  }
}

provider "google" {
  project = "my-project"
  region  = "europe-west1"
}
