"""The schema in a site that describes an API of its own by other means, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import include, path
from pytest_django import Settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Payroll(APIView):
    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns: list[Any] = [
    path("payroll/", Payroll.as_view()),
    path("api/v1/", include("related.api.urls")),
]


@pytest.mark.urls(__name__)
def test_only_the_plugins_own_addresses_are_described(client: Client, settings: Settings) -> None:
    stock = "rest_framework.schemas.openapi.AutoSchema"
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_SCHEMA_CLASS": stock}
    answer = client.get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    assert [operation["operationId"] for path in answer.json()["paths"].values()
            for operation in path.values()] == ["links_of_many", "links_of_one"]  # fmt: skip
