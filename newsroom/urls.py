"""Addresses of the newsroom: the public pages, the API, the admin and the health probes."""

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from related.api.health import healthz, readyz
from related.metrics import metrics

urlpatterns: list[URLPattern | URLResolver] = []
if apps.is_installed("related.contrib.headless"):
    urlpatterns += [path("api/v1/", include("related.contrib.headless.urls"))]
if apps.is_installed("related.contrib.clicks"):
    urlpatterns += [path("api/v1/", include("related.contrib.clicks.urls"))]
urlpatterns += [
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("related.api.urls")),
    path("metrics", metrics, name="metrics"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("newsroom.articles.urls")),
]
