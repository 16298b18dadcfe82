"""Fill an empty, migrated PostgreSQL with a decided archive, as fast as the server can write it.

Six approved links for each article, as an editor would have left them: one before, one after, one
inline, three related. Nothing is analyzed: what serves a page reads no vector.
"""

from __future__ import annotations

import sys

from django.db import connection, transaction

from related.domain.bulk_rows import chunked

SECTIONS = 20
BODY = "<p>" + "The harbor bridge closes for repairs, said the mayor of the city. " * 60 + "</p>"

ARTICLES = """
INSERT INTO newsroom_article (title, slug, excerpt, body, section_id, language, language_basis,
    authors, source,
    image_url, origin_url, external_id, status, published_at, created_at, updated_at)
SELECT 'Harbor bridge closes for the winter, part ' || n, 'harbor-bridge-' || n,
    'Engineers call for repairs before the first frost of year ' || n || '.', %s,
    (SELECT min(id) FROM newsroom_section) + n %% %s, 'en', 'given', '[]', '',
    'https://img.example/' || n || '.jpg', '', 'x-' || n, 'published',
    now() - n * interval '7 minutes' - interval '1 hour', now(), now()
FROM generate_series(1, %s) AS n
"""

DOCUMENTS = """
INSERT INTO related_document (content_type_id, object_id, language, section, published_at,
    url_path, address_keys, linked_keys, text_hash, is_indexed, want_rev, done_rev, priority,
    marked_at, attempts, error)
SELECT %s, a.id::text, 'en', s.slug, a.published_at, '/articles/' || a.slug, '', '', '', true,
    1, 1, 0, now(), 0, ''
FROM newsroom_article a JOIN newsroom_section s ON s.id = a.section_id ORDER BY a.id
"""

# Targets are spread over the archive; no two of a page are the same.
DECISIONS = """
INSERT INTO related_decision (document_id, slot_id, target_id, verdict, is_pinned, position,
    similarity, score, reasons, is_bulk, note, decided_at, version)
SELECT low.id + item.n, slots.id, low.id + (item.n + 7919 * place.n + 1) %% %s, 'approved',
    false, place.n, 0.41, 0.44,
    '["bridge", "harbor", "engineers"]', false, '', now(), 1
FROM (SELECT min(id) AS id FROM related_document) AS low,
    generate_series(0, %s - 1) AS item (n),
    (VALUES (1, 'previous'), (2, 'next'), (3, 'inline'), (4, 'related'), (5, 'related'),
            (6, 'related')) AS place (n, slot)
    JOIN related_slot AS slots ON slots.key = place.slot
"""


def fill(n_articles: int) -> None:
    from django.contrib.contenttypes.models import ContentType

    from newsroom.articles.models import Article, Section

    for number in range(SECTIONS):
        Section.objects.create(name=f"Section {number}")
    content_type = ContentType.objects.get_for_model(Article)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ARTICLES, [BODY, SECTIONS, n_articles])
        cursor.execute(DOCUMENTS, [content_type.pk])
        cursor.execute(DECISIONS, [n_articles, n_articles])
    from related.domain.pages.rows import rewrite_pages
    from related.models import Document

    for keys in chunked(list(Document.objects.order_by("pk").values_list("pk", flat=True))):
        with transaction.atomic():
            rewrite_pages(keys)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def first() -> int:
    """The lowest key; the others follow without a gap."""
    from newsroom.articles.models import Article

    return int(Article.objects.order_by("pk").values_list("pk", flat=True)[0])


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "first":
        print(first())
    else:
        fill(int(sys.argv[1]))
