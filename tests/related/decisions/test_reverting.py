"""Taking back everything that one account did since a moment, and nothing that others did."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from related.domain.decisions import reviewing
from related.domain.decisions.writing import STATE_FIELDS, LinkRef
from related.enums import Action, Verdict
from related.models import Decision, DecisionLog
from tests.related.desk_documents import make_article, make_document, make_slot, make_target

pytestmark = pytest.mark.django_db


@pytest.fixture
def rogue() -> User:
    return User.objects.create_user("rogue")


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna")


@pytest.fixture
def places() -> list[LinkRef]:
    document = make_document(make_article("Ferry delayed"))
    return [LinkRef(document, make_slot(), make_target(f"Target {n}")) for n in range(3)]


def run(*options: str, since: str = "2020-01-01") -> str:
    stdout = StringIO()
    call_command("revert_decisions", "--by", "rogue", "--since", since, *options, stdout=stdout)
    return stdout.getvalue()


def decision(place: LinkRef) -> Decision:
    return Decision.objects.get(document=place.document, slot=place.slot, target=place.target)


def test_what_stood_before_is_put_back_and_logged(
    rogue: User, anna: User, places: list[LinkRef]
) -> None:
    reviewing.approve(places[0], user=anna, version=0, note="the sequel")
    state = {name: getattr(decision(places[0]), name) for name in STATE_FIELDS}
    reviewing.pin(places[0], user=rogue, version=1)
    reviewing.reject(places[0], user=rogue, version=2)
    reviewing.approve(places[1], user=rogue, version=0)
    before = list(DecisionLog.objects.values())

    assert "2 decisions put back. 0 kept" in run("--dry-run")
    assert decision(places[0]).verdict == Verdict.REJECTED
    assert run("--user", "anna").startswith("2 decisions put back. 0 kept")

    assert {name: getattr(decision(places[0]), name) for name in STATE_FIELDS} == state
    assert decision(places[1]).verdict == Verdict.OPEN
    added = DecisionLog.objects.filter(action=Action.UNDO)
    assert {(entry.actor_name, entry.operation) for entry in added} == {
        ("anna", added[0].operation)
    }
    assert list(DecisionLog.objects.values())[2:] == before


def test_what_somebody_decided_since_stays(rogue: User, anna: User, places: list[LinkRef]) -> None:
    reviewing.approve(places[0], user=rogue, version=0)
    reviewing.pin(places[0], user=anna, version=1)
    assert "0 decisions put back. 1 kept" in run("--dry-run")
    assert "0 decisions put back. 1 kept" in run("--user", "anna")
    assert decision(places[0]).is_pinned


def test_somebody_elses_word_in_between_is_what_is_put_back(
    rogue: User, anna: User, places: list[LinkRef]
) -> None:
    reviewing.approve(places[0], user=rogue, version=0)
    reviewing.pin(places[0], user=anna, version=1)
    reviewing.reject(places[0], user=rogue, version=2)
    assert "1 decision put back. 0 kept" in run("--user", "anna")
    assert decision(places[0]).is_pinned


def test_only_what_was_decided_since_the_moment(rogue: User, places: list[LinkRef]) -> None:
    reviewing.approve(places[0], user=rogue, version=0)
    later = (timezone.now() + timedelta(seconds=1)).isoformat()
    assert "0 decisions put back. 0 kept" in run("--user", "rogue", since=later)
    assert decision(places[0]).verdict == Verdict.APPROVED


def test_decisions_of_a_deleted_account_are_found(
    rogue: User, anna: User, places: list[LinkRef]
) -> None:
    reviewing.approve(places[0], user=rogue, version=0)
    rogue.delete()
    report = run("--user", "anna")
    assert "1 decision put back. 0 kept because somebody has changed them since." in report
    assert decision(places[0]).verdict == Verdict.OPEN


def test_mistakes_are_explained(rogue: User) -> None:
    with pytest.raises(CommandError, match="--since 'yesterday' is not a time"):
        run(since="yesterday")
    with pytest.raises(CommandError, match="--since '2026-02-30'"):
        run(since="2026-02-30")
    with pytest.raises(CommandError, match="existing user with --user"):
        run()
    rogue.delete()
    with pytest.raises(CommandError, match="no user 'rogue', and no decision"):
        run("--dry-run")
