"""What a site asks its author about the logs."""

from __future__ import annotations

import re
from pathlib import Path

from scripts.add_log import main as add
from scripts.report.questions import ask
from tests.scripts.conftest import LOG

CEREBRAS = "Processed 1024000 sample(s) in 210.762 seconds.\n"


def test_runs_of_several_systems_are_asked_about_in_the_order_of_their_log(tmp_path: Path) -> None:
    (tmp_path / "mixed.log").write_text(f"{LOG}$ grep Processed log\n{CEREBRAS}$ cat log\n{LOG}")
    (tmp_path / "raw_logs").mkdir()
    (tmp_path / "raw_logs/catalog.toml").write_text("")
    assert add(["--logs", str(tmp_path / "raw_logs"), str(tmp_path / "mixed.log")]) == 0
    assert ask(tmp_path / "raw_logs") == 5
    text = (tmp_path / "raw_logs/declared.toml").read_text()
    assert re.findall(r"# Which (\w+) \w+ had run (\d)", text) == [
        ("learning", "1"),
        ("batch", "1"),
        ("batch", "2"),
        ("learning", "3"),
        ("batch", "3"),
    ]
    assert "# Which batch size had run 2 (line 6)?" in text
    assert ask(tmp_path / "raw_logs") == 0
    assert (tmp_path / "raw_logs/declared.toml").read_text() == text
