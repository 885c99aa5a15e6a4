"""Paths and values that files declare: what leads out, or is not allowed, is one sentence."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
from msgspec import Meta

from scripts.logs import catalog
from scripts.logs.catalog import BrokenCatalog
from scripts.logs.load import MissingLog, load_log, original
from scripts.store import structured
from scripts.store.files import write_all
from scripts.store.structured import Broken, Outside, checked, inside, json_object, text_of, toml
from tests.scripts.conftest import LOG, catalog_text
from tests.scripts.test_catalog import DECLARED


@dataclass(frozen=True)
class Point:
    """A number of a list of some."""

    x: Annotated[int, Meta(ge=1)]
    others: tuple[int, ...] = ()


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "...", "./.", "../a", "a/../../b", "a/..", "/etc/passwd", "//a", "a\x00b", "a\nb", "out/a", "to"],
)
def test_what_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "precious").touch()
    (folder / "out").symlink_to("..")
    (folder / "to").symlink_to("../precious")
    with pytest.raises(Outside, match=r"must be a relative path|leads out of"):
        inside(folder, name)


@pytest.mark.parametrize("name", ["a", "a/b.c", ".hidden", "a..b", "..a/b", "in/a", "größe 記録", "loop"])
def test_what_stays_inside_is_taken(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "in").symlink_to("deep")
    (folder / "loop").symlink_to("loop")
    (tmp_path / "link").symlink_to("folder")
    assert inside(folder, name) == folder / name
    assert inside(tmp_path / "link", name) == tmp_path / "link" / name


@pytest.mark.parametrize("name", ["../a.md", "/tmp/a.md", "out/a.md"])
def test_no_file_is_written_or_removed_outside(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "out").symlink_to(tmp_path)
    (tmp_path / "a.md").write_text("precious")
    for files, gone in (({name: b"x"}, []), ({"b.md": b"x"}, [name])):
        with pytest.raises(Outside):
            write_all(folder, files, gone if (folder / name).exists() else ["../a.md"])
    assert (tmp_path / "a.md").read_text() == "precious"
    assert not (folder / "b.md").exists()


def test_a_pipe_a_device_a_folder_and_a_huge_file_are_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 40 << 30)
    (tmp_path / "bytes").write_bytes(b"a\xff")
    for name, reason in (
        ("pipe", "not a file but a pipe"),
        ("device", "not a file but a pipe, a device"),
        (".", "not a file but a folder"),
        ("sparse", f"has {40 << 30} bytes; at most {structured.LARGEST} are allowed"),
        ("bytes", "not UTF-8 (invalid start byte at byte 1)"),
    ):
        with pytest.raises(Broken) as error:
            text_of(tmp_path / name)
        assert str(error.value).startswith(f"{tmp_path / name}: {reason}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("x = " + "[" * 100_000, "nested too deeply"),
        ("x = " + "{a=" * 10_000, "nested too deeply"),
        ("x = " + "9" * 10_000, "an integer has too many digits; at most 4300 are allowed"),
        ("x =", "Invalid value (at end of document)"),
    ],
)
def test_odd_toml_is_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(Broken) as error:
        toml(text, Path("a.toml"))
    assert str(error.value) == f"a.toml: {reason}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ('{"x": ' + "9" * 10_000 + "}", "an integer has too many digits; at most 4300 are allowed"),
        ("3", "3 is not an object"),
        ("{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
    ],
)
def test_odd_json_is_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(Broken) as error:
        json_object(text, Path("a.json"))
    assert str(error.value) == f"a.json: {reason}"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ([], "[] is not a table"),
        ({}, "missing field x"),
        ({"x": "1"}, "x = '1': expected int, got str"),
        ({"x": 0}, "x = 0: expected int >= 1"),
        ({"x": 1.5}, "x = 1.5: expected int, got float"),
        ({"x": 1, "y": 2}, "'y' is not known; known are x, others"),
        ({"x": 1, "others": [1, "b"]}, "others[1] = 'b': expected int, got str"),
        ({"x": "a" * 1000}, f"x = '{'a' * 59}…: expected int, got str"),
    ],
)
def test_a_wrong_value_is_named_with_its_place_and_what_is_allowed(said: object, reason: str) -> None:
    with pytest.raises(Broken) as error:
        checked(said, Point, "a.toml: point 3")
    assert str(error.value) == f"a.toml: point 3: {reason}"


@pytest.mark.parametrize("name", ["graphcore/session.txt", "graphcore", "graphcore/session.txt.facts.csv"])
def test_a_log_of_the_catalog_that_a_link_leads_out_to_is_refused(name: str, folder: Path) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).symlink_to(folder.parent / "originals" / ("session.txt" if "/" in name else ""))
    with pytest.raises(BrokenCatalog, match=r"log 1 \(graphcore/session.txt\): path .* leads out of .* by a link"):
        catalog.load(folder)


def test_a_log_of_the_catalog_that_is_a_pipe_or_huge_is_said(folder: Path) -> None:
    (folder / "graphcore").mkdir()
    (entry,) = catalog.load(folder)
    os.mkfifo(entry.original(folder))
    with pytest.raises(MissingLog, match="a pipe"):
        original(entry, folder)
    entry.original(folder).unlink()
    entry.original(folder).touch()
    os.truncate(entry.original(folder), 40 << 30)
    with pytest.raises(MissingLog, match="larger than"):
        original(entry, folder)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (catalog_text(size="99"), f"the catalog says size = 99, but the file has {len(LOG)} bytes"),
        (
            catalog_text() + DECLARED.replace("run = 1", "run = 99"),
            "the catalog declares learning_rate of run = 99, but the log has the runs 1",
        ),
    ],
)
def test_what_the_catalog_says_of_a_log_is_compared_with_it(text: str, reason: str, folder: Path) -> None:
    (folder / "graphcore").mkdir()
    (folder / "graphcore" / "session.txt").write_text(LOG)
    (folder / "catalog.toml").write_text(text)
    (entry,) = catalog.load(folder)
    with pytest.raises(BrokenCatalog) as error:
        load_log(entry, folder)
    assert str(error.value) == f"graphcore/session.txt: {reason}"
