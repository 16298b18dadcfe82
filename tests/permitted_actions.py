"""Every action of docs/reference/permissions.md, tried as a user with some permissions does it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsroom.articles.models import Article, Section, Status
from related.domain.desk.sections import sent
from related.enums import BulkKind, Mark
from related.models import (
    BulkOperation,
    Decision,
    Document,
    Policy,
    SectionRule,
    Sensitivity,
    Slot,
)
from tests.newsroom.desk import LIST, act, article_form, change_page
from tests.related.clicks import page_of, seen
from tests.related.desk_documents import make_article, make_document, make_target, suggest


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


def decides_in_bulk(client: Client, world: World) -> bool:
    preview = client.post(reverse("admin:related_bulk"), {"what": "approve", "chance": "0.5"})
    if preview.status_code != 302:
        return False
    client.post(preview["Location"], {"action": "start"})
    client.get(preview["Location"], {"go": "1"})
    return Decision.objects.approved().get().document == world.document


def looks_at_bulk(client: Client, world: World) -> bool:
    operation = BulkOperation.objects.create(kind=BulkKind.APPROVE, options={"chance": 0.5})
    address = reverse("admin:related_bulk_operation", args=[operation.pk])
    return client.get(address).status_code == 200


def marks_article(client: Client, world: World) -> bool:
    form = {"action": "sensitive", "marks": [Mark.NO_LINKS.value], "seen_marks": 0}
    client.post(page_of(world.document), form)
    return Sensitivity.objects.filter(marks=Mark.NO_LINKS).exists()


def marks_section(client: Client, world: World) -> bool:
    kind, section = world.document.content_type_id, world.section.slug
    form = {"seen": sent(kind, 0, section), "tick": sent(kind, Mark.LIGHT, section)}
    client.post(reverse("admin:related_sensitive_sections"), form)
    return SectionRule.objects.filter(marks=Mark.LIGHT).exists()


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


def policy_page() -> str:
    return reverse("admin:related_slot_policy", args=[Slot.objects.get(key="related").pk])


def sees_policy(client: Client, world: World) -> bool:
    return client.get(policy_page()).status_code == 200


def sets_policy(client: Client, world: World) -> bool:
    client.post(policy_page(), {"action": "set", "bar": "0.9"})
    return Policy.objects.on().exists()


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
    'decide: every button of the review page but "Sensitive"': decides,
    "decide in bulk: find the links, begin, stop, take back": decides_in_bulk,
    "look at an operation in bulk": looks_at_bulk,
    "mark an article as sensitive": marks_article,
    "mark a section as sensitive": marks_section,
    "see the sensitive sections": opens("related_sensitive_sections"),
    "see who changed what of a section": opens("related_sectionrulelog_changelist"),
    "see the pages that nothing links to": opens("related_orphans"),
    "see the list of documents": opens("related_document_changelist"),
    "see the dashboard": opens("related_dashboard"),
    "retry what failed, on the dashboard": retries,
    "see the decisions": opens("related_decision_changelist"),
    "see the decision log": opens("related_decisionlog_changelist"),
    "see past rebuilds": opens("related_rebuildrun_changelist"),
    "see the slots": opens("related_slot_changelist"),
    "change a slot": changes_slot,
    "see the policy of a slot": sees_policy,
    "set the policy of a slot, switch it off, take it back": sets_policy,
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
