"""docs/reference/permissions.md, held true: each action with what it needs, and with all else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from tests.permitted_actions import ACTIONS, World
from tests.related.clicks import page_of
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
