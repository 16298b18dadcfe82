"""A process that cannot compare texts says so and takes no work: no document is to blame."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.services.project import ROOT, Project

# Real processes start slowly where the machine is busy.
pytestmark = pytest.mark.timeout(300)

TAKE = """
from related.domain.indexing.processing import process
from related.domain.rebuilds.rebuilding import start, work
from related.models import Document, RebuildBlock
from related.similarity.warm_up import EngineUnavailable
run = start()
for take in (process, lambda: work(run)):
    try:
        take()
    except EngineUnavailable:
        pass
    else:
        raise AssertionError("it took work")
print(sorted(Document.objects.values_list("attempts", "error")))
print(sorted(RebuildBlock.objects.values_list("attempts", flat=True)))
"""


@pytest.fixture
def project(make_project: Callable[..., Project], tmp_path: Path) -> Project:
    """Two articles wait."""
    project = make_project(LOG_LEVEL="WARNING")
    project.migrate()
    archive = tmp_path / "articles.jsonl"
    rows = [{"id": str(n), "title": f"Storm {n}", "text": "A storm hit the bay."} for n in (1, 2)]
    archive.write_text("\n".join(map(json.dumps, rows)))
    project.manage("import_articles", str(archive))
    return project


def test_a_numba_that_cannot_be_imported_is_no_documents_fault(
    project: Project, tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "numba.py").write_text('raise ImportError("Numba needs NumPy 2.0 or less.")')
    project.environment["PYTHONPATH"] = f"{broken}{os.pathsep}{ROOT}"
    for command in ("process_related", "rebuild_related"):
        done = project.manage(command, check=False)
        assert done.returncode == 1
        assert "The similarity engine cannot start. ImportError: Numba needs NumPy" in done.stderr
        assert "Install versions that fit together" in done.stderr
    found = project.manage("shell", "-c", TAKE).stdout
    assert found.endswith("[(0, ''), (0, '')]\n[0]\n")

    del project.environment["PYTHONPATH"]
    assert "2 documents are indexed" in project.manage("process_related").stdout
