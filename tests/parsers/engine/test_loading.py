"""Dialects are found, checked, added, and cost no more than one sentence where they are wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.dialects import groq, groq_benchit
from parsers.engine.checks import check_examples, check_further
from parsers.engine.loading import known
from parsers.engine.shapes import Dialect
from parsers.engine.templates import DialectFault
from tests.parsers.samples import CASES

ROOT = CASES.parents[2]
TOY = '''\
"""Toy: a made-up accelerator."""

from parsers.grammar import INSIDE, OPENS, Dialect, Shape, line

DIALECT = Dialect(
    system="Toy",
    signs=(b"toy-runtime ",),
    shapes=(
        Shape(line("toy-runtime {sdk_version:version}{:end}"), OPENS, start=True, phase=1),
        Shape(line("step {step:int}: loss {loss}"), series=True, phase=2),
        Shape(line("done in {train_time:clock}"), phase=3, ends="completed"),
        Shape(rb"worth (?P<test_accuracy>\\d+)%", INSIDE, example="worth 95%"),
    ),
)
'''
LOG = "toy-runtime 3.2\nstep 1: loss 2.5\nstep 2: loss 1.5\nworth 95%\ndone in 01:05\n"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "configuration")}
    command = [sys.executable, "-m", "parsers", *words, str(folder / "toy.log")]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "toy.log").write_text(LOG)
    (tmp_path / "toy.py").write_text(TOY)
    return tmp_path


@pytest.mark.parametrize("dialect", known(), ids=lambda dialect: dialect.system)
def test_each_pattern_of_our_dialects_matches_its_examples(dialect: Dialect) -> None:
    check_examples(dialect, dialect.system)


def test_a_further_file_of_a_system_adds_lines() -> None:
    files = (groq.DIALECT, groq_benchit.DIALECT)
    (joined,) = (dialect for dialect in known() if dialect.system == "Groq")
    assert joined.shapes == files[0].shapes + files[1].shapes
    assert joined.signs == files[0].signs + files[1].signs
    assert joined.memory is groq.Memory


def test_a_further_file_of_a_system_leaves_the_rest_to_the_first() -> None:
    further = groq_benchit.DIALECT._replace(repeating=(1,))
    with pytest.raises(DialectFault, match="repeating belongs into the first file of the system 'Groq'"):
        check_further(further, "groq_more.py")


def values(printed: str) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in json.loads(printed) if fact["kind"] != "series"}


def test_a_dialect_from_a_file_reads_a_log(folder: Path) -> None:
    done = run(folder, "--format", "json", "--dialect", str(folder / "toy.py"))
    assert (done.returncode, done.stderr) == (0, "")
    told = values(done.stdout)
    assert (told["system"], told["sdk_version"], told["test_accuracy"]) == ("Toy", "3.2", "95")
    assert (told["train_time"], told["outcome"]) == ("65", "completed")


def test_a_dialect_in_the_folder_of_the_user_is_used(folder: Path) -> None:
    assert "not a recognised log" in run(folder).stderr
    place = folder / "configuration" / "testbed-report" / "dialects"
    place.mkdir(parents=True)
    (folder / "toy.py").rename(place / "toy.py")
    done = run(folder, "--format", "json")
    assert values(done.stdout)["system"] == "Toy"


def test_the_systems_are_listed_with_the_added_one(folder: Path) -> None:
    command = [sys.executable, "-m", "parsers", "--systems", "--dialect", str(folder / "toy.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert [line.split()[0] for line in done.stdout.splitlines()[1:]] == [
        *(dialect.system for dialect in known()),
        "Toy",
    ]


def test_the_lines_of_a_system_are_told(folder: Path) -> None:
    command = [sys.executable, "-m", "parsers", "--systems", "toy", "--dialect", str(folder / "toy.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "  step {step:int}: loss {loss}\n    belongs to a run; tells loss\n" in done.stdout
    assert "  worth 95%\n    belongs to an open run; tells test_accuracy\n" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("import INSIDE", "import NOTHING", "line 3: ImportError: cannot import name 'NOTHING'"),
        ("DIALECT =", "DIALEKT =", "there is no DIALECT in it; `DIALECT = Dialect(...)` makes one"),
        ('system="Toy"', 'system=""', "system is empty"),
        ('system="Toy"', 'system="Groq"', "there is a dialect of the system 'Groq' already; a system has one"),
        ('(b"toy-runtime ",)', "()", "signs are ()"),
        ("{loss}", "{los}", "shape 'step {step:int}: loss {los}': 'los' is not a name in parsers/vocabulary.py"),
        ("{loss}", "{loss:nummer}", "'nummer' is not a kind of hole; kinds are number, int,"),
        ("{loss}", "{loss", "a brace of the line itself is written twice"),
        ('"completed"', '"finished"', "ends='finished'; it is one of completed, failed, killed"),
        ('"worth 95%"', '""', "a regular expression has a line that it matches beside it, as example="),
        ('"worth 95%"', '"worth 9,5%"', "it does not match its example 'worth 9,5%'"),
        (r"(?P<test_accuracy>\d+)%", r"(?P<test_accuracy>\d+%", "not a regular expression (missing ), unterminated"),
        ('line("done in', '("done in', "a pattern is line(...) or bytes"),
        (
            'INSIDE, example="worth 95%"',
            '"INSIDE", example="worth 95%"',
            "roles are OPENS, GIVES, FOLLOWS, INSIDE, AHEAD",
        ),
        ("phase=2)", 'phase=2, times_from="train_time")', "the dialect's stamp says what one looks like"),
        ("phase=2)", 'phase=2, says={"workload": "{model}"})', "says {model}, but the groups are step, loss"),
        ('rb"worth ', 'rb"(?:worth|costs) ', "a pattern begins with a text that is searched for"),
    ],
)
def test_a_broken_rule_is_one_sentence(folder: Path, before: str, after: str, sentence: str) -> None:
    assert before in TOY
    file = folder / "toy.py"
    file.write_text(TOY.replace(before, after, 1))
    done = run(folder, "--dialect", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    (message,) = done.stderr.splitlines()
    assert message.startswith(f"error: {file}")
    assert sentence in message


def test_a_function_that_fails_costs_its_file_one_sentence(folder: Path) -> None:
    wrong = TOY.replace('example="worth 95%"', 'lambda run, event: run.tell(event, "nothing"), example="worth 95%"')
    (folder / "toy.py").write_text(wrong)
    other = str(CASES / "groq_proof_point.log")
    done = run(folder, "--dialect", str(folder / "toy.py"), "--format", "csv", other)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"{folder / 'toy.log'}: not read: dialect_toy.<lambda> fails at line 4 (IndexError: no such group)"
    ]
    assert "Groq" in done.stdout


def test_a_pattern_that_takes_too_long_costs_its_file_one_sentence(folder: Path) -> None:
    slow = TOY.replace(r"worth (?P<test_accuracy>\d+)%", r"worth (?:a|a)+(?P<test_accuracy>\d)!")
    (folder / "toy.py").write_text(slow.replace("worth 95%", "worth a5!"))
    (folder / "toy.log").write_text(LOG + "worth " + "a" * 50 + "!\n")
    done = run(folder, "--dialect", str(folder / "toy.py"))
    assert done.returncode == 1
    assert "took longer than 2 s on this log" in done.stderr
