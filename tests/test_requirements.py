"""What the project imports is declared, and its locks install the same packages whatever a package index offers."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import subprocess
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest
import regex

from scripts import ROOT

REQUIREMENTS = ROOT / "requirements"
LOCKS = sorted(path.stem for path in REQUIREMENTS.glob("*.in"))
# Which other lists than site.in the code below a path may rely on.
OPTIONAL = {
    "parsers/many/cluster.py": ("cluster",),
    "parsers/many/sources.py": ("cluster",),
    "scripts/measure/": ("measure", "dev"),
    "scripts/run/": ("cpu", "torch"),
    "scripts/screenshots.py": ("dev",),
    "tests/": ("dev",),
    "tests/fuzz/": ("fuzz",),
    "tests/parsers/": ("cluster",),
    "tests/scripts/run/": ("cpu", "torch"),
}
PACKAGES = {"material": "mkdocs-material", "reframe": "reframe-hpc", "sklearn": "scikit-learn"}
OURS = {"parsers", "scripts", "testbed_report", "tests"}
# Where a command may install a lock.
TEXTS = ("Makefile", "*.md", "docs/*.md", ".ci/*", ".github/workflows/*", "parsers/**/*.py", "scripts/**/*.py")
VENDORS = {"demo_helpers"}  # is installed on the GroqRack
NAME = regex.compile(r"[A-Za-z0-9._-]+")
PINNED = regex.compile(r"([a-z0-9.-]+)==(\S+)(?: ; [^\\]+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n")


def declared(name: str) -> set[str]:
    """Return the packages that a list declares, with those of the lists that it includes."""
    path = REQUIREMENTS / f"{name}.in"
    lines = (path if path.exists() else path.with_suffix(".txt")).read_text().splitlines()
    included = [line.removeprefix("-r ").removesuffix(".in") for line in lines if line.startswith("-r ")]
    return {match[0] for line in lines if (match := NAME.match(line)) and not line.startswith("-")}.union(
        *map(declared, included)
    )


def imported(path: Path) -> set[str]:
    """Return the packages of others that a module imports, by the names that an index knows them by."""
    tops: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            tops.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            tops.add((node.module or "").partition(".")[0])
    return {PACKAGES.get(top, top.replace("_", "-")) for top in tops - sys.stdlib_module_names - OURS - VENDORS}


def versions(lock: str) -> dict[str, str]:
    """Return the version of each package of a lock."""
    return {match[1]: match[2] for match in PINNED.finditer((REQUIREMENTS / f"{lock}.txt").read_text())}


def undeclared(path: Path) -> set[str]:
    """Return what a module imports although no list that it may rely on declares it."""
    place = path.relative_to(ROOT).as_posix()
    lists = ["site", *(name for start, names in OPTIONAL.items() if place.startswith(start) for name in names)]
    return imported(path).difference(*map(declared, lists))


def test_what_is_imported_is_declared() -> None:
    modules = [path for folder in OURS for path in (ROOT / folder).rglob("*.py")]
    assert {path: packages for path in modules if (packages := undeclared(path))} == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_all_that_is_declared_by_version_and_hash(lock: str) -> None:
    assert PINNED.sub("", (REQUIREMENTS / f"{lock}.txt").read_text()) == ""
    assert declared(lock) <= versions(lock).keys()


def test_all_locks_give_a_package_the_same_version() -> None:
    found = defaultdict(set)
    for lock in LOCKS:
        for package, version in versions(lock).items():
            found[package].add(version)
    assert {package: each for package, each in found.items() if len(each) > 1} == {}


def test_every_command_installs_a_lock_without_a_resolver() -> None:
    lines = [
        line
        for pattern in TEXTS
        for path in ROOT.glob(pattern)
        for line in path.read_text().splitlines()
        if "--require-hashes" in line
    ]
    assert len(lines) >= 4
    assert [line for line in lines if "--no-deps" not in line] == []


def wheel(folder: Path, name: str, version: str, *more: str) -> str:
    """Write a wheel of nothing but its metadata; return its line of a lock."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *more, ""]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{info}/METADATA", "\n".join(metadata))
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="this environment was made without pip")
def test_a_newer_version_in_the_index_changes_nothing(tmp_path: Path) -> None:
    # Without --no-deps, pip 22.3 and 23.2.1 take inner 2.0 for the requirement with an extra, and then miss its hash.
    lock = tmp_path / "lock.txt"
    outer = wheel(tmp_path, "outer", "1.0", "Requires-Dist: inner[extra] (>=1.0)")
    lock.write_text(outer + wheel(tmp_path, "inner", "1.0", "Provides-Extra: extra"))
    wheel(tmp_path, "inner", "2.0", "Provides-Extra: extra")
    options = regex.search(r"(?m)^INSTALL := \$\(RUN\) pip install --quiet (.+) -r$", (ROOT / "Makefile").read_text())
    assert options is not None
    command = [sys.executable, "-m", "pip", "install", *options[1].split(), "-r", str(lock)]
    command += ["--dry-run", "--ignore-installed", "--no-index", "--find-links", str(tmp_path)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment["PIP_CONFIG_FILE"] = os.devnull
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "Would install inner-1.0 outer-1.0"


def test_every_action_of_a_workflow_is_pinned_by_commit() -> None:
    used = [line for path in (ROOT / ".github").rglob("*.yml") for line in regex.findall("uses: .*", path.read_text())]
    assert used
    assert [line for line in used if not regex.fullmatch(r"uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_one_module_of_the_scripts_imports_the_reader() -> None:
    importing = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "scripts").rglob("*.py")
        if regex.search(r"^\s*(?:from|import) parsers\b", path.read_text(), regex.MULTILINE)
    }
    assert importing == {"scripts/__init__.py", "scripts/reader.py"}
