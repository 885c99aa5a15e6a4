"""One format of numbers on every page, generated or written: groups of three, decimals by column, digits for values.

What a page quotes stays as it is: code, an author's words, a log's text, and a line's number.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex

from scripts import ROOT
from scripts.report.known import is_setting
from scripts.report.render import render
from scripts.report.results import collect
from scripts.report.rounding import NUMBER, decimals
from tests.scripts.facts import inferred, trained

PAGES = sorted(
    path for path in (*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md"), *(ROOT / "raw_logs").glob("*.md"))
    if path.parent != ROOT / "docs/logs"  # the text of logs
)  # fmt: skip
_QUOTED = [
    regex.compile(pattern, regex.MULTILINE | regex.DOTALL)
    for pattern in (
        r"\A---\n.*?\n---\n",
        r"^(?P<indent>[ ]*)(?P<fence>```+|~~~+).*?^(?P=indent)(?P=fence)[ ]*$",
        r"<!--.*?-->",
        r"^[ ]*>[^\n]*$",
        r"<q>.*?</q>",
        r"``.+?``|`[^`\n]+`|<code[^>]*>.*?</code>",
    )
]
_TITLE = r'(?:\s+"[^"]*")?'
_OF_A_LINE = regex.compile(r"\[[^\[\]]*\]\([^()\s]*#L\d+" + _TITLE + r"\)")
_LINK = regex.compile(r"!?\[(?P<text>[^\[\]]*)\]\((?P<target>[^()\s]*)" + _TITLE + r"\)")
# A table with this column shows what the lines of a log print.
_PRINTED = regex.compile(r"^[^\n]*\| log line \|.*\n(?:[ ]*\|.*\n)*", regex.MULTILINE)
_TAG = regex.compile(r"<[^>]*>")
_TABLE = regex.compile(r"^[ ]*\|(?:[ ]*:?-+:?[ ]*\|)+[ ]*$")
_YEAR = regex.compile(r"(?:19|20)\d\d")
# Not a part of a name or of a date, which have letters, hyphens or colons beside the digits; nor the number of a job.
_UNGROUPED = regex.compile(
    r"(?<![\w.:,#/-])(?<!job )[-+]?\d{4,}(?:\.\d+)?(?![\w/-]|:\d)|(?<![\w,.:])\d{1,3}(?:,\d{3})+(?![\w,])"
)
_WORD = (
    r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|hundred|thousand)"
)
_UNIT = (
    r"(?:(?:milli|micro)?seconds?|minutes?|hours?|ms|samples?|tokens?|steps?|epochs?|images?|inferences?|"
    r"(?:kilo|mega|giga)?bytes?|[kMG]B|per ?cent|%|runs?|tasks?|nodes?|chips?|layers?|cores?|processes)"
)
_SPELT = regex.compile(rf"\b{_WORD}\s+{_UNIT}(?!\w)", regex.IGNORECASE)


def own_words(text: str) -> str:
    """Return the text of a page without what it quotes, and without the targets of links."""
    for quoted in _QUOTED:
        text = quoted.sub(" ", text)
    text = _OF_A_LINE.sub(" ", _PRINTED.sub("", text))
    return html.unescape(_TAG.sub(" ", _LINK.sub(r"\g<text>", text)))


def ungrouped(text: str) -> list[str]:
    """Return the numbers from four digits on that are not in groups of three."""
    return [found[0] for found in _UNGROUPED.finditer(own_words(text)) if not _YEAR.fullmatch(found[0])]


def spelt(text: str) -> list[str]:
    """Return what states a value in words."""
    return [found[0] for found in _SPELT.finditer(own_words(text))]


def columns(text: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Yield each column of each table: its heading, and its numbers by the quantity that they are of."""
    lines = text.split("\n")
    for place, line in enumerate(lines[1:], 1):
        if _TABLE.match(line):
            rows = []
            for row in lines[place + 1 :]:
                if not row.lstrip().startswith("|"):
                    break
                rows.append(_cells(row))
            header = _cells(lines[place - 1])
            of_row = header.index("quantity") if "quantity" in header else None
            for number, heading in enumerate(header):
                yield heading, _by_quantity(rows, number, of_row)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _by_quantity(rows: list[list[str]], number: int, of_row: int | None) -> dict[str, list[str]]:
    """Return the numbers of a column by quantity: from the row's words, else from the anchor of a cell's link."""
    found: dict[str, list[str]] = {}
    for row in rows:
        link = _LINK.search(row[number])
        target = link["target"] if link else ""
        text = own_words(row[number]).replace("(declared)", "").replace("outlier", "").strip()
        of = row[of_row] if of_row is not None else target.partition("#")[2]
        if target and "#L" not in target and NUMBER.fullmatch(text) and not is_setting(of.removeprefix("declared-")):
            found.setdefault(of, []).append(text)
    return found


def uneven(text: str) -> list[tuple[str, str, list[str]]]:
    """Return the columns in which numbers of one quantity have different decimals."""
    return [
        (heading, of, numbers)
        for heading, quantities in columns(text)
        for of, numbers in quantities.items()
        if len(set(map(decimals, numbers))) > 1
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_numbers_of_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert ungrouped(text) == []
    assert spelt(text) == []
    assert uneven(text) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_leads_to_an_unnamed_place(page: Path) -> None:
    assert re.findall(r"\]\([^)\s]*#[)\s]", page.read_text(encoding="utf-8")) == []


def test_numbers_of_a_report_of_any_logs() -> None:
    logs = [trained(f"a{place}", f"p{place % 3}", 10.0**place, tasks=2**place) for place in range(5)]
    logs += [
        inferred(f"b{place}", f"p{place % 2}", 1000.0 + place / 4, 2000.0 + place, samples=2210) for place in range(4)
    ]
    pages = {name: text.decode() for name, text in render(collect(logs), {}).made.items() if name.endswith(".md")}
    wrong = {name: [ungrouped(text), spelt(text), uneven(text)] for name, text in pages.items()}
    assert {name: found for name, found in wrong.items() if any(found)} == {}


@pytest.mark.parametrize(("text", "found"), [
    ("it took 12345.6 s", ["12345.6"]),
    ("it took 12,345 s", ["12,345"]),
    ("[1024](a.md#b) samples", ["1024"]),
    ("[1024](a.md#L9), `1024`, in 2024, on 2024-04-09 at 13:45:35, p1024, v1.2024, job-1024", []),
    ("> 1024\n\n1\u202f024", []),
])  # fmt: skip
def test_a_number_without_groups_is_found(text: str, found: list[str]) -> None:
    assert ungrouped(text) == found


@pytest.mark.parametrize(("text", "found"), [
    ("after fifty steps", ["fifty steps"]),
    ("a hundred per cent", ["hundred per cent"]),
    ("twenty-four layers, eighty-six seconds", ["twenty-four layers", "eighty-six seconds"]),
    ("two lines, a million samples, `two runs`", []),
])  # fmt: skip
def test_a_value_in_words_is_found(text: str, found: list[str]) -> None:
    assert spelt(text) == found


def test_uneven_decimals_are_found() -> None:
    rows = ("[0.5](a.md#learning_rate) | [9.5](a.md#s)", "[0.05](b.md#learning_rate) | [9](b.md#s)")
    table = "\n".join(f"| {row} |" for row in ("rate | s", "--: | --:", *rows))
    assert uneven(table) == [("s", "s", ["9.5", "9"])]
    assert uneven(table.replace("[9]", "[9.0]")) == []
