"""The OpenAPI schema and its page for the browser."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response


class ApiSchema(SpectacularAPIView):
    """As OpenAPI 3, in YAML or JSON as the client accepts it."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        # There is one version in one language, so nothing of the query is read.
        return Response(self.generator_class().get_schema(request=request, public=True))


class ApiDocumentation(SpectacularSwaggerSplitView):
    """Swagger UI, its script at an address of its own: the site's policy forbids inline ones."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    template_name = "related/api_docs.html"  # the package's own page has a style in it
    http_method_names = ("get", "head")  # HTML is made of no other answer
    url_name = "related_api:schema"
