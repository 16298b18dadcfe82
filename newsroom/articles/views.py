"""The public pages: front page, section, article."""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from newsroom.articles.body import split_after_paragraph, split_body
from newsroom.articles.editors import readable
from newsroom.articles.models import Article, Section
from newsroom.articles.previews import PARAMETER
from newsroom.articles.publishing import describe_state
from related.languages import page_language

LATEST = 10  # after the lead story: four below it, the others beside it
RECENT = 120  # the newest articles, from which the front page fills its sections
PER_SECTION = 4
N_SECTIONS = 9  # the navigation has all of them
INLINE_AFTER = 3  # paragraphs

# Browsers ask again at every visit, so an editor sees a change at once; a shared cache in front
# of the site may keep a page for half a minute.
SHARED_SECONDS = 30


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look on pages that name no icon: the admin, the API, an error page."""
    return redirect(static("newsroom/icon.svg"))


@require_safe
def front_page(request: HttpRequest) -> HttpResponse:
    articles = list(Article.objects.visible().listed()[:RECENT])
    head, rest = articles[: 1 + LATEST], articles[1 + LATEST :]
    by_section: dict[Section, list[Article]] = defaultdict(list)
    for article in rest:
        if article.section and len(by_section[article.section]) < PER_SECTION:
            by_section[article.section].append(article)
    fullest = sorted(by_section.items(), key=lambda item: len(item[1]), reverse=True)[:N_SECTIONS]
    in_order = sorted(fullest, key=lambda item: (item[0].position, item[0].name))
    context = {"lead": head[0] if head else None, "latest": head[1:], "sections": in_order}
    return _cached(render(request, "newsroom/front.html", context))


@require_safe
def section_page(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(Section, slug=slug)
    articles = Article.objects.visible().listed().filter(section=section)
    page = Paginator(articles, settings.ARTICLES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"section": section, "page": page}
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
    whole = articles.select_related("section").prefetch_related("tags")
    article = whole.filter(slug=slug).first()
    if article is None:
        # Also for what is hidden: the same query, the same answer as for what never was.
        moved = get_object_or_404(articles.only("slug"), earlier_slugs__slug=slug)
        return _cached(redirect(_present_address(moved, request), permanent=True))
    before, after = split_after_paragraph(split_body(article.body), INLINE_AFTER)
    context = {
        "article": article,
        "before": before,
        "after": after,
        "canonical_url": request.build_absolute_uri(article.get_absolute_url()),
        "related_preview": preview,  # the plugin's tags look for this name
        "state": describe_state(article) if preview else "",
        "visitor_language": translation.get_language(),
    }
    language = page_language(article.language)
    with translation.override(language):
        response = render(request, "newsroom/article.html", context)
    response.headers["Content-Language"] = language
    return _cached(response)


def _present_address(article: Article, request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{article.get_absolute_url()}?{query}" if query else article.get_absolute_url()


def _may_preview(request: HttpRequest) -> bool:
    return request.user.is_staff and request.user.has_perm("related.view_suggestion")


def _cached(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=0, s_maxage=SHARED_SECONDS)
    return response
