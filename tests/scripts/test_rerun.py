"""Running again: what is run, where its logs go, and what is said of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parsers.reading import parse
from parsers.tables.transcription import Transcription
from scripts import ROOT, rerun
from scripts.logs.catalog import Declared, Entry
from scripts.logs.load import LoadedLog
from scripts.report.cohort import Cohort
from scripts.report.results import ReportRun, collect
from scripts.report.side_by_side import pair
from scripts.rerun import comparable, repeats, report_lines
from tests.scripts.conftest import LOG as OF_CATALOG
from tests.scripts.conftest import catalog_text

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


def result(name: str, rate: str = "0.05", accuracy: str = "97.25", text: str = LOG, **declared: str) -> ReportRun:
    reading = parse(text.format(rate=rate, accuracy=accuracy).encode(), name)
    said = tuple(Declared(1, key, value, "us") for key, value in declared.items())
    entry = Entry(name, "Graphcore", "", 0, "", "", "", said, f"./{name}")
    (run,) = collect([LoadedLog(entry, Transcription(name, "", 0, "", 0, 0, 0, 0, reading.runs), True)]).runs
    return run


def said(new: list[ReportRun], before: list[ReportRun]) -> list[str]:
    """Return what a terminal shows of new runs."""
    cohort = Cohort(collect(run.log for run in (*before, *new)))
    judged = {run.id for run in new}
    found = repeats(new, before)
    beside = [pair(each.alike[-1], each.run, cohort, judged) if each.alike else None for each in found]
    return [line for each, both in zip(found, beside, strict=True) for line in report_lines(each, both)]


def test_each_system_has_its_script() -> None:
    assert {"sambanova", "graphcore", "cerebras", "groq"} <= set(rerun.systems())
    assert not {"lib", "options", "queue", "sambanova_job"} & set(rerun.systems())


def test_a_new_run_is_set_beside_the_last_of_the_same_parameters() -> None:
    before = [result("a", accuracy="81"), result("b", accuracy="80.5"), result("c", rate="0.5")]
    assert said([result("d", rate="5e-2", accuracy="96.6"), result("e", rate="0.1")], before) == [
        "",
        "d: completed",
        "  beside b, the last of 2",
        "  train_time                   90 -> 90 s (x 1, +0.00 %): the same (scatter 0.00 %, n = 2)",
        "  epoch_time                   9.00 -> 9.00 s (x 1, +0.00 %): the same (scatter 0.00 %, n = 2)",
        "  elapsed_time                 93 -> 93 s (x 1, +0.00 %): the same (scatter 0.00 %, n = 2)",
        "  test_accuracy                80.5 -> 96.6 % (x 1.2, +20.00 %): outside (scatter 0.62 %, n = 2)",
        "",
        "e: completed",
        "  new: no run before it had the same parameters",
    ]


def test_repeats_are_set_beside_what_was_there_before_else_beside_one_another() -> None:
    new = [result("b"), result("c")]
    assert [[run.entry.path for run in each.alike] for each in repeats(new, [result("a")])] == [["a"], ["a"]]
    assert [[run.entry.path for run in each.alike] for each in repeats(new, [])] == [[], ["b"]]


def test_runs_of_other_work_are_not_compared() -> None:
    bert, wordless = LOG.replace("mnist", "bert"), LOG.replace('"learning_rate": {rate}, ', "")
    assert not comparable(result("a"), result("b", text=bert))
    assert not comparable(result("a"), result("b", text=wordless, epochs="9", learning_rate="0.5"))
    assert comparable(result("a"), result("b", text=wordless, learning_rate="0.050", batch_size="8"))


def test_a_run_without_figures_has_none_to_compare() -> None:
    begun = LOG.splitlines()[0] + "\n"
    assert said([result("b", text=begun)], [result("a")])[-1] == "  no figure that both have"


@pytest.fixture
def place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with one script, which writes a log at each call, and a catalog of one log with a declared rate."""
    root = folder.parent
    declared = '[[log.declared]]\nrun = 1\nname = "learning_rate"\nvalue = "0.05"\nsource = "us"\n'
    text = OF_CATALOG.replace("4/4", "10/10")
    (folder / "catalog.toml").write_text(catalog_text(text) + declared)
    (folder / "graphcore").mkdir()
    (folder / "graphcore/session.txt").write_text(text)
    (root / "graphcore.sh").write_text(SCRIPT.format(log=LOG.format(rate="0.05", accuracy="97.25")))
    (root / "graphcore.sh").chmod(0o755)
    for name, value in (("RUN", root), ("ROOT", root), ("RAW_LOGS", folder)):
        monkeypatch.setattr(rerun, name, value)
    return root


def test_the_new_logs_are_compared_with_the_site_and_reported(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rerun.main(["graphcore"]) == 0
    shown = capsys.readouterr().out
    first = "rerun/graphcore/logs/run-0.log: completed\n  beside graphcore-session-1\n"
    assert first in shown  # its rate is declared
    assert "test_accuracy                97.25 -> 97.25 % (x 1, +0.00 %): the same" in shown
    assert "-m scripts.add_log rerun/graphcore/logs/run-0.log && make build" in shown
    assert "97.25" in (place / "rerun/graphcore/report/pages/runs/run-0-1.md").read_text()
    page = (place / "rerun/graphcore/side-by-side.md").read_text()
    assert "[line 4](https://example.org/blob/1/session.txt#L4)" in page
    assert "[line 3](logs/run-0.log#L3)" in page
    assert rerun.main(["graphcore"]) == 0
    shown = capsys.readouterr().out
    assert "run-1.log: completed\n  beside rerun/graphcore/logs/run-0.log, the last of 2\n" in shown


def test_a_script_that_fails_gives_its_exit_status(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rerun.main(["graphcore", "--fail"]) == 3
    assert capsys.readouterr().out == ""


def test_a_system_that_is_none_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
