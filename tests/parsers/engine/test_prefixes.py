"""What other programs put before each line is taken off, and said; nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers import reading
from parsers.coverage import explain
from parsers.engine import text
from parsers.reading import parse, readings
from tests.parsers.engine.test_boundaries import check_prefix
from tests.parsers.samples import case, table
from tests.parsers.variations import check_same
from tests.transformations.prefixes import ALL, PREFIXES

LOGS = ("sambanova_train", "graphcore_mnist", "cerebras_train", "groq_proof_point", "record_cut")
NAMED = {change.name: change for change in ALL}


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_changes_nothing(prefix: str, name: str) -> None:
    check_same(NAMED[prefix].make(case(name)).data, case(name))


@given(prefix=st.sampled_from(sorted(PREFIXES)), name=st.sampled_from(LOGS), part=st.floats(0, 1))
def test_a_part_of_a_log_with_prefixes_gives_a_subset(prefix: str, name: str, part: float) -> None:
    data = NAMED[prefix].make(case(name)).data
    check_prefix(data, int(part * len(data)))


@pytest.mark.parametrize("prefix", ["docker", "srun -l", "journald", "compose"])
def test_a_log_with_prefixes_behind_one_without_is_read_as_by_itself(prefix: str) -> None:
    plain, log = case("groq_proof_point"), case("cerebras_train")
    assert table(plain + NAMED[prefix].make(log).data) == table(plain + log)
    assert table(NAMED[prefix].make(plain).data + log) == table(plain + log)


def test_an_explanation_says_which_prefixes_were_taken_off(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(NAMED["docker and srun"].make(case("groq_proof_point")).data)
    said = [line for line in explain(tmp_path / "a.log")[0].splitlines() if line.startswith("  prefix")]
    assert said == ["  prefix       19 lines begin as '2024-04-08T07:10:28.067853012Z 0: ' (timestamp, number)"]


@pytest.mark.parametrize("name", ["cerebras_train", "sambanova_train", "graphcore_mnist", "cpu_bert_tiny"])
def test_what_a_system_prints_itself_is_no_prefix(name: str) -> None:
    assert parse(case(name), "").prefixes == ()


def test_one_line_alone_has_no_prefix() -> None:
    log = case("groq_proof_point").replace(b"Running inference on", b"0: Running inference on")
    assert parse(log, "").prefixes == ()


@pytest.mark.parametrize("line", [
    b"Using config: bert", b"epoch 1: loss 5.5", b"conv1: 5.5", b"Loss: 1.5 | Accuracy: 90.0%", b"[INFO] loss: 5.5",
    b"12:30 lunch", b"-- 5", b"100%|###| 5/5 [00:01<00:00]", b"1.5e-05, x",
])  # fmt: skip
def test_these_are_no_prefixes(line: bytes) -> None:
    other = line.replace(b"5", b"6").replace(b"1", b"2")
    log = line + b' Building "x"\n' + other + b' Building "x"\n'
    assert parse(log, "").prefixes == ()


def test_a_large_file_is_stripped_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = NAMED["docker"].make(case("sambanova_train")).data * 3
    (tmp_path / "large.log").write_bytes(data)
    monkeypatch.setattr(reading, "HELD", 1 << 10)
    monkeypatch.setattr(text, "_COUNT_AT_ONCE", 3000)
    found = list(readings(tmp_path / "large.log", "x"))
    assert tuple(run for part in found for run in part.runs) == parse(data, "x").runs
    assert found[-1].prefixes
