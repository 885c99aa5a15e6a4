"""The proof of a built site: every number on every page is followed to the fact, the formula or the line it states.

A number is a string of digits in the text of a page, outside code, quotations and a short list of proper names and
dates. Each must be the text of a link: to a quantity, whose text it must be, or to a line of a log, of which a fact
must say it. Only within the title of a source elsewhere may another stand.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import regex

from scripts.reader import Fact, stands
from scripts.report.known import Quantity, log_page, run_page
from scripts.report.results import ReportRun, Results, anchor
from scripts.report.rounding import THIN_SPACE

_NAMES = ("SN30-8", "SN30", "CS-2", "Pod64", "GPT-2", "ResNet50", "MSL128", "Windows-1252")
_NOT_NUMBERS = regex.compile(rf"{'|'.join(map(regex.escape, _NAMES))}|\b(?:19|20)\d\d-\d\d(?:-\d\d)?\b")
_NUMBER = regex.compile(rf"\d+(?:[.,:{THIN_SPACE}]?\d+)*")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SILENT = {"code", "pre", "kbd", "script", "style", "blockquote", "q", "svg", "nav", "form"}


@dataclass(frozen=True, slots=True)
class Proof:
    """One number of a page: what it states, where that is said, and whether all agree; if not, why.

    `sort` is that of the quantity; "line" for a number that leads to a line of a log.
    """

    page: str
    text: str
    states: str
    where: str
    wrong: str = ""
    sort: str = "nothing"

    @property
    def ok(self) -> bool:
        """Whether the number is proven."""
        return not self.wrong


class _Text(HTMLParser):
    """Collects the text of a page's article: (text, target of the link it stands in or None)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[tuple[str, str | None]] = []
        self._open: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        said = dict(attrs)
        inside = bool(self._open)
        if inside or (tag == "article"):
            headerlink = "headerlink" in (said.get("class") or "")
            self._open.append(("script" if headerlink else tag, said.get("href") if tag == "a" else None))

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._open or any(tag in _SILENT for tag, _ in self._open):
            return
        target = next((href for _, href in reversed(self._open) if href is not None), None)
        if self.pieces and target is not None and self.pieces[-1][1] is target:
            self.pieces[-1] = self.pieces[-1][0] + data, target
        else:
            self.pieces.append((data, target))


def prove(
    site: Path, results: Results, known: Mapping[str, Quantity], originals: Mapping[str, Sequence[bytes]]
) -> Iterator[Proof]:
    """Yield a proof for each number of each page of a built site.

    Parameters
    ----------
    site
        The folder that MkDocs wrote.
    results, known
        What the numbers are held against.
    originals
        The lines of each original log by its catalog path; a log that is not among them is not looked into.
    """
    names = regex.compile("|".join([_NOT_NUMBERS.pattern, *(regex.escape(run.id) for run in results.runs)]))
    cited = _cited(results)
    facts = _facts(results)
    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site).as_posix()
        if page == "404.html":
            continue
        reader = _Text()
        reader.feed(path.read_text(encoding="utf-8"))
        for text, target in reader.pieces:
            yield from _piece(page, text, target, names, known, cited, facts, originals)


def _piece(
    page: str,
    text: str,
    target: str | None,
    names: regex.Pattern[str],
    known: Mapping[str, Quantity],
    cited: Mapping[str, list[tuple[ReportRun, str, str, int]]],
    facts: Mapping[str, tuple[ReportRun, Fact]],
    originals: Mapping[str, Sequence[bytes]],
) -> Iterator[Proof]:
    shown = text.strip()
    if target is None:
        bare = names.sub(" ", text)
        for number in _NUMBER.finditer(bare):
            around = " ".join(bare[max(0, number.start() - 30) : number.end() + 30].split())
            yield Proof(page, number[0], "", around, "a number without a link")
        return
    address = _address(page, target)
    if address in known:
        if known[address].name == "failure_reason" and not _NUMBER.search(shown):
            return  # words of ours that lead to the log's
        yield _quantity(page, shown, known[address], facts, originals)
    elif says := cited.get(address) or cited.get(target):
        if _NUMBER.search(shown):
            yield _line(page, shown, says, originals)
    elif target.startswith(("http:", "https:")):
        if _NUMBER.fullmatch(shown):  # a title may hold one: of a release, of a page
            yield Proof(page, shown, target, "", "leads to no fact but out of the site")
    elif _NUMBER.search(names.sub(" ", shown)):
        yield Proof(page, shown, target, "", "links to no fact")


def _address(page: str, target: str) -> str:
    """Return a link of a built page as the address of a quantity: the Markdown page and the anchor."""
    path, _, place = unquote(target).partition("#")
    here = posixpath.dirname(page)
    resolved = posixpath.normpath(posixpath.join(here, path)) if path else here
    resolved = resolved.removesuffix("/index.html").removesuffix(".html").strip("/")
    name = f"{resolved}.md" if resolved not in ("", ".", "runs") else f"{resolved}/index.md".lstrip("./")
    return f"{name}#{place}"


def _quantity(
    page: str,
    shown: str,
    quantity: Quantity,
    facts: Mapping[str, tuple[ReportRun, Fact]],
    originals: Mapping[str, Sequence[bytes]],
) -> Proof:
    states = f"{quantity.name} ({quantity.sort})"
    if shown not in (quantity.text, quantity.value):
        return Proof(page, shown, states, quantity.address, f"the fact says {quantity.text}", quantity.sort)
    if quantity.address not in facts:
        return Proof(page, shown, states, quantity.address, sort=quantity.sort)
    run, fact = facts[quantity.address]
    where = f"{run.entry.path}:{fact.line}"
    wrong = _stands(run, fact.name, fact.value, fact.line, originals)
    return Proof(page, shown, states, where, wrong, quantity.sort)


def _line(
    page: str, shown: str, says: Sequence[tuple[ReportRun, str, str, int]], originals: Mapping[str, Sequence[bytes]]
) -> Proof:
    for run, name, value, line in says:
        if shown == value:
            where = f"{run.entry.path}:{line}"
            return Proof(page, shown, name, where, _stands(run, name, value, line, originals), "line")
    run, _, _, line = says[0]
    return Proof(page, shown, "", f"{run.entry.path}:{line}", "no fact of that line says so", "line")


def _stands(run: ReportRun, name: str, value: str, line: int, originals: Mapping[str, Sequence[bytes]]) -> str:
    """Return what is wrong with a fact's line in the original, or nothing."""
    lines = originals.get(run.entry.path)
    if lines is None or name == "line":
        return ""
    if not 0 < line <= len(lines):
        return f"the original has {len(lines)} lines"
    return "" if stands(name, value, lines[line - 1]) else "the value does not stand on that line of the original"


def _facts(results: Results) -> dict[str, tuple[ReportRun, Fact]]:
    """Return the logged facts by the address of their quantity."""
    found: dict[str, tuple[ReportRun, Fact]] = {}
    for run in results.runs:
        for fact in run.run.facts:
            found.setdefault(f"{run_page(run.id)}#{anchor(fact.name, fact.device)}", (run, fact))
    return found


def _cited(results: Results) -> dict[str, list[tuple[ReportRun, str, str, int]]]:
    """Return what may be said of a line: its facts' values, its points, and its own numbers.

    Lines are told by permalink; those of a log that is kept, by their place on its page.
    """
    found: dict[str, list[tuple[ReportRun, str, str, int]]] = {}

    def say(run: ReportRun, name: str, value: str, line: int, view: int) -> None:
        place = f"{log_page(run.entry.slug)}#L{line}" if run.entry.kept else f"{run.entry.url}#L{view}"
        found.setdefault(place, []).append((run, name, value, line))

    for run in results.runs:
        for fact in run.run.facts:
            say(run, fact.name, fact.value, fact.line, fact.view_line)
            say(run, "line", str(fact.line), fact.line, fact.view_line)
            say(run, "line", str(fact.view_line), fact.line, fact.view_line)
        for series in run.run.series:
            for value, line, view in zip(series.values, series.lines, series.view_lines, strict=True):
                say(run, series.name, value, line, view)
                say(run, "line", str(line), line, view)
    return found
