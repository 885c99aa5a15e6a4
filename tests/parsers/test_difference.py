"""Two runs side by side: what differs is shown, what they share is not."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.difference import NoSuchRun, difference, named_run
from tests.parsers.samples import CASES

TWO = str(CASES / "sambanova_two_runs.log")
REBUILT = str(CASES / "groq_rebuilt.log")


def different(one: str, other: str) -> dict[str, tuple[str, str]]:
    """Return the values of both runs by what they are."""
    _, rows = difference(named_run(one), named_run(other))
    return {f"{row[1]} {row[2]}".strip(): (str(row[4]), str(row[6])) for row in rows}


def test_a_run_does_not_differ_from_itself() -> None:
    assert different(f"{TWO}:1", f"{TWO}:1") == {}


def test_what_only_one_run_says_stands_alone() -> None:
    found = different(f"{REBUILT}:1", f"{REBUILT}:2")
    assert found["sequence_length"] == ("", "64")
    assert "on_chip_throughput groq" not in found


def test_several_values_of_a_name_all_stand() -> None:
    found = different(str(CASES / "cerebras_train.log"), str(CASES / "cerebras_middle_of_a_log.log"))
    assert found["compile_hash"] == ("cs_1234567", "cs_13579; cs_24680")


def test_runs_of_two_systems_differ_in_their_system() -> None:
    assert different(f"{TWO}:1", f"{REBUILT}:1")["system"] == ("SambaNova", "Groq")


@pytest.mark.parametrize(("name", "said"), [
    (TWO, "holds 2 runs; say which"),
    (f"{TWO}:3", "no run 3; "),
    (f"{TWO}:0", "no run 0; "),
    ("nowhere:1", "nowhere: no such file"),
    ("nowhere", "nowhere: no such file"),
])  # fmt: skip
def test_what_is_not_one_run_is_named(name: str, said: str) -> None:
    with pytest.raises(NoSuchRun, match=said):
        named_run(name)


def test_a_log_whose_name_ends_like_a_run(tmp_path: Path) -> None:
    (tmp_path / "log:2").write_bytes((CASES / "groq_proof_point.log").read_bytes())
    assert named_run(str(tmp_path / "log:2")).ordinal == 1


def test_the_command_prints_a_table(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--diff", "--format", "csv", f"{TWO}:1", f"{TWO}:2"]) == 0
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(capfd.readouterr().out))}
    assert rows["job_id"]["value_a"] != rows["job_id"]["value_b"]
    assert int(rows["job_id"]["line_a"]) < int(rows["job_id"]["line_b"])


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["--diff", f"{TWO}:1", f"{TWO}:2", "-o", str(tmp_path / "none" / "a.csv")]) == 1
    assert "cannot be written (No such file or directory)" in capfd.readouterr().err


@pytest.mark.parametrize(("names", "status"), [([TWO, f"{TWO}:1"], 1), ([f"{TWO}:1"], 2), ([f"{TWO}:1"] * 3, 2)])
def test_the_command_says_what_it_cannot_compare(
    names: list[str], status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    assert main(["--diff", *names]) == status
    out, err = capfd.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
