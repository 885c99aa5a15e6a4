from __future__ import annotations

from pathlib import Path

import pytest

from scripts import ROOT
from scripts.store.cache import Cache, key_of, version_of


class Maker:
    """Makes bytes and counts how often."""

    def __init__(self, made: bytes = b"made\nof lines") -> None:
        self.made, self.times = made, 0

    def __call__(self) -> bytes:
        self.times += 1
        return self.made


def entry(folder: Path) -> Path:
    (found,) = (path for path in folder.rglob("*") if path.is_file())
    return found


def test_what_was_made_once_is_not_made_again(tmp_path: Path) -> None:
    make = Maker()
    assert Cache(tmp_path).get("facts", "aa1", make) == make.made
    assert Cache(tmp_path).get("facts", "aa1", make) == make.made
    assert make.times == 1


def test_another_key_or_kind_is_another_entry(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    made = [cache.get(kind, key, Maker(word)) for kind, key, word in (("a", "1", b"x"), ("a", "2", b"y"))]
    assert [*made, cache.get("b", "1", Maker(b"z"))] == [b"x", b"y", b"z"]


@pytest.mark.parametrize("left", [b"", b"no checksum", b"0" * 64 + b"\nmade\nof lines"])
def test_a_damaged_entry_is_made_anew_with_a_word(
    left: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make = Maker()
    cache = Cache(tmp_path)
    cache.get("facts", "aa1", make)
    entry(tmp_path).write_bytes(left)
    assert cache.get("facts", "aa1", make) == make.made
    assert make.times == 2
    assert capsys.readouterr().err == f"{entry(tmp_path)}: damaged; made anew\n"
    assert cache.get("facts", "aa1", make) == make.made
    assert make.times == 2


def test_a_cache_that_cannot_be_written_is_said_once_and_does_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / "file" / "below")
    assert [cache.get("facts", key, Maker()) for key in ("aa1", "bb2")] == [b"made\nof lines"] * 2
    assert capsys.readouterr().err.count("nothing is remembered") == 1


def test_no_cache_keeps_nothing() -> None:
    make = Maker()
    assert [Cache(None).get("facts", "aa1", make) for _ in range(2)] == [make.made] * 2
    assert make.times == 2


def test_a_digest_tells_its_parts_apart() -> None:
    assert key_of(["ab", "c"]) != key_of(["a", "bc"])
    assert key_of([b"ab"]) == key_of(["ab"])


def test_the_version_hangs_on_the_code() -> None:
    assert version_of(ROOT / "parsers") != version_of(ROOT / "parsers", ROOT / "scripts")
