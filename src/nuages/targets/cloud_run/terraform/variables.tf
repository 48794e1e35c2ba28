# What every part needs. The variables of a single subject stand in that subject's file.

variable "project_id" {
  description = "The Google Cloud project."
  type        = string
}

variable "region" {
  description = "Where everything is."
  type        = string
}

variable "name" {
  description = "Begins the name of everything that is made: the site and its environment."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,28}[a-z0-9]$", var.name))
    error_message = "Use 2 to 30 lower-case letters, digits and hyphens, a letter first: service accounts allow no more."
  }
}

variable "labels" {
  description = "Labels of everything that can have some."
  type        = map(string)
  default     = {}
}

variable "image" {
  description = "The image of the first release, by digest. Later releases go through the API."
  type        = string
}

variable "released" {
  description = "False before the database was migrated for the first time: nothing that serves or works is made yet."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Keep database, uploads and service from being destroyed."
  type        = bool
  default     = true
}

variable "enable_apis" {
  description = "Turn on the APIs that are used here. They stay on when the rest is destroyed."
  type        = bool
  default     = true
}
