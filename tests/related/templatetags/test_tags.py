"""The template tags, in real templates."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.template import Context, Engine, Template
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article
from related.domain.documents.reading import body_hash
from related.domain.pages.rows import rewrite_pages
from related.models import Slot, Summary
from related.templatetags.related import _warn_of_unknown_slot
from tests.related.stored_articles import approve, make_article, row_of, suggest
from tests.related.stories import work
from tests.related.versions import tell_story

pytestmark = pytest.mark.django_db

N_QUERIES = 2  # of one page, whatever its tags


def render(source: str, **context: Any) -> str:
    return Template("{% load related %}" + source).render(Context(context))


def make_pair() -> tuple[Article, Article]:
    article, target = (
        make_article("A", section=""),
        make_article("B & <beta> <b>bold</b>", section=""),
    )
    approve(article, "related", target)
    return article, target


def approve_summary(article: Article, text: str) -> None:
    document = row_of(article)
    text_hash = body_hash(document.source, article)
    Summary.objects.create(document=document, text=text, text_hash=text_hash)


def test_links_have_the_promised_attributes() -> None:
    article, target = make_pair()
    source = (
        '{% related_links article "related" as links %}{% for link in links %}{{ link.type }} '
        "{{ link.id }} {{ link.url }} {{ link.source }} {{ link.similarity }}{% endfor %}"
    )
    expected = f"newsroom.article {target.pk} {target.get_absolute_url()} approved 0.5"
    assert render(source, article=article) == expected


def test_the_ready_made_slot_escapes_and_has_the_classes() -> None:
    article, target = make_pair()
    html = render('{% related_slot article "related" %}', article=article)
    assert '<section class="related-slot" data-slot="related"' in html
    assert '<h2 class="related-slot__heading">Related stories</h2>' in html
    named = f'data-related-target="newsroom.article:{target.pk}"'
    assert f'href="{target.get_absolute_url()}" {named}>B &amp; &lt;beta&gt; bold<' in html
    assert '<p class="related-slot__excerpt">' in html
    assert "<b>bold" not in html


def test_a_slot_of_one_step_is_a_small_navigation() -> None:
    article, target = make_article("A", section=""), make_article("B", section="")
    approve(article, "next", target)
    html = render('{% related_slot article "next" %}', article=article)
    assert '<nav class="related-slot related-slot--step" data-slot="next"' in html
    assert 'rel="next"' in html
    assert '<small class="related-slot__label">Next Article</small>' in html


@pytest.mark.parametrize(
    "tag",
    [
        'related_slot article "related"',
        "related_summary_box article",
        "related_newer_version_box article",
    ],
)
def test_nothing_is_rendered_when_there_is_nothing(tag: str) -> None:
    article = make_article("A", section="")
    for value in (article, Article(title="not saved"), None, ""):
        assert render("{% " + tag + " %}", article=value).strip() == ""
    assert render("{% " + tag + " %}").strip() == ""


def test_the_summary_and_its_box() -> None:
    article = make_article()
    approve_summary(article, "Short <i>and</i> sweet.")
    source = "{% related_summary article as summary %}{{ summary.text }}"
    assert render(source, article=article) == "Short &lt;i&gt;and&lt;/i&gt; sweet."
    box = render("{% related_summary_box article %}", article=article)
    assert '<details class="related-summary">' in box
    assert "<summary>No time to read? Get a summary</summary>" in box
    assert "<p>Short &lt;i&gt;and&lt;/i&gt; sweet.</p>" in box


def test_the_newer_version_and_its_box() -> None:
    older, newer = tell_story(2)
    Article.objects.filter(pk=newer.pk).update(title="Storm & <joe@example.com>")
    work()
    source = "{% related_newer_version article as newer %}{{ newer.id }} {{ newer.url }}"
    assert render(source, article=older) == f"{newer.pk} {newer.get_absolute_url()}"
    box = render("{% related_newer_version_box article %}", article=older)
    assert '<p class="related-newer-version">There is a newer version of this article:' in box
    assert f'<a href="{newer.get_absolute_url()}">Storm &amp; &lt;joe@example.com&gt;</a>' in box
    assert render("{% related_newer_version_box article %}", article=newer).strip() == ""


def test_the_tags_of_one_page_share_one_computation(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    article, _ = make_pair()
    part = '{% load related %}{% related_slot article "related" %}'
    source = (
        '{% load related %}{% related_summary_box article %}{% related_slot article "related" %}'
        '{% for i in "abc" %}{% include "part.html" %}{% endfor %}{% related_summary_box article %}'
        '{% include "part.html" with article=article only %}'
        '{% with article=article %}{% related_links article "next" as links %}{% endwith %}'
    )
    page = '{% extends "base.html" %}{% block body %}' + source + "{% endblock %}"
    base = '{% load related %}{% related_slot article "related" %}{% block body %}{% endblock %}'
    templates = {"base.html": base, "part.html": part, "page.html": page}
    engine = Engine(
        loaders=[
            ("django.template.loaders.locmem.Loader", templates),
            "django.template.loaders.app_directories.Loader",
        ],
        libraries={
            "related": "related.templatetags.related",
            "i18n": "django.templatetags.i18n",
        },
    )
    template = engine.get_template("page.html")
    rewrite_pages([row_of(article).pk])
    template.render(Context({"article": article}))  # content types are read once per process
    with django_assert_num_queries(N_QUERIES):
        html = template.render(Context({"article": article}))
    assert html.count('data-slot="related"') == 6


def test_two_renderings_share_nothing() -> None:
    article, target = make_pair()
    template = Template('{% load related %}{% related_slot article "related" %}')
    assert "bold" in template.render(Context({"article": article}))
    target.delete()
    assert template.render(Context({"article": article})).strip() == ""


def test_each_article_of_a_list_has_its_own_links() -> None:
    articles = [make_pair()[0], make_article("C", section="")]
    source = (
        '{% for a in articles %}{% related_links a "related" as links %}{{ links|length }}'
        "{% endfor %}"
    )
    assert render(source, articles=articles) == "10"


@pytest.mark.parametrize(("preview", "expected"), [(True, "1"), (False, "0"), ("yes", "0")])
def test_only_an_explicit_preview_shows_what_waits(preview: object, expected: str) -> None:
    article = make_article("A", section="")
    suggest(article, "related", make_article("B", section=""))
    source = '{% related_links article "related" as links %}{{ links|length }}'
    assert render(source, article=article, related_preview=preview) == expected


def test_an_unknown_slot_is_empty_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    _warn_of_unknown_slot.cache_clear()
    article, _ = make_pair()
    Slot.objects.filter(key="inline").update(is_active=False)
    source = '{% related_links article "inline" as links %}{{ links|length }}'
    with caplog.at_level(logging.WARNING, logger="related"):
        assert [render(source, article=article) for _ in range(2)] == ["0", "0"]
    [record] = caplog.records
    assert "'inline'" in record.getMessage()
    assert "previous, next, related, section" in record.getMessage()


def test_an_unregistered_object_is_an_error_for_the_developer() -> None:
    with pytest.raises(LookupError, match=r"related\.slot is not registered"):
        render('{% related_slot article "related" %}', article=Slot.objects.all()[0])
