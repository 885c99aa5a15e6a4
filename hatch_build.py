"""How the wheel is laid out: three folders of the checkout and the assets of its site become one package.

`parsers` becomes `testbed_report.reader`, and `scripts` becomes `testbed_report.site`. Modules of one folder import one
another by relative imports. Where a module names another folder, the name is replaced while the wheel is built.
"""

from __future__ import annotations

import ast
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "testbed_report"
# What a folder of the checkout is called in the package.
FOLDERS = {"testbed_report": "", "parsers": "reader", "scripts": "site"}
# What the site of other logs takes from the checkout's own, at the same place.
FILES = ("mkdocs.yml", "docs/assets/*.css", "docs/assets/*.js", "docs/assets/favicon.svg", "LICENSE")
# What only the checkout can do: measure itself and take pictures of its pages.
LEFT_OUT = ("scripts/measure/*", "scripts/screenshots.py")
SHELL = {
    "scripts.run": "testbed_report.site.run",
    "/scripts/run": "/testbed_report/site/run",
    "$(_root)/raw_logs": "$PWD/raw_logs",
    '$(dirname "$_here")': '$(dirname "$(dirname "$_here")")',
}
_IMPORT = re.compile(r"((?:^[ \t]*|; )(?:from|import) )(parsers|scripts)\b", re.MULTILINE)
_MODULE = re.compile(r"(?<=[\"'])(parsers|scripts)(?=\.[\w.]+[\"'])")


def renamed(text: str) -> str:
    """Return the text of a module with the names that the folders have in the package."""
    return _MODULE.sub(_name, _IMPORT.sub(lambda match: match[1] + _name(match, 2), text))


def moved_tests(root: Path, target: Path) -> None:
    """Write the tests into a folder, with the names that the modules have in the package."""
    for path in sorted((root / "tests").rglob("*")):
        place = target / path.relative_to(root)
        if path.is_file() and "__pycache__" not in path.parts:
            place.parent.mkdir(parents=True, exist_ok=True)
            data = path.read_bytes()
            place.write_bytes(renamed(data.decode()).encode() if path.suffix == ".py" else data)


def _name(match: re.Match[str], group: int = 1) -> str:
    return f"{PACKAGE}.{FOLDERS[match[group]]}"


def laid_out(root: Path, target: Path) -> None:
    """Write the package into a folder."""
    for path, place in _files(root):
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".sh":
            (target / place).write_text(_moved(path.read_text(encoding="utf-8")), encoding="utf-8")
            shutil.copymode(path, target / place)
        elif path.suffix == ".py":
            (target / place).write_text(_checked(renamed(path.read_text(encoding="utf-8")), path), encoding="utf-8")
        else:
            shutil.copy(path, target / place)


def _moved(text: str) -> str:
    """Return the text of a script, which looks for its programs in the package, and writes where it is called."""
    for old, new in SHELL.items():
        text = text.replace(old, new)
    return text


def _checked(text: str, path: Path) -> str:
    """Return the text of a module, if it imports no folder of the checkout."""
    for node in ast.walk(ast.parse(text)):
        named = [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if any(name.partition(".")[0] in ("parsers", "scripts") for name in named):
            raise ValueError(f"{path}: imports {named[0]}, which the package does not have under this name")
    return text


def _files(root: Path) -> Iterator[tuple[Path, Path]]:
    """Yield each file of the package in the checkout, and its place in the package."""
    for pattern in FILES:
        yield from ((path, path.relative_to(root)) for path in sorted(root.glob(pattern)))
    for folder, name in FOLDERS.items():
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and "__pycache__" not in path.parts and not any(map(inside.match, LEFT_OUT)):
                yield path, Path(name, path.relative_to(root / folder))


class Layout(BuildHookInterface[Any]):
    """Gives hatchling the package as it is laid out."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Lay the package out before a wheel is built."""
        if self.target_name == "wheel":
            self._folder = tempfile.mkdtemp()
            laid_out(Path(self.root), Path(self._folder))
            build_data["force_include"][self._folder] = PACKAGE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was laid out."""
        if self.target_name == "wheel":
            shutil.rmtree(self._folder)
