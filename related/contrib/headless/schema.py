"""How pushes stand in the OpenAPI schema, from which other systems make their clients."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers

from related.api.serializers import ErrorSerializer
from related.contrib.headless.payload import MAX_DOCUMENTS, PageSerializer

TAGS = ["documents"]
RESULTS = ["created", "updated", "unchanged", "deleted", "marked", "refused"]
TYPE = OpenApiParameter(
    "type",
    str,
    OpenApiParameter.PATH,
    description="`headless.page`, or the `app_label.model` of a site that takes pushes for it.",
)
ID = OpenApiParameter(
    "object_id",
    str,
    OpenApiParameter.PATH,
    description="Your own id: 1 to 200 letters, digits and `. _ ~ : -`.",
)
RETRY_AFTER = OpenApiParameter(
    "Retry-After", int, OpenApiParameter.HEADER, description="Seconds to wait.", response=[429]
)
TEXTS = {"type": "array", "items": {"type": "string"}}


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # half typed
    """The key of a push, as clients know it."""

    target_class = "related.contrib.headless.views.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = "A key that was made in the admin: `Authorization: Bearer rk_...`"
        return {"type": "http", "scheme": "bearer", "description": description}


class PushedSerializer(serializers.Serializer[Any]):
    type = serializers.CharField()
    id = serializers.CharField()
    result = serializers.ChoiceField(choices=RESULTS)


class PushSerializer(serializers.Serializer[Any]):
    """One document of a batch: what is left out is empty; `title` and `url` are required unless it
    is deleted."""

    type = serializers.CharField(help_text="`headless.page`, mostly.")
    id = serializers.CharField(help_text="Your own id.")
    delete = serializers.BooleanField(required=False, help_text="Whether it is to be deleted.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        of_page = PageSerializer().get_fields()
        for field in of_page.values():
            field.required = False
        return {**super().get_fields(), **of_page}


class BatchSerializer(serializers.Serializer[Any]):
    documents = serializers.ListField(
        child=PushSerializer(), min_length=1, max_length=MAX_DOCUMENTS
    )


class OneOfBatchSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(required=False)
    id = serializers.CharField(required=False)
    result = serializers.ChoiceField(choices=RESULTS)
    errors = serializers.DictField(  # type: ignore[assignment]  # a field takes its place
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="Of what was refused: the fields, each with its reasons.",
    )


class BatchResultSerializer(serializers.Serializer[Any]):
    results = OneOfBatchSerializer(many=True, help_text="One for each document, in their order.")


REFUSALS: dict[int, Any] = {
    400: OpenApiResponse(
        {"type": "object", "additionalProperties": {"oneOf": [{"type": "string"}, TEXTS]}},
        "The fields that were refused, each with its reasons; or `detail`, where it is no JSON.",
    ),
    401: OpenApiResponse(ErrorSerializer, "No valid key."),
    403: OpenApiResponse(ErrorSerializer, "The key is not for this type."),
    406: OpenApiResponse(ErrorSerializer, "`Accept` rules out `application/json`."),
    413: OpenApiResponse(ErrorSerializer, "The request is too large."),
    415: OpenApiResponse(ErrorSerializer, "The request is no `application/json`."),
    429: OpenApiResponse(ErrorSerializer, "Too many requests; see `Retry-After`."),
}
UNKNOWN = OpenApiResponse(ErrorSerializer, "A model of the site has no such id.")

describe_one = extend_schema_view(
    put=extend_schema(
        operation_id="put_document",
        summary="Push one document",
        description="The document as a whole: what is left out is empty. The same request again "
        "changes nothing. For a model of the site's own it stores nothing, and says that the "
        "object changed.",
        tags=TAGS,
        parameters=[TYPE, ID, RETRY_AFTER],
        request=PageSerializer,
        responses={
            200: OpenApiResponse(PushedSerializer, "Updated, or unchanged."),
            201: OpenApiResponse(PushedSerializer, "Created."),
            202: OpenApiResponse(PushedSerializer, "A model of the site's own: marked."),
            404: UNKNOWN,
            **REFUSALS,
        },
    ),
    delete=extend_schema(
        operation_id="delete_document",
        summary="Delete one document",
        description="Also where there is none. Links to it are gone at once.",
        tags=TAGS,
        parameters=[TYPE, ID, RETRY_AFTER],
        responses={
            202: OpenApiResponse(None, "A model of the site's own: marked."),
            204: OpenApiResponse(None, "It is not there any more."),
            404: UNKNOWN,
            **{status: refusal for status, refusal in REFUSALS.items() if status not in {413, 415}},
        },
    ),
)
describe_many = extend_schema_view(
    post=extend_schema(
        operation_id="push_documents",
        summary=f"Push or delete up to {MAX_DOCUMENTS} documents",
        description="They are processed behind single pushes. What is refused costs the others "
        "nothing.",
        tags=TAGS,
        parameters=[RETRY_AFTER],
        request=BatchSerializer,
        responses={
            200: OpenApiResponse(BatchResultSerializer, "A result for each document."),
            **REFUSALS,
        },
    ),
)
