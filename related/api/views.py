"""The links of one document or of several."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound, ParseError
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from related.api.answers import Answer, as_bytes
from related.api.caching import PREFLIGHT, add_public_headers, respond
from related.api.questions import Question, answer_many, answer_one
from related.api.throttles import AddressThrottle
from related.conf import conf
from related.metrics.reads import timed_read

# What scripts, programs and browsers send that take JSON or anything.
PLAIN_ACCEPTS = frozenset(
    {"*/*", "application/json", "application/json, */*", "application/json, text/plain, */*"}
)


class AnswerRenderer(JSONRenderer):
    """Answers are bytes already; errors are made to JSON as Django REST framework does."""

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return data if isinstance(data, bytes) else bytes(super().render(data, *args, **kwargs))


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PublicView(APIView):
    """Readable by everybody: no session is looked at, so answers are the same for all.

    The headings are in the language of their document, messages in the site's own; what the
    client's Accept-Language says counts for neither.

    A plain GET needs nothing of Django REST framework but its errors, and is answered without the
    rest of it in half the time. What negotiates, or is throttled by a class of the site's own, is
    dispatched as usual.
    """

    operation_id: str  # the schema's name for a GET, which clients made from it call
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (AnswerRenderer,)
    parser_classes = ()
    http_method_names = ("get", "head", "options")

    def answer(self, request: HttpRequest, **kwargs: str) -> Answer:
        """What is asked for.

        Raises:
            APIException: it cannot be answered.
        """
        raise NotFound

    def n_documents(self, request: HttpRequest) -> int:
        """For how many documents a request asks, as the throttle counts."""
        return 1

    def get(self, request: Request, **kwargs: str) -> HttpResponseBase:
        plain: HttpRequest = request._request  # noqa: SLF001 - whose GET and headers are the same
        return respond(plain, self.answer(plain, **kwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            return HttpResponse(status=204, headers=PREFLIGHT)
        with translation.override(settings.LANGUAGE_CODE), timed_read("api"):
            response = self._answer_plainly(request, kwargs) if _is_plain(request) else None
            if response is None:
                response = super().dispatch(request, *args, **kwargs)
        if "Content-Language" not in response.headers:
            response.headers["Content-Language"] = settings.LANGUAGE_CODE
        return add_public_headers(response)

    def _answer_plainly(
        self, request: HttpRequest, kwargs: dict[str, str]
    ) -> HttpResponseBase | None:
        """None where a throttle of the site's own, or one that refuses, has a word in it."""
        for throttle in self.get_throttles():
            if type(throttle) is not AddressThrottle:
                return None
            if not throttle.allow_request(request, self):  # type: ignore[arg-type]  # reads META
                return None
        try:
            return respond(request, self.answer(request, **kwargs))
        except APIException as error:
            body = as_bytes({"detail": str(error.detail)})
            return HttpResponse(body, status=error.status_code, content_type="application/json")


def _is_plain(request: HttpRequest) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and request.META.get("HTTP_ACCEPT", "*/*") in PLAIN_ACCEPTS
        and "format" not in request.GET
    )


class LinksOfOne(PublicView):
    operation_id = "links_of_one"

    def answer(self, request: HttpRequest, **kwargs: str) -> Answer:
        answer = answer_one(kwargs["type"], kwargs["object_id"])
        if answer is None:
            raise NotFound
        return answer


class LinksOfMany(PublicView):
    operation_id = "links_of_many"

    def n_documents(self, request: HttpRequest) -> int:
        return max(1, len(request.GET.getlist("url")) + len(request.GET.getlist("id")))

    def answer(self, request: HttpRequest, **kwargs: str) -> Answer:
        questions = [Question(url, is_url=True) for url in request.GET.getlist("url")]
        questions += [Question(reference) for reference in request.GET.getlist("id")]
        if not 1 <= len(questions) <= conf.api_max_documents:
            message = _(
                "Ask for 1 to %(most)d documents: ?url=<address> or ?id=<app_label.model:id>, "
                "repeated as needed."
            )
            raise ParseError(message % {"most": conf.api_max_documents})
        return answer_many(questions)


class NoSuchAddress(PublicView):
    """Everything else below the API's address: not found, in the one shape of an error."""
