"""Static files, and what visitors upload."""
