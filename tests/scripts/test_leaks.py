from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from scripts import leaks
from scripts.logs.catalog import RAW_LOGS
from tests.scripts.conftest import LOG, catalog_text


def said(capsys: pytest.CaptureFixture[str], folder: Path, *paths: Path) -> tuple[int, str]:
    status = leaks.main(["--logs", str(folder), *map(str, paths)])
    return status, capsys.readouterr().out


@pytest.fixture
def listed(folder: Path) -> Path:
    """A catalog whose log lies there and betrays an account."""
    text = LOG + "USER=jdoe\n"
    (folder / "catalog.toml").write_text(catalog_text(text, author='"shandle"'))
    (folder / "graphcore").mkdir()
    (folder / "graphcore" / "session.txt").write_text(text)
    return folder


def test_nothing_private_is_in_what_the_repository_publishes(capsys: pytest.CaptureFixture[str]) -> None:
    status, out = said(capsys, RAW_LOGS)
    assert status == 0, out
    assert int(out.split()[0]) > 50
    assert out.endswith(" 0 leaks\n")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.md", "one\nby &#106;doe&#95;2\n", "a.md:2: account"),
        ("a.html", "<p>&#47;home&#47;mmin&#47;x</p>", "a.html:1: home path"),
        ("a.csv", "log,1,environment,nodelist,,,10.1.2.3,,5,5\n", "a.csv:1: IP address"),
        ("a.svg", "<svg><metadata>mmin@lab.edu</metadata></svg>", "a.svg:1: e-mail address"),
        ("a.json", '{"text": "x\\nHF_TOKEN=abcd1234efgh\\n"}', "a.json:1: secret"),
    ],
)
def test_a_planted_leak_is_named_with_its_line_and_not_repeated(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    (tmp_path / name).write_text(text)
    status, out = said(capsys, listed, tmp_path / name)
    assert (status, out.splitlines()[0]) == (1, f"{tmp_path}/{told}")
    assert "jdoe" not in out
    assert "10.1.2.3" not in out


def test_a_compressed_file_is_looked_into(listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "sitemap.xml.gz").write_bytes(gzip.compress(b"<url>/home/mmin/x</url>"))
    assert said(capsys, listed, tmp_path / "sitemap.xml.gz")[0] == 1


def test_handles_permalinks_versions_and_strokes_are_no_leaks(
    listed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "a.md").write_text("[1](https://example.org/blob/1/session.txt#L1) by shandle\nUSER=shandle\n")
    (tmp_path / "runs" / "a.svg").write_text('<svg><path d="M 1.2.3.4 5.6.7.8z"/></svg>')
    (tmp_path / "runs" / "facts.csv").write_text("a,1,environment,sdk_version,,,2.1.1.0,,5,5\n")
    (tmp_path / "runs" / "runs.csv").write_text("a,2.1.1.0\n")
    assert said(capsys, listed, tmp_path / "runs") == (0, "4 files looked at, 0 leaks\n")


def test_files_need_no_site_around_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("fine\nUSER=jdoe\n")
    status, out = said(capsys, tmp_path / "none", tmp_path / "a.md")
    assert (status, out) == (1, f"{tmp_path}/a.md:2: account\n1 files looked at, 1 leaks: account 1\n")


def test_a_missing_catalog_or_file_is_an_error(
    tmp_path: Path, listed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leaks.main(["--logs", str(tmp_path / "none")]) == 1
    assert leaks.main(["--logs", str(listed), str(tmp_path / "none.md")]) == 1
    assert "none.md: cannot be read (No such file" in capsys.readouterr().err


def test_files_are_looked_at_where_there_is_no_catalog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("mmin@lab.edu\n")
    status, out = said(capsys, tmp_path / "none", tmp_path / "a.md")
    assert (status, out.splitlines()[0]) == (1, f"{tmp_path}/a.md:1: e-mail address")
