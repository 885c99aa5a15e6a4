"""What happens to a log on its way here changes no value. Each line number is the opened file's."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parsers.engine.test_boundaries import CLOSED, WHOLE, check_prefix
from tests.parsers.samples import NAMES, Row, case, table, values
from tests.parsers.variations import (
    COLOURS,
    ENCODINGS,
    FOREIGN,
    LINE_ENDS,
    MARKS,
    as_notebook,
    check_same,
    shifted,
    with_colours,
    with_line_ends,
    with_lines_between,
    with_marks,
    without_end,
)

# The arrow of a prompt is in no single-byte code page, so a log that has one was never in such a page.
IN_CODE_PAGES = [name for name in NAMES if "➜" not in case(name).decode()]
PROMPT = b"user@node:~$ python run.py\n"
ASIDE = b"What follows was pasted by hand.\n\n  a licence, in 3 parts\n"

texts = st.sampled_from(WHOLE)
parts = st.floats(0, 1)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", IN_CODE_PAGES)
def test_an_encoding_changes_nothing(name: str, encoding: str) -> None:
    check_same(ENCODINGS[encoding](case(name)), case(name))


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("name", WHOLE)
def test_line_ends_change_nothing(name: str, end: str) -> None:
    check_same(with_line_ends(case(name), LINE_ENDS[end]), case(name))


@pytest.mark.parametrize("mark", MARKS, ids=repr)
@pytest.mark.parametrize("name", WHOLE)
def test_the_marks_of_a_paste_change_nothing(name: str, mark: bytes) -> None:
    check_same(with_marks(case(name), mark), case(name))


@given(name=texts, at=st.lists(st.tuples(parts, st.sampled_from(COLOURS)), max_size=8))
def test_colours_change_nothing(name: str, at: list[tuple[float, bytes]]) -> None:
    data = case(name)
    check_same(with_colours(data, [(int(part * len(data)), sequence) for part, sequence in at]), data)


@given(draw=st.data(), name=texts)
def test_foreign_lines_between_change_nothing(draw: st.DataObject, name: str) -> None:
    gaps = st.integers(0, case(name).count(b"\n"))
    block = st.lists(st.sampled_from(FOREIGN), min_size=1, max_size=3)
    changed, places = with_lines_between(case(name), draw.draw(st.dictionaries(gaps, block, max_size=6)))
    check_same(changed, case(name), places)


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("name", WHOLE)
def test_a_notebook_says_what_its_output_says(name: str, indent: int | None) -> None:
    data = case(name).replace(b"\r\n", b"\n").replace(b"\r", b" ")
    book, places = as_notebook(data, indent)
    expected = Counter(without_end(row)[:8] for row in shifted(table(data), places))
    assert Counter(without_end(row)[:8] for row in table(book)) == expected  # facts of one line may change places


@given(name=texts, encoding=st.sampled_from(sorted(ENCODINGS)), end=st.sampled_from(sorted(LINE_ENDS)),
       mark=st.sampled_from((b"", *MARKS)), part=parts)  # fmt: skip
def test_a_prefix_of_a_changed_log_gives_a_subset(name: str, encoding: str, end: str, mark: bytes, part: float) -> None:
    data = ENCODINGS[encoding](with_marks(with_line_ends(case(name), LINE_ENDS[end]), mark))
    check_prefix(data, int(part * len(data)))


@given(name=texts, at=st.lists(st.tuples(parts, st.sampled_from(COLOURS)), max_size=8), part=parts)
def test_a_prefix_of_a_coloured_log_gives_a_subset(name: str, at: list[tuple[float, bytes]], part: float) -> None:
    data = case(name)
    data = with_colours(data, [(int(part * len(data)), sequence) for part, sequence in at])
    check_prefix(data, int(part * len(data)))


@given(before=st.sampled_from(CLOSED), name=st.sampled_from(CLOSED), after=texts)
def test_what_stands_around_a_log_changes_nothing_in_it(before: str, name: str, after: str) -> None:
    around = [case(before), PROMPT + ASIDE, PROMPT, case(name), PROMPT, case(after)]
    around = [part.removesuffix(b"\n") + b"\n" for part in around]
    expected: list[Row] = []
    runs = 0
    for part in map(values, around):
        expected += [(int(row[0]) + runs, *row[1:]) for row in part]
        runs += max((int(row[0]) for row in part), default=0)
    assert values(b"".join(around)) == expected


@pytest.mark.parametrize("name", WHOLE)
def test_a_number_cut_in_its_middle_is_absent(name: str) -> None:
    data = case(name)
    for value in {str(row[5]) for row in table(data) if row[1] in ("parameter", "metric", "series")}:
        raw = value.encode()
        at = data.find(raw)
        for length in range(1, len(raw)):
            if at >= 0:
                check_prefix(data, at + length)
