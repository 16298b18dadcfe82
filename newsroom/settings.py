"""Settings of the newsroom, read from the environment; docs/reference/settings.md lists all."""

import json
from pathlib import Path

import django
import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from newsroom.database import database_settings
from newsroom.logging import logging_settings
from newsroom.secret_key import local_secret_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))  # the default database's home

DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)  # a proxy in front ends TLS and sets X-Forwarded-Proto
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Database

DATABASE_POOL = env.bool("DATABASE_POOL", default=False)  # newsroom/wsgi.py turns it on
DATABASE_PLANS = env.bool("DATABASE_PLANS", default=True)  # off behind a pooler without them
database = database_settings(env, DATA_DIR, is_pooled=DATABASE_POOL, keeps_plans=DATABASE_PLANS)
DATABASES = {"default": database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Secrets: there is no default key. A plain checkout on its own SQLite file makes one and keeps it.

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if database["ENGINE"] != "django.db.backends.sqlite3" and not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Set it to a long random text that stays the same from start to "
            "start, for example the output of: openssl rand -base64 48"
        )
    SECRET_KEY = local_secret_key(DATA_DIR)

# The application

NEWSROOM_NAME = env.str("NEWSROOM_NAME", default="The Marrowbeck Courier")
ARTICLES_PER_PAGE = 20  # of a section
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "related",
    "related.contrib.importing",
    "related.contrib.notices",
    "newsroom.articles.apps.ArticlesConfig",
]
if env.bool("HEADLESS", default=False):  # other systems push their pages, with a key
    INSTALLED_APPS.append("related.contrib.headless")
CLICKS = env.bool("CLICKS", default=False)  # count how often readers see and follow links
if CLICKS:
    INSTALLED_APPS.append("related.contrib.clicks")
MIDDLEWARE = [
    "newsroom.request_ids.request_id_middleware",
    "django.middleware.security.SecurityMiddleware",
    "newsroom.security.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.articles.previews.never_stored",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "newsroom.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "newsroom" / "templates"],  # before the templates of any app
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
# Kept in this process: Redis is never on the way of a read, and nothing unpickles what another
# process wrote.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]

if django.VERSION < (6, 0):
    FORMS_URLFIELD_ASSUME_HTTPS = True  # as from 6.0 on, where the setting is gone

# The site's own language: of commands, of the API's messages, and of what names no other.
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="en")
LANGUAGES = [("de", _("German")), ("en", _("English")), ("es", _("Spanish")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "newsroom" / "locale"]
# What is chosen in the admin counts in the admin: the public pages are cached for everybody, by
# Accept-Language at most.
LANGUAGE_COOKIE_PATH = "/admin/"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# Static files: served by the application itself (WhiteNoise). With HASHED_STATIC they come from
# `collectstatic`, compressed and under names that change with their content; else from the apps.

HASHED_STATIC = env.bool("HASHED_STATIC", default=False)
STATIC_URL = "/static/"
STATIC_ROOT = (
    env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")) if HASHED_STATIC else None
)
WHITENOISE_USE_FINDERS = not HASHED_STATIC
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Security

CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' https: data:",
    "style-src": "'self'",
    "script-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [
    r"^healthz$",
    r"^readyz$",
    r"^metrics$",
]  # probes come from inside, by plain HTTP
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SESSION_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for all subdomains: only the owner of the whole domain can promise that
    "security.W021",  # HSTS preload: likewise, and it cannot be taken back for months
]

# API

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # A view that says nothing is for staff; the public ones say so themselves.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Counted in each process's own memory, without the cache.
    "DEFAULT_THROTTLE_CLASSES": ["related.api.throttles.AddressThrottle"],
    "DEFAULT_THROTTLE_RATES": {"address": env.str("API_RATE", default="3000/min")},
    # How many proxies append to X-Forwarded-For. With 0 the header is ignored, so that nobody
    # escapes the limit by inventing addresses.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Related articles",
    "DESCRIPTION": "The links that the editors approved for each article.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",  # from this site's static files, not from a CDN
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# What the plugin may be told; docs/reference/settings.md lists the rest.

RELATED = {
    "SNAPSHOT_DIR": env.str("SNAPSHOT_DIR", default=""),
    # Off unless it names receivers.
    "NOTICES": json.loads(env.str("NOTICES", default="") or "{}"),
}

# Celery: a wake-up call only. The database holds the work, so a lost message costs a short wait.

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="")  # empty: `process_related --loop`
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
# A killed child's task runs again only with both of these.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600
# Bulk work waits in a queue of its own, so that a fresh publish never waits behind it.
CELERY_TASK_DEFAULT_QUEUE = "publish"
CELERY_TASK_ROUTES = {
    "related.tasks.process_documents": {"queue": "publish"},
    "related.tasks.send_notices": {"queue": "publish"},
    "related.tasks.process_due": {"queue": "bulk"},
    "related.tasks.rebuild": {"queue": "bulk"},
    "related.tasks.work_on_rebuild": {"queue": "bulk"},
    "related.tasks.work_in_bulk": {"queue": "bulk"},
    "related.contrib.clicks.tasks.tidy_clicks": {"queue": "bulk"},
}
# An editor waits while a save publishes its message: give up at once when Redis is away. Workers
# get longer timeouts in newsroom/celery.py.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "socket_timeout": 0.5,
    "socket_connect_timeout": 0.5,
    "visibility_timeout": 3600,  # must stay above twice the hard time limit
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for Redis for ever
CELERY_BEAT_SCHEDULE = {
    "rebuild every night": {"task": "related.tasks.rebuild", "schedule": crontab(hour=3, minute=15)}
}
if CLICKS:
    CELERY_BEAT_SCHEDULE["tidy clicks every night"] = {
        "task": "related.contrib.clicks.tasks.tidy_clicks",
        "schedule": crontab(hour=4, minute=45),
    }

# Logs: one line per event, on standard error

LOG_FORMAT = env.str("LOG_FORMAT", default="line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it must be line or json.")
LOGGING = logging_settings(LOG_FORMAT, level=env.str("LOG_LEVEL", default="INFO"))
