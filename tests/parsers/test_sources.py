"""Logs by path and by address."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.sources import Source, Unreachable, read_source, sources
from tests.parsers.samples import CASES, case

LOG = case("groq_proof_point")


def test_a_folder_is_walked_and_a_missing_file_is_a_source_that_reading_tells_of(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.log").write_bytes(b"12")
    (tmp_path / "a.log").write_bytes(b"1")
    found = list(sources([str(tmp_path), "none"]))
    assert found == [Source(f"{tmp_path}/a.log", 1), Source(f"{tmp_path}/deep/b.log", 2), Source("none", 0)]
    assert next(read_source("none")).reason == "no such file"


def test_a_log_is_named_as_given_and_read_where_it_lies() -> None:
    reading = next(read_source("logs/x.log", str(CASES / "groq_proof_point.log")))
    assert (reading.log, len(reading.runs)) == ("logs/x.log", 1)


@pytest.mark.parametrize("address", ["s3://bucket/logs", "nothing://at/all"])
def test_an_address_that_nothing_can_follow_is_said(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    assert main([address]) == 1
    assert capsys.readouterr().err.startswith(f"error: {address}: reading an address needs fsspec")


def test_explaining_an_address_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--explain", "s3://bucket/logs"]) == 2
    assert "files of this machine only" in capsys.readouterr().err


class TestWithFsspec:
    """Two kinds of address that need no network."""

    @pytest.fixture(autouse=True)
    def _needs_fsspec(self) -> None:
        pytest.importorskip("fsspec", reason="fsspec comes with requirements/cluster.txt")

    def test_a_file(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "deep").mkdir()
        (tmp_path / "deep" / "a.log").write_bytes(LOG)
        assert main(["--format", "csv", f"file://{tmp_path}"]) == 0
        by_address = capfd.readouterr().out
        assert main(["--format", "csv", str(tmp_path)]) == 0
        assert by_address.replace("file://", "") == capfd.readouterr().out

    def test_memory(self) -> None:
        import fsspec

        system = fsspec.filesystem("memory")
        system.pipe({"/logs/a.log": LOG, "/logs/deep/b.log": b"prose\n"})
        found = list(sources(["memory://logs"]))
        assert found == [Source("memory:///logs/a.log", len(LOG)), Source("memory:///logs/deep/b.log", 6)]
        readings = [next(read_source(source.name)) for source in found]
        assert [len(reading.runs) for reading in readings] == [1, 0]
        assert readings[1].reason == "no line of a known log"
        system.rm("/logs", recursive=True)
        assert "cannot be read" in next(read_source(found[0].name)).reason

    @pytest.mark.parametrize("address", ["memory://none", "nothing://at/all"])
    def test_what_leads_nowhere_is_said(self, address: str) -> None:
        with pytest.raises(Unreachable, match=address):
            list(sources([address]))
