"""The OpenAPI schema and its page for the browser."""

from __future__ import annotations

from typing import Any

from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from related.api import descriptions

__all__ = ["ApiDocumentation", "ApiSchema", "descriptions"]


class OwnEndpoints(EndpointEnumerator):
    """The plugin's views. A site's other endpoints are its own to describe, or to keep private."""

    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        is_included: bool = super().should_include_endpoint(path, callback)
        return is_included and callback.cls.__module__.startswith("related.")


class OwnSchema(SchemaGenerator):
    endpoint_inspector_cls = OwnEndpoints


class ApiSchema(SpectacularAPIView):
    """As OpenAPI 3, in YAML or JSON as the client accepts it."""

    schema = None
    generator_class = OwnSchema
    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get(self, request: Request) -> Response:
        # There is one version in one language, so nothing of the query is read.
        make_generator: Any = self.generator_class  # drf-spectacular types only half of it
        return Response(make_generator().get_schema(request=request, public=True))


class ApiDocumentation(SpectacularSwaggerSplitView):
    """Swagger UI, its script at an address of its own: the site's policy forbids inline ones."""

    schema = None
    authentication_classes = ()
    permission_classes = (AllowAny,)
    template_name = "related/api_docs.html"  # the package's own page has a style in it
    http_method_names = ("get", "head")  # HTML is made of no other answer
    url_name = "related_api:schema"
