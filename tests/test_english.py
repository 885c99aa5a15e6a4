"""The language of pages, code and tests: almost all sentences are short."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import english

TESTS = sorted((english.ROOT / "tests").rglob("*.py"))
SHOWN = 20  # long sentences in a message


@pytest.mark.parametrize("paths", [english.pages(), english.code(), TESTS], ids=["pages", "code", "tests"])
def test_almost_all_sentences_are_short(paths: list[Path]) -> None:
    counted = [sentence for path in paths for sentence in english.sentences(path)]
    long = "\n".join(english.longest(counted)[:SHOWN])
    assert english.share(counted) >= english.SHARE, f"sentences of more than {english.MOST} words:\n{long}"
