"""A newsroom with scripts in whatever of it can be shown, past all that checks what is stored."""

from __future__ import annotations

from itertools import cycle, islice

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from newsroom.articles.models import Article, Section, Tag
from related.domain.documents.reading import body_hash
from related.models import (
    Decision,
    Document,
    RebuildRun,
    Slot,
    SlotHeading,
    Suggestion,
    Summary,
)
from tests.factories import ArticleFactory
from tests.related.desk_documents import make_document, make_slot, suggest
from tests.threats.payloads import N_PAYLOADS, payloads

PAYLOADS = payloads()
PER_FIELD = 10  # in one text; so twenty articles have them all in each of their fields


def texts(turn: int) -> str:
    """Ten of the texts; of twenty turns each has others."""
    return " ".join(islice(cycle(PAYLOADS), turn * PER_FIELD, (turn + 1) * PER_FIELD))


def poison(turn: int, section: Section, tag: Tag, user: User) -> Document:
    """An article with the texts in whatever of it can be shown, past all that checks them."""
    article = ArticleFactory(section=section)
    text, one = texts(turn), PAYLOADS[turn]
    article.tags.add(tag)
    fields = ("title", "excerpt", "body", "source", "language", "external_id")
    Article.objects.filter(pk=article.pk).update(
        **dict.fromkeys(fields, text), authors=[text], image_url=one, origin_url=one
    )
    article.refresh_from_db()
    document = make_document(article)
    Document.objects.filter(pk=document.pk).update(
        **dict.fromkeys(("error", "section", "language", "url_path"), text),
        attempts=3,
        want_rev=9,
        text_hash=text[:64],
    )
    LogEntry.objects.create(
        user=user, object_id=str(article.pk), object_repr=text, action_flag=2, change_message=text
    )
    return document


def poison_all() -> list[Document]:
    """Twenty articles, and all that is shown beside them."""
    make_slot("related", heading=texts(0))
    make_slot("inline", heading=texts(1), requires_approval=False, minimum_score=0.0)
    user = User.objects.create_user("x", is_staff=True)
    User.objects.filter(pk=user.pk).update(username=texts(2), first_name=texts(3), email=texts(4))
    user.refresh_from_db()
    documents = []
    for turn in range(N_PAYLOADS // PER_FIELD):
        section = Section.objects.create(name=f"s{turn}", slug=f"s{turn}")
        tag = Tag.objects.create(name=f"t{turn}")
        for row in (section, tag):
            type(row).objects.filter(pk=row.pk).update(name=texts(turn))
        documents.append(poison(turn, section, tag, user))
    related, inline = (Slot.objects.get(key=key) for key in ("related", "inline"))
    for document, target in zip(documents, [*documents[1:], documents[0]], strict=True):
        turn = documents.index(document)
        for slot, other in ((related, documents[turn - 3]), (inline, documents[turn - 2])):
            row = suggest(document, other, slot)
            Suggestion.objects.filter(pk=row.pk).update(reasons=[texts(turn)])
        decision = {"verdict": "approved", "note": texts(turn), "reasons": [texts(turn)]}
        Decision.objects.create(
            document=document, slot=related, target=target, decided_by=user, version=1, **decision
        )
        SlotHeading.objects.create(document=document, slot=inline, heading=texts(turn))
        source = document.source
        article = Article.objects.get(pk=document.object_id)
        Summary.objects.create(
            document=document, text=texts(turn), text_hash=body_hash(source, article)
        )
    RebuildRun.objects.update_or_create(defaults={"error": texts(5), "phase": texts(6)})
    return documents
