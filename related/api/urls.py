"""Addresses of the API; a site includes them under ``api/v1/``."""

from __future__ import annotations

from django.urls import path

from related.api.documentation import ApiDocumentation, ApiSchema
from related.api.views import LinksOfMany, LinksOfOne

__all__ = ["app_name", "urlpatterns"]

app_name = "related_api"

urlpatterns = [
    path("links/", LinksOfMany.as_view(), name="links"),
    path("links/<str:type>/<str:object_id>/", LinksOfOne.as_view(), name="links-of-one"),
    path("schema/", ApiSchema.as_view(), name="schema"),
    path("docs/", ApiDocumentation.as_view(), name="docs"),
]
