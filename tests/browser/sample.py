"""Scripts that give a newsroom the sample archive, editors who worked with it, and a supervisor."""

from newsroom.demo import SAMPLE
from tests.browser.newsroom import NAME, PASSWORD

SUPERVISOR = "petra"  # may do everything

CREATE_SUPERVISOR = f"""
from django.contrib.auth.models import User
User.objects.create_superuser({SUPERVISOR!r}, password={PASSWORD!r})
"""
FILL_SAMPLE = f"""
from django.core.management import call_command
from newsroom.demo_pages import hang_pictures
call_command("import_articles", {str(SAMPLE)!r})
hang_pictures()
call_command("rebuild_related")
call_command("process_related")
"""
# Editors agree the more often the better the score; by turns, not by chance.
REVIEW = f"""
from uuid import uuid4
from django.contrib.auth.models import User
from django.core.management import call_command
from related.domain.decisions.evidence import evidence_of
from related.domain.decisions.writing import OPEN, Change, LinkRef
from related.domain.decisions.writing_many import change_each
from related.enums import Action, Verdict
from related.models import Document, Suggestion
editors = [User.objects.get(username={NAME!r}), User.objects.create_user("edgar", is_staff=True)]
oldest = Document.objects.order_by("published_at")[:30]
suggestions = Suggestion.objects.served().filter(slot__key="related", document__in=oldest)
suggestions = list(suggestions.order_by("document", "-score"))
links = [LinkRef(each.document, each.slot, each.target) for each in suggestions]
changes = [], []
for turn, (each, link, view) in enumerate(zip(suggestions, links, evidence_of(links))):
    is_good = turn * 61 % 100 < 100 * (each.score / 0.12) ** 2
    verdict = Verdict.APPROVED if is_good else Verdict.REJECTED
    state = OPEN | view | {{"verdict": verdict.value}}
    action = Action.APPROVE if is_good else Action.REJECT
    changes[turn % 3 == 0].append(Change(link, action, lambda _, state=state: state, 0))
for editor, theirs in zip(editors, changes):
    change_each(theirs, user=editor, operation=uuid4())
call_command("learn_strength")
"""
# The newest twelve wait for an editor.
APPROVE_SAMPLE = f"""
call_command("approve_suggestions", user={NAME!r}, keep_newest=12, summaries=True)
call_command("process_related")
"""
# Coverage is counted once an hour; the days before are those of an archive that filled slowly.
REMEMBER_COVERAGE = """
from datetime import timedelta
from related.domain.reports.census import take_census
from related.models import DailyCoverage
take_census()
today = list(DailyCoverage.objects.all())
DailyCoverage.objects.bulk_create(
    DailyCoverage(
        day=each.day - timedelta(days=days), slot=each.slot, section=each.section,
        n_pages=each.n_pages, n_empty=each.n_empty,
        n_filled=min(each.n_pages, round(each.n_filled * (1 - days / 75))),
    )
    for each in today for days in range(1, 60)
)
"""
