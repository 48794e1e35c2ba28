"""Running a project on this machine in production mode, and proving that it answers."""
