"""Which lines were understood: facts, known noise, and the rest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers.coverage import explain, parse_covered
from parsers.engine.loading import known
from parsers.noise import NOISE, noise
from tests.parsers.samples import CASES, NAMES, case

KINDS = {
    "": "blank line",
    "+-----+-----+": "ruler",
    "(venv) user@node:~/mnist$ ls": "shell prompt",
    "100%|##########| 5/5 [00:01<00:00]": "progress bar",
    "Epochs:  10%|#    | 1/10": "progress bar",
    "HOME=/home/user": "environment variable",
    "/NODE/XRDU_0/RDU_0 | 1 | Present | Online": "hardware inventory",
    "Collecting torch==2.1.0": "pip",
    "Cloning into 'examples'...": "git",
    "Traceback (most recent call last):": "Python traceback",
    "srun: Terminating job step 5.0": "scheduler",
    "slurmstepd-n1: error: *** STEP 5.0 CANCELLED ***": "scheduler",
    "Slurm: job 5 TIMEOUT": "run script",
    "[info    ]: PEF file created": "SambaFlow compiler",
    "2024-05-01 10:00:00,250 INFO:   Optimizing memory usage": "Cerebras phase",
    "    ✓ Compiling model": "Groq build stage",
    "old\rEpochs:  10%|#    | 1/10": "progress bar",
    "A sentence of a person.": "",
    "Last login: Mon May  6 10:00:00 2024 from 192.0.2.7": "login banner",
    "^C": "scheduler",
    "dtype=np.int):": "Python warning",
    "throughput=5.5": "",
    "[info] throughput 5.5": "",
    "ValueError: no": "Python traceback",
}


@pytest.mark.parametrize(("line", "kind"), KINDS.items())
def test_the_kind_of_a_line(line: str, kind: str) -> None:
    assert noise(line, known()) == kind


def test_no_kind_of_noise_takes_everything() -> None:
    kinds = [*NOISE, *(kind for dialect in known() for kind in dialect.noise)]
    taken = [(name, line) for name, pattern in kinds for line in FOREIGN if re.match(pattern, line)]
    assert taken == []
    assert [name for name, pattern in kinds if re.compile(pattern).groups] == []  # all are searched as one
    assert noise("An unheard-of line 5", known()) == ""


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("diff", "notebook"))])
def test_every_line_is_counted_once(name: str) -> None:
    _, found = parse_covered(case(name))
    lines = case(name).count(b"\n") + (not case(name).endswith(b"\n"))
    assert found.facts + found.known_noise + found.not_understood == found.lines == lines


# What a program that nobody has looked at may print; some of it looks like what is known.
FOREIGN = (
    "Throughput of this epoch: {}.5 images/s",
    "throughput={}.25",
    "loss = {}.125",
    "Rate {}: ok",
    "[info] warmed up in {} s",
    "[trainer] step {} of 9",
    "INFO {} workers are ready",
    "2024-05-01 10:00:{:02d},250 INFO:   Quantisation finished",
    "2024-05-01 10:00:{:02d},250 - apps.nlp.trainer - Process ID 7 - info     - gradient norm 5.5",
    "Collecting the results of {} ranks",
    "Processing shard {}",
    "Getting started with lesson {}",
    "Looking in vain for {} files",
    "Setting up experiment {}",
    "Error budget of {} used up",
    "Time: {} minutes were left",
    "Date: the {}th",
    "Platform: another, revision {}",
    "Job {} was fast",
    '{{"metric": "rate", "value": {}}}',
    "| {} | samples | per second |",
    "We ran it {} times and it was the same.",
    "{} inferences in all",
    "rank {}: bandwidth 9.5 GB/s",
    "Accuracy after epoch {}: 97.5",
)


@pytest.mark.parametrize("name", ["sambanova_train", "graphcore_mnist", "cerebras_train", "groq_proof_point"])
def test_a_hundred_foreign_lines_are_a_hundred_more_that_were_not_understood(name: str) -> None:
    foreign = [line.format(number) for number in range(1, 5) for line in FOREIGN]
    assert len(set(foreign)) == 100
    log = case(name)
    cut = log.index(b"\n", len(log) // 2) + 1
    more = "".join(f"{line}\n" for line in foreign).encode()
    (_, before), (_, after) = parse_covered(log), parse_covered(log[:cut] + more + log[cut:])
    assert after.not_understood == before.not_understood + 100, after.unknown - before.unknown
    assert (after.facts, after.noise) == (before.facts, before.noise)


def test_the_commonest_unknown_shapes_come_first_with_their_numbers_taken_out() -> None:
    log = case("groq_proof_point") + b"Rate 5 of 9\nonce\nRate 6 of 9\n"
    assert parse_covered(log)[1].unknown.most_common()[0] == ("Rate 0 of 0", 2)


def test_a_giant_line_is_looked_at_only_in_its_beginning() -> None:
    (shape,) = parse_covered(b"word " * 200_000)[1].unknown
    assert len(shape) <= 100


def test_of_an_empty_file_nothing_is_counted() -> None:
    assert parse_covered(b"")[1].lines == 0


def test_an_explanation_names_dialects_runs_and_lines() -> None:
    text, understood = explain(CASES / "groq_rebuilt.log")
    assert understood
    assert "run 2    lines 20-42: Groq bert-tiny inference completed" in text
    assert "gave facts" in text
    assert "%) are known noise" in text


def test_an_explanation_of_what_is_no_log_says_what_its_lines_look_like(tmp_path: Path) -> None:
    (tmp_path / "prose").write_text("What \x1b7 they said.\n" * 3 + "\x07\n")
    text, understood = explain(tmp_path / "prose")
    assert not understood
    assert text.splitlines()[1:] == [
        "  no runs  not a recognised log",
        "  lines    4: 0 (0.0%) gave facts, 0 (0.0%) are known noise, 4 (100.0%) were not understood",
        "  unknown       3 What  they said.",
        "  unknown       1 \\x07",
    ]


def test_an_explanation_of_no_file_gives_the_reason(tmp_path: Path) -> None:
    assert explain(tmp_path / "a\nb") == (f"{tmp_path}/a\\nb\n  no runs  no such file", False)
