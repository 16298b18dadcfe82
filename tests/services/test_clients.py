"""The guide's snippets in curl, JavaScript and Python, run against a newsroom as they stand.

What takes a package registry (clients made from the schema, Next.js) is run by `make clients`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.new_site import blocks
from tests.services.clients import GUIDE, ServedSite
from tests.services.programs import curl, node
from tests.services.project import Project

pytestmark = pytest.mark.timeout(300)

FOUND = "Next Article: Harbor bridge opens again (/articles/harbor-bridge-opens-again/)"
MISSING = "no such page: https://news.example/gone/"


def test_the_snippets_of_the_guide(make_project: Callable[..., Project]) -> None:
    site = ServedSite(make_project(HEADLESS="true"))
    programs = os.pathsep.join({str(curl().parent), str(node().parent), os.environ["PATH"]})

    def run(*command: str) -> str:
        done = subprocess.run(
            command,
            cwd=site.project.directory,
            env={"PATH": programs, "RELATED_KEY": site.key},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run_block(language: str, name: str) -> str:
        [block] = [b for b in blocks(GUIDE, language) if name in b.splitlines()[0]]
        file = site.project.directory / name
        file.write_text(site.here(block))
        return run(sys.executable if language == "python" else "node", str(file))

    first, *_ = blocks(GUIDE, "sh")
    printed = run("sh", "-ec", site.here(first).replace("\n\n", "\necho\n"))
    one, several, again = printed.split("\n")
    assert '"title":"Harbor bridge opens again"' in one
    assert several.count('"found":true') == 2
    assert again == f"{one}304"

    for printed in (run_block("js", "links.mjs"), run_block("python", "links.py")):
        lines = printed.splitlines()
        assert FOUND in lines
        assert lines[-1] == MISSING

    assert run_block("python", "push.py").splitlines() == ["page-0 created ", "page-1 created "]
    assert run_block("python", "push.py").splitlines() == ["page-0 unchanged ", "page-1 unchanged "]
