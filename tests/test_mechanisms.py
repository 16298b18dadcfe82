"""The table of mechanisms that benchmarks/mechanisms.py breaks is up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.mechanisms import ROOT, Mechanism, read_mechanisms


@pytest.mark.parametrize("mechanism", read_mechanisms(), ids=lambda mechanism: mechanism.name)
def test_it_can_be_broken_and_names_its_tests(mechanism: Mechanism, tmp_path: Path) -> None:
    copy = tmp_path / mechanism.file
    copy.parent.mkdir(parents=True)
    copy.write_text((ROOT / mechanism.file).read_text())
    mechanism.break_in(tmp_path)
    compile(copy.read_text(), mechanism.file, "exec")  # what cannot be read fails every test
    assert copy.read_text() != (ROOT / mechanism.file).read_text()
    assert mechanism.tests
    assert all((ROOT / test.partition("::")[0]).exists() for test in mechanism.tests)
