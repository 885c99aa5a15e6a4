"""Two runs side by side: what differs is shown, what they share is not."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.difference import FIRST, FIRST_OF_ONE, Change, NoSuchRun, change, difference, named_run
from parsers.reading import parse
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


RECORD = """\
#testbed-run {{"format": 1, "system": "Graphcore", "workload": "mnist", "parameters": {parameters}}}
Epochs: 100%|##########| {epochs}/{epochs} [01:30<00:00,  9.00s/it]
Accuracy on test set: {accuracy}%
"""


def rows(*logs: tuple[str, str, str]) -> dict[str, dict[str, str]]:
    """Return the rows of the difference of two made logs by name; each is parameters, epochs and accuracy."""
    texts = (RECORD.format(parameters=said, epochs=epochs, accuracy=accuracy) for said, epochs, accuracy in logs)
    runs = [parse(text.encode(), "log").runs[0] for text in texts]
    columns, body = difference(*runs)
    names = [column.name for column in columns]
    return {str(row[1]): dict(zip(names, map(str, row), strict=True)) for row in body}


def test_a_number_changes_by_a_ratio_and_per_cent() -> None:
    found = rows(("{}", "10", "80.00"), ("{}", "20", "82.00"))
    assert (found["test_accuracy"]["ratio"], found["test_accuracy"]["per_cent"]) == ("1.025", "2.5")
    assert (found["epochs"]["ratio"], found["epochs"]["per_cent"]) == ("2", "100")


@pytest.mark.parametrize(("old", "new", "changed"), [
    ("4", "3", Change(0.75, -25.0)),
    ("-4", "-3", Change(0.75, 25.0)),
    ("0", "3", None),
    ("nan", "3", None),
    ("1e999", "3", None),
    ("3", "bert", None),
    ("8.75; 8.12", "8.75", None),
])  # fmt: skip
def test_what_is_no_number_has_no_ratio(old: str, new: str, changed: Change | None) -> None:
    assert change(old, new) == changed


def test_an_identifier_has_no_ratio() -> None:
    _, body = difference(named_run(f"{TWO}:1"), named_run(f"{TWO}:2"))
    (job,) = (row for row in body if row[1] == "job_id")
    assert job[-3:] == ("", "", "")


def test_the_first_setting_that_differs_is_marked() -> None:
    found = rows(('{"seed": 1, "learning_rate": 0.5}', "10", "80"), ('{"seed": 2, "learning_rate": 0.05}', "20", "80"))
    assert {name: row["note"] for name, row in found.items() if row["note"]} == {"learning_rate": FIRST}


def test_a_setting_that_one_run_states_is_marked_only_where_no_other_differs() -> None:
    alone = rows(('{"seed": 1}', "10", "80"), ("{}", "10", "81"))
    assert alone["seed"]["note"] == FIRST_OF_ONE
    beside = rows(('{"seed": 1}', "10", "80"), ("{}", "20", "81"))
    assert (beside["seed"]["note"], beside["epochs"]["note"]) == ("", FIRST)


def test_a_number_that_is_only_written_differently_is_no_other_setting() -> None:
    found = rows(('{"learning_rate": 0.50}', "10", "80"), ('{"learning_rate": 5e-1}', "10", "80.0"))
    assert {name: (row["ratio"], row["note"]) for name, row in found.items()} == {
        "learning_rate": ("1", ""),
        "test_accuracy": ("1", ""),
    }


@pytest.mark.parametrize(("name", "said"), [
    (TWO, "holds 2 runs; choose one of"),
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
