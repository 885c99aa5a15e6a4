"""The plain script finds what the parsers find: it is a contestant, not a straw man. What a reader skips is counted."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from pathlib import Path

import pytest

from parsers.reading import read
from scripts.measure import readers
from scripts.measure.contestants import CSV, PANDAS, PLAIN, RG, available
from scripts.measure.logs import CASES
from scripts.measure.process import python
from scripts.measure.readers import Skipped, main, plain
from scripts.measure.tally import Tally, tally

STEP = "| INFO: Step={}, Loss=8.5, Rate=4000.0 samples/sec, GlobalRate=3990.0 samples/sec\n"


@pytest.mark.parametrize("name", ["sambanova_two_runs", "cerebras_two_runs"])
def test_the_plain_script_finds_every_step(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(CASES / f"{name}.log", tmp_path)
    main("plain", str(tmp_path))
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    series = [series for run in read(CASES / f"{name}.log").runs for series in run.series if series.name == "loss"]
    assert [int(row[2]) for row in rows] == [step for one in series for step in one.steps] != []


def test_all_readers_find_the_same_steps() -> None:
    names = [name for name in available() if name in (CSV, PLAIN, PANDAS, RG)]
    found = tally([CASES / "sambanova_two_runs.log", CASES / "cerebras_two_runs.log"], names)
    assert found[CSV].steps > 0
    assert found == dict.fromkeys(names, found[CSV])


def test_what_is_not_utf8_is_counted(tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_bytes(b"\xa6 of another encoding\n" + STEP.format(1).encode())
    assert tally([log, CASES / "cerebras_two_runs.log"], [PLAIN])[PLAIN].replaced == [log]
    utf16 = tmp_path / "b.log"
    utf16.write_text(STEP.format(1), encoding="utf-16")
    assert tally([utf16], [PLAIN]) == {PLAIN: Tally(0, [utf16], [])}


def test_a_file_that_a_reader_skips_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def picky(path: Path, out: object) -> None:
        if path.name == "bad.log":
            raise Skipped("not UTF-8")
        plain(path, out)  # type: ignore[arg-type]

    for name in ("bad.log", "good.log"):
        (tmp_path / name).write_text(STEP.format(1))
    monkeypatch.setitem(readers.READERS, "picky", picky)
    main("picky", str(tmp_path))
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert err == f"{tmp_path / 'bad.log'}: skipped (not UTF-8)\n"


def test_a_log_without_a_run_is_skipped_by_the_parsers(tmp_path: Path) -> None:
    prose = tmp_path / "prose.log"
    prose.write_text("nothing of a run\n")
    assert tally([prose, CASES / "cerebras_two_runs.log"], [CSV])[CSV].skipped == [prose]


def test_rg_or_its_absence_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    assert RG not in available()
    assert f"{RG}: left out, not installed (Debian: apt install ripgrep)\n" in capsys.readouterr().err


def test_readers_are_run_by_name() -> None:
    command = python("-m", "scripts.measure.readers", "plain", str(CASES / "cerebras_two_runs.log"))
    done = subprocess.run(command.words, cwd=command.folder, capture_output=True, text=True, check=True)
    assert len(done.stdout.splitlines()) == len({*done.stdout.splitlines()}) > 0
