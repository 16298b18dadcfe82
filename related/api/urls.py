"""Addresses of the API; a site includes them under ``api/v1/``."""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, path, re_path

from related.api.views import LinksOfMany, LinksOfOne, NoSuchAddress

__all__ = ["app_name", "urlpatterns"]

app_name = "related_api"

DESCRIPTION: list[URLPattern] = []
if apps.is_installed("drf_spectacular"):  # the extra `schema`
    from related.api.documentation import ApiDocumentation, ApiSchema

    DESCRIPTION = [
        path("schema/", ApiSchema.as_view(), name="schema"),
        path("docs/", ApiDocumentation.as_view(), name="docs"),
        path("schema", ApiSchema.as_view()),
        path("docs", ApiDocumentation.as_view()),
    ]

urlpatterns = [
    path("links/", LinksOfMany.as_view(), name="links"),
    path("links/<str:type>/<str:object_id>/", LinksOfOne.as_view(), name="links-of-one"),
    # Without the last slash: a redirect would lack the header that other hosts' scripts need.
    path("links", LinksOfMany.as_view(schema=None)),
    path("links/<str:type>/<str:object_id>", LinksOfOne.as_view(schema=None)),
    *DESCRIPTION,
    re_path("", NoSuchAddress.as_view(schema=None)),
]
