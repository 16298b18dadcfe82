"""The public pages: front page, section, article."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from newsroom.articles.body import split_body
from newsroom.articles.editors import readable
from newsroom.articles.inline_place import divide
from newsroom.articles.models import Article, Section
from newsroom.articles.previews import PARAMETER
from newsroom.articles.publishing import describe_state
from newsroom.articles.structured_data import SeenFromOutside
from related.languages import page_language

LATEST = 6  # after the lead story, which is the very latest
RECENT = 120  # the newest articles, from which the front page fills its sections
SECOND = 4
PER_SECTION = 4
N_SECTIONS = 9  # the navigation has all of them

LONG = 1_000  # characters; below a shorter text, the summary would stand twice on one screen

# Browsers ask again at every visit, so an editor sees a change at once; a shared cache in front
# of the site may keep a page for half a minute.
SHARED_SECONDS = 30


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name no icon: the admin, the API, an error page."""
    return redirect(static("newsroom/icon.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines leave alone, and where they find the rest."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        f"Disallow: /*?{PARAMETER}=",
        f"Sitemap: {request.build_absolute_uri(reverse('newsroom:sitemaps'))}",
    ]
    return _cached(HttpResponse("\n".join(lines) + "\n", content_type="text/plain"))


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    articles = list(Article.objects.visible().listed()[:RECENT])
    n_head = 1 + LATEST + SECOND
    head, rest = articles[:n_head], articles[n_head:]
    by_section: dict[Section, list[Article]] = defaultdict(list)
    for article in rest:
        if article.section and len(by_section[article.section]) < PER_SECTION:
            by_section[article.section].append(article)
    fullest = sorted(by_section.items(), key=lambda item: len(item[1]), reverse=True)[:N_SECTIONS]
    in_order = sorted(fullest, key=lambda item: (item[0].position, item[0].name))
    context = {
        "lead": head[0] if head else None,
        "latest": head[1 : 1 + LATEST],
        "second": head[1 + LATEST :],
        "sections": in_order,
        "canonical_url": request.build_absolute_uri(request.path),
    }
    return _cached(render(request, "newsroom/front.html", context))


@require_safe
def section_page(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    articles = Article.objects.visible().listed().filter(section=section)
    page = Paginator(articles, settings.ARTICLES_PER_PAGE).get_page(request.GET.get("page"))
    address = section.get_absolute_url() + (f"?page={page.number}" if page.number > 1 else "")
    context = {
        "section": section,
        "page": page,
        "canonical_url": request.build_absolute_uri(address),
    }
    return _cached(render(request, "newsroom/section.html", context))


@require_safe
def article_page(request: HttpRequest, slug: str) -> HttpResponse:
    """An article with all its slots, in the article's own language.

    ``?preview=1`` shows editors also links that no one has approved yet, and those who may view
    articles in the admin what is hidden; for everybody else a hidden article is as absent as one
    that never was. The middleware of ``previews`` keeps the answer out of every cache.
    """
    preview = PARAMETER in request.GET and _may_preview(request)
    articles = readable(request.user) if preview else Article.objects.visible()
    articles = articles.select_related("section").prefetch_related("tags")
    article = articles.filter(slug=slug).first()
    if article is None:  # an address that it had leads to the one that it has
        renamed = get_object_or_404(articles, earlier_slugs__slug=slug)
        address = renamed.get_absolute_url() + (f"?{PARAMETER}=1" if preview else "")
        return _cached(redirect(address, permanent=True))
    context = {
        "article": article,
        "body": divide(split_body(article.body)),
        "is_long": len(article.body) > LONG,
        "seen": SeenFromOutside.of(article, request),
        "related_preview": preview,  # the plugin's tags look for this name
        "state": describe_state(article) if preview else "",
        "visitor_language": translation.get_language(),
    }
    language = page_language(article.language)
    with translation.override(language):
        response = render(request, "newsroom/article.html", context)
    response.headers["Content-Language"] = language
    return _cached(response)


def _may_preview(request: HttpRequest) -> bool:
    return request.user.is_staff and request.user.has_perm("related.view_suggestion")


def _cached(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
    return response
