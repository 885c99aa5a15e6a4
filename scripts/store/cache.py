"""What has been worked out before, kept by the digest of all it was worked out from.

It is kept in .cache/ of the checkout, or in the user's cache folder where the package is installed. An entry is never
wrong, because its key has everything that it depends on. At worst it is missing and made anew. The folder can be
deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from .. import INSTALLED, ROOT
from ..reader import code_digest, sweep
from .files import write


def folder_of_user(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder where this user's programs keep what they can make anew.

    >>> folder_of_user("linux", {"XDG_CACHE_HOME": "/disk/cache"}).as_posix()
    '/disk/cache/testbed-report'
    """
    home = {"darwin": "~/Library/Caches", "win32": environment.get("LOCALAPPDATA") or "~/AppData/Local"}
    asked = environment.get("XDG_CACHE_HOME", "")
    folder = (
        asked if Path(asked).is_absolute() else home.get(platform, "~/.cache")
    )  # the rule: a relative one is ignored
    return Path(folder).expanduser() / "testbed-report"


FOLDER = folder_of_user() if INSTALLED else ROOT / ".cache"


class Cache:
    """Bytes by key, in the files of a folder.

    Parameters
    ----------
    folder
        Where entries are kept; None keeps nothing.
    """

    def __init__(self, folder: Path | None = FOLDER) -> None:
        self._folder = folder

    def holds(self, kind: str, key: str) -> bool:
        """Return whether there is an entry of that kind and key, whole or not."""
        return self._folder is not None and self._path(self._folder, kind, key).is_file()

    def get(self, kind: str, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what `make` gives, from the entry of that kind and key where there is one."""
        if self._folder is None:
            return make()
        path = self._path(self._folder, kind, key)
        kept = _kept(path)
        if kept is not None:
            return kept
        made = make()
        self._keep(path, made)
        return made

    @staticmethod
    def _path(folder: Path, kind: str, key: str) -> Path:
        return folder / kind / key[:2] / key

    def _keep(self, path: Path, content: bytes) -> None:
        try:
            sweep(path.parents[2], deep=True)
            write(path, key_of([content]).encode() + b"\n" + content)
        except OSError as error:  # a cache that cannot be written is slow, not wrong
            print(f"{self._folder}: nothing is remembered ({error.strerror})", file=sys.stderr)
            self._folder = None


def _kept(path: Path) -> bytes | None:
    """Return an entry's content if it is there and whole."""
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    except OSError as error:
        print(f"{path}: cannot be read ({error.strerror}); made anew", file=sys.stderr)
        return None
    if checksum != key_of([content]).encode():
        print(f"{path}: damaged; made anew", file=sys.stderr)
        return None
    return content


def key_of(parts: Iterable[bytes | str]) -> str:
    """Return one digest of several parts, with separators between them."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def libraries() -> list[str]:
    """Return the interpreter's version and the names of the installed packages, which include their versions."""
    packages = Path(sysconfig.get_path("purelib")).glob("*.dist-info")
    return [sys.version, *sorted(package.name for package in packages)]


@cache
def version_of(*folders: Path) -> str:
    """Return the digest of the code in folders, and of the libraries it runs on."""
    return key_of([*libraries(), code_digest(*folders)])
