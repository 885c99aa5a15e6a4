"""Derived figures against values worked out by hand from the printed ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

import pytest

from scripts.catalog import DOCS
from scripts.report.derive import BrokenConstants, Derived, constants, derive, expression
from scripts.report.formulas import differences, wilson
from scripts.report.results import Results
from scripts.report.system import known_systems

SN8, SN16, SN32A, SN32B = (
    f"sambanova-bertlarge-run-{run}" for run in ("ntasks08-1", "ntasks16-1", "ntasks16-2", "ntasks32-1")
)
GC1, GC2, GC3, GC4 = (f"graphcore-graphcore-{place}" for place in (1, 2, 3, 4))
CS1024, CS2048, CS512 = (f"cerebras-cerebras-{place}" for place in (1, 2, 3))
GQ128, GQ256 = (f"groq-groq-{place}" for place in (1, 2))

EXPECTED: list[tuple[str, dict[str, float], float]] = [
    ("throughput_per_rdu", {SN8: 573.31, SN16: 575.94, SN32A: 555.06, SN32B: 539.25}, 0.005),
    ("step_time", {SN8: 0.8931, SN16: 0.8890, SN32A: 0.9224, SN32B: 0.9495}, 0.00005),
    ("median_step_time", {SN8: 0.851, SN16: 0.857, SN32A: 0.863, SN32B: 0.872}, 0.0005),
    ("steady_throughput", {SN8: 2406.6, SN16: 4779.5, SN32A: 9492.5, SN32B: 9394.5}, 0.05),
    ("share_beyond_median_steps", {SN8: 4.7, SN16: 3.6, SN32A: 6.4, SN32B: 8.2}, 0.05),
    ("time_before_first_step", {SN8: 18.5, SN16: 11.6, SN32A: 17.3, SN32B: 17.3}, 0.05),
    ("throughput_after_first_step", {SN8: 2387, SN16: 4721, SN32A: 9205, SN32B: 8933}, 0.5),
    ("weak_scaling_efficiency_after_first_step", {SN8: 100, SN16: 98.9, SN32A: 96.4, SN32B: 93.6}, 0.05),
    ("mean_of_last_losses", {SN8: 8.385, SN16: 8.338, SN32A: 8.325, SN32B: 8.323}, 0.0005),
    ("speed_up", {SN8: 1, SN16: 2.0092, SN32A: 3.8727, SN32B: 3.7624}, 0.0001),
    ("weak_scaling_efficiency", {SN8: 100, SN16: 100.46, SN32A: 96.82, SN32B: 94.06}, 0.005),
    ("samples_trained", {SN8: 1_034_240, SN16: 2_068_480, SN32A: 4_136_960, SN32B: 4_136_960}, 0),
    ("difference_of_repeats", {SN32B: -2.85}, 0.005),
    ("last_loss", {SN8: 8.23756, SN16: 8.20086, SN32A: 8.24426, SN32B: 8.24437, CS1024: 7.10938}, 0.000005),
    ("window_min", {SN8: 4375}, 0),
    ("window_max", {SN8: 4843.75}, 0),
    ("compile_ratio", {SN8: 1.734, SN16: 1.742, SN32A: 1.679, SN32B: 1.631}, 0.0005),
    ("steps_to_amortise", {SN8: 7881, SN16: 7917, SN32A: 7630, SN32B: 7413}, 0.5),
    ("token_throughput", {CS512: 371_773, CS1024: 619_958, CS2048: 859_513.6}, 0.5),
    ("step_time", {CS512: 0.17628, CS1024: 0.21142, CS2048: 0.30499}, 0.000005),
    ("speed_up", {CS512: 1, CS1024: 1.668, CS2048: 2.312}, 0.0005),
    ("batch_scaling_efficiency", {CS512: 100, CS1024: 83.4, CS2048: 57.8}, 0.05),
    ("loop_share", {CS512: 12.3, CS1024: 14.1, CS2048: 19.1}, 0.05),
    ("whole_job_throughput", {CS512: 357.3, CS1024: 682.7, CS2048: 1280.6}, 0.05),
    ("compile_to_loop", {CS512: 4.96, CS1024: 4.28, CS2048: 2.90}, 0.005),
    ("seconds_per_million_samples", {CS512: 344.3, CS1024: 206.5, CS2048: 148.9}, 0.05),
    ("steps_to_amortise", {CS512: 64156, CS1024: 54854, CS2048: 38194}, 0.5),
    ("loop_time_ratio", {CS2048: 1.730}, 0.0005),
    ("correct", {GC1: 9858, GC2: 9844, GC3: 9308, GC4: 958, GQ128: 1712, GQ256: 1712}, 0.1),
    ("training_throughput", {GC1: 5401, GC2: 6904, GC3: 6977, GC4: 6904}, 0.5),
    ("epoch_time_without_compile", {GC1: 9.01, GC2: 8.69, GC3: 8.60, GC4: 8.69}, 0.0005),
    ("steady_training_throughput", {GC1: 6659, GC2: 6904, GC3: 6977, GC4: 6904}, 0.5),
    ("time_to_loop", {CS1024: 1208.097}, 0.0005),
    ("accuracy_low", {GC1: 98.33}, 0.005),
    ("accuracy_high", {GC1: 98.79}, 0.005),
    ("constant_answer_accuracy", {GC4: 9.58}, 1e-9),
    ("cpu_latency", {GQ128: 2.1908, GQ256: 4.1252}, 0.00005),
    ("groq_latency", {GQ128: 0.05452, GQ256: 0.07811}, 0.000005),
    ("chip_latency", {GQ128: 0.02661, GQ256: 0.04275}, 0.000005),
    ("end_to_end_speed_up", {GQ128: 40.18, GQ256: 52.81}, 0.005),
    ("on_chip_speed_up", {GQ128: 82.32, GQ256: 96.49}, 0.005),
    ("on_chip_share", {GQ128: 48.8, GQ256: 54.7}, 0.05),
    ("off_chip_latency", {GQ128: 27.9, GQ256: 35.4}, 0.05),
    ("cycles", {GQ128: 23951, GQ256: 38476}, 0.05),
    ("cpu_latency_ratio", {GQ256: 1.883}, 0.0005),
    ("end_to_end_latency_ratio", {GQ256: 1.433}, 0.0005),
    ("on_chip_latency_ratio", {GQ256: 1.606}, 0.0005),
    ("token_throughput", {GQ128: 2.348e6, GQ256: 3.277e6}, 500),
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
