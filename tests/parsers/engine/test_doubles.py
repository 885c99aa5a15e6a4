"""Lines that are printed twice are read once, with a note. A pair that means two things stays two lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.reading import parse
from tests.parsers.engine.test_boundaries import check_prefix
from tests.parsers.samples import NAMES, case, table
from tests.parsers.variations import without_end
from tests.transformations.others import ALL

COPIES = [change for change in ALL if change.group == "copy"]
LOGS = ("sambanova_train", "graphcore_mnist", "graphcore_gpt2", "cerebras_train", "groq_proof_point", "cpu_bert_tiny")


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("change", COPIES, ids=lambda change: change.name)
def test_doubled_lines_are_read_once(change: object, name: str) -> None:
    assert hasattr(change, "make")
    changed = change.make(case(name))
    moved = [(*row[:7], changed.places[int(row[7]) - 1]) for row in table(changed.data)]
    assert [without_end(row) for row in moved] == [without_end(row[:8]) for row in table(case(name))]


def test_it_is_said_and_the_exit_status_is_that_of_a_log(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(COPIES[0].make(case("groq_proof_point")).data)
    assert main([str(log)]) == 0
    (said,) = capsys.readouterr().err.splitlines()
    assert said == f"{log}: note: 17 lines repeat the line before, as a second task or handler prints it; read once"


@pytest.mark.parametrize("name", [name for name in NAMES if name != "graphcore_drawn_twice"])
def test_no_log_is_called_doubled(name: str) -> None:
    assert parse(case(name), "").notes == ()


@pytest.mark.parametrize("name", ["groq_proof_point", "cerebras_train"])
def test_a_part_of_a_doubled_log_gives_a_subset(name: str) -> None:
    data = COPIES[0].make(case(name)).data
    for cut in range(0, len(data), 37):
        check_prefix(data, cut)
