"""What intranet.settings.cloud refers to: plain modules, each a page long."""
