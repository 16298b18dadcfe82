"""A small newsroom that publishes with the `related` plugin."""

from newsroom.celery import app as celery_app

__all__ = ["celery_app"]
