"""Summary drafts are made of what the article alone says; so is what is approved in bulk."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from newsroom.articles.models import Article
from related.domain.pages.summaries import draft_summary
from related.models import Summary
from tests.related.repeats import CREDIT, STUB, TEASERS, stub
from tests.related.stories import document_of, publish, work

pytestmark = pytest.mark.django_db

NEWSLETTER = "Sign up to our morning newsletter to get the best stories delivered every day."


def draft(article: Article) -> str:
    return draft_summary(document_of(article), article)


def test_no_draft_holds_a_passage_that_repeats() -> None:
    article = publish(
        "Parliament votes on fishing quotas",
        f"<p>Members argued until midnight about herring quotas.</p><p>{NEWSLETTER}</p>"
        f"<p>Fishing crews protested outside parliament before the vote.</p><p>{CREDIT}</p>",
    )
    work()
    assert NEWSLETTER in draft(article)
    for n in range(2):
        stub(n, f"{NEWSLETTER}</p><p>{CREDIT}")
    work()
    assert draft(article) == (
        "Members argued until midnight about herring quotas. "
        "Fishing crews protested outside parliament before the vote."
    )


def test_a_draft_asks_once_what_repeats(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    articles = [
        stub(0),
        publish("List", " ".join(f"Item {n} of the list is here." for n in range(90))),
    ]
    work()
    for article in articles:
        document = document_of(article)
        with django_assert_num_queries(1):
            draft_summary(document, article)


def test_a_bulk_approval_publishes_no_such_passage_and_says_what_it_left() -> None:
    User.objects.create_user("ada")
    stubs = [stub(n) for n in range(3)]
    bare = publish("Marrowbeck in the rain", STUB, day=9)
    work()
    out = StringIO()
    call_command("approve_suggestions", user="ada", summaries=True, stdout=out)
    approved = {row.document: row.text for row in Summary.objects.select_related("document")}
    assert approved == {document_of(stubs[n]): TEASERS[n][1] for n in range(3)}
    assert draft(bare) == ""
    assert (
        "1 summary not drafted: its text is nothing but passages of other stories" in out.getvalue()
    )
