"""The only code that runs programs, writes files or looks at the clock."""
