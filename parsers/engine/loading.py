"""The dialects that are known: the files of `parsers/dialects` with a `DIALECT`, and what packages and people add."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from .. import dialects
from .checks import check, check_examples, check_further
from .packages import entries
from .shapes import Dialect, guard
from .templates import DialectFault

# By the path of its file.
_added: dict[Path, Dialect] = {}


def known() -> tuple[Dialect, ...]:
    """Return the dialects that logs are read with: the project's own, those of packages, and those that were added.

    Raises
    ------
    DialectFault
        If a file cannot be loaded, or its dialect breaks a rule.
    """
    return (*_own(), *_of_packages().values(), *_added.values())


def add(files: Iterable[Path]) -> None:
    """Let logs be read with the dialects in these files too; their patterns run under a time limit.

    Raises
    ------
    DialectFault
        If a file is missing, cannot be loaded, has no `DIALECT`, or its dialect breaks a rule.
    """
    for file in files:
        if file.resolve() in _added:
            continue
        dialect = _dialect(_load(file), str(file))
        if dialect is None:
            raise DialectFault(f"{file}: there is no DIALECT in it; `DIALECT = Dialect(...)` makes one")
        check_examples(dialect, str(file))
        _refuse_twice(dialect, known(), str(file))
        guard(dialect)
        _added[file.resolve()] = dialect


def added() -> tuple[Path, ...]:
    """Return the files of the dialects that were added."""
    return tuple(_added)


def foreign() -> tuple[Path, ...]:
    """Return the files of all dialects that are not the project's own."""
    return (*_of_packages(), *_added)


@cache
def _of_packages() -> dict[Path, Dialect]:
    """Return the dialects that installed packages bring, by their files."""
    found: dict[Path, Dialect] = {}
    for package, name in entries():
        shown = f"the package {package}, module {name}"
        module = _imported(name, shown)
        dialect = _dialect(module, shown)
        if dialect is None or module.__file__ is None:
            raise DialectFault(f"{shown}: there is no DIALECT in it; uninstall the package or correct it")
        check_examples(dialect, shown)
        _refuse_twice(dialect, (*_own(), *found.values()), shown)
        guard(dialect)
        found[Path(module.__file__)] = dialect
    return found


@cache
def _own() -> tuple[Dialect, ...]:
    by_system: dict[str, Dialect] = {}
    for name in _names():
        shown = f"parsers/dialects/{name}.py"
        dialect = _dialect(_imported(f"{dialects.__name__}.{name}", shown), shown)
        if dialect is not None:
            first = by_system.get(dialect.system)
            by_system[dialect.system] = _joined(first, dialect, shown) if first else dialect
    return tuple(by_system.values())


def _names() -> list[str]:
    """Return the names of the modules in the folder of dialects. The library's own list takes 10 ms to import."""
    stems = (path.stem for folder in dialects.__path__ for path in Path(folder).glob("*.py"))
    return sorted(stem for stem in stems if stem.isidentifier() and stem != "__init__")


def _joined(first: Dialect, further: Dialect, shown: str) -> Dialect:
    """Return the dialect of a system with several files: what its first file says, and the lines of another."""
    check_further(further, shown)
    return first._replace(
        signs=(*first.signs, *further.signs),
        shapes=(*first.shapes, *further.shapes),
        noise=(*first.noise, *further.noise),
    )


def _imported(name: str, shown: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except Exception as error:
        raise _not_loaded(shown, error) from error


def _load(file: Path) -> ModuleType:
    spec = spec_from_file_location(f"dialect_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise DialectFault(f"{file}: a dialect is a file of Python, NAME.py")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _not_loaded(str(file), error) from error
    return module


def _not_loaded(shown: str, error: Exception) -> DialectFault:
    """Return what is wrong with a file that cannot be loaded, with its line where that is known."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(Path(shown).name):
            line = trace.tb_lineno
        trace = trace.tb_next
    where = f"{shown}, line {line}" if line else shown
    reason = str(error) if isinstance(error, DialectFault) else f"{type(error).__name__}: {error}"
    return DialectFault(f"{where}: {reason}")


def _dialect(module: ModuleType, shown: str) -> Dialect | None:
    """Return the checked dialect of a module, or None where it has none."""
    dialect = getattr(module, "DIALECT", None)
    if dialect is None:
        return None
    check(dialect, shown)
    assert isinstance(dialect, Dialect), "it has been checked"
    return dialect


def _refuse_twice(added: Dialect, others: Iterable[Dialect], shown: str) -> None:
    if added.system in {dialect.system for dialect in others}:
        raise DialectFault(f"{shown}: there is a dialect of the system {added.system!r} already; a system has one")
