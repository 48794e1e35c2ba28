"""Security of the settings, and of what stands beside them.

Django's own list: https://docs.djangoproject.com/en/stable/howto/deployment/checklist/
"""

SETTINGS = "https://docs.djangoproject.com/en/stable/ref/settings"
CHECKS = "https://docs.djangoproject.com/en/stable/ref/checks/#security"
SECRETS = "https://cheatsheetseries.owasp.org/cheatsheets/Secrets_Management_Cheat_Sheet.html"
