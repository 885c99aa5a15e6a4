"""`make fuzz`: the byte reader and each dialect under a coverage-guided fuzzer (atheris), for as long as it is let.

Inputs grow out of the cases of the tests. Their folder is kept, so that a later run goes on from there. What breaks a
rule is written to that folder and named; then the exit status is 1.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

CASES = Path(__file__).parents[1] / "parsers" / "cases"
_EXECUTED = re.compile(r"number_of_executed_units: +(\d+)")
_COVERED = re.compile(r"cov: (\d+)")
_FOUND = re.compile(r"Test unit written to (\S+)")
_SAID = re.compile(r"=== Uncaught Python exception: ===\n(.*)")


def main() -> int:
    """Fuzz one target after another, each in a process of its own; return the exit status."""
    options = _parser().parse_args()
    if options.only:
        _fuzz(options.only, options.seconds, options.folder)
        return 0
    from tests.fuzz.targets import TARGETS

    print(f"{'target':12} {'executions':>11} {'coverage':>9}  findings", flush=True)
    findings = [_report(name, options.seconds, options.folder) for name in options.targets or TARGETS]
    return 1 if any(findings) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="bytes, or a system; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target is fuzzed (default 60)")
    parser.add_argument("--folder", type=Path, default=Path(".fuzz"), help="where inputs are kept (default .fuzz)")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    return parser


def _report(name: str, seconds: int, folder: Path) -> bool:
    """Fuzz a target and print a line on it; return whether anything was found."""
    command = [sys.executable, "-m", "tests.fuzz", "--only", name, "--seconds", str(seconds), "--folder", str(folder)]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    executed, covered, found = _EXECUTED.search(done.stdout), _COVERED.findall(done.stdout), _FOUND.search(done.stdout)
    said = _SAID.search(done.stdout)
    what = f"{said[1] if said else 'a stop'}: {found[1]}" if found else "none" if executed else done.stdout[-300:]
    print(f"{name:12} {executed[1] if executed else '?':>11} {covered[-1] if covered else '?':>9}  {what}", flush=True)
    return what != "none"


def _fuzz(name: str, seconds: int, folder: Path) -> None:
    import atheris

    with atheris.instrument_imports(include=["parsers"]):
        from tests.fuzz.targets import TARGETS, words
    kept = folder / name
    kept.mkdir(parents=True, exist_ok=True)
    for case in CASES.glob("*.log"):
        (kept / case.stem).write_bytes(case.read_bytes())
    spelt = ("".join(f"\\x{byte:02x}" for byte in word) for word in words(name))
    dictionary = folder / f"{name}.dict"
    dictionary.write_text("".join(f'"{word}"\n' for word in spelt))
    arguments = ["fuzz", f"-max_total_time={seconds}", "-max_len=4096", "-print_final_stats=1", "-timeout=20",
                 f"-dict={dictionary}", f"-artifact_prefix={folder}/{name}-", str(kept)]  # fmt: skip
    atheris.Setup(arguments, TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
