"""The data set for download: its description holds, and describes what is there."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package

from parsers import __version__
from parsers.tables.columns import FACTS
from scripts import ROOT
from scripts.logs.catalog import Entry
from scripts.logs.load import LoadedLog, transcribe
from scripts.report.package import DataFile, data_files, data_page, downloads
from scripts.report.results import Results, collect
from tests.scripts.hostile import hostile_log

EVALUATED = b"""\
2024-05-01 10:00:00,000 INFO:   Effective batch size is 8.
2024-05-01 10:00:01,000 INFO:   Avg Eval Loss: 0.5
2024-05-01 10:00:02,000 INFO:   - eval/accuracy_cls = 0.75
2024-05-01 10:00:03,000 INFO:   Evaluation completed successfully!
"""


@pytest.fixture(scope="module")
def written(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    for path, content in downloads(data_files(results), results).items():
        (folder / Path(path).name).write_bytes(content)
    return folder


def test_the_tables_are_what_the_package_says(written: Path) -> None:
    report = Package(written / "datapackage.json").validate()
    assert report.valid, report.flatten(["title", "message"])
    assert report.stats["tasks"] == 2


def test_a_changed_value_is_found(written: Path, tmp_path: Path) -> None:
    for file in written.iterdir():
        content = file.read_bytes()
        changed = (
            re.sub(rb",(\d+),(\d+),([^\n]*)\n\Z", rb",x\1,\2,\3\n", content) if file.name == "facts.csv" else content
        )
        (tmp_path / file.name).write_bytes(changed)
    errors = Package(tmp_path / "datapackage.json").validate().flatten(["type"])
    assert ["type-error"] in errors


def test_checksums_and_sources_stand(written: Path, results: Results) -> None:
    package = json.loads((written / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        content = (written / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["bytes"] == len(content)
    assert [source["title"] for source in package["sources"]] == [
        log.entry.path for log in results.logs if log.entry.url
    ]


def test_no_word_is_a_formula_and_numbers_keep_their_sign() -> None:
    words = ["=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "a=1", "", "-0.5", "+1e-05", "-inf", "-", "12"]
    frame = pd.DataFrame({"value": words, "line": range(len(words))})
    rows = list(csv.reader(io.StringIO(DataFile("facts", "", frame, FACTS).content.decode())))[1:]
    assert [value for value, _ in rows] == [f"'{word}" for word in words[:5]] + words[5:10] + ["'-", "12"]


def test_formulas_in_a_log_reach_no_table() -> None:
    data = hostile_log()
    entry = Entry("=1.log", "Groq", "0" * 64, len(data), "", "", "", (), "one", True)
    results = collect([LoadedLog(entry, transcribe(entry, data), True)])
    for file in data_files(results):
        cells = [cell for row in csv.reader(io.StringIO(file.content.decode())) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
        assert any(cell.startswith("'=cmd") for cell in cells)


def test_every_column_is_explained(results: Results) -> None:
    for file in data_files(results):
        assert [field["name"] for field in file.fields()] == list(file.frame.columns)
        assert all(str(field["description"]).endswith(".") for field in file.fields())


def test_the_units_and_devices_of_columns_are_told(results: Results) -> None:
    told = {str(field["name"]): field for file in data_files(results) for field in file.fields()}
    assert told["throughput"]["type"] == "number"
    assert "In samples/s." in str(told["throughput"]["description"])
    assert str(told["accuracy_groq"]["description"]).endswith("Of groq.")
    assert "declares" in str(told["declared_learning_rate"]["description"])


def test_a_log_that_names_its_own_metrics_has_them_explained() -> None:
    entry = Entry("e.log", "Cerebras", "0" * 64, len(EVALUATED), "", "", "", (), "e")
    results = collect([LoadedLog(entry, transcribe(entry, EVALUATED), True)])
    told = {str(field["name"]): str(field["description"]) for field in data_files(results)[1].fields()}
    assert told["eval/accuracy_cls"]


def test_the_page_holds_a_data_set_for_search_engines(results: Results) -> None:
    page = data_page(data_files(results), results)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found is not None
    said = json.loads(found[1])
    assert said["@type"] == "Dataset"
    assert [part["contentUrl"] for part in said["distribution"]] == ["facts.csv", "runs.csv"]
    assert said["isBasedOn"] == [log.entry.url for log in results.logs if log.entry.url]


def test_the_citation_names_the_version_of_the_project() -> None:
    assert f"version: {__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
