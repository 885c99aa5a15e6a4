"""The tables on their way out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from parsers.facts import Reading, Run, Series, rows
from parsers.reading import parse
from parsers.tables.columns import FACT_NAMES, FACTS
from parsers.tables.writers import WRITERS, Table, facts_table, runs_table
from tests.parsers.samples import CASES, case

LONG = "x" * 100

LOG, RUN = FACTS[:2]


def written(form: str, table: Table) -> bytes:
    out = io.BytesIO()
    WRITERS[form](table, out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("csv", b'log,run\n"a,b",1\n'),
        ("json", b'[\n{"log": "a,b", "run": 1}\n]\n'),
        ("table", b"log  run\na,b  1\n"),
    ],
)
def test_the_bytes_of_a_format(form: str, text: bytes) -> None:
    assert written(form, ((LOG, RUN), [("a,b", 1)])) == text


@pytest.mark.parametrize(("form", "text"), [("csv", b"log\n"), ("json", b"[]\n"), ("table", b"log\n")])
def test_a_table_without_rows(form: str, text: bytes) -> None:
    assert written(form, ((LOG,), [])) == text


def test_a_terminal_gets_long_values_shortened_and_the_others_get_them_whole() -> None:
    table: Table = ((LOG,), [(LONG,)])
    assert written("table", table).decode().splitlines()[1] == "x" * 47 + "…"
    assert LONG.encode() in written("csv", table)
    assert json.loads(written("json", table))[0]["log"] == LONG


def test_a_terminal_gets_no_sign_that_acts_on_it() -> None:
    assert written("table", ((LOG,), [("a\x1b[2J\rb",)])) == b"log\na\\x1b[2J\\rb\n"


NUMBERS = st.one_of(st.integers(0, 30), st.integers(-3, 10**7))


@given(
    points=st.lists(st.tuples(NUMBERS, st.sampled_from(["9.50", "a,b", 'say "x"', "-1e-3", ""]), NUMBERS, NUMBERS)),
    log=st.sampled_from(["x", "a,b", "\udcff"]),
)
def test_series_are_written_as_their_rows_are(points: list[tuple[int, str, int, int]], log: str) -> None:
    steps, values, lines, views = (list(column) for column in zip(*points, strict=True)) if points else ([], [], [], [])
    series = tuple(Series(name, unit, steps, values, lines, views) for name, unit in (("loss", ""), ("time", "s")))
    runs = (Run(1, 1, 2, (), series),)
    out, one_by_one = io.BytesIO(), io.BytesIO()
    WRITERS["csv"](facts_table([Reading(log, runs)]), out)
    WRITERS["csv"]((FACTS, list(rows(log, runs))), one_by_one)
    assert out.getvalue() == one_by_one.getvalue()


def test_parquet_keeps_whole_numbers_and_absent_steps() -> None:
    data = written("parquet", ([FACTS[0], FACTS[1], FACTS[5], FACTS[6]], [("a", 1, "", "9.50"), ("a", 1, 3, "9.25")]))
    assert parquet.read_table(io.BytesIO(data)).to_pylist() == [
        {"log": "a", "run": 1, "step": None, "value": "9.50"},
        {"log": "a", "run": 1, "step": 3, "value": "9.25"},
    ]
    assert parquet.read_table(io.BytesIO(written("parquet", (FACTS, [])))).num_rows == 0


def test_a_name_that_is_no_unicode_survives_csv() -> None:
    assert written("csv", ((LOG,), [("\udcff",)])) == b"log\n\xff\n"


def test_one_row_a_run_joins_several_values_of_a_name() -> None:
    header, body = runs_table([parse(case("cerebras_middle_of_a_log"), "x")])
    (row,) = [dict(zip([column.name for column in header], cells, strict=True)) for cells in body]
    assert row["compile_hash"] == "cs_13579; cs_24680"
    assert (row["first_line"], row["last_line"]) == (1, 19)


def test_the_runs_table_has_numbers_where_every_run_says_one() -> None:
    columns, body = runs_table([parse(case("groq_proof_point"), "x"), parse(case("cerebras_1_9"), "y")])
    types = {column.name: column.type for column in columns}
    assert types["batch_size"] == "whole"
    assert types["throughput"] == "number"
    assert types["workload"] == types["model"] == "text"
    rows = parquet.read_table(io.BytesIO(written("parquet", (columns, list(body))))).to_pylist()
    assert [type(row["throughput"]) for row in rows] == [type(None), float]


def test_the_facts_table_has_the_columns_of_the_contract() -> None:
    header, body = facts_table([parse(case("groq_proof_point"), "x")])
    assert tuple(column.name for column in header) == FACT_NAMES
    assert {len(row) for row in body} == {len(FACT_NAMES)}


def test_parquet_is_written_without_importing_pandas() -> None:
    code = (
        "import sys; from parsers.__main__ import main; "
        f"main([{str(CASES / 'cerebras_1_9.log')!r}, '--format', 'parquet', '-o', sys.argv[1]]); "
        "sys.exit('pandas' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, os.devnull], cwd=CASES.parents[2], check=False)
    assert done.returncode == 0


def test_a_markdown_table_shows_every_cell_letter_by_letter() -> None:
    table: Table = ((LOG, RUN), [("a|b_<c>", 1)])
    assert written("markdown", table).decode() == "| log | run |\n| --- | --- |\n| a&#124;b&#95;&#60;c&#62; | 1 |\n"
