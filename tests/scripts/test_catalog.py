from __future__ import annotations

from pathlib import Path

import pytest

from parsers.engine.loading import known
from scripts.logs import catalog
from scripts.logs.catalog import RAW_LOGS, BrokenCatalog
from tests.scripts.conftest import catalog_text

DECLARED = '\n[[log.declared]]\nrun = 1\nname = "learning_rate"\nvalue = "0.05"\nsource = "a page"\n'


def test_an_entry_is_read_with_what_is_declared(folder: Path) -> None:
    (folder / "catalog.toml").write_text(catalog_text() + DECLARED)
    (entry,) = catalog.load(folder)
    assert (entry.path, entry.system, entry.slug) == ("graphcore/session.txt", "Graphcore", "graphcore-session")
    assert entry.run_id(2) == "graphcore-session-2"
    assert [(d.run, d.name, d.value) for d in entry.declared] == [(1, "learning_rate", "0.05")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (catalog_text(path=""), "log 1: missing field path"),
        (catalog_text(path="1"), "log 1: path = 1: expected str, got int"),
        (catalog_text(path='"../x.txt"'), "without '..'"),
        (catalog_text(path='"/x.txt"'), "path '/x.txt' must be a relative path"),
        (catalog_text(path='"."'), "lead to a file inside"),
        (catalog_text(path='"a\\u0000b"'), "must be a relative path"),
        (
            catalog_text(system='"Abacus"'),
            f"system 'Abacus' is not one of {', '.join(dialect.system for dialect in known())}",
        ),
        (catalog_text(sha256='"12"'), "sha256 = '12': expected str matching regex '^[0-9a-f]{64}$'"),
        (catalog_text(size='"12"'), "size = '12': expected int, got str"),
        (catalog_text(size="true"), "size = True: expected int, got bool"),
        (catalog_text(url='"ftp://x"'), "url 'ftp://x' does not begin with https://"),
        (
            catalog_text(url='"https://x/a) <b>"'),
            "url 'https://x/a) <b>' does not begin with https://, or needs %-signs",
        ),
        (catalog_text(colour='"red"'), "'colour' is not known"),
        (catalog_text(kept='"yes"'), "kept = 'yes': expected bool, got str"),
        (catalog_text(original_sha256='"12"'), "original_sha256 = '12': expected str matching regex"),
        ("log = [1]\n", "log 1: not a table; write [[log]]"),
        ("log = 1\n", "log is not a list of tables; write [[log]]"),
        (catalog_text() + catalog_text(), "two logs have the path"),
        (catalog_text() + DECLARED.replace("learning_rate", "pace"), "name 'pace' is not in the vocabulary"),
        (catalog_text() + DECLARED.replace("run = 1", 'run = "1"'), "declared 1: run = '1': expected int, got str"),
        (
            catalog_text() + DECLARED + 'url = "javascript:x"\n',
            "declared 1: url 'javascript:x' does not begin with https://",
        ),
        (catalog_text() + "declared = 3\n", "declared is not a list of tables"),
        (catalog_text(size="-1"), "size = -1: expected int >= 0"),
        (catalog_text(size="1e400"), "size = inf: expected int, got float"),
        (catalog_text() + DECLARED.replace("run = 1", "run = 0"), "declared 1: run = 0: expected int >= 1"),
        (catalog_text(slug='"mine"'), "'slug' is not known"),
        (f"x = {'[' * 100_000}", "nested too deeply"),
        (f"x = {'9' * 10_000}", "an integer has too many digits; at most 4300 are allowed"),
        ("[[log]\n", "catalog.toml"),
        ("[run]\n", "'run' is not known here"),
    ],
)
def test_a_broken_entry_is_an_error_that_names_it(folder: Path, text: str, said: str) -> None:
    (folder / "catalog.toml").write_text(text)
    with pytest.raises(BrokenCatalog) as error:
        catalog.load(folder)
    assert said in str(error.value)
    assert str(folder / "catalog.toml") in str(error.value)


def test_every_broken_entry_is_named(folder: Path) -> None:
    broken = [catalog_text(path='"a.txt"', size='"12"'), catalog_text(path='"b.txt"'), catalog_text(path='"../c.txt"')]
    (folder / "catalog.toml").write_text("".join(broken))
    with pytest.raises(BrokenCatalog) as error:
        catalog.load(folder)
    said = str(error.value).splitlines()
    assert [line.partition(": ")[2] for line in said] == [
        "log 1: size = '12': expected int, got str",
        "log 3 (../c.txt): path '../c.txt' must be a relative path without '..', and lead to a file inside "
        + str(folder),
    ]


def test_a_missing_catalog_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BrokenCatalog, match="no such file"):
        catalog.load(tmp_path)


def test_the_repository_has_each_log_that_its_catalog_names() -> None:
    entries = catalog.load()
    for entry in entries:
        path = entry.original(RAW_LOGS) if entry.kept else entry.transcription(RAW_LOGS)
        assert path.is_file()
        assert entry.kept or entry.url.startswith("https://")
    assert len({entry.slug for entry in entries}) == len(entries)
