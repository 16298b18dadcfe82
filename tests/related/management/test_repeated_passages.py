"""Import, work, export: what a site of stubs, credits and boxes sees of them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from related.domain.pages.summaries import draft_summary
from related.models import Document
from tests.newsroom.import_runs import import_lines
from tests.related.repeats import CREDIT, STUB, TEASERS

pytestmark = pytest.mark.django_db

BOX = "Sign up to our evening letter and read the best of the day in five minutes."
CASES = Path(__file__).parents[4] / "shared" / "cases"


def row(n: int, *passages: str, **fields: Any) -> dict[str, Any]:
    title, teaser = TEASERS[n]
    body = "".join(f"<p>{part}</p>" for part in (teaser, *passages))
    date = f"2026-02-{n + 1:02}T08:00:00Z"
    return {"id": f"n{n}", "title": title, "body": body, "published_at": date} | fields


def similarities() -> dict[tuple[str, str], float]:
    """Of all pairs that are neighbors."""
    call_command("process_related", stdout=io.StringIO())
    out = io.StringIO()
    call_command("export_neighbors", stdout=out)
    lists = map(json.loads, out.getvalue().splitlines())
    return {
        (line["id"], neighbor["id"]): neighbor["similarity"]
        for line in lists
        for neighbor in line["neighbors"]
    }


def test_an_archive_behind_a_paywall_has_no_links_by_its_stub(tmp_path: Path) -> None:
    assert not import_lines(tmp_path / "a.jsonl", *(row(n, STUB) for n in range(10))).code
    assert similarities() == {}


def test_a_third_of_an_archive_with_credits_and_boxes(tmp_path: Path) -> None:
    rows = [row(n, BOX, CREDIT) if n < 3 else row(n) for n in range(10)]
    assert not import_lines(tmp_path / "a.jsonl", *rows).code
    assert similarities() == {}
    for document in Document.objects.all():
        draft = draft_summary(document, document.source.queryset().get(pk=document.object_id))
        assert draft
        assert BOX not in draft
        assert CREDIT not in draft


def test_what_is_imported_later_takes_the_passage_from_what_was_there(tmp_path: Path) -> None:
    import_lines(tmp_path / "a.jsonl", row(0, STUB), row(1, STUB))
    assert similarities()["n0", "n1"] > 0.2
    import_lines(tmp_path / "b.jsonl", row(2, STUB))
    assert similarities() == {}


def test_versions_of_a_text_stay_alike(tmp_path: Path) -> None:
    text = "Engineers found cracks in two piers of the bridge. Ferries replace it until May."
    versions = [
        row(3, text, CREDIT, id=f"v{n}", title=f"UPDATE {n}-Bridge over the river closes")
        for n in range(4)
    ]
    import_lines(tmp_path / "a.jsonl", *versions, row(0, CREDIT), row(1, CREDIT))
    found = similarities()
    assert all(found["v0", f"v{n}"] > 0.5 for n in range(1, 4))  # numbers in titles weigh much
    assert ("n0", "n1") not in found


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not on this machine")
def test_the_cases_of_the_record() -> None:
    for name in ("boilerplate", "summary_boilerplate"):
        call_command("import_articles", str(CASES / f"{name}.jsonl"), stdout=io.StringIO())
    found = similarities()
    # One story each: the teaser with and without its second sentence, the vote on quotas.
    assert found.pop(("p0", "stub")) == found.pop(("stub", "p0")) > 0.9
    assert found.pop(("a", "ap")) == found.pop(("ap", "a")) > 0.6
    assert not {key for pair in found for key in pair} & {"p0", "p1", "p2", "stub"}
    assert max(found.values(), default=0) < 0.03  # "AP" in the datelines
