"""One row of everything, and one account of every role."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from newsroom.articles.editors import create_groups
from newsroom.articles.models import Article
from related.contrib.clicks.models import Trial
from related.contrib.notices.models import Notice
from related.domain.decisions import reviewing
from related.domain.decisions.writing import LinkRef
from related.domain.desk.sections import sent
from related.enums import BulkKind, Mark
from related.models import BulkOperation, Decision, DecisionLog, RebuildRun, SectionRuleLog, Slot
from tests.factories import ArticleFactory, SectionFactory, TagFactory
from tests.newsroom.desk import article_form
from tests.related.clicks import seen
from tests.related.desk_documents import make_document, make_slot, suggest

# The section editor is one of the sport section; the articles "@news" are somebody else's.
ROLES = ("anonymous", "contributor", "section", "chief", "admin")
GROUPS = {
    "contributor": "Contributors",
    "section": "Section editors",
    "chief": "Chief editors",
}
REVIEW = "admin/related/review/<str:label>/<path:object_id>/"
SECTIONS = "admin/related/review/sections/"


class World:
    """A small newsroom; what stands in the addresses and forms of the table."""

    def __init__(self) -> None:
        create_groups()
        self.accounts = {name: self._account(name) for name in ROLES[1:]}
        sport, news = SectionFactory(name="Sport"), SectionFactory(name="News")
        sport.editors.add(self.accounts["section"])
        self.articles: dict[str, Article] = {
            "news": ArticleFactory(title="Bridge closed", section=news),
            "sport": ArticleFactory(title="Cup final", section=sport),
        }
        documents = [make_document(article) for article in self.articles.values()]
        self.target = make_document(ArticleFactory(title="A target", section=news))
        for document in documents:
            suggest(document, self.target)
        place = LinkRef(documents[0], make_slot("inline"), self.target)
        reviewing.approve(place, user=self.accounts["chief"], version=0)
        make_slot("previous", is_active=True)
        self.rows: dict[str, Any] = {
            "auth/group": Group.objects.get(name="Contributors"),
            "auth/user": User.objects.create_user("victim", is_staff=True),
            "related/decision": Decision.objects.get(),
            "related/decisionlog": DecisionLog.objects.get(),
            "related/sectionrulelog": SectionRuleLog.objects.create(
                content_type=ContentType.objects.get_for_model(Article),
                section="news",
                before=0,
                after=1,
                actor_key="1",
                actor_name="chief",
            ),
            "related/bulkoperation": BulkOperation.objects.create(
                kind=BulkKind.APPROVE, user=self.accounts["chief"]
            ),
            "related/rebuildrun": RebuildRun.objects.create(),
            "related/document": documents[0],
            "related/slot": Slot.objects.get(key="next"),
            "related_notices/notice": Notice.objects.create(
                receiver="front", what=Notice.What.EVERYTHING, attempts=9
            ),
            "related_clicks/trial": Trial.objects.create(slot=make_slot("section"), count=2),
            "newsroom/section": SectionFactory(name="Empty"),
            "newsroom/tag": TagFactory(),
        }

    def client(self, role: str, *, checks_csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks_csrf)
        if role in self.accounts:
            client.force_login(self.accounts[role])
        return client

    def rows_for(self, pattern: str) -> list[str]:
        """By which rows a pattern is tried; "" for the only one."""
        if "app_label" in pattern:
            return ["auth", "related", "related_notices", "related_clicks", "newsroom"]
        is_of_a_section = pattern in {REVIEW, SECTIONS} or (
            pattern.startswith("admin/newsroom/article/<") and pattern.count("/") > 4
        )
        return list(self.articles) if is_of_a_section else [""]

    def values_for(self, pattern: str, row: str) -> list[str]:
        article = self.articles.get(row, self.articles["news"])
        by_label = ["newsroom.article", str(article.pk)]
        fixed = {
            REVIEW: by_label,
            "api/v1/links/<str:type>/<str:object_id>/": by_label,
            "api/v1/links/<str:type>/<str:object_id>": by_label,
            "articles/<unicode_slug:slug>/": [article.slug],
            "sections/<unicode_slug:slug>/": ["news"],
            "sitemap-<section>.xml": ["articles"],
            "admin/r/<path:content_type_id>/<path:object_id>/": [
                str(ContentType.objects.get_for_model(Article).pk),
                str(article.pk),
            ],
        }
        if pattern in fixed:
            return fixed[pattern]
        if pattern.startswith("admin/related/review/bulk/<"):
            return [str(self.rows["related/bulkoperation"].pk)]
        if found := re.match(r"admin/(\w+/\w+)/<", pattern):
            key = str((self.rows | {"newsroom/article": article})[found[1]].pk)
            return [key, "withdraw"] if pattern.endswith("<slug:how>/") else [key]
        if "app_label" in pattern:
            return [row]
        return ["no/such/page"] if "(?P<url>" in pattern else []

    def form_for(self, pattern: str, row: str) -> dict[str, Any]:
        """A form that changes something when it is let through."""
        if pattern == REVIEW:
            return {"action": "approve", "slot": "related", **seen(self.target)}
        if pattern == SECTIONS:
            kind = ContentType.objects.get_for_model(Article).pk
            return {"seen": sent(kind, 0, row), "tick": sent(kind, Mark.NO_LINKS, row)}
        if pattern.endswith("/delete/"):
            return {"post": "yes"}
        if pattern.endswith("/schedule/"):
            return {"at": "2036-01-01T06:00"}
        if pattern.startswith("admin/newsroom/article/<"):
            article = self.articles[row or "news"]
            return article_form(article, title="Changed", section=str(article.section_id))
        forms: dict[str, dict[str, Any]] = {
            "admin/language/": {"language": "de"},
            "admin/newsroom/article/add/": article_form(),
            "admin/newsroom/section/": {"name": "New", "position": "1", "slug": "new"},
            "admin/newsroom/tag/": {"name": "new"},
            "admin/auth/group/": {"name": "New"},
            "admin/related_notices/notice/": {
                "action": "tell_again",
                "_selected_action": [self.rows["related_notices/notice"].pk],
            },
            "admin/related_clicks/trial/add/": {"slot": self.rows["related/slot"].pk, "count": 2},
            "admin/related_clicks/trial/": {"kept": "b"},
            "admin/related/review/bulk/<": {"action": "start"},
            "admin/related/review/bulk/": {"what": "approve", "chance": "0.5"},
            "admin/related/slot/<int:slot_id>/policy/": {"action": "set", "bar": "0.9"},
            "admin/related/document/": {
                "action": "try_again",
                "_selected_action": [self.rows["related/document"].pk],
            },
        }
        found = [form for start, form in forms.items() if pattern.startswith(start)]
        return found[0] if found else {"name": "x"}

    @staticmethod
    def _account(name: str) -> User:
        if name == "admin":
            return User.objects.create_superuser(name, password="a long password")
        account = User.objects.create_user(name, is_staff=True)
        account.groups.add(Group.objects.get(name=GROUPS[name]))
        return account
