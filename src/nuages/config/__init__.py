"""nuages.yaml: its schema, its loading, and its resolution into a deployment."""
