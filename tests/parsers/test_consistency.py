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
    "nodes": "2",
    "nodelist": "node-r1-h[1-2]",
    "final_loss": "8.5",
    "wall_time": "60",
    "outcome": "completed",
    "token_throughput_min": "50000.0",
    "token_throughput_max": "60000.0",
}
FAILED = TRAINING | {
    "outcome": "failed",
    "failure_reason": "AssertionError: Expected throughput to be at most 52000.0",
    "token_throughput_max": "52000.0",
}
LOOP = {
    "batch_size": "512",
    "samples": "3072",
    "reported_time": "0.96",
    "throughput": "3200.0",
    "compile_time": "10.5",
    "programming_time": "4.25",
    "train_time": "1.0",
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
COMPILE = {"compile_time": "720", "wall_time": "721"}
DIGITS = {
    "throughput": "1437.5",
    "train_time": "10.0",
    "epochs": "10",
    "training_samples": "1437",
    "test_accuracy": "9.72",
    "test_samples": "360",
}
LATENCIES = {"low_latency": "3.5", "median_latency": "5.25", "high_latency": "6.5"}
SERVED = {
    "requests": "8",
    "answers": "8",
    "output_tokens": "512",
    "answering_time": "4.0",
    "output_throughput": "128.0",
    "low_first_token_time": "20.5",
    "median_first_token_time": "25.0",
    "high_first_token_time": "31.5",
}
EPOCH = {"workload": "mnist", "epoch_steps": "150"}
EVALUATION = {"eval_loss": "2.0", "eval/lm_perplexity": "7.389056"}
STEPS = {1: "10.0", 2: "20.0", 3: "30.0"}
LOOP_STEPS = {2: "15.0", 4: "15.32", 6: "15.64"}
OF_SERIES = {"time never falls", "steps rise evenly", "steps × batch size / global rate = time between lines"}

BROKEN = [
    ("tokens/s = samples/s × sequence length", TRAINING, "token_throughput", "52428.9"),
    ("samples/s × training time = steps × batch size × tasks", TRAINING, "train_time", "30.1"),
    ("one line per step", TRAINING, "steps", "4"),
    ("tasks ≤ 16 × nodes", TRAINING, "ntasks", "33"),
    ("nodes = names in the list of nodes", TRAINING, "nodelist", "node-r1-h[1-2],node-r2-h1"),
    ("tokens/s of a completed run are within its check's bounds", TRAINING, "token_throughput", "60001.0"),
    ("tokens/s of a run that failed its check are outside the bounds", FAILED, "token_throughput", "51000.0"),
    ("training accuracy is a whole number of samples", EPOCH, "epoch_steps", "300"),
    ("samples/s × training time = epochs × training samples", DIGITS, "epochs", "11"),
    ("test accuracy is a whole number of test samples", DIGITS, "test_accuracy", "9.73"),
    ("whole time ≥ compile time", COMPILE, "compile_time", "723"),
    ("whole time ≥ time from first to last step", TRAINING, "wall_time", "18"),
    ("latencies are in order", LATENCIES, "median_latency", "3.25"),
    ("answers ≤ requests", SERVED, "answers", "9"),
    ("tokens of all answers / time = tokens/s", SERVED, "output_tokens", "500"),
    ("times to the first token are in order", SERVED, "high_first_token_time", "24.0"),
    ("training time ≥ time from first to last step", TRAINING, "train_time", "19.9"),
    ("samples = last step × batch size", LOOP, "samples", "3584"),
    ("samples / reported time = throughput", LOOP, "throughput", "3200.1"),
    ("compiling + programming + training ≤ whole time", LOOP, "total_time", "15.7"),
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
    series = [
        Series("loss", "", [*steps], ["8.5"] * len(steps), numbers, numbers),
        Series("time", "s", [*steps], [*steps.values()], numbers, numbers),
    ]
    if steps is LOOP_STEPS:
        series.append(Series("global_rate", "samples/s", [*steps], ["3200.00"] * 3, numbers, numbers))
    if "epoch_steps" in facts:
        series, steps = [Series("train_accuracy", "%", [1, 2], ["89.25", "97.50"], [1, 2], [1, 2])], {1: ""}
    told = tuple(Fact("metric", name, value, "", 1, 1) for name, value in facts.items())
    return Run(1, 1, 9, told, tuple(series) if steps else ())


def broken(facts: dict[str, str]) -> list[str]:
    return [check.rule.name for check in checks(run(facts)) if not check.holds]


@pytest.mark.parametrize(
    "facts", [TRAINING, FAILED, LOOP, BAR, TABLE, EVALUATION, COMPILE, DIGITS, LATENCIES, SERVED, EPOCH]
)
def test_right_facts_agree(facts: dict[str, str]) -> None:
    tried = checks(run(facts))
    assert tried
    assert all(check.holds for check in tried)


@pytest.mark.parametrize(("rule", "facts", "name", "value"), BROKEN, ids=[rule for rule, *_ in BROKEN])
def test_a_changed_fact_breaks_a_rule(rule: str, facts: dict[str, str], name: str, value: str) -> None:
    assert rule in broken(facts | {name: value})


def test_every_rule_is_broken_by_some_test() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, *_ in BROKEN} | OF_SERIES


def test_time_that_falls_is_told() -> None:
    fallen = run(TRAINING)
    time = fallen.series[1]._replace(values=["10.0", "9.0", "30.0"])
    (check,) = [check for check in checks(fallen._replace(series=(time,))) if check.rule.name == "time never falls"]
    assert not check.holds
    assert check.off == 1.0
    assert "the clock of the machine was set back" in check.sentence()


def test_steps_that_are_left_out_or_repeated_are_told() -> None:
    loop = run(LOOP)
    for steps in ([2, 4, 8], [2, 4, 4], [2, 2, 4]):
        uneven = loop.series[0]._replace(steps=steps)
        names = [check.rule.name for check in checks(loop._replace(series=(uneven,))) if not check.holds]
        assert "steps rise evenly" in names
    shorter = loop.series[0]._replace(steps=[2, 4, 5])
    assert all(check.holds for check in checks(loop._replace(series=(shorter,))) if check.rule.name in OF_SERIES)


def test_a_global_rate_that_the_clock_does_not_bear_out_is_told() -> None:
    loop = run(LOOP)
    rate = loop.series[2]._replace(values=["3200.00", "3200.00", "8200.00"])
    told = checks(loop._replace(series=(*loop.series[:2], rate)))
    assert [check.rule.name for check in told if not check.holds] == [
        "steps × batch size / global rate = time between lines"
    ]


def test_a_rate_of_a_resumed_loop_is_not_held_against_the_clock() -> None:
    names = [check.rule.name for check in checks(run(LOOP | {"samples": "2048"}))]
    assert "steps × batch size / global rate = time between lines" not in names


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
    assert summary(run(BAR | {"train_time": "88"})) == (
        "differs: epochs × time per epoch = training time, off by 1.05 s"
    )
    assert summary(Run(1, 1, 1, (), ())) == ""


def test_the_runs_of_a_case_are_tried() -> None:
    (found,) = parse(case("groq_proof_point"), "x").runs
    assert "accuracy is a whole number of samples" in summary(found)
