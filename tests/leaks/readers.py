"""Everything that a member of the public can ask for, and what must hold of each answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import ndiff
from itertools import count
from typing import Any

from django.conf import settings
from django.template import engines
from django.test import Client

from newsroom.articles import feeds, views
from newsroom.articles.models import Article
from tests.leaks.oracle import MARKER, Oracle, Story

API = "/api/v1/links/"
MISSING_PK = 999_999_999
MISSING_SLUG = "no-such-article"
OTHERS = ("/api/v1/schema/", "/api/v1/docs/", "/static/related/related-links.js", "/healthz")
MAX_STALE_SECONDS = 60  # how long any cache may keep a withdrawn link

TAGS = """{% load related %}{% related_summary_box article %}{% related_newer_version_box article %}
{% related_newer_version article as newer %}{{ newer.id }} {{ newer.title }}{% for slot in slots %}
{% related_slot article slot %}{% related_links article slot as links %}{{ links|length }}
{% for link in links %}{{ link.id }} {{ link.title }} {{ link.reasons }}{% endfor %}{% endfor %}"""

BUILD_DATE = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>")
ECHO = re.compile(rb'"asked":\{[^}]*\}')  # of the question, in the words of who asks
SECTION_LINK = re.compile(rb'href="/sections/([^/"]+)/"')
SECONDS = re.compile(r"(?:max-age|s-maxage|stale-while-revalidate)=(\d+)")


class Leak(AssertionError):
    """An answer shows what must not be seen, or hides what must."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def differences(self, other: Answer) -> list[str]:
        """Where two answers are not the same, to the last byte; a line for each place."""
        found = [f"{name}: {mine} | {yours}" for name, mine, yours in self._heads(other)]
        lines = [answer.body.decode(errors="replace").splitlines() for answer in (self, other)]
        return found + [line for line in ndiff(*lines) if line[0] in "-+"]

    def _heads(self, other: Answer) -> list[tuple[str, object, object]]:
        heads = {"status": (self.status, other.status)}
        for name in {*self.headers, *other.headers}:
            heads[name] = self.headers.get(name), other.headers.get(name)
        return [(name, *both) for name, both in sorted(heads.items()) if both[0] != both[1]]

    @property
    def everything(self) -> bytes:
        return self.body + repr(sorted(self.headers.items())).encode()


class Readers:
    """The public: asks through the site's own views, keeps answers as a browser does."""

    def __init__(self) -> None:
        self.client = Client(SERVER_NAME="localhost")
        self.kept: dict[str, tuple[str, Answer]] = {}  # address: ETag and the answer it came with
        self.n_requests = count()
        self.checked: Counter[str] = Counter()
        self.n_hidden_sought = 0

    def ask(self, address: str, oracle: Oracle) -> Answer:
        """GET as a browser does: with the ETag it knows, taking its own copy on a 304.

        Raises:
            Leak: the answer, or the copy that the site declared fresh, holds a forbidden marker.
        """
        number = next(self.n_requests)
        headers = {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}
        if address in self.kept:
            headers["HTTP_IF_NONE_MATCH"] = self.kept[address][0]
        response = self.client.get(address, **headers)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        sent = {name: value for name, value in response.items() if name != "X-Request-ID"}
        answer = Answer(response.status_code, sent, body)
        if answer.status == 304:
            answer = self.kept[address][1]
        elif "ETag" in answer.headers:
            self.kept[address] = answer.headers["ETag"], answer
        self.check_markers(address, ECHO.sub(b"", answer.everything), oracle)
        seconds = [
            int(number) for number in SECONDS.findall(answer.headers.get("Cache-Control", ""))
        ]
        if not address.startswith("/static/"):
            demand(sum(seconds) <= MAX_STALE_SECONDS, address, f"may be kept too long: {seconds}")
        return answer

    def check_markers(self, address: str, everything: bytes, oracle: Oracle) -> None:
        found = {marker.decode() for marker in MARKER.findall(everything)}
        demand(found <= oracle.markers(), address, f"shows {sorted(found - oracle.markers())}")
        self.n_hidden_sought += len(oracle.hidden())
        self.checked[kind_of(address)] += 1

    # What must be in each answer, beside what must not

    def read_api_of_many(self, stories: Iterable[Story], oracle: Oracle) -> Answer:
        """Several in one request, hidden ones too; the answer has those that are out."""
        stories = list(stories)
        ids = "&".join(f"id=newsroom.article:{story.pk}" for story in stories)
        answer = self.ask(f"{API}?{ids}&id=newsroom.article:{MISSING_PK}", oracle)
        pages = json_of(answer)["results"]
        public = [str(story.pk) for story in stories if story.is_public(oracle.now)]
        hidden = [page for page in pages if not page["found"]]
        demand(all(set(page) == {"asked", "found"} for page in hidden), API, "tells more")
        pages = [page for page in pages if page["found"]]
        found = [page["document"]["id"] for page in pages]
        demand(found == public, API, f"has {found}, and {public} are out")
        for page in pages:
            self.check_page(page, oracle)
        return answer

    def read_api_by_url(self, stories: Iterable[Story], oracle: Oracle) -> Answer:
        """By address; a story whose new address no worker has read yet may be absent."""
        urls = "&".join(f"url=/articles/{story.slug}/" for story in stories)
        answer = self.ask(f"{API}?{urls}", oracle)
        for page in json_of(answer)["results"]:
            if page["found"]:
                self.check_page(page, oracle)
        return answer

    def read_api_of(self, story: Story, oracle: Oracle) -> Answer:
        answer = self.ask(f"{API}newsroom.article/{story.pk}/", oracle)
        if story.is_public(oracle.now):
            self.check_page(json_of(answer), oracle)
        else:
            missing = self.ask(f"{API}newsroom.article/{MISSING_PK}/", oracle)
            demand(answer == missing, API, "a hidden article is answered unlike a missing one")
        return answer

    def read_article(self, story: Story, oracle: Oracle, query: str = "") -> Answer:
        """The story's own page; ``?preview=1`` changes nothing for who is no editor."""
        address = f"/articles/{story.slug}/{query}"
        answer = self.ask(address, oracle)
        if story.is_public(oracle.now):
            shown = {story.title, story.body, oracle.summary_of(story) or story.title}
            shown |= {oracle.stories[pk].title for pk in oracle.must_show(story)}
            demand_markers(answer, shown, address)
            self.check_navigation(answer, address, oracle)
        else:
            missing = self.ask(f"/articles/{MISSING_SLUG}/{query}", oracle)
            demand(missing.status == 404, address, "a missing article is there")
            demand(answer == missing, address, "a hidden article is answered unlike a missing one")
        return answer

    def read_tags(self, story: Story, oracle: Oracle) -> None:
        """The template tags on whatever object the site's own view holds, hidden ones included."""
        article = Article.objects.filter(pk=story.pk).first()
        context = {"article": article, "slots": list(oracle.places)}
        text = engines["django"].from_string(TAGS).render(context).encode()
        found = {marker.decode() for marker in MARKER.findall(text)}
        demand(found <= oracle.markers(), "tags", f"show {sorted(found - oracle.markers())}")
        if story.is_public(oracle.now):
            titles = {oracle.stories[pk].title for pk in oracle.must_show(story)}
            demand(titles <= found, "tags", f"lacks {sorted(titles - found)}")
        else:
            demand(not found, "tags", f"a hidden article's own page shows {sorted(found)}")
        self.checked["template tags"] += 1

    def read_front(self, oracle: Oracle) -> Answer:
        answer = self.ask("/", oracle)
        newest = oracle.public()[: 1 + views.LATEST]
        demand_markers(answer, {story.title for story in newest}, "/")
        self.check_navigation(answer, "/", oracle)
        return answer

    def read_feed(self, oracle: Oracle) -> Answer:
        answer = self.ask("/feed/", oracle)
        demand_markers(
            answer, {story.title for story in oracle.public()[: feeds.N_ITEMS]}, "/feed/"
        )
        n_items = answer.body.count(b"<item>")
        demand(n_items == min(len(oracle.public()), feeds.N_ITEMS), "/feed/", f"{n_items} items")
        # A feed without items is dated by Django, with a clock of its own, in text and header.
        headers, body = answer.headers | {"Last-Modified": ""}, BUILD_DATE.sub(b"", answer.body)
        return answer if n_items else replace(answer, headers=headers, body=body)

    def read_section(self, section: str, oracle: Oracle) -> Answer:
        """All pages of a section; their number is that of its visible stories."""
        public = [story for story in oracle.public() if story.section == section]
        per_page = settings.ARTICLES_PER_PAGE
        n_pages = max(1, -(-len(public) // per_page))
        for number in range(1, n_pages + 1):
            address = f"/sections/{section}/?page={number}"
            answer = self.ask(address, oracle)
            wanted = public[(number - 1) * per_page : number * per_page]
            demand_markers(answer, {story.title for story in wanted}, address)
            if n_pages > 1:
                told = f"Page {number} of {n_pages}".encode()
                demand(told in answer.body, address, f"does not say {told!r}")
            else:
                demand(b"Page 1" not in answer.body, address, "counts more than what is out")
            self.check_navigation(answer, address, oracle)
        return answer

    def read_other(self, address: str, oracle: Oracle) -> Answer:
        answer = self.ask(address, oracle)
        demand(answer.status == 200, address, f"answered {answer.status}")
        return answer

    # Parts of answers

    def check_page(self, page: dict[str, Any], oracle: Oracle) -> None:
        """One document of the API: only links that may show, all that must, in the order due."""
        story = oracle.stories[int(page["document"]["id"])]
        demand(story.is_public(oracle.now), API, f"shows the hidden article {story.pk}")
        demand(story.title in page["document"]["title"], API, "has an old title")
        demand(page["document"]["url"] == f"/articles/{story.slug}/", API, "has an old address")
        shown: list[int] = []
        for key, slot in page["slots"].items():
            sources = [item["source"] for item in slot["items"]]
            demand(sources == sorted(sources, key=RANKS.index), API, f"{key} in order {sources}")
            demand(len(sources) <= oracle.places[key].count, API, f"{key} holds {len(sources)}")
            for item in slot["items"]:
                target = int(item["id"])
                shown.append(target)
                allowed = oracle.may_show(story, key, target, item["source"])
                demand(allowed, API, f"{story.pk} {key} shows {target} as {item['source']}")
        demand(len(shown) == len(set(shown)), API, f"{story.pk} shows a target twice: {shown}")
        lacking = oracle.must_show(story) - set(shown)
        demand(not lacking, API, f"{story.pk} lacks its approved links {sorted(lacking)}")
        newer = page["newer_version"]
        if newer is not None:
            version = oracle.stories[int(newer["id"])]
            is_newer = (version.published_at, version.pk) > (story.published_at, story.pk)
            demand(version.is_public(oracle.now), API, f"names the hidden version {version.pk}")
            demand(is_newer, API, f"{version.pk} as newer than {story.pk}")
        summary = oracle.summary_of(story)
        told = page["summary"]
        demand(told is None if summary is None else summary in (told or ""), API, f"says {told!r}")

    def check_navigation(self, answer: Answer, address: str, oracle: Oracle) -> None:
        linked = {name.decode() for name in SECTION_LINK.findall(answer.body)}
        demand(linked == oracle.sections(), address, f"links the sections {sorted(linked)}")


RANKS = ["pinned", "approved", "automatic"]


def kind_of(address: str) -> str:
    """The row of the table that an address is counted in."""
    path, _, query = address.partition("?")
    if path == API:
        return f"{API}?{query.partition('=')[0]}="
    if path.startswith(API):
        return f"{API}{{type}}/{{id}}/"
    head = path.strip("/").split("/")[0]
    if head in {"articles", "sections"}:
        return f"/{head}/{{slug}}/" + ("?preview" if query.startswith("preview") else "")
    return path


def json_of(answer: Answer) -> Any:
    demand(answer.status == 200, API, f"answered {answer.status}: {answer.body[:200]!r}")
    return json.loads(answer.body)


def demand_markers(answer: Answer, markers: set[str], address: str) -> None:
    lacking = {marker for marker in markers if marker.encode() not in answer.body}
    demand(answer.status == 200 and not lacking, address, f"lacks {sorted(lacking)}")


def demand(holds: bool, address: str, what: str) -> None:
    if not holds:
        raise Leak(f"{address}: {what}")
