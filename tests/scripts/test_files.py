from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts.store.files import sha256, swhid, write


def test_a_file_is_written_once_and_then_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.txt"
    assert write(path, b"one")
    os.utime(path, ns=(1, 1))
    assert not write(path, b"one")
    assert path.stat().st_mtime_ns == 1
    assert write(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(path.parent.iterdir()) == [path]


def test_the_old_content_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "b.txt"
    write(path, b"one")

    def refuse(_self: Path, _target: Path) -> Path:
        raise OSError("no room")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="no room"):
        write(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_sha256_is_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")
    assert sha256(tmp_path / "x") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_software_heritage_identifier_is_gits_of_the_same_bytes() -> None:
    # `printf 'hello\n' | git hash-object --stdin`
    assert swhid(b"hello\n") == "swh:1:cnt:ce013625030ba8dba906f756967f9e9ca394464a"
