"""Articles with passages that repeat, and what is stored of them."""

from __future__ import annotations

from newsroom.articles.models import Article
from related.models import DocumentVector, Neighbors, RepeatedPassage
from tests.related.stories import document_of, publish

STUB = (
    "This article is for subscribers only. Already a subscriber? Log in. Subscribe now for one "
    "euro a month and read all articles of the Marrowbeck Courier without limits."
)
CREDIT = "The Associated Press contributed to this report."
TEASERS = [
    ("Beekeeper finds rare orchid", "A beekeeper discovered an orchid on the heath."),
    ("Ferry captain retires", "She steered her ship through ice and fog for forty years."),
    ("Chess club moves to the old cinema", "The players needed room for more boards."),
    ("Bakery wins a prize", "The jury tasted almond cakes in two days."),
    ("Glacier loses a third of its mass", "Researchers measured with lasers from a plane."),
    ("Violin found in an attic", "An auction house guesses that it dates from the baroque."),
    ("Goats mow the railway embankment", "Shepherds rent them out by the hectare."),
    ("Lighthouse becomes a museum", "Visitors climb a hundred steps to the lamp."),
    ("Students build a solar canoe", "The battery lasts from one lake to the next."),
    ("Choir sings in an empty quarry", "The echo took the conductor by surprise."),
]


def stub(n: int, passage: str = STUB) -> Article:
    """An article that has nothing in common with others but a passage."""
    title, teaser = TEASERS[n]
    return publish(title, f"<p>{teaser}</p><p>{passage}</p>", day=n)


def plain(n: int) -> Article:
    """The same without the passage."""
    title, teaser = TEASERS[n]
    return publish(title, f"<p>{teaser}</p>", day=n)


def words(article: Article) -> set[str]:
    """Those that the article is compared by."""
    return set(DocumentVector.objects.get(document=document_of(article)).words.split("\n"))


def n_neighbors(article: Article) -> int:
    rows = Neighbors.objects.served().filter(document=document_of(article))
    return len(bytes(rows.get().neighbor_ids)) // 8


def stored() -> dict[str, tuple[bytes, ...]]:
    """By title, all that is stored of the texts; and what repeats."""
    columns = ("term_ids", "counts", "title_ids", "sketch", "passages", "wording", "omitted")
    titles = {str(article.pk): article.title for article in Article.objects.all()}
    rows = DocumentVector.objects.exclude(term_ids=b"").values_list("document__object_id", *columns)
    vectors = {titles[key]: tuple(bytes(part) for part in parts) for key, *parts in rows}
    repeated = sorted(RepeatedPassage.objects.values_list("passage", flat=True))
    return vectors | {"": tuple(map(str.encode, map(str, repeated)))}
