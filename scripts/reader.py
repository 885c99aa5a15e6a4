"""What the commands use of the reader. Only this module and `scripts/__init__.py` import it.

So the same files serve the checkout and a package, in which the reader has another name.
"""

from __future__ import annotations

from parsers import __version__
from parsers.archives import BETWEEN
from parsers.archives import split as inside_archive
from parsers.consistency import Check, checks
from parsers.consistency import summary as agreement
from parsers.coverage import parse_covered
from parsers.difference import Change, NoSuchRun, change, log_and_number, named_run, settings_that_differ
from parsers.engine.checks import check_examples
from parsers.engine.lines import decode, printable
from parsers.engine.loading import add as add_dialects
from parsers.engine.loading import foreign as foreign_dialects
from parsers.engine.loading import known as known_dialects
from parsers.engine.shapes import Dialect
from parsers.engine.templates import DialectFault
from parsers.engine.text import NotALog, opened, texts
from parsers.evidence import marks, stands
from parsers.facts import Fact, Reading, Run, Series, rows
from parsers.many.cluster import MARK
from parsers.many.fingerprint import READER, code_digest
from parsers.many.processes import in_processes
from parsers.reading import SIZE_LIMIT, contents, files, parse, read
from parsers.stopping import Killed, release_signals, signals_held
from parsers.tables.columns import FACT_NAMES, FACTS, RUN_ID, Column, run_column
from parsers.tables.transcription import DamagedTranscription, Transcription
from parsers.tables.transcription import dump as dump_transcription
from parsers.tables.transcription import load as load_transcription
from parsers.tables.writers import facts_table, runs_table, write_csv
from parsers.unfinished import replacing, sweep
from parsers.vocabulary import BY_NAME, KINDS, TERMS, term

__all__ = (
    "BETWEEN",
    "BY_NAME",
    "FACTS",
    "FACT_NAMES",
    "KINDS",
    "MARK",
    "READER",
    "RUN_ID",
    "SIZE_LIMIT",
    "TERMS",
    "Change",
    "Check",
    "Column",
    "DamagedTranscription",
    "Dialect",
    "DialectFault",
    "Fact",
    "Killed",
    "NoSuchRun",
    "NotALog",
    "Reading",
    "Run",
    "Series",
    "Transcription",
    "__version__",
    "add_dialects",
    "agreement",
    "change",
    "check_examples",
    "checks",
    "code_digest",
    "contents",
    "decode",
    "dump_transcription",
    "facts_table",
    "files",
    "foreign_dialects",
    "in_processes",
    "inside_archive",
    "known_dialects",
    "load_transcription",
    "log_and_number",
    "marks",
    "named_run",
    "opened",
    "parse",
    "parse_covered",
    "printable",
    "read",
    "release_signals",
    "replacing",
    "rows",
    "run_column",
    "runs_table",
    "settings_that_differ",
    "signals_held",
    "stands",
    "sweep",
    "term",
    "texts",
    "write_csv",
)
