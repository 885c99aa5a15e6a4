"""`python -m tests.mutants`: change one rule at a time, and name each change that no test notices.

Rules of dialects are held against the cases, those of their own system first. With --engine, statements of the engine
are changed too: held against all cases, then against the tests of the parsers. A change that nothing notices asks for a
case, or the rule can go.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from collections.abc import Sequence

from tqdm import tqdm

from parsers.engine.loading import known
from tests.mutants.rules import Mutant, mutants, notices
from tests.mutants.statements import MODULES, Statement, statements
from tests.mutants.watch import changed_case

ENOUGH = 0.9
TESTS = tuple(f"tests/parsers/{name}" for name in ("engine", "dialects", "test_coverage.py", "test_hostile.py"))


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if enough changes were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N of each kind, always the same")
    parser.add_argument("--system", default="", help="only those of one system's dialect")
    parser.add_argument("--engine", action="store_true", help="statements of the engine instead of rules of dialects")
    options = parser.parse_args(arguments)
    made: Sequence[Mutant | Statement]
    if options.engine:
        made = [mutant for name in MODULES for mutant in statements(name)]
    else:
        made = [mutant for dialect in known() for mutant in mutants(dialect) if options.system in ("", dialect.system)]
    if options.sample:
        made = random.Random(0).sample(made, min(options.sample, len(made)))
    unnoticed = [mutant for mutant in tqdm(made, disable=None, leave=False) if not _is_noticed(mutant)]
    print("\n".join(map(str, unnoticed)))
    noticed = 1 - len(unnoticed) / len(made)
    print(f"{len(made)} changes, {len(made) - len(unnoticed)} noticed ({noticed:.1%})")
    return noticed < ENOUGH


def _is_noticed(mutant: Mutant | Statement) -> bool:
    if isinstance(mutant, Mutant):
        return bool(notices(mutant, known()))
    return bool(changed_case(mutant)) or _tests_fail(mutant)


def _tests_fail(mutant: Statement) -> bool:
    """Return whether the tests of the parsers notice a mutant, which they are run with."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "tests.mutants.watch", *TESTS]
    environment = {**os.environ, "MUTANT": f"{mutant.module}|{mutant}"}
    try:
        done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=120)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
