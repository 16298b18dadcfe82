"""In whose language the newsroom answers, and what caches are told about it."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import server_error
from pytest_django import Settings
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.publishing import withdraw
from tests.factories import ArticleFactory, EditorFactory

pytestmark = pytest.mark.django_db


def language_of(response: object) -> str | None:
    html = LexborHTMLParser(response.content).css_first("html")  # type: ignore[attr-defined]
    return html.attributes["lang"] if html is not None else None


@pytest.mark.parametrize(
    ("wanted", "language", "words"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de", "Zum Inhalt springen"),
        ("fr", "fr", "Aller au contenu"),
        ("es-MX", "es", "Saltar al contenido"),
        ("nl", "en", "Skip to the content"),
        ("", "en", "Skip to the content"),
    ],
)
def test_the_front_page_is_in_the_visitors_language(
    wanted: str, language: str, words: str, client: Client
) -> None:
    response = client.get("/", headers={"accept-language": wanted})
    assert language_of(response) == language
    assert words in response.content.decode()
    assert "Accept-Language" in response["Vary"]
    assert response["Content-Language"] == language


def test_a_missing_page_is_in_the_visitors_language(client: Client) -> None:
    response = client.get("/articles/nothing/", headers={"accept-language": "de"})
    assert response.status_code == 404
    assert "Seite nicht gefunden" in response.content.decode()


def test_an_error_page_is_in_the_visitors_language() -> None:
    with translation.override("es"):
        response = server_error(RequestFactory().get("/"))
    assert language_of(response) == "es"
    assert "Algo ha ido mal" in response.content.decode()


@pytest.mark.parametrize("wanted", ["de", "en", "fr"])
def test_an_article_is_in_its_own_language_for_everybody(wanted: str, client: Client) -> None:
    article = ArticleFactory(language="fr-ca", authors=["Maud Roy"])
    response = client.get(article.get_absolute_url(), headers={"accept-language": wanted})
    assert language_of(response) == response["Content-Language"] == "fr"
    assert "Par Maud Roy" in response.content.decode()
    assert "Accept-Language" not in response.get("Vary", "")


def test_around_an_article_of_another_language_the_site_speaks_its_own(
    client: Client, settings: Settings
) -> None:
    settings.LANGUAGE_CODE = "es"
    article = ArticleFactory(language="nl", authors=["Bas Vos"])
    response = client.get(article.get_absolute_url(), headers={"accept-language": "de"})
    assert language_of(response) == "es"
    byline = LexborHTMLParser(response.content).css_first(".article__byline")
    assert byline is not None
    assert (byline.attributes["lang"], "Por Bas Vos" in byline.text()) == ("es", True)


def test_a_preview_speaks_to_the_editor_and_shows_the_article_in_its_own(client: Client) -> None:
    may_preview = ["related.view_suggestion", "newsroom.view_article"]
    client.force_login(EditorFactory(permissions=may_preview))
    article = ArticleFactory(language="fr", authors=["Maud Roy"])
    withdraw(article)
    address = f"{article.get_absolute_url()}?preview=1"
    response = client.get(address, headers={"accept-language": "de"})
    assert "Vorschau: zurückgezogen" in response.content.decode()
    assert "Par Maud Roy" in response.content.decode()


def test_the_admin_is_in_the_language_that_an_editor_chose(publisher: Client) -> None:
    german = {"accept-language": "de"}
    assert language_of(publisher.get("/admin/", headers=german)) == "de"
    chosen = publisher.post("/admin/language/", {"language": "es", "next": "/admin/"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/admin/")
    assert chosen.cookies["django_language"]["path"] == "/admin/"  # pages for readers ignore it
    assert language_of(publisher.get("/admin/", headers=german)) == "es"
