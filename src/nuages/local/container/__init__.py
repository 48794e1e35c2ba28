"""Running a project as containers: the very image that a cloud would run."""
