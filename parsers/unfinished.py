"""Files that appear under their name only when they are whole, and the leftovers of killed writers."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# Such a name is certainly ours; it names the machine and the process: `.facts.csv.1f3a5b7c-4711-0a1b2c3d.testbed-part`.
_NAME = re.compile(r"\..*\.([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f]{8}\.testbed-part", re.DOTALL)


@contextmanager
def replacing(place: Path) -> Iterator[Path]:
    """Give the path of a hidden file to be written. When it is whole it replaces `place`; else it is removed.

    Raises
    ------
    OSError
        If the file cannot take its place.
    """
    sweep(place.parent)
    name = f".{place.name[:40]}.{_machine()}-{os.getpid()}-{os.urandom(4).hex()}.testbed-part"
    part = place.with_name(name)
    try:
        yield part
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


@cache
def sweep(folder: Path, *, deep: bool = False) -> None:
    """Remove leftovers of this machine's killed processes in a folder, or also `deep` below it; once per process."""
    try:
        for path in folder.rglob(".*.testbed-part") if deep else folder.glob(".*.testbed-part"):
            match = _NAME.fullmatch(path.name)
            if match and match[1] == _machine() and not _runs(int(match[2])):
                path.unlink(missing_ok=True)
    except OSError:  # the folder cannot be read or written; the code that writes there reports it
        return


def _machine() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _runs(process: int) -> bool:
    """Return whether a process runs; True where asking could do harm."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True
