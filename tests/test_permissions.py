"""docs/reference/permissions.md, held true: each action with what it needs, and with all else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from newsroom.articles.models import Article, Section, Status
from related.models import Decision, Document, Slot
from tests.newsroom.desk import LIST, act, article_form, change_page
from tests.related.clicks import page_of, seen
from tests.related.desk_documents import make_article, make_document, make_target, suggest

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[1] / "docs" / "reference" / "permissions.md").read_text()
APPS = ("related", "newsroom")
PERMISSION = re.compile(r"`((?:related|newsroom)\.\w+)`")
# Action -> alternatives, each of them a set of permissions.
RULES = {
    action: [frozenset(PERMISSION.findall(some)) for some in needs.split(" or ")]
    for action, needs in re.findall(
        r"^\| ([^|]+) \| (`(?:related|newsroom)\.[^|]+) \|$", PAGE, re.MULTILINE
    )
}


class World:
    """An article that is out, with a link in reserve; a draft; a document that failed. The user
    edits their section, and no other."""

    def __init__(self, editor: User) -> None:
        self.document = make_document(make_article("Ferry delayed"))
        self.target = make_target("Ferry repaired")
        suggest(self.document, self.target)
        self.draft = make_article("Ferry sold", status=Status.DRAFT)
        self.failed = make_target("Broken")
        Document.objects.filter(pk=self.failed.pk).update(want_rev=9, attempts=3, error="bad")
        self.section = Section.objects.get()
        self.section.editors.add(editor)
        news = Section.objects.create(name="News", slug="news")
        self.other = make_article("Bridge open", section=news, status=Status.DRAFT)
        self.other_document = make_document(make_article("Bridge closed", section=news))

    @property
    def out(self) -> Article:
        return Article.objects.get(pk=self.document.object_id)

    def status_of(self, article: Article) -> str:
        return Article.objects.values_list("status", flat=True).get(pk=article.pk)


Try = Callable[[Client, World], bool]


def opens(name: str, **query: str) -> Try:
    return lambda client, world: client.get(reverse(f"admin:{name}"), query).status_code == 200


def starts(client: Client, world: World) -> bool:
    return client.get(reverse("admin:related_review_start")).status_code == 302


def reviews(query: dict[str, str], shows: str = "") -> Try:
    def ask(client: Client, world: World) -> bool:
        headers = {"HX-Request": "true"} if query else {}
        answer = client.get(page_of(world.document), query, headers=headers)
        return answer.status_code == 200 and shows in answer.content.decode()

    return ask


def why(client: Client, world: World) -> bool:
    return reviews({"why": world.target.label})(client, world)


def decides(client: Client, world: World) -> bool:
    return decides_for(client, world, world.document)


def decides_elsewhere(client: Client, world: World) -> bool:
    return decides_for(client, world, world.other_document)


def decides_for(client: Client, world: World, document: Document) -> bool:
    fields = {"action": "approve", "slot": "related", **seen(world.target)}
    client.post(page_of(document), fields)
    return Decision.objects.approved().filter(document=document).exists()


def retries(client: Client, world: World) -> bool:
    client.post(reverse("admin:related_dashboard"), {"document": world.failed.pk})
    return not Document.objects.failed().exists()


def changes_slot(client: Client, world: World) -> bool:
    slot = Slot.objects.get(key="related")
    address = reverse("admin:related_slot_change", args=[slot.pk])
    form = {
        field.name: value
        for field in Slot._meta.fields
        if (value := field.value_from_object(slot)) not in {None, False} and field.name != "id"
    }
    client.post(address, form | {"heading": "Changed"})
    return Slot.objects.filter(heading="Changed").exists()


def tries_slot(client: Client, world: World) -> bool:
    form = {"slot": Slot.objects.get(key="related").pk, "heading": "", "count": "2"}
    client.post(reverse("admin:related_clicks_trial_add"), form)
    return Slot.objects.get(key="related").is_tried


def writes(client: Client, world: World) -> bool:
    client.post(f"{LIST}add/", article_form(title="Brand new", slug="brand-new"))
    return Article.objects.filter(slug="brand-new").exists()


def edits(client: Client, world: World) -> bool:
    section = str(world.draft.section_id)
    client.post(change_page(world.draft), article_form(world.draft, title="New", section=section))
    return Article.objects.filter(title="New").exists()


def publishes(client: Client, world: World) -> bool:
    act(client, "publish_articles", [world.draft])
    return world.status_of(world.draft) == Status.PUBLISHED


def publishes_elsewhere(client: Client, world: World) -> bool:
    act(client, "publish_articles", [world.other])
    return world.status_of(world.other) == Status.PUBLISHED


def schedules(client: Client, world: World) -> bool:
    act(client, "schedule_articles", [world.draft], at="2096-01-01T06:00")
    return world.status_of(world.draft) == Status.SCHEDULED


def withdraws(client: Client, world: World) -> bool:
    act(client, "withdraw_articles", [world.out])
    return world.status_of(world.out) == Status.WITHDRAWN


def looks_first(client: Client, world: World) -> bool:
    return client.get(f"{LIST}{world.out.pk}/leave/withdraw/").status_code == 200


def deletes(client: Client, world: World) -> bool:
    client.post(f"{LIST}{world.draft.pk}/delete/", {"post": "yes"})
    return not Article.objects.filter(pk=world.draft.pk).exists()


def previews(client: Client, world: World) -> bool:
    address = f"{world.draft.get_absolute_url()}?preview=1"
    return client.get(address).status_code == 200


def names_editors(client: Client, world: World) -> bool:
    section, editor = world.other.section, User.objects.get()
    assert section is not None
    form = {"name": section.name, "slug": section.slug, "position": "1"}
    address = reverse("admin:newsroom_section_change", args=[section.pk])
    client.post(address, {**form, "editors": [editor.pk]})
    return section.editors.exists()


ACTIONS: dict[str, Try] = {
    "open the review queue": opens("related_review_queue", state="all"),
    "begin with the first article of the queue": starts,
    "open the review page of an article that is out": reviews({}, "Ferry repaired"),
    "ask a card why": why,
    "search for a link to add": reviews({"to": "related", "q": "repaired"}, "Ferry repaired"),
    "decide: every button of the review page": decides,
    "see the list of documents": opens("related_document_changelist"),
    "see the dashboard": opens("related_dashboard"),
    "retry what failed, on the dashboard": retries,
    "see the decisions": opens("related_decision_changelist"),
    "see the decision log": opens("related_decisionlog_changelist"),
    "see past rebuilds": opens("related_rebuildrun_changelist"),
    "see the slots": opens("related_slot_changelist"),
    "change a slot": changes_slot,
    "see click-through and trials": opens("related_clicks_clicksum_changelist"),
    "try a slot in two variants": tries_slot,
    "see the list of articles": opens("newsroom_article_changelist"),
    "write a new draft": writes,
    "edit a draft": edits,
    "publish a draft": publishes,
    "publish a draft of another section": publishes_elsewhere,
    "decide for an article of another section": decides_elsewhere,
    "schedule a draft": schedules,
    "withdraw what is out": withdraws,
    "look at the pages that link there first": looks_first,
    "delete a draft": deletes,
    "preview a draft": previews,
    "say who edits a section": names_editors,
}


def client_with(names: frozenset[str]) -> Client:
    """Of somebody with these permissions and no other."""
    user = User.objects.create_user("somebody", is_staff=True)
    known = Permission.objects.filter(content_type__app_label__in=APPS)
    wanted = {name.split(".")[1] for name in names}
    user.user_permissions.set(each for each in known if each.codename in wanted)
    assert wanted <= {each.codename for each in known}
    client = Client()
    client.force_login(user)
    return client


def everything() -> frozenset[str]:
    known = Permission.objects.filter(content_type__app_label__in=APPS)
    return frozenset(f"{each.content_type.app_label}.{each.codename}" for each in known)


def test_every_line_of_the_page_is_tried() -> None:
    assert RULES.keys() == ACTIONS.keys()


@pytest.mark.parametrize(
    ("action", "needs"), [(action, some) for action, rule in RULES.items() for some in rule]
)
def test_what_an_action_needs_is_enough(action: str, needs: frozenset[str]) -> None:
    client = client_with(needs)
    assert ACTIONS[action](client, World(User.objects.get()))


@pytest.mark.parametrize(
    ("action", "lacks"),
    [(action, name) for action, rule in RULES.items() for name in sorted(rule[0])],
)
def test_all_other_permissions_are_not(action: str, lacks: str) -> None:
    """Without one permission of each alternative: those that the first one shares, or has alone."""
    others = {min(some - RULES[action][0] or some) for some in RULES[action][1:]}
    without = {lacks} | ({lacks} if all(lacks in some for some in RULES[action]) else others)
    client = client_with(everything() - without)
    assert not ACTIONS[action](client, World(User.objects.get()))


@pytest.mark.parametrize("views", [False, True])
def test_what_is_not_out_is_read_by_those_who_may_view_it(*, views: bool) -> None:
    """At every door of the desk."""
    document = make_document(make_article("Ferry delayed"))
    hidden = make_target("Tomorrow", days_ago=-1, body="Secret pact. More.", excerpt="Hush.")
    suggest(document, hidden)
    names = {"related.view_suggestion"} | ({"newsroom.view_article"} if views else set())
    client = client_with(frozenset(names))
    assert client.get(page_of(hidden)).status_code == (200 if views else 404)
    queue = client.get(reverse("admin:related_review_queue"), {"state": "all"}).content.decode()
    assert ("Tomorrow" in queue, "Ferry delayed" in queue) == (views, True)
    page = client.get(page_of(document)).content.decode()
    assert "Tomorrow" in page
    for told in ("Hush.", "/articles/tomorrow/?preview=1", "<bdi>harbor</bdi>"):
        assert (told in page) == views, told
    words = {"to": "related", "q": "tomorrow"}
    found = client.get(page_of(document), words, headers={"HX-Request": "true"}).content.decode()
    assert ("Tomorrow" in found) == views


def test_who_decides_for_it_reads_it() -> None:
    hidden = make_target("Tomorrow", days_ago=-1)
    suggest(hidden, make_target("Earlier"))
    everywhere = frozenset({"related.change_decision", "newsroom.edit_all_sections"})
    client = client_with(everywhere)
    assert client.get(page_of(hidden)).status_code == 200
