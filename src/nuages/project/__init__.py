"""Reading a Django project without importing it."""
