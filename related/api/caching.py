"""Headers of the public answers: how long they keep, and who may read them."""

from __future__ import annotations

import gzip

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from related.api.answers import Answer
from related.conf import conf

MIN_GZIP_BYTES = 500
CORS_FOR_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Language, ETag, Retry-After",
}
PREFLIGHT = CORS_FOR_ALL | {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def add_public_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Let caches and other hosts use an answer.

    Found and not found keep equally long, so that the headers do not tell hidden from missing.
    Together, ``max-age`` and the stale window are how long a withdrawn link can live in a cache.
    """
    seconds = conf.cache_seconds
    response.headers["Cache-Control"] = (
        f"public, max-age={seconds}, stale-while-revalidate={seconds}"
        if response.status_code in {200, 304, 404}
        else "no-store"
    )
    for name, value in CORS_FOR_ALL.items():
        response.headers[name] = value
    response.headers["Vary"] = "Accept-Encoding"
    return response


def respond(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    """An answer as this client takes it: whole, compressed, or 304 where it has it already."""
    body, etag = answer.body, answer.etag
    headers = {"ETag": etag}
    if len(body) >= MIN_GZIP_BYTES and _takes_gzip(request.headers.get("Accept-Encoding", "")):
        body = gzip.compress(body, compresslevel=3, mtime=0)
        headers = {"ETag": f"W/{etag}", "Content-Encoding": "gzip"}
    response = HttpResponse(body, content_type="application/json", headers=headers)
    if "HTTP_IF_NONE_MATCH" in request.META or "HTTP_IF_MATCH" in request.META:
        found = get_conditional_response(request, etag=headers["ETag"], response=response)
        response = found or response
    # On a 304 too: without it, middleware may take the answer for one in the reader's language.
    if answer.languages:
        response.headers["Content-Language"] = answer.languages
    if answer.tags:
        response.headers["Surrogate-Key"] = " ".join(answer.tags)
        response.headers["Cache-Tag"] = ",".join(answer.tags)
    return response


def _takes_gzip(accepted: str) -> bool:
    for item in accepted.lower().split(","):
        name, _, weight = item.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
