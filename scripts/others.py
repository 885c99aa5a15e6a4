"""`python -m scripts.others --from FILE`: carry the facts of other people's runs into the project.

FILE is a facts table of published logs (CSV) with the columns `log` and `sha256`. The names of logs are pseudonyms:
`p02/01` is the first log of person `p02`. Logs of the catalog, and facts that no page needs, are left out. A value that
looks like an account, a path or an address is refused.
"""

from __future__ import annotations

import argparse
import io
import sys
from functools import cache
from pathlib import Path

import pandas as pd

from . import OWN
from .logs import catalog
from .logs.catalog import RAW_LOGS, Entry, slug
from .logs.load import LoadedLog
from .privacy.find import find, learn
from .reader import BY_NAME, KINDS, Fact, Run, Series, Transcription
from .store.files import write
from .store.structured import Broken, text_of

OTHERS = RAW_LOGS / "others.facts.csv"
COLUMNS = ("log", "sha256", "run", "kind", "name", "device", "step", "value", "unit", "line", "view_line")
# Of a run's environment, only what names the release, the job and the compiled program.
_ENVIRONMENT = ("sdk_version", "job_id", "execute_job_id", "compile_hash")
# What each cell must be, whole.
_SHAPES = {
    "log": "p[0-9]{2,4}/[0-9]{2,4}",
    "sha256": "[0-9a-f]{64}",
    "run": "[1-9][0-9]{0,8}",
    "kind": "|".join(KINDS),
    "name": "|".join(BY_NAME),
    "step": "-?[0-9]{0,18}",
    "line": "[1-9][0-9]{0,17}",
    "view_line": "[1-9][0-9]{0,17}",
}


class BrokenOthers(Broken):
    """The table of other people's runs cannot be used; the message names the file, the row and the column."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.others", description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True, metavar="FILE", help="the table of facts")
    parser.add_argument("--to", type=Path, default=OTHERS, metavar="FILE", help="where the project keeps them")
    options = parser.parse_args(arguments)
    try:
        carried = needed(table(options.source))
        written = write(options.to, as_csv(carried))
    except FileNotFoundError as error:
        print(f"error: {error.filename}: no such file", file=sys.stderr)
        return 1
    except Broken as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    people = carried["log"].str.split("/").str[0].nunique()
    runs = carried.drop_duplicates(["log", "run"])
    print(f"{options.to.name}: {'written' if written else 'unchanged'}")
    print(f"{people} people, {carried['log'].nunique()} logs, {len(runs)} runs, {len(carried)} facts")
    return 0


def table(path: Path) -> pd.DataFrame:
    """Return the table of a file, every cell as text.

    Raises
    ------
    BrokenOthers
        If a column is missing, a cell is wrong, or a value may be private.
    """
    try:
        frame = pd.read_csv(io.StringIO(text_of(path)), dtype=str, keep_default_na=False)
    except ValueError as error:  # what pandas says of a file that is not CSV
        raise BrokenOthers(f"{path}: not a CSV table ({error})") from None
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise BrokenOthers(f"{path}: there is no column {missing[0]!r}; needed are {', '.join(COLUMNS)}")
    frame = frame[list(COLUMNS)]
    for name, shape in _SHAPES.items():
        _refuse(path, name, frame[~frame[name].str.fullmatch(shape)])
    nothing = learn(())
    _refuse(path, "value", frame[[bool(find(value, nothing)) for value in frame["value"]]])
    _refuse(path, "value", frame[frame["value"].str.contains(r"[/\\@]")])
    return frame


def _refuse(path: Path, name: str, rows: pd.DataFrame) -> None:
    """Refuse a table that has rows with a wrong cell. Row 1 of the file names the columns."""
    if len(rows):
        raise BrokenOthers(f"{path}:{rows.index[0] + 2}: {name} = {rows[name].iloc[0][:60]!r} is not allowed here")


def needed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that pages need: those of other people's logs, without most of the environment."""
    kept = (frame["kind"] != "environment") | frame["name"].isin(_ENVIRONMENT)
    return _of_others(frame[kept])


def _of_others(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows about logs that the catalog does not have, as they were or with stand-ins."""
    ours = {checksum for entry in catalog.load() for checksum in (entry.sha256, entry.original_sha256)}
    return frame[~frame["sha256"].isin(ours)]


def as_csv(frame: pd.DataFrame) -> bytes:
    """Return a table of facts as the project keeps and publishes it."""
    return frame.to_csv(index=False, lineterminator="\n").encode()


@cache
def others_table(path: Path = OTHERS) -> pd.DataFrame:
    """Return the facts of other people's runs. A log that has come into the catalog since is not another person's.

    Raises
    ------
    BrokenOthers
        If the table cannot be used.
    """
    return _of_others(table(path))


@cache
def load_others(path: Path = OTHERS) -> tuple[LoadedLog, ...]:
    """Return the logs that the table has facts of; their authors are pseudonyms. Only the repository has such a table.

    Raises
    ------
    BrokenOthers
        If the table cannot be used.
    """
    if not OWN and path == OTHERS:
        return ()
    return tuple(_log(str(name), rows) for name, rows in others_table(path).groupby("log", sort=True))


def _log(name: str, rows: pd.DataFrame) -> LoadedLog:
    runs = tuple(_run(int(str(ordinal)), of_run) for ordinal, of_run in rows.groupby(rows["run"].astype(int)))
    system = runs[0].fact("system")
    entry = Entry(
        name,
        system.value if system else "",
        sha256=str(rows["sha256"].iloc[0]),
        size=0,
        url="",
        author=name.partition("/")[0],
        note="",
        declared=(),
        slug=slug(name),
    )
    return LoadedLog(entry, Transcription(name, entry.sha256, 0, "", 0, 0, 0, 0, runs), from_original=False)


def _run(ordinal: int, rows: pd.DataFrame) -> Run:
    facts: list[Fact] = []
    series: dict[str, Series] = {}
    for row in rows.to_dict("records"):
        line, view = int(row["line"]), int(row["view_line"])
        if row["kind"] == "series":
            points = series.setdefault(row["name"], Series.empty(row["name"], row["unit"]))
            points.add(int(row["step"]), row["value"], line, view)
        else:
            facts.append(Fact(row["kind"], row["name"], row["value"], row["unit"], line, view, row["device"]))
    lines = rows["line"].astype(int)
    return Run(ordinal, int(lines.min()), int(lines.max()), tuple(facts), tuple(series.values()))


if __name__ == "__main__":
    sys.exit(main())
