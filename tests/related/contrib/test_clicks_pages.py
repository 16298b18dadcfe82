"""What editors see of clicks: the report, the file, links that readers pass by, trials."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from newsroom.articles.models import Article, Status
from related.admin.spreadsheets import as_text
from related.contrib.clicks.judging import judge
from related.contrib.clicks.models import PassedLink, Trial
from related.contrib.clicks.passed import find_passed, notice_passed
from related.contrib.clicks.tidying import tidy
from related.domain.attention.noticing import register_notice, unregister_notice
from related.domain.attention.states import close_page, refresh_due, refresh_states
from related.domain.decisions.reviewing import approve
from related.domain.decisions.writing import LinkRef
from related.domain.pages.trials import shows_b
from related.enums import ReviewReason
from related.models import Document, ReviewState, Slot
from tests.related.clicks import page_of
from tests.related.contrib.click_rows import add_clicks
from tests.related.desk_documents import make_article, make_document, make_slot, make_target
from tests.related.editors import make_editor, make_staff

pytestmark = pytest.mark.django_db

REPORT = reverse("admin:related_clicks_clicksum_changelist")
CSV = reverse("admin:related_clicks_csv")
TRIALS = reverse("admin:related_clicks_trial_changelist")


@pytest.fixture
def editor(client: Client) -> User:
    editor = make_editor("anna")
    editor.user_permissions.add(Permission.objects.get(codename="change_slot"))
    client.force_login(editor)
    return editor


@pytest.fixture
def noticing() -> Iterator[None]:
    """The desk asks for what readers pass by, as where the app is installed."""
    register_notice(notice_passed)
    yield
    unregister_notice(notice_passed)


def linked(title: str, editor: User) -> tuple[Document, Document]:
    """A page with one approved link."""
    document, target = make_document(make_article(title)), make_target(f"To {title}")
    approve(LinkRef(document, make_slot(), target), user=editor, version=0)
    return document, target


# The report.


def test_the_report_says_shares_with_their_certainty(client: Client, editor: User) -> None:
    document, target = linked("Ferry", editor)
    add_clicks(document, target, 800, 24)
    add_clicks(document, target, 200, 1, place=2, strength="fair", days_ago=20)
    page = client.get(REPORT)
    [row] = page.context["by_slot"]
    assert (row.figure.shown, row.figure.clicked) == (1000, 25)
    assert (row.percent, round(row.low, 2), round(row.high, 2)) == (2.5, 1.7, 3.66)
    assert [r.figure.place for r in page.context["by_place"]] == [1, 2]
    assert [r.figure.strength for r in page.context["by_strength"]] == ["strong", "fair"]
    text = page.content.decode()
    assert "To Ferry" in text
    assert page_of(document) in text
    [row] = client.get(REPORT, {"days": "7"}).context["by_slot"]
    assert row.figure.shown == 800
    assert client.get(REPORT, {"days": "99999"}).context["days"] == 28


def test_best_and_worst_are_sure_ones(client: Client, editor: User) -> None:
    """One click of one view is no better than a hundred of a thousand."""
    lucky, good, bad = (linked(title, editor) for title in ("Lucky", "Good", "Bad"))
    add_clicks(*lucky, 1, 1)
    add_clicks(*good, 1000, 600)
    add_clicks(*bad, 1000, 1)
    context = client.get(REPORT).context
    assert [row.document.title for row in context["best"]] == ["Good", "Lucky", "Bad"]
    assert [row.document.title for row in context["worst"]] == ["Bad", "Good"]


@pytest.mark.parametrize("n", [1, 3])
def test_the_report_takes_as_many_queries_for_one_link_as_for_three(
    n: int, client: Client, editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(n):
        add_clicks(*linked(f"Ferry {number}", editor), 100, 5, place=number + 1)
    client.get(REPORT)
    with django_assert_num_queries(14):
        client.get(REPORT)


def test_nothing_counted_says_so(client: Client, editor: User) -> None:
    assert "Nothing was counted" in client.get(REPORT).content.decode()


def test_the_file_computes_nothing_and_keeps_titles_hidden(client: Client) -> None:
    client.force_login(make_staff("reader", "view_suggestion"))
    document = make_document(make_article("=HYPERLINK(1)"))
    hidden = make_target("Secret merger")
    Article.objects.filter(pk=hidden.object_id).update(status=Status.WITHDRAWN)
    add_clicks(document, hidden, 40, 2)
    answer = client.get(CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode("utf-8-sig")
    _head, row = csv.reader(text.splitlines())
    assert row[:3] == [document.label, "'=HYPERLINK(1)", "related"]
    assert row[5:8] == ["40", "2", "0.05000"]
    assert [as_text(text) for text in ("-1", "+1", "@x", "\tx", "plain")] == [
        "'-1", "'+1", "'@x", "'\tx", "plain",
    ]  # fmt: skip


# What readers pass by.


@pytest.mark.usefixtures("noticing")
def test_it_costs_one_query(
    editor: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    documents = [linked(title, editor)[0] for title in ("One", "Two", "Three")]
    with django_assert_num_queries(1):
        notice_passed([document.pk for document in documents])


def reasons(document: Document) -> set[ReviewReason]:
    refresh_states([document.pk])
    return set(ReviewState.objects.get(document=document).why)


@pytest.mark.usefixtures("noticing")
def test_a_link_that_is_shown_often_and_never_clicked_needs_an_editor(
    client: Client, editor: User
) -> None:
    passed, followed, new = (linked(title, editor) for title in ("Passed", "Followed", "New"))
    add_clicks(*followed, 5000, 250)
    add_clicks(*passed, 2000, 0)
    add_clicks(*new, 20, 0)
    ReviewState.objects.update(is_due=False)
    assert tidy()[1] == 1
    assert refresh_due() == 1
    assert reasons(passed[0]) == {ReviewReason.READERS}
    assert reasons(followed[0]) == reasons(new[0]) == set()
    address = reverse("admin:related_review_queue")
    queue = client.get(address, {"reason": ReviewReason.READERS.value}).content.decode()
    assert "Passed" in queue
    assert "readers pass a link by" in queue
    assert (
        "readers saw it 2,000 times and never clicked"
        in client.get(page_of(passed[0])).content.decode()
    )

    close_page(passed[0])
    assert reasons(passed[0]) == set()


@pytest.mark.usefixtures("noticing")
def test_it_is_over_when_readers_click_or_the_link_is_gone(editor: User) -> None:
    passed, followed = linked("Passed", editor), linked("Followed", editor)
    add_clicks(*followed, 5000, 250)
    add_clicks(*passed, 2000, 0)
    find_passed()
    assert reasons(passed[0]) == {ReviewReason.READERS}
    other = make_target("Other")
    PassedLink.objects.update(target=other)  # which does not stand there
    assert reasons(passed[0]) == set()
    PassedLink.objects.update(target=passed[1])
    add_clicks(*passed, 200, 60, place=2)
    assert find_passed() == 0
    assert ReviewState.objects.get(document=passed[0]).is_due
    assert reasons(passed[0]) == set()


# Trials.


def start(client: Client, **fields: str) -> Trial:
    slot = Slot.objects.get(key="related")
    answer = client.post(
        f"{TRIALS}add/", {"slot": str(slot.pk), "heading": "", "count": "", **fields}
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    return Trial.objects.get()


def test_a_trial_is_begun_judged_and_ended(client: Client, editor: User) -> None:
    trial = start(client, heading="Read on", count="2")
    slot = Slot.objects.get(key="related")
    assert (slot.trial_heading, slot.trial_count) == ("Read on", 2)
    address = reverse("admin:related_clicks_trial_change", args=[trial.pk])
    assert "Too little to say" in client.get(address).content.decode()
    pairs = [(make_target(f"A{n}"), make_target(f"B{n}")) for n in range(30)]
    for document, target in pairs:
        is_b = shows_b(slot.pk, document.pk)
        variant = trial.variant(is_b=is_b)
        add_clicks(document, target, 1000, 60 if is_b else 20, variant=variant)
        add_clicks(document, target, 900, 5, place=2, variant=variant)
    outcome = judge(trial)
    assert outcome.a.n_articles + outcome.b.n_articles == 30
    assert outcome.difference is not None
    assert outcome.difference.mean == pytest.approx(0.04)
    text = client.get(address).content.decode()
    assert "B is followed more often: 6.50\N{NO-BREAK SPACE}% of its views, against 2.50" in text
    assert client.post(address, {"kept": "b"}).status_code == 302
    slot.refresh_from_db()
    assert (slot.heading, slot.count, slot.is_tried) == ("Read on", 2, False)
    trial.refresh_from_db()
    assert trial.kept == "b"
    assert judge(trial) == outcome
    assert "B stays" in client.get(address).content.decode()
    client.post(address, {"kept": "a"})  # too late
    assert Slot.objects.get(key="related").heading == "Read on"


def test_a_as_it_was_stays(client: Client, editor: User) -> None:
    trial = start(client, count="2")
    client.post(reverse("admin:related_clicks_trial_change", args=[trial.pk]), {"kept": "a"})
    slot = Slot.objects.get(key="related")
    assert (slot.heading, slot.count, slot.is_tried) == ("Related stories", 4, False)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"heading": "Related stories"}, "B would be the same as A"),
        ({"count": "4"}, "B would be the same as A"),
        ({"count": "21"}, "less than or equal to 20"),
    ],
)
def test_what_is_no_trial_is_refused(
    client: Client, editor: User, fields: dict[str, str], error: str
) -> None:
    slot = Slot.objects.get(key="related")
    form = {"slot": str(slot.pk), "heading": "", "count": "", **fields}
    assert error in client.post(f"{TRIALS}add/", form).content.decode()
    assert not Trial.objects.exists()


def test_a_slot_is_tried_once_at_a_time(client: Client, editor: User) -> None:
    start(client, count="2")
    form = {"slot": str(Slot.objects.get(key="related").pk), "heading": "", "count": "3"}
    assert "being tried already" in client.post(f"{TRIALS}add/", form).content.decode()
    assert Trial.objects.count() == 1


def test_who_may_not_change_slots_only_looks(client: Client, editor: User) -> None:
    trial = start(client, count="2")
    client.force_login(make_staff("ben", "view_suggestion"))
    address = reverse("admin:related_clicks_trial_change", args=[trial.pk])
    assert [client.get(each).status_code for each in (REPORT, TRIALS, address)] == [200] * 3
    assert client.post(address, {"kept": "b"}).status_code == 403
    assert client.get(f"{TRIALS}add/").status_code == 403
    client.force_login(make_staff("eve"))
    assert [client.get(each).status_code for each in (REPORT, CSV, TRIALS, address)] == [403] * 4
