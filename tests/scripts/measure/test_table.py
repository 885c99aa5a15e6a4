"""Tables are aligned, and an aim that is missed is said."""

from __future__ import annotations

import pytest

from scripts.measure.contestants import CSV, PARQUET, PLAIN, RG
from scripts.measure.process import Cost
from scripts.measure.reading import aims
from scripts.measure.table import Aim, print_aims, print_table


def test_columns_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_table("title", ("s", "MB"), [("a", "1.00", "3"), ("longer name", "10.00", "400")])
    assert capsys.readouterr().out.splitlines() == [
        "",
        "title            s   MB",
        "a             1.00    3",
        "longer name  10.00  400",
    ]


def test_an_aim_that_is_missed_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    print_aims([Aim("start", 41.2, 40, "ms"), Aim("ratio", 1.25, 1.25, "times", least=True)])
    assert capsys.readouterr().out.splitlines()[2:] == [
        "start       41 ms        at most 40 ms  MISSED",
        "ratio  1.25 times  at least 1.25 times     met",
    ]


def test_aims_of_reading_are_ratios_of_user_time() -> None:
    users = {CSV: 2.0, PARQUET: 3.0, PLAIN: 3.0, RG: 0.5}
    costs = {name: Cost(9, user, 9, 9) for name, user in users.items()}
    assert [(aim.value, aim.met) for aim in aims(costs)] == [(1.5, True), (4.0, True), (1.5, False)]
    del costs[RG]
    assert [aim.value for aim in aims(costs)] == [1.5, 1.5]
