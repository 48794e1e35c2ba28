"""The database: which one, how it is reached, how connections to it live."""
