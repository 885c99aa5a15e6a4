"""Files written whole or not at all, and only when they change."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

# Where files wait until all of them are ready, and the lock; both lie in the folder that is written.
STAGE, LOCK = ".staged", ".lock"
_PATIENCE = 120  # seconds that one build waits for another


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(data: bytes) -> str:
    """Return the sha256 of bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def write(path: Path, content: bytes) -> bool:
    """Make `path` hold `content`; return whether anything had to be written.

    The old content stays until the new one is complete.
    """
    if _holds(path, content):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        os.close(handle)
        _put(Path(part), content)
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return True


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep others who ask for the same out of a folder for as long as this lasts; wait for those who were first.

    Raises
    ------
    OSError
        If the lock cannot be made, or others take too long.
    """
    try:
        with FileLock(folder / LOCK, timeout=_PATIENCE):
            yield
    except Timeout:
        raise OSError(errno.EAGAIN, f"for {_PATIENCE} s another process is writing there", str(folder)) from None


def write_all(folder: Path, files: Mapping[str, bytes], gone: Iterable[str] = ()) -> list[str]:
    """Make `folder` hold the files and none of those that are `gone`; return the names of what had to be written.

    All content is on the disk before the first file is replaced: if there is no room for it, or a file may not be
    replaced, the folder stays as it was. What a writer that was killed has left behind is removed.

    Raises
    ------
    OSError
        If something cannot be written; it names the file.
    """
    gone = [name for name in gone if (folder / name).exists()]
    if not gone and not (folder / STAGE).exists() and not _changed(folder, files):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        return _replace(folder, files, gone)


def _replace(folder: Path, files: Mapping[str, bytes], gone: Iterable[str]) -> list[str]:
    stage = folder / STAGE
    _clear(stage)
    changed = _changed(folder, files)
    try:
        for name in changed:
            _put(stage / name, files[name])
        for name in [*changed, *gone]:
            _permit(folder / name)
        for name in gone:  # first, while the list of what was made still names them
            (folder / name).unlink(missing_ok=True)
        for name in changed:
            (stage / name).replace(folder / name)
    finally:
        _clear(stage)
    return changed


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(content)
    except OSError as error:  # that of a full disk names no file
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
    return [name for name, content in files.items() if not _holds(folder / name, content)]


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except (FileNotFoundError, IsADirectoryError):
        return False
