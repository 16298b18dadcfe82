"""The newsroom's pages as readers see them: at every width, in both directions, on paper."""

from collections.abc import Callable, Iterator
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.newsroom import APPROVE, CREATE_EDITOR, FILL, Newsroom, run_script
from tests.services.project import Project

WIDTHS = [390, 820, 1280, 1920]
STORY = "/articles/chain-ferry-stops-after-its-winch-fails/"
PAGES = ["/", STORY, "/articles/long/", "/articles/arabic/", "/sections/local/", "/no-such-page/"]
# Words that no screen is wide enough for, and a text that runs from right to left.
WRITE_ODD_ONES = """
from newsroom.articles.models import Article, Section, Tag
section, _ = Section.objects.get_or_create(name="Local")
word = "Überwachungsaufgabenübertragungsgesetz" * 4
Article.objects.create(
    title=word, slug="long", language="de", section=section, status="published", excerpt=word,
    authors=[word], source=word, body=f"<h2>{word}</h2><p>{word}</p><pre>{word}</pre><ul><li>{word}"
    f"</li></ul><table><tr><td>{word}</td><td>{word}</td></tr></table><blockquote>{word}</blockquote>",
).tags.add(Tag.objects.create(name=word[:100]))
Article.objects.create(
    title="الجسر القديم يُفتح من جديد", slug="arabic", language="ar", section=section,
    status="published", body="أعلنت بلدية المدينة إعادة افتتاح الجسر.",
)
for article in Article.objects.all():
    article.section, article.image_url = section, "/static/newsroom/sample/mc-0001.svg"
    article.save()
call_command("process_related")
"""


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with Project(tmp_path_factory.mktemp("layout")) as project:
        project.migrate()
        run_script(project, CREATE_EDITOR, FILL, APPROVE, WRITE_ODD_ONES)
        newsroom = Newsroom(project)
        newsroom.start_web()
        yield newsroom


@pytest.fixture
def reader(newsroom: Newsroom, open_page: Callable[..., Page]) -> Page:
    return open_page(newsroom)


@pytest.fixture
def lost_reader(newsroom: Newsroom, new_context: Callable[..., object]) -> Page:
    """One whose console may complain: a page that is not there is an error to a browser."""
    page: Page = new_context(base_url=newsroom.site).new_page()  # type: ignore[attr-defined]
    return page


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(lost_reader: Page, width: int) -> None:
    lost_reader.set_viewport_size({"width": width, "height": 900})
    for path in PAGES:
        lost_reader.goto(path)
        assert lost_reader.evaluate("document.documentElement.scrollWidth") == width, path


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_axe_finds_nothing(lost_reader: Page, color_scheme: str) -> None:
    lost_reader.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]
    for path in PAGES:
        lost_reader.goto(path)
        violations = Axe().run(lost_reader).response["violations"]
        assert [(path, each["id"], each["nodes"]) for each in violations] == []


@pytest.mark.parametrize(("width", "n_links"), [*product(WIDTHS, [1, 2]), (1280, 3), (1280, 4)])
def test_links_fill_their_row_however_few_they_are(reader: Page, width: int, n_links: int) -> None:
    reader.set_viewport_size({"width": width, "height": 900})
    reader.goto(STORY)
    lists = reader.locator(".slots .related-slot__list")
    lists.first.evaluate(
        """(list, n) => {
          const item = list.firstElementChild;
          list.replaceChildren(...Array.from({length: n}, () => item.cloneNode(true)));
        }""",
        n_links,
    )
    row = lists.first.bounding_box()
    boxes = [item.bounding_box() for item in lists.first.locator(".related-slot__item").all()]
    assert row is not None
    assert len(boxes) == n_links
    # The last one ends where the row does, unless it has begun another row.
    ends = [box["x"] + box["width"] for box in boxes if box is not None]
    assert max(ends) == pytest.approx(row["x"] + row["width"], abs=1)


def test_the_latest_stands_beside_the_lead_story(reader: Page) -> None:
    reader.set_viewport_size({"width": 1280, "height": 900})
    reader.goto("/")
    lead, latest = (reader.locator(f".front__{part}").bounding_box() for part in ("lead", "latest"))
    assert lead is not None
    assert latest is not None
    assert latest["y"] == lead["y"]
    assert latest["x"] >= lead["x"] + lead["width"]


def test_pages_need_no_script(newsroom: Newsroom, open_page: Callable[..., Page]) -> None:
    page = open_page(newsroom, with_script=False)
    page.goto(STORY)
    summary = page.locator(".related-summary").first
    summary.locator("summary").click()
    assert summary.locator("p").is_visible()
    assert page.locator("script:not([type='application/ld+json'])").count() == 0


def test_an_arabic_article_runs_from_right_to_left(reader: Page) -> None:
    reader.goto("/articles/arabic/")
    article = reader.locator("article.article")
    assert article.evaluate("node => getComputedStyle(node).direction") == "rtl"
    title, column = (
        reader.locator(part).bounding_box() for part in (".article__body p", "article.article")
    )
    assert title is not None
    assert column is not None
    assert title["x"] + title["width"] == pytest.approx(column["x"] + column["width"], abs=1)


def test_paper_gets_the_text_alone(reader: Page) -> None:
    reader.goto(STORY)
    reader.emulate_media(media="print", color_scheme="dark")
    hidden = [".sections-nav", ".related-slot", ".related-summary", ".colophon", ".article__tags"]
    for part in hidden:
        assert not any(node.is_visible() for node in reader.locator(part).all()), part
    assert reader.locator(".article__body > p").first.is_visible()
    ink = "node => getComputedStyle(node).color + getComputedStyle(node).backgroundColor"
    assert reader.locator("body").evaluate(ink) == "rgb(0, 0, 0)rgb(255, 255, 255)"
