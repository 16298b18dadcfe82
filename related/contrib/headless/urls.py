"""Addresses for pushes; a site includes them under ``api/v1/``, before the plugin's own."""

from __future__ import annotations

from django.urls import path

from related.contrib.headless.views import DocumentsView, DocumentView

app_name = "headless"

urlpatterns = [
    path("documents/", DocumentsView.as_view(), name="documents"),
    path("documents/<str:type>/<str:object_id>/", DocumentView.as_view(), name="document"),
    # Without the last slash: a redirect would lose what was pushed.
    path("documents", DocumentsView.as_view(schema=None)),
    path("documents/<str:type>/<str:object_id>", DocumentView.as_view(schema=None)),
]
