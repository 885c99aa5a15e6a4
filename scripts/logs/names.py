"""Words of a file's name that may be the name of its owner. The name of a log's copy is part of public addresses."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path, PurePosixPath

import regex

_WORD = regex.compile(r"\p{Lu}?\p{Ll}+|\p{L}+")
_FEWEST = 3  # letters of a word that may be a name
# The folders that hold the homes of people.
_HOMES = ("home", "Users", "homes")
_NOBODY = ("root", "user", "")


def names_in(path: str, handle: str, source: Path) -> list[str]:
    """Return the words of a copy's file name that are in the author's handle, or in the name of a home folder.

    >>> names_in("graphcore/2024_Jane_Doe_mnist.log", "janeDoe", Path("/data/a.log"))
    ['Jane', 'Doe']
    >>> names_in("graphcore/mnist-jane.log", "", Path("/home/jane/mnist-jane.log"))
    ['jane']
    """
    known = [name.lower() for name in (handle, *_accounts(source))]
    words = [word for word in _WORD.findall(PurePosixPath(path).stem) if len(word) >= _FEWEST]
    return list(dict.fromkeys(word for word in words if any(word.lower() in name for name in known)))


def _accounts(source: Path) -> list[str]:
    """Return the names of the home folders that a file is in, and of the caller's own."""
    parts = source.parts
    inside = [after for before, after in pairwise(parts) if before in _HOMES]
    return [name for name in (*inside[:1], Path.home().name) if name not in _NOBODY]
