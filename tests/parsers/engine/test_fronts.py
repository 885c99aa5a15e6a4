"""Prefixes of no known kind are found by what neighbouring lines have in common."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from parsers.reading import parse
from tests.parsers.samples import case, said, values

# What programs print before each line, told its number: none of them is of a known kind.
FRONTS: dict[str, Callable[[int], str]] = {
    "a runner's stream": lambda number: f"2024-04-08T07:10:{number % 60:02}.817853Z 01O ",
    "a logger of Kubernetes": lambda number: f"I0408 07:10:{number % 60:02}.817853   12345 main.go:12] ",
    "a logger": lambda number: "INFO:root:",
    "a tracker": lambda number: "wandb: ",
    "a pod": lambda number: "bert-0 train ",
    "a node and a rank": lambda number: "x3001c0s1b0n0 0: ",
    "a local date": lambda number: f"Mon Apr {number % 3 + 7} 07:10:{number % 60:02} 2024 ",
    "a number before a line of a box": lambda number: f"{number:4}   \u2502 ",
    "a process manager": lambda number: "0|train  | ",
    "a runner's downloaded log": lambda number: f"train\tRun it\t2024-04-08T07:10:{number % 60:02}.8178531Z ",
}


def fronted(log: bytes, front: Callable[[int], str]) -> bytes:
    """Return a log with something before each line."""
    return b"".join(front(number).encode() + line for number, line in enumerate(log.splitlines(keepends=True), 1))


@pytest.mark.parametrize("front", FRONTS.values(), ids=FRONTS)
@pytest.mark.parametrize(
    "name", ["sambanova_train", "cerebras_train", "groq_proof_point", "graphcore_mnist", "record_failed_after_results"]
)
def test_a_prefix_of_any_kind_changes_no_value(name: str, front: Callable[[int], str]) -> None:
    assert values(fronted(case(name), front)) == values(case(name))


def test_a_prefix_is_said() -> None:
    prefixes = parse(fronted(case("sambanova_train"), FRONTS["a tracker"]), "").prefixes
    assert [shown for shown, _ in prefixes] == ["'wandb: ' (text that neighbours share)"]


@pytest.mark.parametrize("front", [
    "+ echo ", "+the ", "export ", "The program said ", "the program said: ", '"text": "', "| 1 | ", "print(", "x=",
])  # fmt: skip
def test_what_is_no_prefix(front: str) -> None:
    log = "".join(f"{front}{line}\n" for line in ("SLURM_NTASKS=16", "SLURM_JOB_ID=7", "RUN COMMAND: a.py -b 8")) * 4
    assert said(log.encode(), "ntasks") == []


def test_a_prefix_of_one_line_is_none() -> None:
    log = b"x: SLURM_NTASKS=16\nModel:  BertLarge\nDate:  05/01/24\n"
    assert said(log, "ntasks") == []


def test_a_line_that_is_printed_again_has_no_prefix() -> None:
    log = b"[1/9] Model:  BertLarge\n" * 3 + b"Date:  05/01/24\n"
    assert parse(log, "").prefixes == ()


def test_what_lines_of_one_kind_begin_with_is_their_own() -> None:
    log = b"driver/poplar\n" + b"".join(b"[INFO] throughput: %d.5 samples/sec\n" % rate for rate in range(900, 920))
    assert parse(log, "").prefixes == ()
    lines = b"[INFO] loss: 6.875,\n[INFO] accuracy: 1.25 %\n[INFO] throughput: 5000.5 samples/sec\n"
    assert said(b"driver/poplar\n" + lines * 5, "throughput") == ["5000.5"]


def test_how_the_lines_of_a_systems_own_logger_begin_is_no_prefix() -> None:
    log = b"".join(b"[info    ]: %s\n" % line for line in (b"RUN COMMAND: a.py -b 8", b"Loaded 3 parts", b"Done.")) * 4
    assert parse(log, "").prefixes == ()
