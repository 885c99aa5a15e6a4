"""The examples of docstrings are run, from the checkout's folder."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

from scripts import ROOT

WITH_EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for folder in ("parsers", "scripts", "testbed_report")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if ">>> " in path.read_text()
]


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_right(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testmod(import_module(name), raise_on_error=False)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_the_public_interface_has_examples() -> None:
    assert {f"testbed_report.{name}" for name in ("comparing", "proofreading", "table")} <= set(WITH_EXAMPLES)
