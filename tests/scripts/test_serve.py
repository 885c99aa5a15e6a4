from __future__ import annotations

from pathlib import Path

import pytest
from scripts.preview import Changes
from watchdog.events import DirModifiedEvent, FileClosedNoWriteEvent, FileModifiedEvent, FileMovedEvent

from scripts import ROOT, fresh
from scripts.catalog import DOCS, RAW_LOGS
from scripts.serve import calls_for_build, main


@pytest.mark.parametrize(
    ("path", "builds"),
    [
        (DOCS / "groq.md", True),
        (RAW_LOGS / "groq" / "Groq.txt", True),
        (ROOT / "scripts" / "report" / "constants.toml", True),
        (DOCS / "runs" / "index.md", False),
        (DOCS / ".groq.md.x7", False),
        (DOCS / ".staged" / "groq.md", False),
        (ROOT / "parsers" / "__pycache__" / "groq.cpython-311.pyc", False),
    ],
)
def test_what_calls_for_a_build(path: Path, builds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "lies_as_noted", lambda path: path.name == "index.md")
    assert calls_for_build(path) is builds


def test_only_changes_of_files_count() -> None:
    asked: list[Path] = []
    called: list[bool] = []

    def calls(path: Path) -> bool:
        asked.append(path)
        return path.suffix == ".md"

    changes = Changes(lambda: called.append(True), calls)
    page = str(DOCS / "groq.md")
    changes.on_any_event(FileClosedNoWriteEvent(page))
    changes.on_any_event(DirModifiedEvent(str(DOCS)))
    assert (asked, called) == ([], [])
    changes.on_any_event(FileModifiedEvent(page))
    changes.on_any_event(FileMovedEvent(str(DOCS / ".tmp"), page))
    changes.on_any_event(FileModifiedEvent(str(DOCS / "x.csv")))
    assert called == [True, True]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_what_is_no_port_is_bad_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([f"--port={port}"])
    assert stop.value.code == 2
    assert "is no port; a whole number from 1 to 65535 is" in capsys.readouterr().err
