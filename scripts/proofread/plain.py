"""A text with where each of its signs comes from: what a page in another format says, as Markdown."""

from __future__ import annotations

from array import array
from bisect import bisect_left


class Plain:
    """Markdown that is put together from parts of a source, with the offset in the source of each sign."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._origins = array("L")

    def copy(self, text: str, at: int) -> None:
        """Append text that is in the source, letter by letter, from an offset on."""
        self._parts.append(text)
        self._origins.extend(range(at, at + len(text)))

    def write(self, text: str, at: int) -> None:
        """Append text that stands for what is at an offset of the source."""
        self._parts.append(text)
        self._origins.extend([at] * len(text))

    @property
    def text(self) -> str:
        """All of the text."""
        return "".join(self._parts)

    @property
    def end(self) -> int:
        """Where the last sign comes from."""
        return self._origins[-1] if self._origins else 0

    def origin(self, offset: int) -> int:
        """Return the offset in the source of a sign of the text."""
        return self._origins[min(offset, len(self._origins) - 1)] if self._origins else 0

    def offset(self, origin: int) -> int:
        """Return the first sign of the text that comes from an offset of the source."""
        return bisect_left(self._origins, origin)
