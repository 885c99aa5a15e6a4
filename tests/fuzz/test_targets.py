"""What the fuzzer checks holds for every case, and is seen to fail where it does not hold."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from parsers.dialects import graphcore
from parsers.engine.shapes import Dialect, Role, Shape
from tests.fuzz.targets import TARGETS, Broken, check_bytes, check_dialect, words
from tests.parsers.samples import NAMES, case

ROOT = Path(__file__).parents[2]
# A pattern that takes what the end of the file may have cut.
HASTY = Shape(rb"Accuracy on test set: (?P<test_accuracy>[\d.]+)", Role.GIVES)
# An action that says what no line says.
WRONG = Shape(
    rb"Accuracy on test set: ", Role.GIVES, lambda run, event: run.state("test_accuracy", "99.5", event.line, 1)
)


@pytest.mark.parametrize("target", TARGETS)
def test_every_case_keeps_every_rule(target: str) -> None:
    for name in NAMES:
        TARGETS[target](case(name))


@pytest.mark.parametrize("target", TARGETS)
def test_the_words_of_a_target_are_those_of_its_shapes(target: str) -> None:
    assert b"Traceback (most recent call last):" in words(target)
    assert (b'Building "' in words(target)) == (target in ("bytes", "Groq"))
    assert b"" not in words(target)


def spoilt(*shapes: Shape) -> Dialect:
    """Return the Graphcore dialect with other shapes."""
    return graphcore.DIALECT._replace(shapes=shapes)


def test_a_value_that_does_not_stand_on_its_line_is_found() -> None:
    dialect = spoilt(WRONG)
    with pytest.raises(Broken, match="test_accuracy stands on its line"):
        check_dialect(dialect, b"Accuracy on test set: 97.25%\n")


def test_a_prefix_that_says_more_is_found() -> None:
    later = Shape(
        rb"Later", Role.GIVES, lambda run, event: run.restate("test_accuracy", "Later", event.line, event.line)
    )
    dialect = spoilt(HASTY, later)
    with pytest.raises(Broken, match="a prefix gives a subset"):
        check_dialect(dialect, b"\0Accuracy on test set: 97.25%\nLater\n")


def test_bytes_that_are_no_log_keep_the_rules() -> None:
    for data in (b"", b"\0", b"\x1f\x8b", b'{"nbformat": 4', b"1c1\n< a\n> b\n"):
        check_bytes(data)


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed; `make fuzz` installs it")
def test_a_second_of_fuzzing_is_reported(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "Groq", "--seconds", "1", "--folder", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    target, executions, _, findings = done.stdout.splitlines()[1].split()
    assert (target, findings, done.returncode) == ("Groq", "none", 0)
    assert int(executions) >= len(NAMES)
