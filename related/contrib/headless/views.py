"""``PUT`` and ``DELETE /documents/{type}/{id}/``, and many of them in one ``POST /documents/``."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, NotFound, PermissionDenied
from rest_framework.exceptions import ValidationError as Invalid
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

import related
from related.contrib.headless.keys import find_key, pushable_types
from related.contrib.headless.models import ApiKey
from related.contrib.headless.payload import (
    ID,
    MAX_DOCUMENTS,
    LimitedJSONParser,
    PageSerializer,
)
from related.contrib.headless.pushing import PAGE, delete_page, mark, put_page
from related.contrib.headless.schema import describe_many, describe_one
from related.registry import source_for_label


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer rk_…``. A session counts for nothing, so no form can push."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        scheme, _space, text = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        key = find_key(text.strip().decode("latin-1"))
        if key is None:
            raise AuthenticationFailed(_("This key is not valid, or was revoked."))
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasKey(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, ApiKey)


def key_of(request: Request) -> ApiKey:
    key: Any = request.auth
    assert isinstance(key, ApiKey)  # HasKey let the request through
    return key


class PushView(APIView):
    schema = AutoSchema()  # not left to DEFAULT_SCHEMA_CLASS, which is the site's
    authentication_classes = (KeyAuthentication,)
    permission_classes = (HasKey,)
    parser_classes = (LimitedJSONParser,)
    renderer_classes = (JSONRenderer,)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


@describe_one
class DocumentView(PushView):
    """One document. The same request again changes nothing more."""

    http_method_names = ("put", "delete", "options")

    def put(self, request: Request, type: str, object_id: str) -> Response:  # noqa: A002
        result = apply(key_of(request), {"type": type, "id": object_id}, request.data)
        status = {"created": 201, "marked": 202}.get(result, 200)
        return Response({"type": type, "id": object_id, "result": result}, status)

    def delete(self, request: Request, type: str, object_id: str) -> Response:  # noqa: A002
        result = apply(key_of(request), {"type": type, "id": object_id}, None)
        return Response(status=202 if result == "marked" else 204)


@describe_many
class DocumentsView(PushView):
    """Up to 500 at once, behind fresh publishes; what is refused costs the others nothing."""

    http_method_names = ("post", "options")

    def post(self, request: Request) -> Response:
        documents = request.data.get("documents") if isinstance(request.data, dict) else None
        if not isinstance(documents, list) or not 1 <= len(documents) <= MAX_DOCUMENTS:
            message = _('Send {"documents": [...]} with 1 to %(most)d documents.')
            raise Invalid({"documents": [message % {"most": MAX_DOCUMENTS}]})
        with transaction.atomic(), related.bulk_changes():
            results = [_one_of_many(key_of(request), document) for document in documents]
        return Response({"results": results})


def _one_of_many(key: ApiKey, document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {"result": "refused", "errors": {"document": [_("This is no object.")]}}
    names = {name: str(document.get(name, ""))[:300] for name in ("type", "id")}
    fields = {name: value for name, value in document.items() if name not in {*names, "delete"}}
    try:
        with transaction.atomic():
            return {
                **names,
                "result": apply(key, names, None if document.get("delete") is True else fields),
            }
    except Invalid as error:
        return {**names, "result": "refused", "errors": error.detail}
    except (NotFound, PermissionDenied) as error:
        return {**names, "result": "refused", "errors": {"type": [error.detail]}}


def apply(key: ApiKey, names: dict[str, str], fields: Any) -> str:
    """Do what a push asks for; ``fields`` None deletes. Returns what came of it.

    Raises:
        PermissionDenied: the key is not for this type (or there is no such type).
        Invalid: the id or a field is refused, with the reason.
        NotFound: a model of the site has no such key.
    """
    label = names["type"].lower()
    if label not in key.types or label not in pushable_types():
        raise PermissionDenied(_("This key may not push %(type)s.") % {"type": label})
    if label != PAGE:
        result = mark(source_for_label(label), names["id"])
        if result == "unknown":
            raise NotFound(_("There is no such id."))
        return result
    if not ID.fullmatch(names["id"]):
        message = _("An id has 1 to 200 letters, digits and . _ ~ : -")
        raise Invalid({"id": [message]})
    if fields is None:
        return delete_page(names["id"])
    serializer = PageSerializer(data=fields)
    serializer.is_valid(raise_exception=True)
    return put_page(names["id"], dict(serializer.validated_data))
