"""Whether anything has changed since the last build, known before any large library is imported.

A build leaves a note: the expected digest of every file that it reads or writes. A file that changed while the build
ran is not as expected, so the next build runs. `--check` never uses the note.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .. import INSTALLED, OWN, ROOT
from ..reader import READER, SIZE_LIMIT
from .cache import FOLDER, libraries, version_of
from .files import digest, sha256, write
from .structured import Broken, checked, json_object, text_of

# Each site has a note of its own: the user's cache folder has the notes of all sites.
NOTE = FOLDER / "builds" / f"{digest(str(ROOT).encode())}.json" if INSTALLED else FOLDER / "build.json"
# What the build reads and writes, below the root of the site. The code of the repository's own site is there too.
FOLDERS = ("docs", "parsers", "raw_logs", "scripts") if OWN else ("docs", "raw_logs")
# These can be large: a file with the same size and time as before counts as unchanged. All others are read.
_BY_TIME = "raw_logs/"
# Compiled code, and hidden files (locks, unfinished files, an editor's own) except the list of the files that were
# made.
_IGNORED = re.compile(r"(?:^|/)(?:__pycache__/|\.(?!generated$))")


class Seen(NamedTuple):
    """A file as it was: its size, when it was last written, and the digest of its bytes."""

    size: int
    written: int
    sha256: str


State = dict[str, Seen]


@dataclass(frozen=True, slots=True)
class _Note:
    made: int
    libraries: list[str]
    files: State


def state(root: Path = ROOT, before: Mapping[str, Seen] | None = None) -> State:
    """Return every file that a build reads or writes, by its path below `root`.

    Parameters
    ----------
    before
        An earlier state: its digest of a raw log counts if size and time are the same.
    """
    known = before or {}
    seen_files = ((name, _seen(name, root / name, known.get(name))) for name in _names(root))
    return {name: seen for name, seen in seen_files if seen is not None}


def _names(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and not _IGNORED.search(name):
                yield name


def _seen(name: str, path: Path, before: Seen | None) -> Seen | None:
    try:
        status = path.stat()
        if before is not None and name.startswith(_BY_TIME) and before[:2] == (status.st_size, status.st_mtime_ns):
            return before
        if status.st_size > SIZE_LIMIT:  # no build reads it
            return Seen(status.st_size, status.st_mtime_ns, f"{status.st_size} bytes, {status.st_mtime_ns}")
        return Seen(status.st_size, status.st_mtime_ns, sha256(path))
    except FileNotFoundError:  # an editor has taken its own file away meanwhile
        return None


def _runs_on() -> list[str]:
    """Return what a build runs on: the libraries, and code that is not below the root of the site."""
    return libraries() if OWN else [*libraries(), version_of(READER, Path(__file__).parent)]


def noted(note: Path = NOTE) -> tuple[State, int] | None:
    """Return what the last build left, and how many files it had made; None if that is not known."""
    try:
        content = json_object(text_of(note), note)
        if content.get("libraries") != _runs_on():
            return None
        checked_note = checked(content, _Note, str(note))
    except FileNotFoundError:
        return None
    except Broken as error:
        print(f"{error}; the note is damaged, and everything is built anew", file=sys.stderr)
        return None
    return checked_note.files, checked_note.made


def same(one: State, other: State) -> bool:
    """Return whether two states hold the same files with the same bytes; times do not matter."""
    return {name: seen.sha256 for name, seen in one.items()} == {name: seen.sha256 for name, seen in other.items()}


def lies_as_noted(path: Path, root: Path = ROOT, note: Path = NOTE) -> bool:
    """Return whether a file is as the last build found or left it, or is missing now as it was then."""
    last = noted(note)
    if last is None or not path.is_relative_to(root):
        return False
    name = path.relative_to(root).as_posix()
    before, now = last[0].get(name), _seen(name, path, None)
    return (before and before.sha256) == (now and now.sha256)


def expected(before: State, files: Mapping[str, bytes], removed: Iterable[str]) -> State:
    """Return the state after a build that began at `before`, made `files` and removed others, by their paths."""
    gone = set(removed)
    made = {name: Seen(len(content), 0, hashlib.sha256(content).hexdigest()) for name, content in files.items()}
    return {name: seen for name, seen in (before | made).items() if name not in gone}


def leave(after: State, made: int, note: Path = NOTE) -> None:
    """Leave the note of a build."""
    content = {"made": made, "libraries": _runs_on(), "files": dict(sorted(after.items()))}
    try:
        write(note, json.dumps(content, indent=0).encode())
    except OSError as error:  # the next build is slower, but right
        print(f"{note}: nothing is remembered ({error.strerror})", file=sys.stderr)
