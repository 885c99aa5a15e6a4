"""The arithmetic that facts satisfy: each rule holds on right facts, and is broken by a changed one."""

from __future__ import annotations

import pytest

from parsers.consistency import RULES, checks, summary
from parsers.facts import Fact, Run, Series
from parsers.reading import parse
from tests.parsers.samples import case

# Facts of made-up runs that satisfy all arithmetic, and for each rule a fact that breaks it when it is changed.
TRAINING = {
    "throughput": "409.6",
    "token_throughput": "52428.8",
    "sequence_length": "128",
    "train_time": "30.0",
    "steps": "3",
    "batch_size": "256",
    "ntasks": "16",
    "nodes": "1",
    "final_loss": "8.5",
}
LOOP = {
    "batch_size": "512",
    "samples": "2048",
    "reported_time": "0.64",
    "throughput": "3200.0",
    "compile_time": "10.5",
    "programming_time": "4.25",
    "train_time": "0.7",
    "total_time": "16.0",
}
BAR = {"epochs": "10", "epoch_time": "8.69", "train_time": "86"}
TABLE = {
    "accuracy": "77.47",
    "samples": "2210",
    "end_to_end_throughput": "18341.34",
    "end_to_end_latency": "0.05",
    "on_chip_throughput": "37576.72",
    "on_chip_latency": "0.03",
}
EVALUATION = {"eval_loss": "2.0", "eval/lm_perplexity": "7.389056"}
STEPS = {1: "10.0", 2: "20.0", 3: "30.0"}
LOOP_STEPS = {2: "15.0", 4: "15.5"}

BROKEN = [
    ("tokens/s = samples/s × sequence length", TRAINING, "token_throughput", "52428.9"),
    ("samples/s × training time = steps × batch size × tasks", TRAINING, "train_time", "30.1"),
    ("one line per step", TRAINING, "steps", "4"),
    ("tasks ≤ 16 × nodes", TRAINING, "ntasks", "17"),
    ("training time ≥ time from first to last step", TRAINING, "train_time", "19.9"),
    ("samples = last step × batch size", LOOP, "samples", "2560"),
    ("samples / reported time = throughput", LOOP, "throughput", "3200.1"),
    ("compiling + programming + training ≤ whole time", LOOP, "total_time", "15.4"),
    ("epochs × time per epoch = training time", BAR, "train_time", "88"),
    ("accuracy is a whole number of samples", TABLE, "accuracy", "77.46"),
    ("1000 / end-to-end inferences/s = end-to-end latency", TABLE, "end_to_end_latency", "0.06"),
    ("1000 / on-chip inferences/s = on-chip latency", TABLE, "on_chip_latency", "0.04"),
    ("on-chip inferences/s is a whole number of cycles", TABLE, "on_chip_throughput", "37576.82"),
    ("on-chip latency ≤ end-to-end latency", TABLE, "end_to_end_throughput", "37600.00"),
    ("perplexity = exp(loss)", EVALUATION, "eval_loss", "2.1"),
]


def run(facts: dict[str, str]) -> Run:
    """Return a run of these facts, with the steps of a training or of a loop."""
    steps = STEPS if facts.keys() >= {"final_loss"} else LOOP_STEPS if facts.keys() >= {"reported_time"} else {}
    numbers = [*range(1, len(steps) + 1)]
    series = (
        Series("loss", "", [*steps], ["8.5"] * len(steps), numbers, numbers),
        Series("time", "s", [*steps], [*steps.values()], numbers, numbers),
    )
    told = tuple(Fact("metric", name, value, "", 1, 1) for name, value in facts.items())
    return Run(1, 1, 9, told, series if steps else ())


def broken(facts: dict[str, str]) -> list[str]:
    return [check.rule.name for check in checks(run(facts)) if not check.holds]


@pytest.mark.parametrize(
    "facts", [TRAINING, LOOP, BAR, TABLE, EVALUATION], ids=["tasks", "loop", "bar", "table", "eval"]
)
def test_right_facts_agree(facts: dict[str, str]) -> None:
    tried = checks(run(facts))
    assert tried
    assert all(check.holds for check in tried)


@pytest.mark.parametrize(("rule", "facts", "name", "value"), BROKEN, ids=[rule for rule, *_ in BROKEN])
def test_a_changed_fact_breaks_a_rule(rule: str, facts: dict[str, str], name: str, value: str) -> None:
    assert rule in broken(facts | {name: value})


def test_every_rule_is_broken_by_some_test() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, *_ in BROKEN} | {"time never falls"}


def test_time_that_falls_is_told() -> None:
    fallen = run(TRAINING)
    time = fallen.series[1]._replace(values=["10.0", "9.0", "30.0"])
    (check,) = [check for check in checks(fallen._replace(series=(time,))) if check.rule.name == "time never falls"]
    assert not check.holds
    assert check.off == 1.0
    assert "the clock of the machine was set back" in check.sentence()


@pytest.mark.parametrize("value", ["", "fast", "nan", "inf"])
def test_a_value_that_is_not_a_number_breaks_nothing(value: str) -> None:
    assert broken(TRAINING | {"throughput": value}) == []


def test_a_fact_that_is_told_twice_is_not_tried() -> None:
    twice = run(BAR)
    facts = (*twice.facts, Fact("metric", "epochs", "12", "", 2, 2))
    assert checks(twice._replace(facts=facts)) == []


def test_facts_of_a_device_are_tried_together() -> None:
    facts = tuple(Fact("metric", name, value, "", 1, 1, "groq") for name, value in TABLE.items() if name != "samples")
    samples = Fact("metric", "samples", "2210", "", 1, 1)
    tried = checks(Run(1, 1, 1, (*facts, samples), ()))
    assert {check.device for check in tried} == {"groq"}
    assert len(tried) == 5


def test_the_summary_says_how_many_rules_hold_or_which_do_not() -> None:
    assert summary(run(BAR)) == "holds (1 rule)"
    assert summary(run(TABLE)) == "holds (5 rules)"
    assert summary(run(BAR | {"train_time": "88"})) == "differs: epochs × time per epoch = training time"
    assert summary(Run(1, 1, 1, (), ())) == ""


def test_the_runs_of_a_case_are_tried() -> None:
    (found,) = parse(case("groq_proof_point"), "x").runs
    assert "accuracy is a whole number of samples" in summary(found)
