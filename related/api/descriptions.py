"""What the OpenAPI schema says of each view of links.

drf-spectacular puts these in the views' places while it writes a schema, so that nothing else needs
it: it belongs to the extra ``schema``.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiViewExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from related.api.examples import PAGE_EXAMPLE, PAGES_EXAMPLE
from related.api.serializers import ErrorSerializer, PageSerializer, PagesSerializer

NOT_MODIFIED = OpenApiResponse(description="What `If-None-Match` names is still true.")
NOT_ACCEPTABLE = OpenApiResponse(ErrorSerializer, "`Accept` rules out `application/json`.")
TOO_MANY_REQUESTS = OpenApiResponse(ErrorSerializer, "Too many documents; see `Retry-After`.")
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait.", response=[429]
)


class PublicSchema(AutoSchema):
    def get_operation_id(self) -> str:
        operation_id: str = self.view.operation_id  # type: ignore[attr-defined]  # of a PublicView
        return operation_id

    def get_auth(self) -> list[dict[str, Any]]:
        return []  # not [{}], which some generators take for a key that is needed


class PublicViewExtension(OpenApiViewExtension):  # type: ignore[no-untyped-call]
    """Not left to DEFAULT_SCHEMA_CLASS: a site needs no REST_FRAMEWORK setting for this API."""

    target_class: Any  # a name until drf-spectacular finds the class
    description: dict[str, Any]

    def view_replacement(self) -> Any:
        view = type(self.target_class.__name__, (self.target_class,), {"schema": PublicSchema()})
        return extend_schema(**self.description)(view)


class LinksOfOneExtension(PublicViewExtension):  # type: ignore[no-untyped-call]
    target_class = "related.api.views.LinksOfOne"
    description = {
        "summary": "Links of one document",
        "description": "Every active slot of the document's page with the links that may be shown "
        "now, and its approved summary. A document that the public may not see is answered like "
        "one that does not exist.",
        "tags": ["links"],
        "parameters": [
            OpenApiParameter(
                "type", str, OpenApiParameter.PATH, description="`app_label.model`, registered."
            ),
            OpenApiParameter("object_id", str, OpenApiParameter.PATH, description="Primary key."),
            RETRY_AFTER,
        ],
        "responses": {
            200: OpenApiResponse(PageSerializer, "The document, its slots and its summary."),
            304: NOT_MODIFIED,
            404: OpenApiResponse(ErrorSerializer, "No such document, or not public."),
            406: NOT_ACCEPTABLE,
            429: TOO_MANY_REQUESTS,
        },
        "examples": [PAGE_EXAMPLE],
    }


class LinksOfManyExtension(PublicViewExtension):  # type: ignore[no-untyped-call]
    target_class = "related.api.views.LinksOfMany"
    description = {
        "summary": "Links of several documents, by address or by id",
        "description": "One result for each document asked for, in the order asked: first the "
        "addresses, then the ids. What is hidden or does not exist has `found: false`, whatever "
        "the reason. An earlier address of a document leads to it; `http` or `https`, `www.`, the "
        "last slash and parameters of campaigns make no difference.",
        "tags": ["links"],
        "parameters": [
            OpenApiParameter(
                "url", str, many=True, description="Address or path of a page; may be repeated."
            ),
            OpenApiParameter(
                "id", str, many=True, description="`app_label.model:id`; may be repeated."
            ),
            RETRY_AFTER,
        ],
        "responses": {
            200: OpenApiResponse(PagesSerializer, "One result for each document asked for."),
            304: NOT_MODIFIED,
            400: OpenApiResponse(ErrorSerializer, "Neither `url` nor `id`, or too many of them."),
            406: NOT_ACCEPTABLE,
            429: TOO_MANY_REQUESTS,
        },
        "examples": [PAGES_EXAMPLE],
    }
