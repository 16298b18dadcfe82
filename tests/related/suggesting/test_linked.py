"""The inline slot offers nothing that the body links to already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from newsroom.articles.models import Article
from related.models import Document
from tests.related.desk_documents import make_slot
from tests.related.stories import BAKERY, BAKERY_PRIZE, document_of, publish, suggested, work

pytestmark = pytest.mark.django_db

CASES = Path(settings.BASE_DIR).parent / "shared" / "cases" / "links_in_body.jsonl"
ORIGIN = "https://archive.example/2019/bakery.html"


@pytest.fixture(autouse=True)
def _inline() -> None:
    make_slot("inline", requires_approval=False, minimum_score=0.05, skip_linked=True)


def offered(body: str, **target: str) -> bool:
    prize = publish("Bakery wins prize", BAKERY_PRIZE, slug="bakery-wins", **target)
    opens = publish("Bakery opens", f"<p>{BAKERY}</p>{body}", day=1, slug="bakery-opens")
    publish("Weather", "Rain in the north, sun in the south, and no wind at all until Friday.")
    work()
    return prize.title in suggested(opens, "inline")


@pytest.mark.parametrize(
    "link",
    [
        f'<a href="{ORIGIN}">prize</a>',
        '<a href="/articles/bakery-wins/">prize</a>',
        '<a href="../bakery-wins/">prize</a>',
        "<p>Read more: https://paper.example/articles/bakery-wins/</p>",
        "<p>x</p>".join(f'<a href="/a/{n}/">{n}</a>' for n in range(300))
        + '<a href="/articles/bakery-wins/">prize</a>',
    ],
    ids=["origin", "path", "relative", "bare", "the 301st"],
)
def test_a_link_to_any_address_of_the_target(link: str) -> None:
    assert not offered(link, origin_url=ORIGIN)


def test_without_a_link_it_is_offered() -> None:
    assert offered('<a href="https://archive.example/2019/cakes.html">cakes</a>', origin_url=ORIGIN)


def test_an_earlier_slug_of_the_target() -> None:
    assert not offered('<a href="/articles/bakery-wins/">prize</a>')
    prize = Article.objects.get(slug="bakery-wins")
    prize.slug, prize.body = "almond-cakes-win", f"{BAKERY_PRIZE} Twice."
    prize.save()
    work()
    assert suggested(Article.objects.get(slug="bakery-opens"), "inline") == []


def test_an_address_that_the_target_gets_later(client: Client) -> None:
    assert offered(f'<a href="{ORIGIN}">prize</a>')
    opens = Article.objects.get(slug="bakery-opens")
    page = f"/api/v1/links/newsroom.article/{opens.pk}/"
    assert client.get(page).json()["slots"]["inline"]["items"]
    prize = Article.objects.get(slug="bakery-wins")
    prize.origin_url = ORIGIN
    prize.save()
    work()
    assert client.get(page).json()["slots"]["inline"]["items"] == []


def test_what_is_stored_stays_small() -> None:
    offered("".join(f'<a href="https://a.example/{n}/">{n}</a>' for n in range(1_000)))
    row = document_of(Article.objects.get(slug="bakery-opens"))
    assert len(row.linked_keys) <= 16 * 1_000
    assert len(Document.objects.get(object_id=row.object_id).address_keys) == 8


def test_known_cases(tmp_path: Path) -> None:
    if not CASES.exists():
        pytest.skip("the shared cases are not on this machine")
    # Other articles, so that the words of each pair say something.
    others = [
        {"id": f"o{n}", "title": f"Other {n}", "body": f"Nothing {n} of note happened today."}
        for n in range(20)
    ]
    archive = tmp_path / "archive.jsonl"
    lines = [*CASES.read_text().splitlines(), *map(json.dumps, others)]
    archive.write_text("\n".join(lines))
    call_command("import_articles", str(archive))
    work()
    for first, second in (("f0", "f1"), ("g0", "g1"), ("h0", "h1")):
        target = Article.objects.get(external_id=second)
        offers = suggested(Article.objects.get(external_id=first), "inline")
        assert target.title not in offers
        assert Article.objects.get(external_id=first).title in suggested(target, "inline")
