"""Logs of AI accelerators read into tables, in which every number has the line of its log.

The names of `__all__` are for everybody; all else may change without notice. They are loaded when they are used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from parsers import __version__
from parsers.extras import missing

if TYPE_CHECKING:
    from .comparing import compare
    from .proofreading import proofread
    from .table import Table, read

__all__ = ("Table", "__version__", "compare", "proofread", "read")

_MODULES = {"Table": "table", "compare": "comparing", "proofread": "proofreading", "read": "table"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"testbed_report has no {name!r}; it has {', '.join(__all__)}")
    try:
        return getattr(import_module(f".{_MODULES[name]}", __name__), name)
    except ModuleNotFoundError as error:
        extra = "report" if name == "proofread" else "pandas"
        raise ModuleNotFoundError(f"testbed_report.{name}: {missing(error, extra)}", name=error.name) from None


def __dir__() -> list[str]:
    return sorted(__all__)
