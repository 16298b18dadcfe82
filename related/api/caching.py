"""Headers of the public answers: how long they keep, and who may read them."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from rest_framework.response import Response

from related.conf import conf


def add_public_headers(request: HttpRequest, response: Response) -> Response:
    """Let caches and other hosts use an answer; call before it is rendered.

    Found and not found keep equally long, so that the headers do not tell hidden from missing.
    Together, ``max-age`` and the stale window are how long a withdrawn link can live in a cache.
    """
    seconds = conf.cache_seconds
    response["Cache-Control"] = (
        f"public, max-age={seconds}, stale-while-revalidate={seconds}"
        if response.status_code in {200, 404}
        else "no-store"
    )
    # Not before the answer is final: a 304 keeps few headers, and browsers ask it for this one.
    response.add_post_render_callback(lambda rendered: _finish(request, rendered))
    return response


def _finish(request: HttpRequest, response: Response) -> HttpResponseBase:
    final: HttpResponseBase = response
    if response.status_code == 200:
        etag = quote_etag(sha256(response.content).hexdigest())
        response["ETag"] = etag
        final = get_conditional_response(request, etag=etag, response=response) or response
    final["Access-Control-Allow-Origin"] = "*"
    # On a 304 too: without it, middleware may take the answer for one in the reader's language.
    final["Content-Language"] = response["Content-Language"]
    return final
