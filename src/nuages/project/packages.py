"""Modules, and the distributions that hold them: what is known of names that differ.

A name that is not here is not guessed: whoever registers it could run code where it is installed.
"""

from __future__ import annotations

from collections.abc import Mapping

from packaging.utils import canonicalize_name

REQUIREMENTS: Mapping[str, str] = {
    "admin_honeypot": "django-admin-honeypot", "admin_interface": "django-admin-interface",
    "adminsortable2": "django-admin-sortable2", "aiohttp": "aiohttp", "allauth": "django-allauth",
    "anymail": "django-anymail", "argon2": "argon2-cffi", "arrow": "arrow", "attr": "attrs",
    "auditlog": "django-auditlog", "axes": "django-axes", "babel": "babel", "bleach": "bleach",
    "bootstrap3": "django-bootstrap3", "bootstrap4": "django-bootstrap4",
    "bootstrap5": "django-bootstrap5", "boto3": "boto3", "bs4": "beautifulsoup4",
    "cacheops": "django-cacheops", "celery": "celery", "channels": "channels",
    "channels_redis": "channels-redis", "ckeditor": "django-ckeditor", "cloudinary": "cloudinary",
    "cloudinary_storage": "django-cloudinary-storage", "colorfield": "django-colorfield",
    "compressor": "django-compressor", "configurations": "django-configurations",
    "constance": "django-constance", "corsheaders": "django-cors-headers",
    "countries_plus": "django-countries-plus", "crispy_bootstrap4": "crispy-bootstrap4",
    "crispy_bootstrap5": "crispy-bootstrap5", "crispy_forms": "django-crispy-forms",
    "crispy_tailwind": "crispy-tailwind", "cryptography": "cryptography", "csp": "django-csp",
    "cv2": "opencv-python-headless", "daphne": "daphne", "dateutil": "python-dateutil",
    "dbbackup": "django-dbbackup", "debug_toolbar": "django-debug-toolbar",
    "decouple": "python-decouple", "defender": "django-defender",
    "dj_database_url": "dj-database-url", "dj_rest_auth": "dj-rest-auth", "django": "django",
    "django_bootstrap5": "django-bootstrap5", "django_browser_reload": "django-browser-reload",
    "django_celery_beat": "django-celery-beat", "django_celery_results": "django-celery-results",
    "django_cleanup": "django-cleanup", "django_countries": "django-countries",
    "django_extensions": "django-extensions", "django_filters": "django-filter",
    "django_fsm": "django-fsm", "django_heroku": "django-heroku", "django_htmx": "django-htmx",
    "django_json_widget": "django-json-widget", "django_otp": "django-otp",
    "django_prometheus": "django-prometheus", "django_q": "django-q2",
    "django_quill": "django-quill-editor", "django_redis": "django-redis",
    "django_rq": "django-rq", "django_select2": "django-select2",
    "django_summernote": "django-summernote", "django_tables2": "django-tables2",
    "djmoney": "django-money", "djoser": "djoser", "docx": "python-docx",
    "dotenv": "python-dotenv", "drf_spectacular": "drf-spectacular",
    "drf_standardized_errors": "drf-standardized-errors", "drf_yasg": "drf-yasg",
    "dynaconf": "dynaconf", "easy_thumbnails": "easy-thumbnails",
    "embed_video": "django-embed-video", "environ": "django-environ", "environs": "environs",
    "extra_views": "django-extra-views", "faker": "faker", "filer": "django-filer",
    "fontawesomefree": "fontawesomefree", "googleapiclient": "google-api-python-client",
    "graphene_django": "graphene-django", "guardian": "django-guardian", "gunicorn": "gunicorn",
    "haystack": "django-haystack", "health_check": "django-health-check",
    "hijack": "django-hijack", "httpx": "httpx", "huey": "huey", "imagekit": "django-imagekit",
    "import_export": "django-import-export", "jazzmin": "django-jazzmin", "jinja2": "jinja2",
    "jwt": "pyjwt", "knox": "django-rest-knox", "ldap": "python-ldap", "ldap3": "ldap3",
    "localflavor": "django-localflavor", "lxml": "lxml", "magic": "python-magic",
    "maintenance_mode": "django-maintenance-mode", "markdown": "markdown",
    "markdown2": "markdown2", "markdownx": "django-markdownx", "matplotlib": "matplotlib",
    "model_utils": "django-model-utils", "modeltranslation": "django-modeltranslation",
    "mptt": "django-mptt", "multiselectfield": "django-multiselectfield", "MySQLdb": "mysqlclient",
    "nested_admin": "django-nested-admin", "nltk": "nltk", "numpy": "numpy",
    "oauth2_provider": "django-oauth-toolkit", "openai": "openai", "openpyxl": "openpyxl",
    "ordered_model": "django-ordered-model", "pandas": "pandas", "parler": "django-parler",
    "pendulum": "pendulum", "phonenumber_field": "django-phonenumber-field[phonenumbers]",
    "PIL": "pillow", "plotly": "plotly", "polymorphic": "django-polymorphic",
    "post_office": "django-post-office", "psutil": "psutil", "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary", "pwa": "django-pwa", "pydantic": "pydantic",
    "pymysql": "pymysql", "pythonjsonlogger": "python-json-logger", "pytz": "pytz",
    "qrcode": "qrcode", "razorpay": "razorpay", "redis": "redis", "reportlab": "reportlab",
    "requests": "requests", "rest_framework": "djangorestframework",
    "rest_framework_simplejwt": "djangorestframework-simplejwt", "reversion": "django-reversion",
    "robots": "django-robots", "rosetta": "django-rosetta", "rules": "rules",
    "sass_processor": "django-sass-processor", "scipy": "scipy", "seaborn": "seaborn",
    "sekizai": "django-sekizai", "sentry_sdk": "sentry-sdk", "silk": "django-silk",
    "simple_history": "django-simple-history", "six": "six", "sklearn": "scikit-learn",
    "slugify": "python-slugify", "smart_selects": "django-smart-selects",
    "social_django": "social-auth-app-django", "solo": "django-solo", "sorl": "sorl-thumbnail",
    "split_settings": "django-split-settings", "sqlalchemy": "sqlalchemy",
    "star_ratings": "django-star-ratings", "storages": "django-storages[s3]", "stripe": "stripe",
    "structlog": "structlog", "taggit": "django-taggit", "tagulous": "django-tagulous",
    "tailwind": "django-tailwind", "tinymce": "django-tinymce", "tqdm": "tqdm",
    "treebeard": "django-treebeard", "twilio": "twilio", "two_factor": "django-two-factor-auth",
    "typogrify": "typogrify", "unfold": "django-unfold", "validators": "validators",
    "versatileimagefield": "django-versatileimagefield", "waffle": "django-waffle",
    "wagtail": "wagtail", "weasyprint": "weasyprint", "webpack_loader": "django-webpack-loader",
    "whitenoise": "whitenoise", "widget_tweaks": "django-widget-tweaks", "xhtml2pdf": "xhtml2pdf",
    "xlrd": "xlrd", "xlsxwriter": "xlsxwriter", "xlwt": "xlwt", "yaml": "pyyaml",
}  # fmt: skip
"""The first name of a module: the requirement that brings it, as its documentation says."""

OTHERS: Mapping[str, tuple[str, ...]] = {
    "allauth": ("django-allauth-ui",), "channels": ("django-channels",),
    "cv2": ("opencv-python", "opencv-contrib-python"), "daphne": ("channels",),
    "django_q": ("django-q", "django-q2"), "huey": ("huey", "bx-django-utils"),
    "imagekit": ("pilkit",), "MySQLdb": ("mysql-python",), "PIL": ("pillow-simd",),
    "psycopg2": ("psycopg2",), "magic": ("python-magic-bin", "file-magic"),
}  # fmt: skip
"""Other distributions that bring the module, or that need the first one."""


def distribution(module: str) -> str | None:
    """The normalised name of the distribution that a module is known to come from."""
    line = REQUIREMENTS.get(module)
    return canonicalize_name(line.partition("[")[0]) if line else None


def distributions(module: str) -> frozenset[str]:
    """All distributions that may bring a module."""
    found = distribution(module)
    return frozenset({*([found] if found else []), *OTHERS.get(module, ())})
