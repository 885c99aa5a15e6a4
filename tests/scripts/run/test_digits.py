"""The learning-rate question on small work: a training in a hurry, read by the parsers."""

from __future__ import annotations

import pytest

from parsers.facts import Run
from parsers.reading import parse
from scripts.run.digits import main
from tests.scripts.run.conftest import needs_torch


def trained(capsys: pytest.CaptureFixture[str], *options: str) -> Run:
    """Return the run that a training with large steps gives."""
    assert main(["--batch-size", "64", "--epochs", "2", *options]) == 0
    (run,) = parse(capsys.readouterr().out.encode(), "x").runs
    return run


def value(run: Run, name: str) -> str:
    fact = run.fact(name)
    assert fact is not None
    return fact.value


@needs_torch
def test_a_training_says_what_was_set_and_what_came_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    run = trained(capsys, "--learning-rate", "0.5", "--seed", "7")
    told = ("system", "workload", "stage", "outcome", "learning_rate", "batch_size", "epochs", "seed", "threads")
    expected = ["CPU", "digits", "train", "completed", "0.5", "64", "2", "7", "1"]
    assert [value(run, name) for name in told] == expected
    assert (value(run, "training_samples"), value(run, "test_samples")) == ("1437", "360")
    (loss,) = run.series
    assert loss.steps == [23, 46]
    assert 0 < float(loss.values[1]) < float(loss.values[0])
    seconds, rate = float(value(run, "train_time")), float(value(run, "throughput"))
    assert rate == pytest.approx(2 * 1437 / seconds, rel=1e-2)
    assert float(value(run, "test_accuracy")) > 100 / 5  # twice what guessing gets


@needs_torch
def test_the_seed_is_all_that_tells_repeats_apart(capsys: pytest.CaptureFixture[str]) -> None:
    one, again, other = (trained(capsys, "--seed", seed).series[0].values for seed in ("1", "1", "2"))
    assert one == again != other


REFUSED = {"learning-rate": ["0", "-1", "nan", "fast"], "batch-size": ["0", "1.5"], "epochs": ["0"], "seed": ["-1"]}


@pytest.mark.parametrize(("option", "text"), [(option, text) for option in REFUSED for text in REFUSED[option]])
def test_a_value_that_is_refused(option: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([f"--{option}={text}"])
    assert stopped.value.code == 2
    assert f"argument --{option}: '{text}' is not a " in capsys.readouterr().err
