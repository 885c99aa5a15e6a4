"""Whole logs: every case gives exactly the facts of its expected table."""

from __future__ import annotations

import gzip
import io

import pytest

from parsers.evidence import stands
from parsers.reading import parse, read
from parsers.tables.writers import facts_table, write_csv
from tests.parsers.samples import CASES, NAMES, case, table

# Shapes of files that are no log of ours, and what is said of each.
NO_LOGS = {
    b"": "empty file",
    b"\x7fELF\x02\x01\x01" + b"\0" * 64 + b"GroqChip\nProof point a finished!\n": "binary program, not a log",
    b"PK\x03\x04" + b"Proof point a finished!\n": "zip archive; unpack it first",
    "prose\n".encode("utf-16"): "not a recognised log",
    gzip.compress(b"prose\n"): "not a recognised log",
    gzip.compress(b""): "empty file",
    gzip.compress(gzip.compress(b"Proof point a finished!\n")): "gzip archive in another one; unpack it first",
    b"\0\1\2" * 100: "binary data, not a log",
    b"Using /home/user/BertLarge/a/BertLarge.out for output\n": "only points to another file, which is the log",
    b"We compared four systems and liked them all.\n": "not a recognised log",
    b'print("Running inference on GroqChip.")\nprint(f"Proof point {__file__} finished!")\n': "contains no run",
    b'logger.info("Training completed successfully!")\nlogger.info("Compile was successful!")\n': "contains no run",
    b'print("Accuracy on test set: {:0.2f}%".format(x))\n': "contains no run",
    b"build_status: successful_build\nconfig:\n  build_name: a\ngroqflow_version: 4.3.1\n": "contains no run",
    b"Node Mul: groqflow op is supported\n": "contains no run",
    b"srun: job 1 queued and waiting for resources\n": "not a recognised log",
    b"user@node:~$ sbatch run.sh\nSubmitted batch job 7\n": "not a recognised log",
    b"SLURM_NTASKS=4\nSLURM_JOB_ID=7\n": "not a recognised log",
    b"2024-05-01 10:00:00,250 INFO:   Checkpoint autoloading is enabled.\n": "not a recognised log",
    b"Traceback (most recent call last):\n  import poptorch\nImportError: poptorch\n": "contains no run",
    b"| Source | Link |\n| --- | --- |\n| groq | GroqChip |\n": "contains no run",
    b"INFO:tensorflow:Calling.\nINFO:root:Preparing to execute using 1 CSX\nCerebras\n": "a TensorFlow log of a CS",
    b"Running command: cszoo fit p.yaml\n": "contains no run",
    b"\x1f\x8b\x08broken": "damaged gzip archive",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_its_expected_table(name: str) -> None:
    out = io.BytesIO()
    write_csv(facts_table([parse(case(name), f"{name}.log")]), out)
    assert out.getvalue().decode() == (CASES / f"{name}.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("diff", "notebook"))])
def test_every_value_stands_on_its_line(name: str) -> None:
    lines = case(name).split(b"\n")
    facts = table(case(name))
    assert [row for row in facts if not stands(str(row[2]), str(row[5]), lines[int(row[7]) - 1])] == []


@pytest.mark.parametrize(
    ("name", "value", "line", "whether"),
    [
        ("nodes", "2", b"job 1234 at 2024-02-12", False),
        ("throughput", "5.5", b"throughput: 15.5", False),
        ("throughput", "5.5", b"throughput: 5.5,", True),
        ("throughput", "5.5", b"throughput: 5.51", False),
        ("train_time", "450.99", b"nothing of the kind", False),
        ("train_time", "450.99", b"2024-04-08 07:02:11,123 INFO: at last", True),
        ("train_time", "111", b"10/10 [01:51<00:00]", True),
        ("train_time", "112", b"10/10 [01:51<00:00]", False),
        ("reported_time", "5.5", b"2024-04-08 07:02:11,123 INFO: 6.5 seconds", False),
        ("outcome", "completed", b"all is well", True),
    ],
)
def test_what_stands_on_a_line(name: str, value: str, line: bytes, *, whether: bool) -> None:
    assert stands(name, value, line) is whether


@pytest.mark.parametrize(("data", "reason"), NO_LOGS.items(), ids=range(len(NO_LOGS)))
def test_what_is_no_log_gives_a_reason_and_no_run(data: bytes, reason: str) -> None:
    reading = parse(data, "x")
    assert reading.runs == ()
    assert reason in reading.reason
    assert "\n" not in reading.reason


def test_a_file_is_read_under_the_name_given() -> None:
    assert read(CASES / "groq_proof_point.log", "a name").log == "a name"
