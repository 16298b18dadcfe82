"""The site's addresses, and bare views that answer as many bytes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from newsroom import urls
from newsroom.articles.models import Article
from related.api.serializers import PageSerializer
from related.domain.pages.placing import place_links

BODY = b'{"text": "' + b"x" * 4_480 + b'"}'  # as long as the answer for an article of the archive


def without_query(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    return HttpResponse(BODY, content_type="application/json")


def with_one_query(request: HttpRequest, pk: int) -> HttpResponse:
    Article.objects.get(pk=pk)
    return HttpResponse(BODY, content_type="application/json")


class StockSerializers(APIView):
    """The same page as Django REST framework's own classes would answer it."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request, pk: int) -> Response:
        [page] = place_links([Article.objects.visible().get(pk=pk)])
        return Response(PageSerializer(page).data)


urlpatterns = [
    path("bare/<int:pk>/", without_query),
    path("query/<int:pk>/", with_one_query),
    path("stock/<int:pk>/", StockSerializers.as_view()),
    *urls.urlpatterns,
]
