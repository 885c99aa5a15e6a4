"""`python -m tests.mutants`: change one rule at a time, and name each change that no test notices.

Rules of dialects are held against the cases, those of their own system first. With --engine, statements of the engine
are changed instead: held against all cases, then against the tests of the parsers. A change that nothing notices asks
for a case or a test, or the code can go. `equivalent.toml` lists the changes of the engine that change no answer.
"""

from __future__ import annotations

import argparse
import random
import sys
from typing import TypeVar

from tqdm import tqdm

from parsers.engine.loading import known
from tests.mutants.equivalent import reasons
from tests.mutants.rules import mutants, notices
from tests.mutants.statements import MODULES, statements
from tests.mutants.trials import unnoticed

ENOUGH = 0.9
_Made = TypeVar("_Made")


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if enough changes were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N of each kind")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which sample (default: always the same)")
    parser.add_argument("--system", default="", help="only those of one system's dialect")
    parser.add_argument("--engine", action="store_true", help="statements of the engine instead of rules of dialects")
    parser.add_argument("--module", default="", help="only statements of one module of the engine")
    options = parser.parse_args(arguments)
    sample = random.Random(options.seed), options.sample
    return _engine(options.module, *sample) if options.engine else _rules(options.system, *sample)


def _rules(system: str, chance: random.Random, size: int) -> int:
    made = [mutant for dialect in known() for mutant in mutants(dialect) if system in ("", dialect.system)]
    made = _sample(made, chance, size)
    left = [mutant for mutant in tqdm(made, disable=None, leave=False) if not notices(mutant, known())]
    print(*left, sep="\n")
    return _report(len(made), len(left))


def _engine(module: str, chance: random.Random, size: int) -> int:
    equivalent = reasons()
    names = [name for name in MODULES if module in ("", name.rpartition(".")[2])]
    made = _sample([mutant for name in names for mutant in statements(name)], chance, size)
    tried = [mutant for mutant in made if mutant.key not in equivalent]
    print(f"{len(made)} changes, of which {len(made) - len(tried)} change no answer")
    return _report(len(tried), len(unnoticed(tried)))


def _sample(made: list[_Made], chance: random.Random, size: int) -> list[_Made]:
    return chance.sample(made, min(size, len(made))) if size else made


def _report(made: int, left: int) -> int:
    print(f"{made} changes, {made - left} noticed ({1 - left / made:.1%})")
    return left > made * (1 - ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
