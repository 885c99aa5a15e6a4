"""Texts in other formats than Markdown: what they say, and where each number is in their source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.proofread.formats import SUFFIXES
from scripts.proofread.notebook import NoNotebook
from scripts.proofread.page import read_page
from scripts.proofread.reading import Unreadable, proof_of, runs_of
from scripts.proofread.stated import StatedRun
from tests.made import sambanova

HTML = """<!doctype html><html><head><title>9 runs</title><style>p { margin: 9px }</style></head><body>
<h2>SambaNova</h2><p>With <b>8</b> tasks the throughput was 800.3&nbsp;samples/s; the
<code>batch size</code> is 999.</p>
<table><thead><tr><th>tasks</th><th>samples/s</th></tr></thead>
<tbody><tr><td>8</td><td>{a}</td></tr><tr><td>16</td><td>1&#8239;{b}</td></tr></tbody></table>
<pre>throughput 801 samples/s</pre></body></html>
"""
LATEX = r"""\documentclass{article} % 9 pages
\begin{document}
\section{SambaNova}
With 8 tasks the throughput was \SI{800.3}{samples\per\second}, or $8.003 \times 10^{2}$\,samples/s~\cite{x2024}.
\begin{tabular}{|l|r|} \hline
tasks & samples/s \\ \hline
8 & {a} \\
16 & 1{,}{b} \\ \hline
\end{tabular}
\begin{verbatim}
throughput 801 samples/s
\end{verbatim}
\end{document}
"""
CELLS: list[tuple[str, str | list[str]]] = [
    ("markdown", ["## SambaNova\n", "\n", "With 8 tasks “the” throughput was 800.3 samples/s.\n"]),
    ("code", ["throughput = 801\n"]),
    ("markdown", "| tasks | samples/s |\n|---|---|\n| 8 | {a} |\n| 16 | 1{b} |\n"),
]


def notebook(a: str, b: str) -> str:
    cells: list[dict[str, object]] = [{"cell_type": kind, "metadata": {}, "source": source} for kind, source in CELLS]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    return text.replace("{a}", a).replace("{b}", b)


def written(suffix: str, a: str, b: str) -> str:
    """Return a text that gives the throughputs of 8 and of 16 tasks."""
    if suffix == ".ipynb":
        return notebook(a, b)
    return (HTML if suffix == ".html" else LATEX).replace("{a}", a).replace("{b}", b)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[StatedRun]:
    folder = tmp_path_factory.mktemp("logs")
    for tasks, rate in ((8, 800.25), (16, 1596.5)):
        (folder / f"bert_{tasks}.out").write_text(sambanova(tasks, rate), encoding="utf-8")
    return runs_of(folder)


@pytest.mark.parametrize("suffix", [".html", ".tex", ".ipynb"])
def test_a_text_in_another_format_is_proofread(runs: list[StatedRun], tmp_path: Path, suffix: str) -> None:
    page = tmp_path / f"page{suffix}"
    page.write_text(written(suffix, "800.3", "596.5"), encoding="utf-8")
    proof = proof_of(page, runs)
    verdicts = [(row.text, row.verdict) for row in proof.rows if row.verdict != "not a claim"]
    assert ("800.3", "confirmed") in verdicts
    assert any(text.endswith("596.5") and verdict == "confirmed" for text, verdict in verdicts)
    assert {verdict for text, verdict in verdicts if text != "999"} == {"confirmed"}
    assert not any(text.startswith("801") or text == "9" for text, _ in verdicts)


@pytest.mark.parametrize("suffix", [".html", ".tex", ".ipynb"])
def test_exchanged_cells_are_contradicted_there_too(runs: list[StatedRun], tmp_path: Path, suffix: str) -> None:
    page = tmp_path / f"page{suffix}"
    page.write_text(written(suffix, "1596.5", "800.3"), encoding="utf-8")
    assert ("1596.5", "contradicted") in [(row.text, row.verdict) for row in proof_of(page, runs).rows]


@pytest.mark.parametrize("suffix", [".html", ".tex", ".ipynb"])
def test_each_number_is_found_in_the_source(runs: list[StatedRun], tmp_path: Path, suffix: str) -> None:
    page = tmp_path / f"page{suffix}"
    source = written(suffix, "800.3", "596.5")
    page.write_text(source, encoding="utf-8")
    lines = source.split("\n")
    rows = [row for row in proof_of(page, runs).rows if row.text in ("8", "800.3", "16")]
    assert len(rows) >= 5
    for row in rows:
        assert lines[row.line - 1][row.column - 1 :].startswith(row.text)


def test_a_notebook_on_one_line_and_with_escapes_has_its_places() -> None:
    source = json.dumps({'a"b': [1, {"c\u00e9": "x\n\U0001f600"}], **json.loads(notebook("800.3", "596.5"))})
    page = read_page(source, ".ipynb")
    at = page.plain.text.index("800.3")
    line, column = page.position(at)
    assert (line, source[column - 1 : column + 4]) == (1, "800.3")
    assert page.offset(line, column) == at


def test_a_span_of_columns_keeps_the_columns_below() -> None:
    text = read_page(
        "<table><tr><th colspan=2>a</th><th>b</th></tr><tr><td>1<td>2</td><td>3</td></tr></table>", ".html"
    )
    assert "|a||b|" in text.plain.text


@pytest.mark.parametrize("source", ["", "{", "[]", '{"cells": 5}', '{"worksheets": []}', '"cells"'])
def test_what_is_no_notebook_is_told_in_a_sentence(tmp_path: Path, source: str) -> None:
    page = tmp_path / "page.ipynb"
    page.write_text(source, encoding="utf-8")
    with pytest.raises((Unreadable, NoNotebook), match=r"notebook|empty"):
        proof_of(page, [])


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(text=st.text(alphabet=st.sampled_from("ab5.%|&<>/td#\\{}[]()$~- \n\"'x"), max_size=120))
def test_any_text_is_read_and_each_sign_has_a_place(suffix: str, text: str) -> None:
    source = json.dumps({"cells": [{"cell_type": "markdown", "source": text}]}) if suffix == ".ipynb" else text
    page = read_page(source, suffix)
    for offset in range(len(page.plain.text)):
        line, column = page.position(offset)
        assert line >= 1
        assert column >= 1
