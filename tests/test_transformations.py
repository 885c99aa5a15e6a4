"""A small part of `python -m tests.transformations`: prefixes and copies make nothing wrong and invent nothing."""

from __future__ import annotations

import pytest

from tests.parsers.samples import NAMES, case
from tests.transformations.__main__ import ALL, main
from tests.transformations.judging import ANSWER, INVENTED, UNSAID, WRONG, judged
from tests.transformations.prefixes import UNKNOWN
from tests.transformations.texts import Transformation

# What may not be, of the transformations of each group. A short log may not show a prefix of no known kind.
GROUPS = {
    "prefix": (WRONG, INVENTED, UNSAID, ANSWER),
    "copy": (WRONG, INVENTED, UNSAID, ANSWER),
    UNKNOWN: (WRONG, INVENTED),
}
# Every seventh case, so that each system has some. A prefix shows on a neighbour: a line alone has none.
LOGS = [name for name in NAMES if not name.startswith(("diff", "notebook")) and case(name).count(b"\n") > 1][::7]


@pytest.mark.parametrize("change", [change for change in ALL if change.group in GROUPS], ids=lambda change: change.name)
def test_nothing_is_wrong_invented_or_silently_lost(change: Transformation) -> None:
    for name in LOGS:
        verdicts = judged(case(name), change)
        bad = {verdict: verdicts.counts[verdict] for verdict in GROUPS[change.group]}
        assert not any(bad.values()), (name, verdicts.examples)


def test_there_are_at_least_sixty() -> None:
    assert len(ALL) >= 60
    assert len({change.name for change in ALL}) == len(ALL)


def test_the_command_prints_a_row_for_each_transformation(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--cases", "srun -l, rank of two digits", "--jobs", "1"]) == 0
    rows = capsys.readouterr().out.splitlines()
    assert [row.split("  ")[0] for row in rows] == ["prefix: srun -l, rank of two digits", "all of prefix"]
