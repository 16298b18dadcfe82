"""The site for a WSGI server: `gunicorn newsroom.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
# Only a web process keeps a pool: its threads share a few connections. Celery closes its
# connection after each task, which a pool would turn into an idle connection per worker.
os.environ.setdefault("DATABASE_POOL", "true")

application = get_wsgi_application()
