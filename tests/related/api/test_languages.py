"""The API answers in the language of the content, so that one copy in a cache serves everybody."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from tests.related.stored_articles import make_article

pytestmark = pytest.mark.django_db

LINKS = "/api/v1/links/"


@pytest.mark.parametrize("wanted", ["en", "de", "es;q=0.9"])
def test_headings_are_in_the_language_of_the_document(wanted: str, client: Client) -> None:
    article = make_article(language="fr")
    address = f"{LINKS}newsroom.article/{article.pk}/"
    response = client.get(address, headers={"accept-language": wanted})
    assert response.json()["slots"]["next"]["heading"] == "Article suivant"
    assert response["Content-Language"] == "fr"
    assert "Accept-Language" not in response.get("Vary", "")
    again = {"accept-language": wanted, "if-none-match": response["ETag"]}
    unchanged = client.get(address, headers=again)
    assert unchanged.status_code == 304
    assert "Accept-Language" not in unchanged.get("Vary", "")


def test_several_documents_each_in_its_own_language(client: Client) -> None:
    articles = [make_article(language=code) for code in ("fr", "de")]
    response = client.get(LINKS, {"id": [f"newsroom.article:{each.pk}" for each in articles]})
    headings = [page["slots"]["next"]["heading"] for page in response.json()["results"]]
    assert headings == ["Article suivant", "Nächster Artikel"]
    assert response["Content-Language"] == "de, fr"


@pytest.mark.parametrize("address", [LINKS, f"{LINKS}newsroom.article/1/"])
def test_messages_are_in_the_language_of_the_site(
    address: str, client: Client, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "fr"
    french = client.get(address, headers={"accept-language": "de"})
    settings.LANGUAGE_CODE = "en"
    english = client.get(address, headers={"accept-language": "de"})
    assert english.json()["detail"] != french.json()["detail"]
    assert (english["Content-Language"], french["Content-Language"]) == ("en", "fr")
    assert "Accept-Language" not in english.get("Vary", "")
