"""A site says which parameters of its addresses name a page: at every door the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from newsroom.articles.models import Article
from newsroom.articles.related_sources import ArticleSource
from related import Source
from related.checks.objects import check_objects
from related.domain.documents.addresses import address_keys, linked_keys, links_to
from related.domain.documents.searching import search_documents
from related.domain.reports.health import measure_health
from related.models import Document, DocumentAddress
from tests.related.stories import publish, work

pytestmark = pytest.mark.django_db

Register = Callable[[dict[type[Model], type[Source]]], None]
SITE = "https://n.example"


class AddressedSource(ArticleSource):
    """Every article stands where its ``origin_url`` says, and has no other address."""

    def url(self, obj: Article) -> str:
        return obj.origin_url

    def earlier_urls(self, obj: Article) -> list[str]:
        return []


@pytest.fixture(autouse=True)
def _addressed(register_only: Register) -> None:
    register_only({Article: AddressedSource})


def at(**addresses: str) -> None:
    for title, address in addresses.items():
        publish(title, f"The text of {title}.", origin_url=SITE + address)
    work()


def found(*urls: str) -> list[str | None]:
    results = Client().get("/api/v1/links/", {"url": urls}).json()["results"]
    return [each["document"]["title"] if each["found"] else None for each in results]


def leads(link: str, target: str, own: str = f"{SITE}/here") -> bool:
    return links_to(linked_keys(f'<a href="{link}">x</a>', [own]), address_keys([SITE + target]))


def test_named_parameters_name_the_page_and_others_do_not(settings: Settings) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": ["id", "ref"]}
    at(plain="/story", one="/story?id=1&lang=en", two="/story?id=2", shop="/list?ref=a")
    assert found("/story?lang=de&id=1", f"{SITE}/story?id=2&page=7", "/story?page=7") == [
        "one",
        "two",
        "plain",
    ]
    assert found("/list?ref=a", "/list?ref=b", "/list") == ["shop", None, None]
    assert found("/story?id=9", "/story?ID=1", "/story?id=") == [None, "plain", None]


def test_a_page_never_stands_for_one_with_another_parameter(settings: Settings) -> None:
    """As it does where the site says nothing: the parameter may name no page."""
    at(only="/story")
    assert found("/story?id=9") == ["only"]
    settings.RELATED = {"PAGE_PARAMETERS": ["id"]}
    assert found("/story?id=9", "/story?page=9") == [None, "only"]


def test_the_path_alone(settings: Settings) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": []}
    at(one="/one?id=1", two="/two")
    assert found("/one", "/one?id=2", f"{SITE}/two?id=1&utm_source=x", "/?p=1") == [
        *("one", "one", "two"),
        None,
    ]
    assert measure_health().n_outdated_addresses == 0


@pytest.mark.parametrize(
    ("names", "link", "target", "is_linked"),
    [
        (None, "/story?id=9", "/story", True),
        (None, "/story?id=1&page=2", "/story?id=1", False),
        (["id"], "/story?id=9", "/story", False),
        (["id"], "/story?page=2", "/story", True),
        (["id"], "/story?id=1&page=2", "/story?lang=en&id=1", True),
        (["id"], "?id=1", "/here?id=1", True),
        (["id"], "/story?id=1", "/story?id=2", False),
        ([], "/story?id=1", "/story?id=2", True),
        ([], "/story?id=1", "/story", True),
    ],
)
def test_links_in_bodies(
    settings: Settings, names: list[str] | None, link: str, target: str, is_linked: bool
) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": names}
    assert leads(link, target) is is_linked
    assert leads(link if link.startswith("?") else SITE + link, target) is is_linked


def test_an_earlier_address_leads_to_the_article_by_its_own_parameter(settings: Settings) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": ["id"]}
    at(one="/story?id=1", two="/story?id=2")
    article = Article.objects.get(title="one")
    article.origin_url = f"{SITE}/news?id=10"
    article.save()
    work()
    earlier = f"{SITE}/story?page=2&id="
    assert found(f"{earlier}1", "/news?id=10", f"{earlier}3", f"{SITE}/story", "/news") == [
        *("one", "one"),
        *(None, None, None),
    ]


def test_the_desk_finds_a_page_by_its_parameter(settings: Settings) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": ["id"]}
    at(one="/story?id=1", two="/story?id=2")
    for text in ("/story?id=2", f"{SITE}/story?page=3&id=2"):
        [document] = search_documents(text)
        assert document.object_id == str(Article.objects.get(title="two").pk)
    assert len(search_documents(f"{SITE}/story")) == 2
    assert search_documents(f"{SITE}/story?id=3") == []


def test_a_changed_setting_is_noticed_and_a_rebuild_follows_it(settings: Settings) -> None:
    settings.RELATED = {"PAGE_PARAMETERS": []}
    at(one="/one?id=1", two="/two")
    assert found("/one", "/two") == ["one", "two"]

    settings.RELATED = {"PAGE_PARAMETERS": ["id"]}
    health = measure_health()
    assert (health.is_stale, health.n_outdated_addresses) == (True, 2)
    assert "PAGE_PARAMETERS" in health.summary
    assert found("/one?id=1") == [None]  # none, but no wrong one
    assert found("/one", f"{SITE}/one") == [None, None]

    call_command("rebuild_related", verbosity=0)
    assert measure_health().n_outdated_addresses == 0
    assert found("/one?id=1", "/one", "/two?page=2") == ["one", None, "two"]
    one = Document.objects.get(object_id=str(Article.objects.get(title="one").pk))
    assert DocumentAddress.objects.filter(document=one).count() == 1


def test_a_page_of_parameters_alone_is_an_address(settings: Settings) -> None:
    at(one="/?p=1")
    assert check_objects() == []
    settings.RELATED = {"PAGE_PARAMETERS": []}
    assert [message.id for message in check_objects()] == ["related.E008"]
    assert run_checks(tags=["related"]) == []  # the newest objects are read by `check` alone
