"""Mutants of the engine: one statement or expression of a function changed at a time.

A mutant is put in place by exchanging the code of the function that exists, so nothing is imported anew.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from inspect import getsource, unwrap
from pkgutil import iter_modules
from types import CodeType, FunctionType, ModuleType
from typing import NamedTuple

from parsers import engine

# These two do their work before a mutant can be put in place; tests of them start programs.
_EARLY = ("checks", "loading")
MODULES = tuple(
    f"{engine.__name__}.{found.name}" for found in iter_modules(engine.__path__) if found.name not in _EARLY
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
    """A changed function of a module, and its line before and after the change.

    Where a change is made to several equal lines of a function, `line` tells them apart by a number.
    """

    module: str
    function: str
    line: str
    changed: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.name}: {self.line} -> {self.changed}"

    @property
    def name(self) -> str:
        """The name of the function, with its module's."""
        return f"{self.module.removeprefix('parsers.engine.')}.{self.function}"

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells the mutant from all others, also after the lines of the module have moved."""
        return self.name, self.line, self.changed


def statements(name: str) -> Iterator[Statement]:
    """Yield the mutants of the functions of a module."""
    module = import_module(name)
    seen: Counter[tuple[str, str, str]] = Counter()
    for part in ast.parse(getsource(module)).body:
        for mutant in _mutants(module, part) if isinstance(part, ast.FunctionDef | ast.ClassDef) else ():
            seen[mutant.key] += 1
            count = seen[mutant.key]
            yield mutant if count == 1 else mutant._replace(line=f"{mutant.line} ({count})")


def _mutants(module: ModuleType, part: ast.stmt) -> Iterator[Statement]:
    """Yield the mutants of a function or of the methods of a class."""
    before, lines = _codes(_compiled(part)), ast.unparse(part).split("\n")
    for place in range(sum(1 for _ in _points(part))):
        changed = copy.deepcopy(part)
        list(_points(changed))[place]()
        after = _codes(_compiled(changed))
        names = [name for name in after if name in before and _differs(after[name], before[name])]
        if names and _function(module, names[0]) is not None:
            ((line, other),) = _differing(lines, ast.unparse(changed).split("\n"))
            yield Statement(module.__name__, names[0], line.strip(), other.strip(), after[names[0]])


def _compiled(part: ast.stmt) -> CodeType:
    body = ast.parse("from __future__ import annotations").body
    return compile(ast.fix_missing_locations(ast.Module([*body, part], [])), "mutant", "exec")


def _differing(lines: list[str], others: list[str]) -> Iterator[tuple[str, str]]:
    return ((line, other) for line, other in zip(lines, others, strict=True) if line != other)


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


def _points(part: ast.stmt) -> Iterator[Callable[[], None]]:
    """Yield what changes a tree at one place; always in the same order."""
    for function in ast.walk(part):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                yield from _changes(node)


def _changes(node: ast.AST) -> Iterator[Callable[[], None]]:
    if isinstance(node, ast.Compare):
        yield from (partial(_compare_otherwise, node, place) for place in range(len(node.ops)))
    elif isinstance(node, ast.BoolOp):
        yield partial(setattr, node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.BinOp) and type(node.op) in _SUMS:
        yield partial(setattr, node, "op", _SUMS[type(node.op)]())
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        yield partial(setattr, node, "test", ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield partial(setattr, node, "value", not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield partial(setattr, node, "value", node.value + 1)
    for body in (getattr(node, field, None) for field in ("body", "orelse", "finalbody")):
        if isinstance(body, list):
            yield from (partial(_leave_out, body, place) for place, part in enumerate(body) if _can_go(part))


def _compare_otherwise(node: ast.Compare, place: int) -> None:
    node.ops[place] = _COMPARISONS[type(node.ops[place])]()


def _leave_out(body: list[ast.stmt], place: int) -> None:
    body[place] = ast.Pass()


def _can_go(part: ast.stmt) -> bool:
    if isinstance(part, ast.Expr):
        return not isinstance(part.value, ast.Constant)  # a docstring
    return isinstance(part, ast.AugAssign | ast.Continue | ast.Break)
