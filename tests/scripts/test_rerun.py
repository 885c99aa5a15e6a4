"""Running again: what is run, where its logs go, and what is said of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parsers.reading import parse
from scripts import ROOT, rerun
from scripts.rerun import Result, changes, comparable, compared

LOG = """\
#testbed-run {{"format": 1, "system": "Graphcore", "experiment": "graphcore-mnist", "workload": "mnist", \
"parameters": {{"learning_rate": {rate}, "epochs": 10}}, "started_at": "2026-05-01T10:00:00Z"}}
Epochs: 100%|##########| 10/10 [01:30<00:00,  9.00s/it]
Accuracy on test set: {accuracy}%
#testbed-end {{"exit_status": 0, "seconds": 93, "ended_at": "2026-05-01T10:01:33Z"}}
"""

SCRIPT = """\
#!/bin/bash
while (($#)); do
  case $1 in
    --out) out=$2 ;;
    --fail) exit 3 ;;
  esac
  shift
done
mkdir -p "$out"
number=$(ls "$out" | wc -l)
cat >"$out/run-$number.log" <<'END'
{log}END
"""


def result(name: str, rate: str = "0.05", accuracy: str = "97.25", **declared: str) -> Result:
    (run,) = parse(LOG.format(rate=rate, accuracy=accuracy).encode(), name).runs
    return Result(name, run, {"learning_rate": rate, "epochs": "10", **declared})


def test_each_system_has_its_script() -> None:
    assert {"sambanova", "graphcore", "cerebras", "groq"} <= set(rerun.systems())
    assert not {"lib", "options", "queue", "sambanova_job"} & set(rerun.systems())


def test_a_new_run_is_set_beside_the_last_of_the_same_parameters() -> None:
    before = [result("a"), result("b", accuracy="80.5"), result("c", rate="0.5")]
    assert compared([result("d", rate="5e-2", accuracy="96.6"), result("e", rate="0.1")], before) == [
        "",
        "d: completed",
        "  beside b, the last of 2",
        "  train_time                   90 -> 90 s (x 1)",
        "  epoch_time                   9.00 -> 9.00 s (x 1)",
        "  elapsed_time                 93 -> 93 s (x 1)",
        "  test_accuracy                80.5 -> 96.6 % (x 1.2)",
        "",
        "e: completed",
        "  new: no run before it had the same parameters",
    ]


def test_repeats_are_set_beside_one_another() -> None:
    assert "  beside a" in compared([result("a"), result("b")], [])


def test_runs_of_other_work_are_not_compared() -> None:
    (other,) = parse(LOG.format(rate="0.05", accuracy="9.5").replace("mnist", "bert").encode(), "x").runs
    assert not comparable(result("a"), Result("b", other, {"learning_rate": "0.05"}))
    assert not comparable(result("a"), Result("b", result("b").run, {"batch_size": "8"}))
    assert comparable(result("a"), Result("b", result("b").run, {"learning_rate": "0.050", "batch_size": "8"}))


def test_a_run_without_figures_has_none_to_compare() -> None:
    (empty,) = parse(LOG.splitlines()[0].format(rate="0.05").encode() + b"\n", "x").runs
    assert changes(result("a").run, empty) == ["  no figure that both have"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with one script, which writes a log at each call."""
    (tmp_path / "graphcore.sh").write_text(SCRIPT.format(log=LOG.format(rate="0.05", accuracy="97.25")))
    (tmp_path / "graphcore.sh").chmod(0o755)
    monkeypatch.setattr(rerun, "RUN", tmp_path)
    monkeypatch.setattr(rerun, "ROOT", tmp_path)
    return tmp_path


def test_the_new_logs_are_compared_with_the_site_and_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rerun.main(["graphcore"]) == 0
    said = capsys.readouterr().out
    assert "run-0: completed\n  beside graphcore-graphcore-1\n" in said  # its rate is declared
    assert "test_accuracy                98.58 -> 97.25 % (x 0.987)" in said
    assert "-m scripts.add_log rerun/graphcore/logs/run-0.log && make build" in said
    assert "97.25" in (folder / "rerun/graphcore/report/pages/runs/run-0-1.md").read_text()
    assert rerun.main(["graphcore"]) == 0
    assert "run-1: completed\n  beside run-0, the last of 2\n" in capsys.readouterr().out


def test_a_script_that_fails_gives_its_exit_status(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rerun.main(["graphcore", "--fail"]) == 3
    assert capsys.readouterr().out == ""


def test_a_system_that_is_none_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        rerun.main(["abacus"])
    assert raised.value.code == 2
    assert "invalid choice: 'abacus'" in capsys.readouterr().err


_CALLED = """\
from parsers import stopping
stopping.handle_signals()
from scripts import rerun
rerun._call(["bash", "-c", "trap 'kill $!; echo last line; exit 1' TERM; sleep 30 & echo begun; wait"])
print("went on")
"""


def test_a_rerun_that_is_stopped_stops_its_script_and_waits_for_its_last_line() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _CALLED], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "begun\n"
        process.terminate()
        assert process.stdout.readline() == "last line\n"
        assert process.stderr.readline() == "stopped\n"
        assert process.wait(timeout=10) == 143
