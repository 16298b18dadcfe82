"""The address for beacons; a site includes it under ``api/v1/``, before the plugin's own."""

from __future__ import annotations

from django.urls import path

from related.contrib.clicks.views import ClicksView

app_name = "related_clicks"

urlpatterns = [
    path("clicks/", ClicksView.as_view(), name="clicks"),
    path("clicks", ClicksView.as_view()),  # a redirect would lose what was sent
]
