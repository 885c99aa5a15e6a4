"""The reference and the tutorial: their blocks are run, and the reference has every public name."""

from __future__ import annotations

import contextlib
import doctest
import inspect
import io
import os
import re
from pathlib import Path

import pytest

import testbed_report
from parsers.tables.columns import FACT_NAMES
from scripts import ROOT

TUTORIAL, REFERENCE = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("tutorial.md", "api.md"))
_BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<printed>.*?)```\n)?", re.DOTALL)
_HEADING = re.compile(r"^#{2,3} `(?P<name>\w+)(?P<signature>\(.*\))?`$", re.MULTILINE)


def test_each_block_of_the_tutorial_prints_what_the_page_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    blocks = list(_BLOCK.finditer(TUTORIAL))
    assert len(blocks) >= 6
    for block in blocks:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(block["code"], names)
        assert printed.getvalue() == (block["printed"] or "")
    assert (tmp_path / "throughput.svg").stat().st_size > 1000


def test_the_examples_of_the_reference_are_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.DocTestParser().get_doctest(REFERENCE.replace("```", ""), {}, "api.md", None, None)
    runner = doctest.DocTestRunner()
    assert (runner.run(found).failed, len(found.examples) > 2) == (0, True)


def test_the_reference_has_every_public_name_with_its_signature() -> None:
    listed = {heading["name"]: heading["signature"] for heading in _HEADING.finditer(REFERENCE)}
    table = [name for name in vars(testbed_report.Table) if not name.startswith("_")]
    public = [name for name in testbed_report.__all__ if not name.startswith("_")]
    assert set(listed) == {*public, *table}
    for name, shown in listed.items():
        owner = testbed_report if name in public else testbed_report.Table
        found = getattr(owner, name)
        if inspect.isfunction(found):
            assert shown == _plain(inspect.signature(found)), name


def _plain(signature: inspect.Signature) -> str:
    """Return a signature without types and without `self`."""
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in signature.parameters.values()
        if parameter.name != "self"
    ]
    return str(inspect.Signature(parameters))


def test_the_reference_has_the_columns_of_the_facts() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", REFERENCE, re.MULTILINE)
    assert set(rows) == {*FACT_NAMES, "printed"}
    assert rows == list(testbed_report.read(os.devnull).facts.columns)
