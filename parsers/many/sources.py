"""Where logs are: files and folders of this machine, or addresses such as `s3://bucket/logs` that fsspec can read.

The body of an address is first copied to a temporary file, up to a limit of bytes and of time. The size that a store
states can be wrong or missing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from ..engine.lines import printable
from ..facts import Reading
from ..reading import SIZE_LIMIT, readings
from .unreachable import Unreachable

NEEDED = "make cluster, or pip install 'testbed-report[cluster]'"
# Seconds that an address may take until its last byte.
TIME_LIMIT = 600
_BLOCK = 1 << 20


# The path that stands for standard input.
STANDARD_INPUT = "-"


class Source(NamedTuple):
    """A file that may be a log: its path or address (its name in the table) and its size in bytes."""

    name: str
    size: int


def sources(paths: Iterable[str]) -> Iterator[Source]:
    """Yield each path; for a folder, every file below it in the order of their names.

    A file that several paths or links lead to is yielded once, under the first of its names. A path or address that
    leads nowhere is a source too: reading it says why.
    """
    seen: set[object] = set()
    for path in paths:
        for source in _remote(path) if is_address(path) else _local(Path(path)):
            same = _identity(source.name)
            if same not in seen:
                seen.add(same)
                yield source


def is_address(path: str) -> bool:
    """Return whether a path is an address and not a path of this machine."""
    return "://" in path


def _is_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def local_path(name: str) -> Path | None:
    """Return the path on this machine's disk that a source's name means, or None if it is elsewhere."""
    scheme, separator, path = name.partition("://")
    if not separator:
        return Path(name)
    return Path(path) if scheme in ("file", "local") else None


def _identity(name: str) -> object:
    """Return what two names of one file have in common: device and inode, else the name."""
    path = local_path(name)
    if path is None:
        return name
    try:
        status = path.stat()
    except (OSError, ValueError):
        return name
    return (status.st_dev, status.st_ino)


def _local(path: Path) -> Iterator[Source]:
    for file in _walked(path) if _is_folder(path) else [path]:
        try:
            yield Source(str(file), file.stat().st_size)
        except (OSError, ValueError):  # reading it will say why
            yield Source(str(file), 0)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # reading it says why
        return False


def _walked(folder: Path) -> list[Path]:
    """Return the files of a folder and those below, by name; a folder without files is returned itself."""
    refused: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: refused.append(Path(error.filename)))
    paths = [Path(inner, name) for inner, _, names in walk for name in names]
    return sorted([*paths, *refused], key=lambda path: path.parts) or [folder]


def _remote(address: str) -> Iterator[Source]:
    if _is_web(address):
        from .web import logs_below

        yield from (Source(log, 0) for log in logs_below(address))
        return
    try:
        system, path = _filesystem(address)
        files = system.find(path, detail=True)
    except Exception:  # each kind of store has errors of its own; reading it will say why
        files = {}
    if not files:
        yield Source(address, 0)
    for name in sorted(files):
        yield Source(system.unstrip_protocol(name), int(files[name].get("size") or 0))


def _filesystem(address: str) -> tuple[Any, str]:
    """Return the store of an address, without its cache of folders, and the path in it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise Unreachable(f"reading an address needs fsspec, which is not installed ({NEEDED})") from None
    try:
        system, path = url_to_fs(address)
    except (ImportError, ValueError) as error:  # a store whose own library is missing, or an unknown store
        raise Unreachable(str(error)) from None
    system.invalidate_cache()  # one process can read the same address twice, and its files change
    return system, path


def read_source(name: str, at: str | None = None) -> Iterator[Reading]:
    """Yield what the file of a source holds, under its name; `at` is the path if the name is not enough."""
    if name == STANDARD_INPUT:
        yield from _read_copy(name, standard_input())
    elif is_address(name):
        yield from _read_copy(name, _copied(_blocks(name)))
    else:
        yield from readings(Path(at or name), name)


@contextmanager
def standard_input() -> Iterator[Path]:
    """Give a file that has what standard input holds.

    Raises
    ------
    Unreachable
        If it is too large, or comes too slowly.
    """
    with _copied(iter(lambda: sys.stdin.buffer.read(_BLOCK), b"")) as copy:
        yield copy


@contextmanager
def _copied(blocks: Iterable[bytes]) -> Iterator[Path]:
    """Give a temporary file of blocks of bytes."""
    import tempfile

    with tempfile.NamedTemporaryFile() as copy:
        _copy(blocks, copy)
        yield Path(copy.name)


def _read_copy(name: str, copied: AbstractContextManager[Path]) -> Iterator[Reading]:
    """Yield what the copy of a source holds."""
    with ExitStack() as opened:
        try:
            copy = opened.enter_context(copied)
        except Unreachable as error:
            yield Reading(name, (), reason=str(error))
            return
        yield from readings(copy, name)


def _copy(blocks: Iterable[bytes], copy: IO[bytes]) -> None:
    """Write blocks to a file, up to the limits of size and time."""
    until = time.monotonic() + TIME_LIMIT
    size = 0
    for block in blocks:
        size += len(block)
        if size > SIZE_LIMIT:
            raise Unreachable(f"larger than {SIZE_LIMIT} bytes")
        if time.monotonic() > until:
            raise Unreachable(f"cannot be read (not at its end after {TIME_LIMIT} s)")
        try:
            copy.write(block)
        except OSError as error:
            raise Unreachable(f"cannot be copied to this machine's temporary folder ({error.strerror})") from None
    copy.flush()


def _blocks(address: str) -> Iterator[bytes]:
    """Yield the bytes of an address.

    Raises
    ------
    Unreachable
        If it leads nowhere or the store refuses.
    """
    if _is_web(address):
        from .web import blocks

        yield from blocks(address)
        return
    system, path = _filesystem(address)
    try:
        with system.open(path, "rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except FileNotFoundError:
        raise Unreachable("no such file or folder") from None
    except Exception as error:  # each kind of store has errors of its own
        raise Unreachable(f"cannot be read ({printable(' '.join(str(error).split()))})") from None
