"""Which runs may be compared, on small logs of our own; and no impossible figure, over every log at hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.logs.catalog import Declared, Entry, slug
from scripts.logs.load import LoadedLog, transcribe
from scripts.report.comparable import compare
from scripts.report.derive import computed, derive
from scripts.report.results import Results, collect
from scripts.store.files import digest

LOGS = ROOT.parent / "shared" / "logs" / "files"
TRAINING = (
    "srun: job {job} has been allocated resources\n"
    "SLURM_NTASKS={tasks}\nSLURM_JOB_ID={job}\nRUN COMMAND: python a.py run -b {batch} --learning_rate {rate}\n"
    "{{'e2e_train_time': 10.5, 'training_samples_per_second': {speed}, 'final_loss': 8.5}}\nDuration: 20\n"
)


def _log(name: str, text: str, system: str = "SambaNova", author: str = "", *declared: Declared) -> LoadedLog:
    data = text.encode()
    entry = Entry(name, system, digest(data), len(data), "", author, "", declared, slug(name))
    return LoadedLog(entry, transcribe(entry, data), True)


def _trained(name: str, job: int, author: str = "", **changes: object) -> LoadedLog:
    said: dict[str, object] = {"job": job, "tasks": 8, "batch": 256, "rate": 0.5, "speed": 2000.5, **changes}
    return _log(name, TRAINING.format(**said), author=author)


def _ids(results: Results) -> dict[str, str]:
    return {run: baseline.id for run, baseline in compare(results).baseline.items()}


def test_runs_that_differ_in_the_varied_setting_are_compared_with_the_smallest() -> None:
    results = collect([_trained("b.out", 2, tasks=16), _trained("a.out", 1)])
    assert _ids(results) == {"a-1": "a-1", "b-1": "a-1"}


@pytest.mark.parametrize("change", [{"batch": 128}, {"rate": 0.25}, {"author": "another"}])
def test_runs_that_differ_in_anything_else_are_not_compared(change: dict[str, object]) -> None:
    other = _trained("b.out", 2, tasks=16, **change)  # type: ignore[arg-type]
    assert _ids(collect([_trained("a.out", 1), other])) == {"a-1": "a-1", "b-1": "b-1"}


def test_a_setting_that_one_run_does_not_state_keeps_them_apart_and_one_that_neither_states_does_not() -> None:
    bare = TRAINING.replace(" --learning_rate {rate}", "")
    one, other = (
        _log(f"{name}.out", bare.format(job=job, tasks=tasks, batch=256, speed=2000.5))
        for name, job, tasks in (("a", 1, 8), ("b", 2, 16))
    )
    assert _ids(collect([one, other])) == {"a-1": "a-1", "b-1": "a-1"}
    assert _ids(collect([one, _trained("c.out", 3, tasks=16)])) == {"a-1": "a-1", "c-1": "c-1"}


def test_the_baseline_of_repeats_is_the_one_of_median_throughput() -> None:
    speeds = {"a.out": 2100.5, "b.out": 2000.5, "c.out": 2050.5}
    logs = [_trained(name, job, speed=speed) for job, (name, speed) in enumerate(speeds.items(), 1)]
    results = collect([*logs, _trained("d.out", 9, tasks=16)])
    assert _ids(results)["d-1"] == "c-1"
    assert {run: first.id for run, first in compare(results).repeated.items()} == {"b-1": "a-1", "c-1": "a-1"}


def test_the_same_job_in_two_logs_is_one_run() -> None:
    compared = compare(collect([_trained("a.out", 1), _trained("again.out", 1), _trained("b.out", 2, tasks=16)]))
    assert {run: first.id for run, first in compared.published.items()} == {"again-1": "a-1"}
    assert "again-1" not in compared.baseline
    assert not compared.repeated


def test_a_run_whose_setting_nobody_states_is_compared_with_nothing_until_it_is_declared() -> None:
    text = "Epochs: 100%|##| 4/4 [00:40<00:00, 10.25s/it]\nAccuracy on test set: 97.25%\n"
    silent = _log("a.txt", text, "Graphcore")
    assert _ids(collect([silent])) == {}
    rate = Declared(1, "learning_rate", "0.05", "a person", "")
    declared = replace(silent, entry=replace(silent.entry, declared=(rate,)))
    assert _ids(collect([declared])) == {"a-1": "a-1"}


def test_a_constant_of_one_data_set_applies_to_no_other() -> None:
    text = "Epochs: 100%|##| 4/4 [00:40<00:00, 10.25s/it]\nAccuracy on test set: 97.25%\n"
    names = {figure.formula.name for figure in derive(collect([_log("a.txt", text, "Graphcore")]))}
    assert "error_rate" in names
    workload = Declared(1, "workload", "mnist", "a person", "")
    said = {figure.formula.name for figure in derive(collect([_log("a.txt", text, "Graphcore", "", workload)]))}
    assert {"constant_answer_accuracy", "training_throughput"} <= said - names


def test_a_share_above_the_whole_is_absent_and_its_inputs_are_known_to_disagree() -> None:
    stamp = "2024-05-01 10:00:0{},250 INFO:   "
    text = (
        stamp.format(0) + "Effective batch size is 512.\n" + stamp.format(1) + "Beginning appliance run\n"
        + stamp.format(2) + "| Train Device=CSX, Step=1, Loss=9.5, Rate=5.5 samples/sec, GlobalRate=5.5 samples/sec\n"
        + stamp.format(3) + "Training completed successfully!\n"
        + stamp.format(4) + "Processed 512 sample(s) in 130.5 seconds.\n"
    )  # fmt: skip
    results = collect([_log("a.txt", text, "Cerebras")])
    assert "loop_share" not in {figure.formula.name for figure in derive(results)}
    (impossible,) = [figure for figure in computed(results) if figure.formula.name == "loop_share"]
    assert [(item.name, item.value) for item in impossible.inputs] == [
        ("reported_time", "130.5"), ("total_time", "4.000")
    ]  # fmt: skip


@pytest.mark.originals
@pytest.mark.parametrize("seed", range(4))
def test_no_figure_of_any_mixture_of_logs_is_impossible_or_between_runs_that_differ(seed: int) -> None:
    logs = _all_logs()
    chance = random.Random(seed)
    chosen = logs if seed == 0 else chance.sample(logs, len(logs) // 2)
    results = collect(_mixed(chosen, chance))
    runs = {run.id: run for run in results.runs}
    figures = derive(results)
    assert len(figures) > 100
    for figure in figures:
        low, high = figure.formula.bounds
        assert low <= figure.value <= high
        others = {item.page.removeprefix("runs/").removesuffix(".md") for item in figure.inputs} & set(runs)
        assert {runs[other].entry.author for other in others} <= {figure.run.entry.author}
        assert {runs[other].system for other in others} <= {figure.run.system}
        assert {runs[other].stated("batch_size") for other in others if figure.run.system == "SambaNova"} <= {
            figure.run.stated("batch_size"),
            "",
        }


def _mixed(logs: Sequence[LoadedLog], chance: random.Random) -> list[LoadedLog]:
    return [
        replace(log, entry=replace(log.entry, slug=f"{log.entry.slug}-{place}"))
        for place, log in enumerate(chance.sample(list(logs), len(logs)))
    ]


def _all_logs() -> list[LoadedLog]:
    """Return every log at hand with its owner, which is the name of its folder."""
    if not LOGS.is_dir():
        pytest.skip("the original logs are not at hand")
    paths = [path for path in sorted(LOGS.rglob("*")) if path.is_file()]
    found = [_log(path.name, "", author=path.parent.name) for path in paths]
    logs = [_read(log, path) for log, path in zip(found, paths, strict=True)]
    return [log for log in logs if log.facts.runs]


def _read(log: LoadedLog, path: Path) -> LoadedLog:
    return replace(log, facts=transcribe(log.entry, path.read_bytes()))
