"""Where a deployment goes: each target is a package of its own here."""
