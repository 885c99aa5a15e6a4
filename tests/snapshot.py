"""`python -m tests.snapshot --against DIR`: whether two checkouts read the same logs in the same way.

Each checkout reads the cases of the tests, the texts of single lines, and the logs of `../shared` if they are at hand.
It reads each as it is, cut, joined and encoded in other ways. It also reads them with lines left out, repeated, moved
or woven together. Of each text, every fact, series point, line, outcome and reason is compared, and the kind of each
line. The first texts that differ are named, with the rows that only one checkout gives.

The same texts are made each time. `--sample N` makes N of each kind of change (2).
"""

from __future__ import annotations

import argparse
import difflib
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "parsers" / "cases"
SHARED = ROOT.parent / "shared"
# Texts of the folders are read in this order; what is larger is changed in fewer ways.
FOLDERS = ("logs/files", "kinds", "trials")
LARGE = 1 << 20
SHOWN_TEXTS, SHOWN_NAMES, SHOWN_ROWS = 5, 40, 12

Change = Callable[[bytes, random.Random, list[bytes]], bytes]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 1 where the checkouts differ."""
    options = _parser().parse_args(arguments)
    if options.read:  # this process reads with the checkout that Python's path names
        _read(options)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        options.lines = Path(folder)
        _write_lines(options.lines)
        return _compare(options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.snapshot", description=__doc__)
    parser.add_argument("--against", type=Path, default=ROOT, metavar="DIR", help="the other checkout")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="keep what the other checkout reads in this file")
    parser.add_argument("--sample", type=int, default=2, metavar="N", help="texts of each kind of change (default 2)")
    parser.add_argument("--only", default="", metavar="WORDS", help="only texts with these words in their name")
    parser.add_argument("--facts", action="store_true", help="leave out what kind each line is counted as")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    return parser


def _compare(options: argparse.Namespace) -> int:
    here = _start(ROOT, options)
    there = _kept(options)
    mine = _digests(here)
    if set(mine) != set(there):
        print("the two checkouts read other texts; remove the file of --kept", file=sys.stderr)
        return 2
    differing = [name for name in mine if mine[name] != there[name]]
    for name in differing[:SHOWN_TEXTS]:
        _show(name, options)
    for name in differing[SHOWN_TEXTS:SHOWN_NAMES]:
        print(f"{name}: differs")
    print(f"{len(mine)} texts read, {len(differing)} differ")
    return 1 if differing else 0


def _start(checkout: Path, options: argparse.Namespace, only: str = "") -> subprocess.Popen[str]:
    """Let a checkout read the texts in a process of its own."""
    # -P keeps the folder of this file, which holds another `parsers`, out of the way.
    command = [sys.executable, "-P", __file__, "--read", str(options.lines), "--sample", str(options.sample)]
    command += ["--only", only or options.only, *(["--facts"] if options.facts else [])]
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


def _digests(process: subprocess.Popen[str]) -> dict[str, str]:
    output, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"reading ended with exit status {process.returncode}")
    return {name: digest for line in output.splitlines() for name, digest, _ in [json.loads(line)]}


def _kept(options: argparse.Namespace) -> dict[str, str]:
    """Return what the other checkout reads, from the file that keeps it if there is one."""
    if options.kept and options.kept.exists():
        return {name: digest for name, digest in json.loads(options.kept.read_text()).items() if options.only in name}
    told = _digests(_start(options.against, options))
    if options.kept:
        options.kept.write_text(json.dumps(told))
    return told


def _show(name: str, options: argparse.Namespace) -> None:
    """Print the rows of a text that only one of the checkouts gives."""
    there, here = (_rows_of(name, checkout, options) for checkout in (options.against, ROOT))
    print(f"{name}: {options.against} (-), {ROOT} (+)")
    rows = [row for row in difflib.unified_diff(there, here, n=0, lineterm="") if row[:3] not in ("---", "+++")]
    changed = [row for row in rows if not row.startswith("@@")]
    print(*(f"  {row[:200]}" for row in changed[:SHOWN_ROWS]), sep="\n")


def _rows_of(name: str, checkout: Path, options: argparse.Namespace) -> list[str]:
    """Return all that a checkout reads in one text."""
    output, _ = _start(checkout, options, only=name).communicate()
    given: dict[str, list[str]] = {text: rows for line in output.splitlines() for text, _, rows in [json.loads(line)]}
    return given[name]


def _read(options: argparse.Namespace) -> None:
    """Print each text's name and a digest of all that a checkout reads in it; for one text, also the facts."""
    for name, data in texts(options.read, options.sample, options.only):
        rows = _facts(data) + ([] if options.facts else _counts(data))
        digest = hashlib.sha256("\n".join(rows).encode("utf-8", "surrogateescape")).hexdigest()
        print(json.dumps([name, digest, rows if name == options.only else []]))


def _facts(data: bytes) -> list[str]:
    """Return the facts that the checkout on Python's path reads in a text, one per line, or why there are none."""
    from parsers.facts import rows
    from parsers.reading import parse

    reading = parse(data, "")
    said = [f"reason {reading.reason!r}", f"dialects {sorted(reading.dialects)}"]
    said += [f"run {run.ordinal}: {run.first_line}-{run.last_line}" for run in reading.runs]
    return said + ["|".join(map(str, row)) for row in rows("", reading.runs)]


def _counts(data: bytes) -> list[str]:
    """Return what the checkout counts the lines of a text as."""
    from parsers import coverage

    # An older checkout reads a second time for this.
    found = coverage.parse_covered(data)[1] if hasattr(coverage, "parse_covered") else coverage.coverage(data)  # type: ignore[attr-defined]
    said = [f"{found.lines} lines, {found.facts} of facts"]
    said += [f"noise {kind}: {count}" for kind, count in sorted(found.noise.items())]
    return said + [f"unknown {shape!r}: {count}" for shape, count in sorted(found.unknown.items())]


def _write_lines(folder: Path) -> None:
    """Write the texts of single lines, which the tests keep in code, as files."""
    from tests.parsers.dialects.test_lines import FACTS

    for number, (text, *_) in enumerate(FACTS.values()):
        (folder / f"{number:03}.log").write_text(text, encoding="utf-8", newline="")


def texts(lines: Path, sample: int, only: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each text, in the same order each time."""
    plain = dict(_plain(lines))
    small = [data for data in plain.values() if len(data) < LARGE // 16]
    for name, data in plain.items():
        for change, make in CHANGES.items():
            for number in range(1 if change in ONCE else sample if len(data) < LARGE else 1):
                full = f"{name}, {change} {number}"
                if only in full:
                    yield full, make(data, random.Random(full), small)


def _plain(lines: Path) -> Iterator[tuple[str, bytes]]:
    for folder in (CASES, lines, *(SHARED / name for name in FOLDERS)):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".csv", ".py", ".md") and path.parent.name != "__pycache__":
                named = "lines" if folder == lines else folder.name
                yield f"{named}/{path.relative_to(folder)}", path.read_bytes()


def _cut(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _cut_front(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    return data[chance.randrange(len(data) + 1) :]


def _joined(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    return data + (b"" if data.endswith(b"\n") else b"\n") + chance.choice(others)


def _twice(data: bytes, _: random.Random, __: list[bytes]) -> bytes:
    return data + (b"" if data.endswith(b"\n") else b"\n") + data


def _left_out(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    share = chance.choice((0.05, 0.3, 0.6))
    return b"".join(line for line in data.splitlines(keepends=True) if chance.random() > share)


def _repeated(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    return b"".join(line * chance.choices((1, 2), (9, 1))[0] for line in data.splitlines(keepends=True))


def _moved(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    for _place in range(1 + len(lines) // 20):
        lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return b"\n".join(lines)


def _shuffled(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _woven(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Return the lines of two texts in turn, as two programs that write to one file."""
    mine, theirs = data.split(b"\n"), chance.choice(others).split(b"\n")
    out: list[bytes] = []
    while mine or theirs:
        source = mine if mine and (not theirs or chance.random() < 0.5) else theirs
        taken = chance.randint(1, 9)
        out += source[:taken]
        del source[:taken]
    return b"\n".join(out)


def _spoilt(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """Return a text with some bytes replaced by others of a log's signs."""
    spoilt = bytearray(data)
    for _place in range(min(len(data), 1 + len(data) // 200)):
        spoilt[chance.randrange(len(spoilt))] = chance.choice(b" \n\r0.,|:%\"'[]x")
    return bytes(spoilt)


def _marked(data: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    mark = chance.choice((b"  ", b"\t", b"> ", b"+", b"# ", b"| ", b"[1,0]<stdout>:", b"- ", b"12: "))
    return mark + data.replace(b"\n", b"\n" + mark)


def _utf_16(data: bytes, _: random.Random, __: list[bytes]) -> bytes:
    return data.decode("utf-8", "replace").encode("utf-16")


CHANGES: dict[str, Change] = {
    "plain": lambda data, *_: data,
    "CRLF": lambda data, *_: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"),
    "bare returns": lambda data, *_: data.replace(b"\n", b"\r"),
    "byte order mark": lambda data, *_: b"\xef\xbb\xbf" + data,
    "UTF-16": _utf_16,
    "gzip": lambda data, *_: gzip.compress(data, 1, mtime=0),
    "caret M": lambda data, *_: data.replace(b"\n", b"^M\n"),
    "twice": _twice,
    "cut": _cut,
    "cut in front": _cut_front,
    "joined": _joined,
    "lines left out": _left_out,
    "lines repeated": _repeated,
    "lines moved": _moved,
    "lines shuffled": _shuffled,
    "woven": _woven,
    "spoilt": _spoilt,
    "marked": _marked,
}
ONCE = {"plain", "CRLF", "bare returns", "byte order mark", "UTF-16", "gzip", "caret M", "twice"}

if __name__ == "__main__":
    sys.exit(main())
