"""What atelier.settings_cloud refers to: plain modules, each a page long."""
