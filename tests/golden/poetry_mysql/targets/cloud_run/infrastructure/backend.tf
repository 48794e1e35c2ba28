# Where the state is: a private bucket with versions, and a lock.
#   terraform init -backend-config=bucket=NAME
terraform {
  backend "gcs" {
    prefix = "poetry-mysql"
  }
}
