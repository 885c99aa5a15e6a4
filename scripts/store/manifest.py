"""The list of the files that a command made in a folder; it replaces or removes only these."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from .structured import Broken, inside, text_of


class Foreign(Broken):
    """A file that is not on the list is in the way; the message names it and says what to do."""


def listed(folder: Path, manifest: str) -> list[str]:
    """Return the names that the list in `folder` has; none where there is no list.

    Raises
    ------
    Broken
        If the list cannot be read, or a name leads out of the folder.
    """
    path = folder / manifest
    try:
        names = text_of(path).splitlines()
    except FileNotFoundError:
        return []
    for number, name in enumerate(names, 1):
        try:
            inside(folder, name)
        except Broken as error:
            raise Broken(
                f"{path}:{number}: {error}. Nothing was removed; delete the list if you do not trust it"
            ) from None
    return names


def content(names: Iterable[str]) -> bytes:
    """Return the list of names as it is kept."""
    return "".join(f"{name}\n" for name in sorted(names)).encode()


def refuse_foreign(folder: Path, made: Iterable[str], before: Iterable[str], same: Callable[[str], bool]) -> None:
    """Make sure that only listed files are replaced; a file that is the `same` already may stay.

    Raises
    ------
    Foreign
        If there is such a file.
    """
    ours = set(before)
    for name in made:
        path = folder / name
        if name not in ours and (path.is_symlink() or path.exists()) and not same(name):
            raise Foreign(
                f"{path}: is not a file that this command made; it stays as it is. Move it away, and try again"
            )
