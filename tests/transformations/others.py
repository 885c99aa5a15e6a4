"""Other ways in which logs travel: broken lines, copies, envelopes, losses, joins."""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from collections.abc import Callable, Iterator

from .prefixes import DOCKER, PREFIXES
from .texts import Changed, Transformation, by_line, lines_of, made, numbered, whole

_PROMPT = b"user@node:~$ ls"
_ASIDE = (b"What follows was pasted by hand.", b"", b"  a licence, in 3 parts")
_COLOURS = (b"\x1b[0m", b"\x1b[1;32m", b"\x1b[K", b"\x1b[38;5;208m")


def _wrap(width: int, indent: bytes = b"", mark: bytes = b"", *, at_blanks: bool = False) -> Transformation:
    def pieces(_number: int, line: bytes) -> Iterator[bytes]:
        rest, first = line, True
        while len(rest) > width:
            at = rest.rfind(b" ", 0, width) + 1 if at_blanks else width
            at = at or width
            yield (b"" if first else indent) + rest[:at] + mark
            rest, first = rest[at:], False
        yield (b"" if first else indent) + rest

    words = f"wrap at {width}" + (", at blanks" if at_blanks else "") + (f", {mark.decode()!r}" if mark else "")
    return Transformation("wrap", words + (f", indented by {len(indent)}" if indent else ""), by_line(pieces))


def _cut(width: int) -> Transformation:
    return Transformation("loss", f"cut -c 1-{width}", by_line(lambda _, line: (line[:width],)))


def _doubled(*marks: bytes) -> Callable[[bytes], Changed]:
    return by_line(lambda _, line: [mark + line for mark in marks])


def _in_turn(number: int, line: bytes) -> tuple[bytes, ...]:
    pair = b"0: " + line, b"1: " + line
    return pair if number % 2 else pair[::-1]


def _second_handler(_number: int, line: bytes) -> tuple[bytes, ...]:
    """A second handler prints what the first prints with a timestamp."""
    said = re.match(rb"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING|ERROR): +", line)
    return (line, b"%s:root:%s" % (said[1], line[said.end() :])) if said else (line,)


def _holes(data: bytes, *, lost: bool) -> bytes:
    """Return data with stretches of NUL bytes: put in, or in place of what was lost."""
    chance, out = random.Random(len(data)), bytearray(data)
    for _ in range(1 + len(data) // 4000):
        at = chance.randrange(len(out))
        if lost:
            hole = out[at : at + 64]
            out[at : at + 64] = bytes(byte if byte in b"\r\n" else 0 for byte in hole)
        else:
            out[at:at] = bytes(4)
    return bytes(out)


def _coloured(data: bytes) -> bytes:
    chance = random.Random(len(data))
    for _ in range(1 + len(data) // 300):
        at = chance.randrange(len(data))
        data = data[:at] + chance.choice(_COLOURS) + data[at:]
    return data


def _json_lines(data: bytes) -> bytes:
    said = (json.dumps({"log": line.decode("utf-8", "replace") + "\n", "stream": "stdout"}) for line in lines_of(data))
    return "".join(line + "\n" for line in said).encode()


def _escaped(data: bytes) -> bytes:
    return html.escape(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _between(data: bytes) -> Changed:
    """A pasted log: a prompt, an aside, the log, a prompt, the aside again."""
    lines, around = list(numbered(data)), (*_ASIDE, _PROMPT)
    return made([*((line, 0) for line in around), *lines, *((line, len(lines)) for line in around[::-1])])


def _fenced(data: bytes) -> Changed:
    lines = list(numbered(data))
    return made([(b"Results:", 0), (b"```", 0), *lines, (b"```", len(lines))])


def _half(name: str) -> Callable[[bytes], Changed]:
    """The first half of the lines has a prefix, the second has none."""

    def make(data: bytes) -> Changed:
        half = data.count(b"\n") // 2
        marks = PREFIXES[name]
        return made((marks(n).encode() + line if n <= half else line, n) for line, n in numbered(data))

    return make


def _twice(data: bytes) -> Changed:
    """The log behind itself, each behind a prompt; the second with a prefix."""
    lines = lines_of(data)
    two = [_PROMPT, *lines, _PROMPT, *lines]
    marked = [*two[: len(lines) + 2], *(DOCKER(number).encode() + line for number, line in enumerate(lines))]
    return Changed(_text(marked), tuple(range(1, len(two) + 2)), _text(two))


def _text(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


def _blank_lines(_number: int, line: bytes) -> tuple[bytes, ...]:
    return line, b""


ALL = (
    *(_wrap(width) for width in (72, 80, 100, 120, 132, 160, 200)),
    *(_wrap(80, b" " * blanks) for blanks in (2, 4, 8)),
    _wrap(120, b"    "),
    *(_wrap(width) for width in (60, 90)),
    _wrap(80, mark=b"\\"),
    _wrap(80, mark="\N{LEFTWARDS ARROW WITH HOOK}".encode()),
    _wrap(75, mark=b"="),
    _wrap(80, at_blanks=True),
    _wrap(100, b"  ", at_blanks=True),
    *(_cut(width) for width in (80, 100, 132, 160, 200)),
    Transformation("copy", "each line twice", _doubled(b"", b"")),
    Transformation("copy", "each line three times", _doubled(b"", b"", b"")),
    Transformation("copy", "two ranks", _doubled(b"0: ", b"1: ")),
    Transformation("copy", "two ranks in turn", by_line(_in_turn)),
    Transformation("copy", "four ranks", _doubled(b"0: ", b"1: ", b"2: ", b"3: ")),
    Transformation("copy", "two ranks of mpirun", _doubled(b"[1,0]<stdout>:", b"[1,1]<stdout>:")),
    Transformation("copy", "two workers of compose", _doubled(b"worker-0  | ", b"worker-1  | ")),
    Transformation("copy", "a second handler", by_line(_second_handler)),
    Transformation("envelope", "CRLF", whole(lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))),
    Transformation("envelope", "^M", whole(lambda data: data.replace(b"\r\n", b"\n").replace(b"\n", b"^M\n"))),
    Transformation("envelope", "byte order mark", whole(lambda data: b"\xef\xbb\xbf" + data)),
    Transformation("envelope", "UTF-16", whole(lambda data: data.decode("utf-8", "replace").encode("utf-16"))),
    Transformation("envelope", "gzip", whole(lambda data: gzip.compress(data, 1, mtime=0))),
    Transformation("envelope", "blanks at the end", by_line(lambda _, line: (line + b"  ",))),
    Transformation("envelope", "blank lines", by_line(_blank_lines)),
    Transformation("envelope", "colours", whole(_coloured)),
    Transformation("envelope", "no-break spaces", whole(lambda data: data.replace(b"  ", b"\xc2\xa0 "))),
    Transformation("envelope", "in a fence", _fenced),
    Transformation("envelope", "HTML", whole(_escaped)),
    Transformation("envelope", "JSON lines", whole(_json_lines)),
    Transformation("loss", "NUL bytes put in", whole(lambda data: _holes(data, lost=False))),
    Transformation("loss", "NUL bytes in place", whole(lambda data: _holes(data, lost=True))),
    Transformation("join", "between prompts", _between),
    Transformation("join", "half with docker stamps", _half("docker")),
    Transformation("join", "half with ranks", _half("srun -l")),
    Transformation("join", "half of journald", _half("journald")),
    Transformation("join", "half quoted", _half("quote")),
    Transformation("join", "plain, then with stamps", _twice),
)
