"""Logs by path and by address."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.many.sources import Source, read_source, sources
from tests.parsers.samples import CASES, case

LOG = case("groq_proof_point")


def test_a_folder_is_walked_and_a_missing_file_is_a_source_that_reading_tells_of(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.log").write_bytes(b"12")
    (tmp_path / "a.log").write_bytes(b"1")
    found = list(sources([str(tmp_path), "none"]))
    assert found == [Source(f"{tmp_path}/a.log", 1), Source(f"{tmp_path}/deep/b.log", 2), Source("none", 0)]
    assert next(read_source("none")).reason == "no such file"


def test_a_file_is_read_once_by_whatever_names_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_bytes(LOG)
    (tmp_path / "logs" / "copy.log").write_bytes(LOG)
    (tmp_path / "logs" / "link.log").symlink_to("a.log")
    (tmp_path / "logs" / "twin.log").hardlink_to(tmp_path / "logs" / "a.log")
    (tmp_path / "other").symlink_to("logs")
    names = ["logs", "logs/", "./logs", str(tmp_path / "logs"), "other", "logs/a.log", "logs/../logs/a.log", "none"]
    assert [source.name for source in sources([*names, "none"])] == ["logs/a.log", "logs/copy.log", "none"]
    assert main(["--format", "csv", "logs"]) == 0
    once = capfd.readouterr().out
    assert main(["--format", "csv", *["logs"] * 8]) == 0
    assert capfd.readouterr().out == once


def test_a_log_is_named_as_given_and_read_where_it_lies() -> None:
    reading = next(read_source("logs/x.log", str(CASES / "groq_proof_point.log")))
    assert (reading.log, len(reading.runs)) == ("logs/x.log", 1)


@pytest.mark.parametrize("address", ["s3://bucket/logs", "nothing://at/all"])
def test_an_address_that_nothing_can_follow_is_said_and_the_other_logs_are_printed(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    good = str(CASES / "groq_proof_point.log")
    assert main(["--format", "csv", good]) == 0
    table = capfd.readouterr().out
    assert main(["--format", "csv", good, address]) == 1
    told = capfd.readouterr()
    assert told.out == table
    (line,) = told.err.splitlines()
    assert line.startswith(f"{address}: reading an address needs fsspec, which is not installed")


@pytest.mark.parametrize("option", ["--explain", "--diff"])
def test_explaining_or_comparing_an_address_is_refused(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([option, "a.log", "s3://bucket/logs"]) == 2
    assert capsys.readouterr().err == f"error: s3://bucket/logs: {option} reads files of this machine only\n"


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
        assert readings[1].reason == "not a recognised log"
        system.rm("/logs", recursive=True)
        assert next(read_source(found[0].name)).reason == "no such file or folder"

    def test_an_address_and_a_path_of_one_file_are_read_once(self, tmp_path: Path) -> None:
        (tmp_path / "a.log").write_bytes(LOG)
        found = [source.name for source in sources([f"file://{tmp_path}", str(tmp_path), f"{tmp_path}/a.log"])]
        assert found == [f"file://{tmp_path}/a.log"]

    def test_a_store_s_word_on_size_is_not_trusted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import fsspec

        fsspec.filesystem("memory").pipe({"/large.log": b"a" * 5000})
        monkeypatch.setattr("parsers.many.sources.SIZE_LIMIT", 4000)
        monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.size", lambda *_: None)
        assert next(read_source("memory://large.log")).reason == "larger than 4000 bytes"
        fsspec.filesystem("memory").rm("/large.log")

    @pytest.mark.parametrize(
        ("address", "reason"), [("memory://none", "no such file or folder"), ("nothing://at/all", "Protocol not known")]
    )
    def test_what_leads_nowhere_is_a_source_that_reading_tells_of(self, address: str, reason: str) -> None:
        assert list(sources([address])) == [Source(address, 0)]
        assert reason in next(read_source(address)).reason
