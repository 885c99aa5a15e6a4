"""The proof-reader on published pages: what people judged of each number."""

from __future__ import annotations

import pytest

from tests.proofread.gold import LOGS, pages, score


@pytest.mark.originals
@pytest.mark.skipif(not LOGS.is_dir(), reason="the published pages are not beside the project (../shared/logs)")
def test_verdicts_agree_with_the_gold_table() -> None:
    found = score(list(pages()))
    right, lines = (count / of for count, of in (found.right, found.lines))
    contradicted, confirmed = (count / of for count, of in (found.falsely_contradicted, found.falsely_confirmed))
    assert right >= 0.9
    assert lines >= 0.9
    assert contradicted <= 0.01
    assert confirmed <= 0.01
    assert found.exchanged_caught[0] == found.exchanged_caught[1] > 0
