"""In which language an article is written: the text says so, until somebody knows better."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from newsroom.articles.language_guess import Guess, guess_language
from newsroom.articles.models import Article, LanguageBasis
from tests.factories import ArticleFactory
from tests.newsroom.desk import LIST, article_form, change_page, listed_titles
from tests.newsroom.import_runs import Import

CASES = Path(settings.BASE_DIR).parent / "shared" / "cases" / "language_guess.jsonl"

SENTENCES = {
    "zh": "市议会星期一晚上投票决定关闭图书馆，居民表示反对。",
    "ja": "市議会は月曜日の夜、図書館の閉鎖を決めた。住民は反対している。",
    "ko": "시의회는 월요일 저녁 도서관을 닫기로 결정했다. 주민들은 반대한다.",
    "th": "สภาเมืองลงมติปิดห้องสมุดเมื่อคืนวันจันทร์",
    "he": "מועצת העיר החליטה לסגור את הספרייה ביום שני בערב",
    "yi": "די שטאָט האָט באַשלאָסן צו פֿאַרמאַכן די ביבליאָטעק מאָנטיק אין אָװנט, זײ זײַנען קעגן",
    "el": "Το δημοτικό συμβούλιο αποφάσισε να κλείσει τη βιβλιοθήκη",
    "uk": "Міська рада вирішила закрити бібліотеку, мешканці протестують проти цього рішення",
    "bg": "Градският съвет реши да затвори библиотеката, жителите протестират срещу това решение",
    "ru": "Городской совет решил закрыть библиотеку, жители протестуют против этого решения",
    "fa": "شورای شهر تصمیم گرفت کتابخانه را ببندد و مردم با این تصمیم تازه مخالفت می‌کنند",
    "hi": "नगर परिषद ने सोमवार की शाम को पुस्तकालय बंद करने का फैसला किया, लोग विरोध में हैं",
    "es": "El pleno del ayuntamiento votó el lunes cerrar la biblioteca del barrio antiguo",
    "pl": "Rada miasta zdecydowała o zamknięciu biblioteki, a mieszkańcy protestują przeciwko temu",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_the_script_and_the_words_decide_among_all_languages(language: str) -> None:
    assert guess_language("", SENTENCES[language]) == Guess(language, is_sure=True)


def test_known_cases() -> None:
    if not CASES.exists():
        pytest.skip("the shared cases are not on this machine")
    rows = [json.loads(line) for line in CASES.read_text().splitlines()]
    assert [guess_language(row["title"], row["body"]).code for row in rows] == [
        row["id"] for row in rows
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "en"), ("2024!", "en"), ("Weather", "en"), ("Der Rat stimmt ab", "de")],
)
def test_little_text_is_never_sure(text: str, code: str) -> None:
    guess = guess_language(text, "")
    assert not guess.is_sure
    assert guess.code == code


def test_where_nothing_speaks_for_one_it_is_the_sites_own(settings: object) -> None:
    settings.LANGUAGE_CODE = "fr"  # type: ignore[attr-defined]
    assert guess_language("Alpha 7", "") == Guess("fr", is_sure=False)


@pytest.mark.django_db
class TestArticles:
    def test_an_import_marks_what_it_is_not_sure_of(self, run: Import) -> None:
        run(
            {"id": "1", "title": "Der Rat stimmt ab"},
            {"id": "2", "title": "t", "body": SENTENCES["uk"]},
            {"id": "3", "title": "t", "language": "fr"},
        )
        assert list(
            Article.objects.order_by("external_id").values_list("language", "language_basis")
        ) == [
            ("de", LanguageBasis.UNSURE),
            ("uk", LanguageBasis.TEXT),
            ("fr", LanguageBasis.GIVEN),
        ]

    def test_a_better_text_makes_a_better_guess(self, run: Import) -> None:
        run({"id": "1", "title": "Der Rat stimmt ab"})
        run({"id": "1", "title": "Stadsnieuws", "body": "De gemeenteraad heeft maandag besloten. "})
        run({"id": "1", "title": "Stadsnieuws", "body": SENTENCES["es"]})
        article = Article.objects.get()
        assert (article.language, article.language_basis) == ("es", LanguageBasis.TEXT)

    def test_an_editors_word_wins_over_later_imports(self, run: Import, publisher: Client) -> None:
        run({"id": "1", "title": "Der Rat stimmt ab"})
        article = Article.objects.get()
        publisher.post(change_page(article), article_form(article, language="nl"))
        run({"id": "1", "title": "Another title", "body": SENTENCES["es"]})
        run({"id": "1", "title": "Another title", "language": "fr"})
        article.refresh_from_db()
        assert (article.title, article.language) == ("Another title", "nl")
        assert article.language_basis == LanguageBasis.EDITOR

    def test_an_empty_field_is_filled_from_the_text(self, publisher: Client) -> None:
        page = LexborHTMLParser(publisher.get(f"{LIST}add/").content)
        field = page.css_first("input[name=language]")
        assert field is not None
        assert not field.attributes.get("value")
        form = article_form(title="Nuevo", body=SENTENCES["es"], language="")
        publisher.post(f"{LIST}add/", form)
        article = Article.objects.get()
        assert (article.language, article.language_basis) == ("es", LanguageBasis.TEXT)
        publisher.post(change_page(article), article_form(article, language="pt"))
        article.refresh_from_db()
        assert article.language_basis == LanguageBasis.EDITOR

    def test_unsure_guesses_are_found_and_confirmed(self, publisher: Client) -> None:
        sure = ArticleFactory(title="Sure", language="en")
        unsure = ArticleFactory(title="Der Rat", body="Er stimmt ab", language="")
        only_unsure = f"language_basis__exact={LanguageBasis.UNSURE}"
        assert listed_titles(publisher, only_unsure) == [unsure.title]
        assert f"{unsure.language}?" in publisher.get(f"{LIST}?{only_unsure}").content.decode()
        chosen = {"action": "confirm_language", "_selected_action": [unsure.pk, sure.pk]}
        publisher.post(LIST, chosen)
        assert set(Article.objects.values_list("language_basis", flat=True)) == {"editor"}
