"""The comparison of two checkouts finds what one of them reads otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.snapshot import ROOT, main, texts

ONE = ["--only", "cases/groq_proof_point.log, plain"]


@pytest.fixture
def other(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "parsers", tmp_path / "parsers", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_a_checkout_reads_as_its_copy_does(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--against", str(other), *ONE]) == 0
    assert capsys.readouterr().out == "1 texts read, 0 differ\n"


def test_a_changed_unit_is_named_with_its_row(other: Path, capsys: pytest.CaptureFixture[str]) -> None:
    metrics = other / "parsers" / "metrics.py"
    metrics.write_text(metrics.read_text().replace('"ms"', '"μs"'))
    assert main(["--against", str(other), *ONE]) == 1
    said = capsys.readouterr().out
    assert "-|1|metric|on_chip_latency|groq||0.03|μs|" in said
    assert "+|1|metric|on_chip_latency|groq||0.03|ms|" in said
    assert said.endswith("1 texts read, 1 differ\n")


def test_a_kept_file_is_read_in_place_of_the_other_checkout(other: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    assert main(["--against", str(other), "--kept", str(kept), *ONE]) == 0
    kept.write_text(kept.read_text().replace('": "', '": "0'))
    assert main(["--against", str(other), "--kept", str(kept), *ONE]) == 1


def test_the_same_texts_are_made_each_time(tmp_path: Path) -> None:
    (first, again) = (list(texts(tmp_path, 1, "cases/groq_")) for _ in range(2))
    assert first == again
    assert len({data for _, data in first}) > 100
