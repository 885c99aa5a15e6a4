"""Small files that a person or a program wrote: read with limits, and each value checked against a declared type."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import regex

LARGEST = 64 << 20  # bytes of a file that is read here; catalogs and notes have far less
_SHOWN = 60

_Kind = TypeVar("_Kind")


class Broken(Exception):
    """A file cannot be used; the message names the file, the place, the value and what is allowed."""


class Outside(Broken):
    """A path that a file names leads out of its folder."""


def inside(folder: Path, name: str) -> Path:
    """Return the path that `name`, which was read from a file, has in `folder`. Every link on the way is followed.

    Raises
    ------
    Outside
        If it is absolute, has a part '..', or leads out of the folder by a link.
    """
    parts = name.split("/")
    if not name.isprintable() or name.startswith("/") or ".." in parts or not any(part.strip(".") for part in parts):
        raise Outside(f"{name!r} must be a relative path without '..', and lead to a file inside {folder}")
    path = folder / name
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise Outside(f"{name!r} leads out of {folder} by a link")
    return path


def text_of(path: Path) -> str:
    """Return the text of a small file.

    Raises
    ------
    Broken
        If it is a pipe, a device, too large, not UTF-8, or cannot be read.
    FileNotFoundError
        If there is no such file.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Broken(f"{path}: not a file but a {'folder' if path.is_dir() else 'pipe, a device or a socket'}")
        if status.st_size > LARGEST:
            raise Broken(f"{path}: has {status.st_size} bytes; at most {LARGEST} are allowed")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise
    except UnicodeDecodeError as error:
        raise Broken(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from None
    except OSError as error:
        raise Broken(f"{path}: cannot be read ({error.strerror})") from None


def toml(text: str, path: Path) -> dict[str, Any]:
    """Return what TOML says; `path` is what errors call it.

    Raises
    ------
    Broken
        If it is not TOML, is nested too deeply, or has an integer of too many digits.
    """
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Broken(f"{path}: nested too deeply") from None
    except ValueError as error:  # not TOML; or Python's limit of the digits of an integer
        raise Broken(f"{path}: {_plain(error)}") from None


def json_object(text: str, path: Path) -> dict[str, Any]:
    """Return the object that JSON says; `path` is what errors call it.

    Raises
    ------
    Broken
        If it is not a JSON object, is nested too deeply, or has an integer of too many digits.
    """
    try:
        content = json.loads(text)
    except RecursionError:
        raise Broken(f"{path}: nested too deeply") from None
    except ValueError as error:
        raise Broken(f"{path}: {_plain(error)}") from None
    if not isinstance(content, dict):
        raise Broken(f"{path}: {_value(content)} is not an object")
    return content


def checked(content: object, kind: type[_Kind], where: str) -> _Kind:
    """Return a table as the dataclass `kind`, whose annotations state what is allowed.

    Raises
    ------
    Broken
        If it is not a table, lacks a field, or has an unknown field or a wrong value.
    """
    if not isinstance(content, dict):
        raise Broken(f"{where}: {_value(content)} is not a table")
    known = [field.name for field in dataclasses.fields(kind)]  # type: ignore[arg-type]
    unknown = sorted(set(content) - set(known))
    if unknown:
        raise Broken(f"{where}: {unknown[0]!r} is not known; known are {', '.join(known)}")
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        raise Broken(f"{where}: {_wrong(content, str(error))}") from None
    except RecursionError:
        raise Broken(f"{where}: nested too deeply") from None


def _wrong(content: dict[str, Any], message: str) -> str:
    """Return in words what is wrong; msgspec's message ends with the field: `Expected …, got … - at `$.size``."""
    problem, _, field = message.partition(" - at `$.")
    problem = problem.replace("`", "").replace("Object missing required field", "missing field")
    problem, field = problem[:1].lower() + problem[1:], field.rstrip("`")
    value: Any = content
    try:
        for step in regex.findall(r"\w+", field):
            value = value[int(step) if isinstance(value, list) else step]
    except (KeyError, IndexError, ValueError, TypeError):
        return problem
    return f"{field} = {_value(value)}: {problem}" if field and "missing" not in problem else problem


def _value(value: object) -> str:
    """Return a value for a message; a number with too many digits, or a deep list, is not written out."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        return f"a long {type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _plain(error: Exception) -> str:
    if "integer string conversion" in str(error):
        return "an integer has too many digits; at most 4300 are allowed"
    return str(error)
