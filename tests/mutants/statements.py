"""Mutants of the engine: one statement or expression of a function changed at a time.

A mutant is put in place by exchanging the code of the function that exists, so nothing is imported anew.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from inspect import getsource, unwrap
from types import CodeType, FunctionType, ModuleType
from typing import NamedTuple

MODULES = tuple(
    f"parsers.engine.{name}"
    for name in (
        "boundaries",
        "detection",
        "drafts",
        "events",
        "evidence",
        "lines",
        "scanning",
        "shapes",
        "templates",
        "text",
    )
)
_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_SUMS: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}


class Statement(NamedTuple):
    """A changed function of a module, and the change in words."""

    module: str
    function: str
    change: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module.removeprefix('parsers.engine.')}.{self.function}, {self.change}"


def statements(name: str) -> Iterator[Statement]:
    """Yield the mutants of the functions of a module."""
    module = import_module(name)
    tree = ast.parse(getsource(module))
    before = _codes(compile(tree, module.__file__ or name, "exec"))
    for place in range(sum(1 for _ in _points(tree))):
        changed = copy.deepcopy(tree)
        change = list(_points(changed))[place]()
        ast.fix_missing_locations(changed)
        after = _codes(compile(changed, module.__file__ or name, "exec"))
        for function, code in after.items():
            if function in before and _differs(code, before[function]) and _function(module, function) is not None:
                yield Statement(name, function, change, code)
                break


@contextmanager
def in_place(mutant: Statement) -> Iterator[None]:
    """Let the function of a mutant be changed as long as this lasts."""
    module = import_module(mutant.module)
    function = _function(module, mutant.function)
    assert function is not None, "it was there when the mutant was made"
    before = function.__code__
    function.__code__ = mutant.code
    _forget()
    try:
        yield
    finally:
        function.__code__ = before
        _forget()


def _forget() -> None:
    """Let no function of the engine remember what it has worked out."""
    for name in MODULES:
        for value in vars(import_module(name)).values():
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()


def _codes(code: CodeType) -> dict[str, CodeType]:
    """Return the code of each function and method of a module by its name; none of functions in functions."""
    found: dict[str, CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType) and not constant.co_name.startswith("<"):
            # A class's body is code too; its functions are what is asked for.
            inner = _codes(constant) if not constant.co_flags & 0x2 else {}
            found |= inner or {constant.co_qualname: constant}
    return found


def _differs(code: CodeType, other: CodeType) -> bool:
    same = code.co_code == other.co_code and code.co_names == other.co_names
    constants = zip(code.co_consts, other.co_consts, strict=False)
    return (
        not same
        or len(code.co_consts) != len(other.co_consts)
        or any(
            _differs(mine, theirs)
            if isinstance(mine, CodeType) and isinstance(theirs, CodeType)
            else (type(mine), mine) != (type(theirs), theirs)
            for mine, theirs in constants
        )
    )


def _function(module: ModuleType, name: str) -> FunctionType | None:
    """Return a function of a module, out of what wraps it, if its code can be exchanged."""
    found: object = module
    for part in name.split("."):
        found = vars(found).get(part)
        found = found.fget if isinstance(found, property) else found
        found = found.__func__ if isinstance(found, staticmethod) else found
    found = unwrap(found) if callable(found) else found
    return found if isinstance(found, FunctionType) and not found.__code__.co_freevars else None


def _points(tree: ast.Module) -> Iterator[Callable[[], str]]:
    """Yield what changes a tree at one place, and says how; always in the same order."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for parent in ast.walk(function):
                yield from _changes(parent)


def _changes(node: ast.AST) -> Iterator[Callable[[], str]]:
    if isinstance(node, ast.Compare):
        yield from (_comparison(node, place) for place in range(len(node.ops)))
    elif isinstance(node, ast.BoolOp):
        yield lambda: _said(node, "and <-> or", lambda: setattr(node, "op", _other(node.op)))
    elif isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        yield lambda: _said(node, "+ <-> -", lambda: setattr(node, "op", _SUMS[type(node.op)]()))
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield lambda: _said(node, "condition turned round", lambda: setattr(node, "test", _not(node.test)))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield lambda: _said(node, "True <-> False", lambda: setattr(node, "value", not node.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield lambda: _said(node, "a number one more", lambda: setattr(node, "value", int(str(node.value)) + 1))
    for body in (getattr(node, field, None) for field in ("body", "orelse", "finalbody")):
        if isinstance(body, list):
            yield from (_without(body, place) for place, part in enumerate(body) if _can_go(part))


def _said(node: ast.AST, change: str, make: Callable[[], None]) -> str:
    make()
    return f"line {getattr(node, 'lineno', 0)}: {change}"


def _comparison(node: ast.Compare, place: int) -> Callable[[], str]:
    def change() -> str:
        before = node.ops[place]
        node.ops[place] = _COMPARISONS[type(before)]()
        return f"line {node.lineno}: {type(before).__name__} -> {type(node.ops[place]).__name__}"

    return change


def _other(operator: ast.boolop) -> ast.boolop:
    return ast.Or() if isinstance(operator, ast.And) else ast.And()


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _can_go(part: ast.stmt) -> bool:
    if isinstance(part, ast.Expr):
        return not isinstance(part.value, ast.Constant)  # a docstring
    return isinstance(part, ast.AugAssign | ast.Continue | ast.Break)


def _without(body: list[ast.stmt], place: int) -> Callable[[], str]:
    def change() -> str:
        line = body[place].lineno
        body[place] = ast.copy_location(ast.Pass(), body[place])
        return f"line {line}: left out"

    return change
