"""The links of one document or of several."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from related.api.caching import add_public_headers
from related.api.examples import PAGE_EXAMPLE, PAGES_EXAMPLE
from related.api.serializers import ErrorSerializer, PageSerializer, PagesSerializer
from related.conf import conf
from related.domain.documents.lookup import find_object, find_public_objects
from related.domain.pages.placing import place_links
from related.metrics.reads import timed_read
from related.registry import source_for_label

NOT_MODIFIED = OpenApiResponse(description="What `If-None-Match` names is still true.")
NOT_ACCEPTABLE = OpenApiResponse(ErrorSerializer, "`Accept` rules out `application/json`.")
TOO_MANY_REQUESTS = OpenApiResponse(ErrorSerializer, "Too many requests; see `Retry-After`.")
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait.", response=[429]
)


class PublicSchema(AutoSchema):
    def get_operation_id(self) -> str:
        assert isinstance(self.view, PublicView)
        return self.view.operation_id


class PublicView(APIView):
    """Readable by everybody: no session is looked at, so answers are the same for all.

    The headings are in the language of their document, messages in the site's own; what the
    client's Accept-Language says counts for neither.
    """

    # Not left to DEFAULT_SCHEMA_CLASS: a site needs no REST_FRAMEWORK setting for this API.
    schema = PublicSchema()
    operation_id: str  # the schema's name for a GET, which clients made from it call
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)
    parser_classes = ()
    http_method_names = ("get", "head", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(settings.LANGUAGE_CODE), timed_read("api"):
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
        return add_public_headers(request, final)


@extend_schema(
    summary="Links of one document",
    description="Every active slot of the document's page with the links that may be shown "
    "now, and its approved summary. A document that the public may not see is answered like "
    "one that does not exist.",
    tags=["links"],
    parameters=[
        OpenApiParameter(
            "type", str, OpenApiParameter.PATH, description="`app_label.model`, registered."
        ),
        OpenApiParameter("object_id", str, OpenApiParameter.PATH, description="Primary key."),
        RETRY_AFTER,
    ],
    responses={
        200: OpenApiResponse(PageSerializer, "The document, its slots and its summary."),
        304: NOT_MODIFIED,
        404: OpenApiResponse(ErrorSerializer, "No such document, or not public."),
        406: NOT_ACCEPTABLE,
        429: TOO_MANY_REQUESTS,
    },
    examples=[PAGE_EXAMPLE],
)
class LinksOfOne(PublicView):
    operation_id = "links_of_one"

    def get(self, request: Request, type: str, object_id: str) -> Response:  # noqa: A002
        try:
            source = source_for_label(type)
        except LookupError:
            raise NotFound from None
        obj = find_object(source, object_id, public=True)
        if obj is None:
            raise NotFound
        [page] = place_links([obj])
        return Response(PageSerializer(page).data, headers={"Content-Language": page.language})


@extend_schema(
    summary="Links of several documents, by address or by id",
    description="One result for each document found, in the order asked for: first the "
    "addresses, then the ids. Documents that are hidden or do not exist are absent. Of an "
    "address only the path counts, with or without its last slash.",
    tags=["links"],
    parameters=[
        OpenApiParameter(
            "url", str, many=True, description="Address or path of a page; may be repeated."
        ),
        OpenApiParameter(
            "id", str, many=True, description="`app_label.model:id`; may be repeated."
        ),
        RETRY_AFTER,
    ],
    responses={
        200: OpenApiResponse(PagesSerializer, "One result for each document found."),
        304: NOT_MODIFIED,
        400: OpenApiResponse(
            ErrorSerializer, "Neither `url` nor `id`, too many, or one that cannot be read."
        ),
        406: NOT_ACCEPTABLE,
        429: TOO_MANY_REQUESTS,
    },
    examples=[PAGES_EXAMPLE],
)
class LinksOfMany(PublicView):
    operation_id = "links_of_many"

    def get(self, request: Request) -> Response:
        urls = request.query_params.getlist("url")
        references = request.query_params.getlist("id")
        if not 1 <= len(urls) + len(references) <= conf.api_max_documents:
            message = _(
                "Ask for 1 to %(most)d documents: ?url=<address> or ?id=<app_label.model:id>, "
                "repeated as needed."
            )
            raise ParseError(message % {"most": conf.api_max_documents})
        try:
            objects = find_public_objects(urls, references)
        except LookupError as error:
            raise ParseError(str(error)) from None
        pages = place_links(objects)
        data = PagesSerializer({"results": pages}).data
        languages = ", ".join(sorted({page.language for page in pages}))
        return Response(data, headers={"Content-Language": languages} if languages else {})
