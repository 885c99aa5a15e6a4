"""The logs to measure with: which are at hand, and folders full of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import NamedTuple

from .. import ROOT
from ..logs import catalog
from ..logs.catalog import RAW_LOGS
from ..reader import read

CASES = ROOT / "tests" / "parsers" / "cases"
COURSE = ROOT.parent / "shared" / "logs" / "files"
# The least size of a log like those of the field, and of a small one, in bytes: shorter ones are repeated.
ORDINARY = 30_000
SMALL = 2_000


class NoLogs(Exception):
    """A folder has no log that can be measured; the message names the folder."""


class Logs(NamedTuple):
    """Logs that each contain a run, and what they are."""

    title: str
    paths: list[Path]


class Filled(NamedTuple):
    """A folder of logs: how many, and how many bytes."""

    folder: Path
    files: int
    size: int


def find(folder: Path | None = None) -> Logs:
    """Return the logs of a folder; if none is given, the best that are at hand.

    Raises
    ------
    NoLogs
        If no file contains a run.
    """
    if folder is not None:
        return Logs(f"the logs of {folder.name}", logs_in(folder))
    if COURSE.is_dir():
        return Logs("the logs of the course", logs_in(COURSE))
    originals = [entry.original(RAW_LOGS) for entry in catalog.load() if not entry.kept]
    if originals and all(path.is_file() for path in originals):
        return Logs("the homework's logs", originals)
    return cases()


def cases() -> Logs:
    """Return the tests' cases, which are small and always at hand."""
    return Logs("the tests' cases", logs_in(CASES))


def logs_in(folder: Path) -> list[Path]:
    """Return the files below a folder that contain a run.

    Raises
    ------
    NoLogs
        If none does.
    """
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix != ".csv")
    logs = [path for path in files if read(path).runs]
    if not logs:
        raise NoLogs(f"{folder}: no file in it contains a run")
    return logs


def repeated(logs: Sequence[Path], least: int = 1) -> Iterator[bytes]:
    """Yield the logs again and again. Each is repeated until it has at least `least` bytes.

    A last line counts the copies: no two are the same, because the same bytes are not always read twice.
    """
    texts = [_ended(path.read_bytes()) for path in logs]
    for number in count():
        text = texts[number % len(texts)]
        yield text * -(-least // len(text)) + b"copy %d\n" % number


def _ended(text: bytes) -> bytes:
    return text if text.endswith(b"\n") else text + b"\n"


def up_to(size: int, texts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield texts until they hold so many bytes."""
    held = 0
    for text in texts:
        yield text
        held += len(text)
        if held >= size:
            return


def fill(folder: Path, texts: Iterable[bytes]) -> Filled:
    """Write each text into a file of its own in a new folder."""
    folder.mkdir()
    sizes = [(folder / f"{number:06}.log").write_bytes(text) for number, text in enumerate(texts)]
    return Filled(folder, len(sizes), sum(sizes))


def joined(filled: Filled, folder: Path) -> Filled:
    """Write all files of a folder into one file in a new folder."""
    folder.mkdir()
    with (folder / "all.log").open("wb") as whole:
        for path in sorted(filled.folder.iterdir()):
            with path.open("rb") as part:
                shutil.copyfileobj(part, whole)
    return Filled(folder, 1, filled.size)
