"""`python -m scripts.build`: from the logs of the catalog to data and pages in docs/.

Everything is made in memory first; files are then replaced one by one, and only those that change.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts import catalog
from scripts.catalog import RAW_LOGS, ROOT, BrokenCatalog
from scripts.files import write
from scripts.logs import LoadedLog, MissingLog, load_log
from scripts.report.blocks import blocks
from scripts.report.links import BrokenPage, fill
from scripts.report.markdown import CommentMark
from scripts.report.pages import generated_pages
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect

DOCS = ROOT / "docs"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.build", description=__doc__)
    parser.add_argument("--logs", type=Path, default=RAW_LOGS, metavar="FOLDER", help="where catalog.toml lies")
    parser.add_argument("--docs", type=Path, default=DOCS, metavar="FOLDER", help="where the pages lie")
    options = parser.parse_args(arguments)
    try:
        logs = [load_log(entry, options.logs) for entry in catalog.load(options.logs)]
        results = collect(logs)
        files = render(results, options.docs)
    except (BrokenCatalog, MissingLog, BrokenPage, CommentMark) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    written = [path for path, content in files.items() if write(options.docs / path, content)]
    print(_summary(logs, results, files, written))
    return 0


def render(results: Results, docs: Path) -> dict[str, bytes]:
    """Return every file that the build makes, by its path below docs/."""
    known = quantities(results)
    named = blocks(results, known)
    files = {
        "data/facts.csv": results.facts.to_csv(index=False, lineterminator="\n").encode(),
        "data/runs.csv": results.runs_frame.to_csv(index=False, lineterminator="\n").encode(),
    }
    pages = generated_pages(results, known)
    files |= {path: text.encode() for path, text in pages.items()}
    for path in sorted(docs.rglob("*.md")):
        page = path.relative_to(docs).as_posix()
        if page not in files and not page.startswith("runs/"):
            files[page] = fill(page, path.read_text(encoding="utf-8"), named, known).encode()
    return files


def _summary(logs: list[LoadedLog], results: Results, files: dict[str, bytes], written: list[str]) -> str:
    originals = sum(log.from_original for log in logs)
    rows = (
        ("logs read", f"{len(logs)} ({originals} originals, {len(logs) - originals} transcriptions)"),
        ("runs", str(len(results.runs))),
        ("facts", str(len(results.facts))),
        ("files", f"{len(files)} ({len(written)} written, {len(files) - len(written)} unchanged)"),
    )
    return "\n".join(f"{name:10}{value}" for name, value in rows)


if __name__ == "__main__":
    sys.exit(main())
