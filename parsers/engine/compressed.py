"""Files packed by gzip, bzip2 and xz: their bytes, never more than a limit."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import cast

# What a packed file begins with: the module that reads it, and the usual name.
_PACKED = {b"\x1f\x8b": ("gzip", "gzip"), b"BZh": ("bz2", "bzip2"), b"\xfd7zXZ\0": ("lzma", "xz")}


class Damaged(Exception):
    """Packed bytes cannot be read, or expand past a limit; the message says which."""


def is_packed(data: bytes) -> bool:
    """Return whether bytes begin as a packed file does."""
    return data.startswith(tuple(_PACKED))


def expanded(data: bytes, limit: int) -> bytes:
    """Return what packed bytes hold; bytes that are not packed are returned as they are.

    Raises
    ------
    Damaged
        If they are damaged, or hold more than `limit` bytes.
    """
    if not is_packed(data):
        return data
    inner = _read(data, limit + 1)
    if len(inner) > limit:
        raise Damaged(f"{_kind(data)[1]} archive expands past {limit} bytes")
    return inner


def beginning(data: bytes, size: int) -> bytes:
    """Return the first bytes of what packed bytes hold, or of what is not packed; nothing where they are damaged."""
    try:
        return _read(data, size) if is_packed(data) else data[:size]
    except Damaged:
        return b""


def _kind(data: bytes) -> tuple[str, str]:
    return next(kind for sign, kind in _PACKED.items() if data.startswith(sign))


def _read(data: bytes, size: int) -> bytes:
    module, name = _kind(data)
    try:
        with import_module(module).open(BytesIO(data)) as file:
            return cast("bytes", file.read(size))
    except MemoryError:
        raise
    except Exception as error:  # each module has errors of its own
        raise Damaged(f"damaged {name} archive ({error})") from None
