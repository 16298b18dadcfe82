"""Searching for a link by hand."""

from __future__ import annotations

from typing import Any

import pytest

from newsroom.articles.models import Article
from related.addresses import path_of
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.page import find_links
from related.domain.documents.searching import search_documents
from related.models import Corpus, Document, DocumentVector
from tests.related.desk.shown import slot_of
from tests.related.desk_documents import (
    make_slot,
    make_target,
)

pytestmark = pytest.mark.django_db


def test_search_keeps_the_order_of_the_site_and_fills_the_list(
    document: Document, look: Any
) -> None:
    targets = [make_target(f"Ferry {number}") for number in range(50)]
    newest = [target.pk for target in reversed(targets)]
    assert [row.pk for row in search_documents("Ferry", exclude=document)] == newest[:20]

    Document.objects.filter(pk__in=newest[:45]).update(is_indexed=False)
    assert [row.pk for row in search_documents("Ferry", exclude=document)] == newest[45:]


def test_search_says_what_was_decided_already(document: Document, look: Any, anna: Any) -> None:
    here, there, no, free = (
        make_target(f"Ferry {word}") for word in ("here", "there", "no", "free")
    )
    reviewing.approve(LinkRef(document, make_slot(), here), user=anna, version=0)
    reviewing.approve(LinkRef(document, make_slot("inline"), there), user=anna, version=0)
    reviewing.reject(LinkRef(document, make_slot(), no), user=anna, version=0)
    make_target("Something else")
    desk = look()

    found = find_links(desk, slot_of(desk, "related"), "ferry")

    remarks = {link.target.label: (link.remark, link.is_blocked, link.version) for link in found}
    assert remarks == {
        here.label: ("already approved here", True, 1),
        there.label: (f"already in “{make_slot('inline').heading}”", True, 0),
        no.label: ("rejected before", False, 1),
        free.label: ("", False, 0),
    }


@pytest.mark.parametrize(
    "text",
    [
        "élysée palace",
        "ÉLYSÉE",
        "élys",
        "it's élysée",
        "“Élysée”",
        "it’s",
        "pal",
        "noon",
        "wharf",
        "WHAR no",
        "{id}",
        "newsroom.article:{id}",
        "story-17",
        "/articles/its-elysee-palace/",
        "https://courier.example/articles/its-elysee-palace/",
        "its-elysee-palace",
    ],
)
def test_an_article_is_found_by_what_one_has_at_hand(document: Document, text: str) -> None:
    body = "The boat left the wharf at noon."
    fields = {"slug": "its-elysee-palace", "external_id": "story-17", "body": body}
    target = make_target("It’s Élysée Palace", **fields)
    article = Article.objects.get(pk=target.object_id)
    Document.objects.filter(pk=target.pk).update(url_path=path_of(article.get_absolute_url()))
    corpus, _ = Corpus.objects.get_or_create(language="en")
    words = "it's\nélysée\npalace\nboat\nleft\nwharf\nnoon"
    DocumentVector.objects.create(
        document=target, corpus=corpus, version=1, term_ids=b"", counts=b"", words=words
    )
    make_target("Something else")

    found = search_documents(text.format(id=target.object_id), exclude=document)

    assert [row.pk for row in found] == [target.pk]
