"""The installed package: how it is laid out, its public names, and its one command."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import testbed_report
from parsers.extras import missing
from scripts import ROOT, options
from testbed_report import command
from testbed_report.command import COMMANDS, main

PUBLIC = {"Table", "__version__", "compare", "proofread", "read"}
# What is public takes no part in the start of a command.
HEAVY = {"matplotlib", "mkdocs", "numpy", "pandas", "pyarrow", "regex", "requests"}


def loaded(code: str) -> set[str]:
    """Return the heavy libraries that a program has loaded when it ends."""
    told = f"{code}; import sys; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_public_names_are_one_list() -> None:
    assert set(testbed_report.__all__) == PUBLIC
    assert [name for name in testbed_report.__all__ if not hasattr(testbed_report, name)] == []
    assert dir(testbed_report) == sorted(PUBLIC)


def test_a_name_that_is_not_public_is_refused_with_those_that_are() -> None:
    with pytest.raises(AttributeError, match="testbed_report has no 'parse'; it has Table, "):
        _ = testbed_report.parse


def test_importing_the_package_loads_no_library() -> None:
    assert loaded("import testbed_report") == set()
    assert loaded("import testbed_report.command as c; c.main(['--help'])") == set()
    assert loaded(f"import testbed_report.command as c; c.main(['read', {str(ROOT / 'Makefile')!r}])") == set()


def test_the_interface_draws_nothing() -> None:
    assert loaded("import testbed_report as t; t.read('examples/cpu').runs") & {"matplotlib", "mkdocs"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_page_of_help_with_examples(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code == 0
    assert "examples:" in told
    assert "\x1b" not in told


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " not in told] == []
    assert main([]) == 2


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["raed"]) == 2
    assert capsys.readouterr().err == "error: 'raed' is not a command; `testbed-report --help` lists them\n"
    assert main(["-C", "no-such-folder", "build"]) == 2


def test_what_an_extra_is_missing_for_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_name: str) -> None:
        raise ModuleNotFoundError(name="mkdocs")

    monkeypatch.setattr(command, "import_module", refuse)
    assert main(["build"]) == 2
    told = capsys.readouterr().err
    assert told == "error: the package mkdocs is not installed; `pip install 'testbed-report[report]'` installs it\n"
    assert "`pip install regex`" in missing(ModuleNotFoundError(name="regex"))


def test_what_an_extra_is_missing_for_in_python_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "testbed_report.table", None)
    monkeypatch.setitem(sys.modules, "testbed_report.proofreading", None)
    with pytest.raises(ModuleNotFoundError, match=r"testbed_report\.read: .*testbed-report\[pandas\]'`"):
        _ = testbed_report.read
    with pytest.raises(ModuleNotFoundError, match=r"testbed_report\.proofread: .*\[report\]"):
        _ = testbed_report.proofread


def test_a_command_of_the_package_is_named_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (options.command("add_log"), options.made_by("site", "build")) == ("python -m scripts.add_log", "make site")
    monkeypatch.setattr(options, "INSTALLED", True)
    assert options.command("add_log") == "testbed-report add-log"
    assert options.made_by("site", "build") == "testbed-report build"


def absolute(path: Path) -> list[str]:
    """Return the modules of the project that a module imports by their whole name."""
    tree = ast.walk(ast.parse(path.read_bytes()))
    return [
        node.module
        for node in tree
        if isinstance(node, ast.ImportFrom) and not node.level and node.module and node.module.startswith("scripts")
    ]


def test_modules_of_the_scripts_import_one_another_by_relative_imports() -> None:
    assert {path: found for path in (ROOT / "scripts").rglob("*.py") if (found := absolute(path))} == {}
