"""The rules, one module or package for each topic of ``catalogue.TOPICS``."""
