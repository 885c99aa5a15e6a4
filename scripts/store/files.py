"""Files written whole or not at all, and only when they change."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ..reader import replacing
from .structured import inside

# Where files wait until all of them are ready, and the lock; both are in the folder that is written.
STAGE, LOCK = ".staged", ".lock"
_PATIENCE = 120  # seconds that one build waits for another


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as hexadecimal digits; a pipe or device is an OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "not a file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(data: bytes) -> str:
    """Return the sha256 of bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def swhid(data: bytes) -> str:
    """Return the Software Heritage identifier of a file's bytes, by which the archive finds them at any address.

    >>> swhid(b"")
    'swh:1:cnt:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391'
    """
    blob = hashlib.sha1(b"blob %d\0" % len(data), usedforsecurity=False)
    blob.update(data)
    return f"swh:1:cnt:{blob.hexdigest()}"


def write(path: Path, content: bytes) -> bool:
    """Make `path` hold `content`; return whether anything had to be written.

    The old content stays until the new one is complete.
    """
    if holds(path, content):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as part:
        put(part, content)
        part.chmod(0o644)
    return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lock a folder while the block runs; wait for those who locked it first.

    Raises
    ------
    OSError
        If the lock cannot be made, or others take too long.
    """
    from filelock import FileLock, Timeout  # a build of nothing new is over before it is needed

    try:
        with FileLock(inside(folder, LOCK), timeout=_PATIENCE):
            yield
    except Timeout:
        raise OSError(errno.EAGAIN, f"for {_PATIENCE} s another process is writing there", str(folder)) from None


def write_all(folder: Path, files: Mapping[str, bytes], gone: Iterable[str] = ()) -> list[str]:
    """Make `folder` hold the files, and remove those that are `gone`; return the names of the files that were written.

    All content is on the disk before the first file is replaced. So the folder stays as it was if there is no room, or
    if a file may not be replaced. Leftovers of a killed writer are removed.

    Raises
    ------
    OSError
        If something cannot be written; it names the file.
    Outside
        If a name leads out of the folder.
    """
    gone = [name for name in gone if (folder / name).exists()]
    if not gone and not (folder / STAGE).exists() and not _changed(folder, files):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder), staged(folder) as stage:
        for name in _changed(folder, files):
            put(inside(stage, name), files[name])
        return place(folder, files, gone)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give an empty folder in a folder, for files that are not yet whole. The caller must be `alone` there."""
    stage = folder / STAGE
    _clear(stage)
    stage.mkdir()
    try:
        yield stage
    finally:
        _clear(stage)


def place(folder: Path, names: Iterable[str], gone: Iterable[str] = ()) -> list[str]:
    """Put the named files that are staged in `folder` in their places; return their names.

    The files that are `gone` are removed first, with the folders that are then empty.

    Raises
    ------
    OSError
        If a file may not be replaced or removed; nothing is changed then.
    Outside
        If a name leads out of the folder.
    """
    names = [name for name in names if (folder / STAGE / name).exists()]
    for path in [inside(folder, name) for name in [*names, *gone]]:
        _permit(path)
    for name in gone:  # first, while the list of what was made still names them
        (folder / name).unlink(missing_ok=True)
        _remove_empty(folder, (folder / name).parent)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / STAGE / name).replace(folder / name)
    return names


def _remove_empty(top: Path, folder: Path) -> None:
    """Remove a folder below `top`, and those above it, as far as they are empty."""
    while folder != top:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def put(path: Path, content: bytes) -> None:
    """Write a new file, making the folders on the way; an error names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(content)
    except OSError as error:  # the error of a full disk names no file
        raise OSError(error.errno, error.strerror, str(path)) from None


def _permit(path: Path) -> None:
    """Make sure that a file can be put in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _clear(stage: Path) -> None:
    if stage.exists():
        shutil.rmtree(stage)


def _changed(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    return [name for name, content in files.items() if not holds(folder / name, content)]


def holds(path: Path, content: bytes) -> bool:
    """Return whether a file is there with just that content."""
    try:
        return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, NotADirectoryError):
        return False
