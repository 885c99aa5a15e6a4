"""The rules that hold for every log, on the original logs where they are at hand."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.engine.lines import decode
from parsers.reading import parse
from tests.parsers.engine.test_boundaries import check_concatenation, check_prefix
from tests.parsers.engine.test_envelopes import OBJECTS, PAGES, told
from tests.parsers.samples import table
from tests.parsers.variations import (
    COLOURS,
    ENCODINGS,
    FOREIGN,
    LINE_ENDS,
    MARKS,
    check_same,
    with_colours,
    with_line_ends,
    with_lines_between,
    with_marks,
)

ROOT = Path(__file__).parents[2]
LOGS = ROOT.parent / "shared" / "logs"
FILES = sorted(path for path in LOGS.glob("files/*/*") if path.suffix != ".ipynb" and "diff" not in path.name)

ALL = bool(os.environ.get("PROOF"))

pytestmark = [
    pytest.mark.originals,
    pytest.mark.skipif(not FILES, reason="the original logs are not at hand"),
]


def test_the_score_is_perfect() -> None:
    done = subprocess.run([sys.executable, LOGS / "score.py"], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_prefix_gives_a_subset(path: Path) -> None:
    data, chance = path.read_bytes(), random.Random(path.name)
    for _ in range(2):
        check_prefix(data, chance.randrange(len(data) + 1))


def test_two_logs_put_end_to_end_give_the_runs_of_both() -> None:
    chance = random.Random(1)
    logs = [path.read_bytes() for path in FILES if path.suffix in (".out", ".log", ".txt")]
    logs = [data for data in logs if len(data) < 400_000 and table(data)]
    for _ in range(10):
        check_concatenation(*chance.sample(logs, 2))


def test_hardly_a_line_looks_like_a_result_that_was_not_read() -> None:
    assert sum(bool(parse(path.read_bytes(), "").unread) for path in FILES) <= 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_a_log_in_json_or_html_says_what_it_says_as_text(path: Path) -> None:
    text = decode(path.read_bytes()).replace("\r\n", "\n").encode()
    for change in (OBJECTS["docker"], OBJECTS["logstash"], PAGES["escaped"]):
        assert told(change(text)) == told(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_what_terminals_and_editors_do_changes_nothing(path: Path) -> None:
    data, chance = path.read_bytes(), random.Random(path.name)
    for mark in MARKS if ALL else [chance.choice(MARKS)]:
        check_same(with_marks(data, mark), data)
    for end in LINE_ENDS if ALL else [chance.choice(sorted(LINE_ENDS))]:
        check_same(with_line_ends(data, LINE_ENDS[end]), with_line_ends(data, b"\n"))
    text = _as_text(data).encode()
    for encoding in ENCODINGS if ALL else [chance.choice(sorted(ENCODINGS))]:
        check_same(ENCODINGS[encoding](text), text)
    for _ in range(20 if ALL else 1):
        gaps = {chance.randrange(data.count(b"\n") + 1): chance.choices(FOREIGN, k=3) for _ in range(200)}
        changed, places = with_lines_between(data, gaps)
        check_same(changed, data, places)
        check_same(with_colours(data, [(chance.randrange(len(data)), chance.choice(COLOURS)) for _ in range(50)]), data)


def _as_text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
