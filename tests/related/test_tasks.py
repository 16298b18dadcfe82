"""What the workers do with a message."""

from __future__ import annotations

import pytest

from related import tasks
from related.domain.attention.states import has_due, mark_due
from related.domain.indexing.processing import STORED_AT_ONCE
from related.domain.reports.census import take_census
from related.enums import Priority
from related.models import Document
from related.wakeups import HELPERS
from tests.factories import ArticleFactory
from tests.related.desk_documents import make_target
from tests.services.brokers import Broker


@pytest.mark.django_db
def test_who_is_woken_takes_publishes_whose_messages_were_lost(memory_broker: Broker) -> None:
    ArticleFactory.create_batch(3)
    (named, *lost) = Document.objects.claimable().values_list("pk", flat=True)
    Document.objects.filter(pk=lost[-1]).update(priority=Priority.BULK)
    tasks.process_documents([named])
    assert list(Document.objects.waiting().values_list("pk", flat=True)) == lost[-1:]


@pytest.mark.django_db
def test_who_is_woken_leaves_most_to_the_others(memory_broker: Broker) -> None:
    ArticleFactory.create_batch(STORED_AT_ONCE + 3)
    (named, *_) = Document.objects.claimable().values_list("pk", flat=True)
    tasks.process_documents([named])
    assert Document.objects.waiting().count() == 2


@pytest.mark.django_db
def test_a_rebuild_is_opened_and_its_helpers_are_called(memory_broker: Broker) -> None:
    tasks.rebuild()
    sent = [message.task for message in memory_broker.received()]
    assert sent == ["related.tasks.work_on_rebuild"] * HELPERS + ["related.tasks.process_due"]


@pytest.mark.django_db
def test_pages_that_a_rebuild_left_due_are_computed_soon(memory_broker: Broker) -> None:
    make_target("Bridge closes")
    mark_due()
    memory_broker.received()
    tasks.work_on_rebuild()  # the run has ended
    assert [message.task for message in memory_broker.received()] == ["related.tasks.process_due"]
    tasks.process_due()
    assert not has_due()
    assert [message.task for message in memory_broker.received()] == ["related.tasks.process_due"]
    tasks.work_on_rebuild()
    assert memory_broker.received() == []


@pytest.mark.django_db
def test_a_publish_computes_some_of_the_pages_that_are_due(memory_broker: Broker) -> None:
    make_target("Bridge closes")
    mark_due()
    memory_broker.received()
    tasks.process_documents([])
    assert not has_due()
    sent = [message.task for message in memory_broker.received()]
    assert sent == ["related.tasks.process_due"], "the pages were not counted yet"
    take_census()
    tasks.process_documents([])
    assert memory_broker.received() == []
