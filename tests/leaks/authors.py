"""What authors, the desk and other programs do to articles, and what the clock does."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from newsroom.articles import publishing
from newsroom.articles.models import Article, Section
from tests.leaks.example import (
    MOST_STORIES,
    Example,
    later,
    minutes,
    sections,
    statuses,
    which,
    yes_or_no,
)
from tests.leaks.world import body_of, note_key, write


class Authors(Example):
    """Rules for articles. "Without a signal" is how ``.update()`` goes."""

    @rule(section=sections, status=statuses, at=minutes, in_bulk=yes_or_no)
    def write(self, section: str, status: str, at: int, in_bulk: bool) -> None:
        if len(self.oracle.stories) >= MOST_STORIES:
            return
        published_at = self.clock.now + timedelta(minutes=at)
        article = write(self.oracle, section, status, published_at)
        if in_bulk:  # behind the plugin's back
            Article.objects.bulk_create([article])
        else:
            article.save()
        note_key(self.oracle)
        self.count("bulk_create" if in_bulk else "write")

    @rule(n=which, name=st.sampled_from(["title", "body", "excerpt", "slug"]), behind=yes_or_no)
    def edit_text(self, n: int, name: str, behind: bool) -> None:
        story = self.story(n)
        if story is None:
            return
        marker = self.oracle.new_marker()
        setattr(story, name, marker)
        texts = {
            "title": f"The ferry {marker}",
            "body": body_of(marker, story.section),
            "excerpt": f"In short: {marker}.",
            "slug": marker,
        }
        self.change(story, behind=behind, **{name: texts[name]})
        self.count(f"edit {name}", behind=behind)

    @rule(n=which, section=sections, behind=yes_or_no)
    def move_to_section(self, n: int, section: str, behind: bool) -> None:
        story = self.story(n)
        if story is None:
            return
        story.section = section
        self.change(story, behind=behind, section=Section.objects.get(slug=section))
        self.count("edit section", behind=behind)

    @rule(n=which, language=st.sampled_from(["en", "es"]), behind=yes_or_no)
    def translate(self, n: int, language: str, behind: bool) -> None:
        if story := self.story(n):
            self.change(story, behind=behind, language=language)
            self.count("edit language", behind=behind)

    @rule(n=which, other=which, behind=yes_or_no)
    def take_over_address(self, n: int, other: int, behind: bool) -> None:
        """One story gets the address that another had until now."""
        giver, taker = self.story(n), self.story(other)
        if giver is None or taker is None or giver is taker:
            return
        address, giver.slug = giver.slug, self.oracle.new_marker()
        self.change(giver, behind=behind, slug=giver.slug)
        taker.slug = address
        self.change(taker, behind=behind, slug=address)
        self.count("take over address", behind=behind)

    # Changes of state

    @rule(n=which)
    def publish(self, n: int) -> None:
        story = self.story(n, lambda story: not story.is_public(self.clock.now))
        if story is None:
            return
        publishing.publish(self.article(story))
        story.status = "published"
        if story.published_at is None or story.published_at > self.clock.now:
            story.published_at = self.clock.now
        self.count("publish")

    @rule(n=which, at=later)
    def schedule(self, n: int, at: int) -> None:
        story = self.story(n, lambda story: not story.is_public(self.clock.now))
        if story is None:
            return
        story.status, story.published_at = "scheduled", self.clock.now + timedelta(minutes=at)
        publishing.schedule(self.article(story), story.published_at)
        self.count("schedule")

    @rule(n=which)
    def withdraw(self, n: int) -> None:
        if story := self.story(n, lambda story: story.status in {"published", "scheduled"}):
            publishing.withdraw(self.article(story))
            story.status = "withdrawn"
            self.count("withdraw")

    @rule(n=which)
    def return_to_draft(self, n: int) -> None:
        if story := self.story(n, lambda story: story.status != "draft"):
            publishing.return_to_draft(self.article(story))
            story.status = "draft"
            self.count("return to draft")

    @rule(n=which, at=minutes, behind=yes_or_no)
    def set_date(self, n: int, at: int, behind: bool) -> None:
        """An embargo, or its end: a published story with another date."""
        if story := self.story(n):
            story.published_at = self.clock.now + timedelta(minutes=at)
            self.change(story, behind=behind, published_at=story.published_at)
            self.count("embargo" if at > 0 else "set date", behind=behind)

    @rule(n=which, status=statuses)
    def set_status_behind_our_back(self, n: int, status: str) -> None:
        if story := self.story(n):
            story.status = status
            self.change(story, behind=True, status=status)
            self.count("set status", behind=True)

    @rule(n=which, behind=yes_or_no)
    def delete(self, n: int, behind: bool) -> None:
        story = self.story(n)
        if story is None or len(self.oracle.stories) < 4:
            return
        del self.oracle.stories[story.pk]
        if behind:
            rows = Article.objects.filter(pk=story.pk)
            rows._raw_delete(rows.db)
        else:
            self.article(story).delete()
        self.count("delete", behind=behind)

    @rule(minutes_on=later)
    def move_clock(self, minutes_on: int) -> None:
        self.clock.now = self.oracle.now = self.clock.now + timedelta(minutes=minutes_on)
        self.count("move clock")

    @rule(just_before=yes_or_no)
    def move_clock_to_an_embargo(self, just_before: bool) -> None:
        """To the very moment at which the next story comes out, or the one before it."""
        dates = [story.published_at for story in self.oracle.hidden() if story.published_at]
        ahead = [date for date in dates if date > self.clock.now + timedelta(seconds=1)]
        if ahead:
            moment = min(ahead) - timedelta(milliseconds=1 if just_before else 0)
            self.clock.now = self.oracle.now = moment
            self.count("move clock to an embargo")
