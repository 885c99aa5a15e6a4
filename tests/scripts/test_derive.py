"""Derived figures against values worked out by hand from the printed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from scripts.logs.catalog import DOCS
from scripts.report.derive import BrokenConstants, Derived, constants, derive, expression
from scripts.report.formulas import differences, wilson
from scripts.report.results import Results
from scripts.report.system import known_systems

SN8, SN16, SN32A, SN32B = (f"sambanova-run-{run}" for run in ("ntasks08-1", "ntasks16-1", "ntasks16-2", "ntasks32-1"))
GC1, GC2, GC3, GC4 = (f"graphcore-session-{place}" for place in (1, 2, 3, 4))
CS1024, CS2048, CS512 = (f"cerebras-session-{place}" for place in (1, 2, 3))
GQ64, GQ128 = (f"groq-session-{place}" for place in (1, 2))

# Of the sample: tasks × 32 samples a step, 20 steps, 20 s of loading; 100 steps of a batch; 10 epochs of 9 s.
EXPECTED: list[tuple[str, dict[str, float], float]] = [
    ("throughput_per_rdu", {SN8: 10 / 4, SN16: 20.25 / 8, SN32A: 39.5 / 16, SN32B: 38.5 / 16}, 0),
    ("step_time", {SN8: 256 / 10 + 1, SN16: 512 / 20.25 + 1, SN32A: 1024 / 39.5 + 1}, 1e-6),
    ("median_step_time", {SN8: 26, SN16: 25, SN32A: 26, SN32B: 27}, 0),
    ("steady_throughput", {SN8: 256 / 26, SN16: 512 / 25, SN32A: 1024 / 26, SN32B: 1024 / 27}, 1e-6),
    ("share_beyond_median_steps", {SN8: 100 * (532 - 520) / 532}, 1e-6),
    ("time_before_first_step", {SN8: 532 - 486}, 1e-6),
    ("throughput_after_first_step", {SN8: 19 * 256 / 486, SN16: 19 * 512 / 480}, 1e-6),
    ("weak_scaling_efficiency_after_first_step", {SN8: 100, SN16: 101.25, SN32A: 98.58, SN32B: 96.24}, 0.005),
    ("mean_of_last_losses", {SN8: 9.395}, 1e-6),
    ("speed_up", {SN8: 1, SN16: 2.025, SN32A: 3.95, SN32B: 3.85}, 1e-6),
    ("weak_scaling_efficiency", {SN8: 100, SN16: 101.25, SN32A: 98.75, SN32B: 96.25}, 1e-6),
    ("samples_trained", {SN8: 5120, SN16: 10_240, SN32A: 20_480, SN32B: 20_480}, 0),
    ("difference_of_repeats", {SN32B: -100 / 39.5}, 1e-6),
    ("last_loss", {SN8: 9.3, CS1024: 7.125}, 0),
    ("window_min", {SN8: 2000 / 128}, 0),
    ("window_max", {SN8: 4000 / 128}, 0),
    ("scaled_window_min", {SN8: 1000, SN16: 2000, SN32A: 4000}, 0),
    ("scaled_window_max", {SN8: 2000, SN16: 4000, SN32A: 8000}, 0),
    ("compile_ratio", {SN8: 700 / 532}, 1e-6),
    ("steps_to_amortise", {SN8: 9 * 700 / 26.6}, 1e-6),
    ("token_throughput", {CS512: 371_200, CS1024: 614_400, CS2048: 844_800}, 0),
    ("step_time", {CS512: 0.17655, CS1024: 0.21333, CS2048: 0.3103}, 1e-6),
    ("speed_up", {CS512: 1, CS1024: 48 / 29, CS2048: 66 / 29}, 1e-6),
    ("batch_scaling_efficiency", {CS512: 100, CS1024: 100 * 24 / 29, CS2048: 100 * 16.5 / 29}, 1e-6),
    ("loop_share", {CS512: 100 * 17.655 / 103}, 1e-6),
    ("whole_job_throughput", {CS512: 51_200 / 103, CS1024: 102_400 / 103}, 1e-6),
    ("compile_to_loop", {CS512: 61 / 17.655}, 1e-6),
    ("seconds_per_million_samples", {CS512: 17_655 / 51.2}, 1e-6),
    ("steps_to_amortise", {CS512: 9 * (103 - 17.655) / 0.17655}, 1e-6),
    ("loop_time_ratio", {CS2048: 31.03 / 17.655}, 1e-6),
    ("correct", {GC1: 9750, GC2: 9725, GC3: 9125, GC4: 958, GQ64: 356.25}, 1e-6),
    ("training_throughput", {GC1: 60_000 / 9}, 1e-6),
    ("epoch_time_without_compile", {GC1: 7, GC2: 9}, 0),
    ("steady_training_throughput", {GC1: 60_000 / 7, GC2: 60_000 / 9}, 1e-6),
    ("time_to_loop", {CS1024: 91}, 0),
    ("accuracy_low", {GC1: 97.175}, 0.0005),
    ("accuracy_high", {GC1: 97.788}, 0.0005),
    ("constant_answer_accuracy", {GC4: 9.58}, 1e-9),
    ("error_rate", {GC1: 2.5, GC4: 90.42}, 1e-9),
    ("cpu_latency", {GQ64: 1000 / 450, GQ128: 1000 / 320.01}, 1e-9),
    ("groq_latency", {GQ64: 1 / 18, GQ128: 1 / 12.8005}, 1e-9),
    ("chip_latency", {GQ64: 1 / 36, GQ128: 1 / 25.601}, 1e-9),
    ("end_to_end_speed_up", {GQ64: 40}, 1e-9),
    ("on_chip_speed_up", {GQ64: 80}, 1e-9),
    ("on_chip_share", {GQ64: 50, GQ128: 50}, 1e-9),
    ("off_chip_latency", {GQ64: 1000 / 36}, 1e-9),
    ("cycles", {GQ64: 25_000}, 1e-6),
    ("cpu_latency_ratio", {GQ128: 450 / 320.01}, 1e-9),
    ("end_to_end_latency_ratio", {GQ128: 18_000 / 12_800.5}, 1e-9),
    ("on_chip_latency_ratio", {GQ128: 36_000 / 25_601}, 1e-9),
    ("token_throughput", {GQ64: 64 * 18_000, GQ128: 128 * 12_800.5}, 1e-6),
]


@pytest.mark.parametrize(("name", "values", "off"), EXPECTED, ids=[f"{name}-{min(v)}" for name, v, _ in EXPECTED])
def test_figures_are_what_the_logs_give(
    derived: tuple[Derived, ...], name: str, values: Mapping[str, float], off: float
) -> None:
    found = {figure.run.id: figure.value for figure in derived if figure.formula.name == name}
    assert {run: found[run] for run in values} == pytest.approx(values, abs=max(off, 1e-9))


def test_every_figure_keeps_its_inputs_and_a_formula_that_gives_its_value(derived: tuple[Derived, ...]) -> None:
    helpers: dict[str, object] = {"median": median, "differences": differences, "wilson": wilson}
    for figure in derived:
        assert figure.inputs
        if any("points" in item.value for item in figure.inputs):
            continue
        values = {item.name: float(item.value) for item in figure.inputs}
        again = eval(expression(figure.formula), {"__builtins__": {}}, helpers | values)
        assert again == pytest.approx(figure.value, rel=1e-9), figure.formula.name


def test_a_formula_has_a_name_of_its_own_and_says_what_it_means() -> None:
    for system in known_systems().values():
        assert all(formula.meaning.endswith(".") for formula in system.formulas)
        names = [formula.name for formula in system.formulas]
        assert len(names) == len(set(names))


def test_a_figure_that_the_logs_of_a_system_state_is_not_derived_for_it(
    results: Results, derived: tuple[Derived, ...]
) -> None:
    logged = {(run.system, fact.name) for run in results.runs for fact in run.run.facts}
    assert not logged & {(figure.run.system, figure.formula.name) for figure in derived}


def test_a_figure_without_all_its_inputs_is_absent(results: Results) -> None:
    def without(results: Results, name: str) -> Results:
        logs = []
        for log in results.logs:
            runs = tuple(run._replace(facts=tuple(f for f in run.facts if f.name != name)) for run in log.facts.runs)
            logs.append(replace(log, facts=replace(log.facts, runs=runs)))
        return Results(tuple(logs))

    names = {figure.formula.name for figure in derive(without(results, "total_time"))}
    assert "speed_up" in names
    assert not names & {"loop_share", "whole_job_throughput"}


def test_constants_have_a_source_and_a_date() -> None:
    for constant in constants().values():
        assert float(constant.value) > 0
        assert constant.url.startswith("https://") or (DOCS / constant.url).is_file()
        assert constant.source
        assert constant.date


@pytest.mark.parametrize(
    "text", ["[a]\nvalue = '1'\n", "[a]\nvalue = 1\nunit=''\nmeaning=''\nsource=''\nurl=''\ndate=''\n"]
)
def test_a_broken_constant_is_an_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "constants.toml"
    path.write_text(text)
    with pytest.raises(BrokenConstants, match=r"constants\.toml: a:"):
        constants(path)
