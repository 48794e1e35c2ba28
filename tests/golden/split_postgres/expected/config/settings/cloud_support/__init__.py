"""What config.settings.cloud refers to: plain modules, each a page long."""
