"""The page of a log: its source, how to find it again, its runs, and its text if it is kept."""

from __future__ import annotations

from ..logs.catalog import Entry
from ..logs.load import LoadedLog
from .known import Known, run_page
from .markdown import code, escaped, link, table
from .naming import facts_of
from .rounding import counted

_ARCHIVE = "https://archive.softwareheritage.org"


def has_page(entry: Entry) -> bool:
    """Return whether a log has a page: if it is kept whole, or has an address where its original is."""
    return entry.kept or bool(entry.url)


def log_text(log: LoadedLog, known: Known) -> str:
    """Return the page of a log, which the search leaves out; that of a kept log has its lines."""
    entry = log.entry
    held = (
        "This is a whole log of our own."
        if entry.kept
        else "The log belongs to its author. Here is a transcription of its facts."
    )
    runs = ", ".join(
        link(escaped(facts_of(label.text)), f"../{label.page}")
        for run in log.facts.runs
        if (label := known.get(f"{run_page(entry.run_id(run.ordinal))}#")) is not None
    )
    opening = f"{held} It contains these runs: {runs}.\n" if runs else f"{held}\n"
    head = "---\nsearch:\n  exclude: true\n---\n"
    return f"{head}\n# {code(entry.path)}\n\n{opening}\n{provenance(log)}{_lines(log)}"


def provenance(log: LoadedLog) -> str:
    """Return a table of where a log comes from, its checksums and identifier, and what its lines were."""
    entry, facts = log.entry, log.facts
    rows = [
        ["author", code(entry.author) if entry.author else ""],
        ["original", link("permalink", entry.url) if entry.url else ""],
        ["note", f"<q>{escaped(entry.note)}</q>" if entry.note else ""],
        ["size, bytes", code(counted(entry.size))],
        [code("sha256"), f'<code class="sha256">{entry.sha256}</code>'],
        [f"{code('sha256')} before stand-ins", code(entry.original_sha256) if entry.original_sha256 else ""],
        ["Software Heritage identifier", _identifier(entry)],
        ["lines", code(counted(facts.lines))],
        ["lines that gave facts", code(counted(facts.lines_with_facts))],
        ["lines of known noise", code(counted(facts.lines_of_noise))],
        ["lines not understood", code(counted(facts.lines_unknown))],
    ]
    return table(["property", "value"], [row for row in rows if row[1]], "ll")


def _identifier(entry: Entry) -> str:
    """Return the identifier of a log's bytes, and where to look whether an archive has them."""
    if not entry.swhid:
        return ""
    return f'<code class="swhid">{entry.swhid}</code> ({link("look it up", f"{_ARCHIVE}/{entry.swhid}")})'


def _lines(log: LoadedLog) -> str:
    """Return the lines of a kept log with anchors, those that facts cite marked; nothing of another's log."""
    if not log.entry.kept:
        return ""
    cited = {fact.line for run in log.facts.runs for fact in run.facts}
    cited |= {line for run in log.facts.runs for series in run.series for line in series.lines}
    body = "\n".join(
        f'<span id="L{number}"{" class=cited" if number in cited else ""}>{escaped(line)}</span>'
        for number, line in enumerate(log.lines, 1)
    )
    caption = "A bar on the left marks a line that a fact comes from."
    return f'\n## Text\n\n{caption}\n\n<pre class="log"><code>{body}\n</code></pre>\n'
