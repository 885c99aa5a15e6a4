"""What programs put before each line: as a function of the line's number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from .texts import Transformation, by_line

_BEGAN = datetime(2024, 4, 8, 7, 10, 27, 817853, tzinfo=UTC)


def _stamp(form: str) -> Callable[[int], str]:
    """Return a prefix with the moment of each line, a quarter of a second apart; `#` stands for nine digits."""

    def prefix(number: int) -> str:
        moment = _BEGAN + timedelta(seconds=number / 4)
        return moment.strftime(form).replace("#", f"{moment.microsecond:06}012")

    return prefix


def _same(text: str) -> Callable[[int], str]:
    return lambda number: text


def _counted(form: str) -> Callable[[int], str]:
    return lambda number: form.format(number)


def _both(*parts: Callable[[int], str]) -> Callable[[int], str]:
    return lambda number: "".join(part(number) for part in parts)


DOCKER = _stamp("%Y-%m-%dT%H:%M:%S.#Z ")
JOURNAL = _stamp("%b %d %H:%M:%S node01 bash[12345]: ")
COMPOSE, RANK, QUOTE = _same("worker-0  | "), _same("0: "), _same("> ")

PREFIXES: dict[str, Callable[[int], str]] = {
    "srun -l": RANK,
    "srun -l, rank of two digits": _same("12: "),
    "srun -l, rank padded": _same(" 3: "),
    "mpirun": _same("[1,0]<stdout>:"),
    "mpirun, of stderr": _same("[1,3]<stderr>:"),
    "mpiexec -l": _same("[0] "),
    "torchrun": _same("[rank0]: "),
    "torchrun tee": _same("[default0]:"),
    "pdsh": _same("node01: "),
    "docker": DOCKER,
    "GitHub Actions": _stamp("%Y-%m-%dT%H:%M:%S.%f0Z "),
    "stamp with a zone": _stamp("%Y-%m-%dT%H:%M:%S+00:00 "),
    "stamp with a zone and a fraction": _stamp("%Y-%m-%dT%H:%M:%S.%f+02:00 "),
    "CRI": _stamp("%Y-%m-%dT%H:%M:%S.#Z stdout F "),
    "CRI, of stderr": _stamp("%Y-%m-%dT%H:%M:%S.#+00:00 stderr F "),
    "kubectl --prefix": _same("[pod/bert-0/train] "),
    "journald": JOURNAL,
    "journald, a one-digit day": _stamp("%b  8 %H:%M:%S node01 run.sh[9]: "),
    "journald, python": _stamp("%b %d %H:%M:%S gc-poplar-02 python3.8[77]: "),
    "journald, precise": _stamp("%b %d %H:%M:%S.%f node01 bash[12345]: "),
    "journald, iso": _stamp("%Y-%m-%dT%H:%M:%S+0000 node01 bash[12345]: "),
    "syslog without a process number": _stamp("%b %d %H:%M:%S node01 slurm: "),
    "compose": COMPOSE,
    "compose of old": _same("trainer_1    | "),
    "ts": _stamp("%b %d %H:%M:%S "),
    "ts -s": _stamp("%H:%M:%S "),
    "ts of seconds": _stamp("17%S%M%H12.%f "),
    "ts iso": _stamp("%Y-%m-%d %H:%M:%S "),
    "ts iso with a fraction": _stamp("%Y-%m-%d %H:%M:%.S ".replace("%.S", "%S.%f")),
    "stamp in brackets": _stamp("[%Y-%m-%d %H:%M:%S] "),
    "Jenkins": _stamp("[%Y-%m-%dT%H:%M:%S.817Z] "),
    "time in brackets": _stamp("[%H:%M:%S] "),
    "grep -H": _same("logs/run_1.log:"),
    "grep -H, no folder": _same("mytest.txt:"),
    "grep -n": _counted("{}:"),
    "grep -Hn": _counted("logs/run.out:{}:"),
    "cat -n": _counted("{:6}\t"),
    "nl": _counted("{:06}\t"),
    "less -N": _counted("{:7} "),
    "awk": _counted("{}: "),
    "quote": QUOTE,
    "quote of a quote": _same("> > "),
    "quote without a blank": _same(">"),
    "quote of a pipe": _same("| "),
    "set -x": _same("+ "),
    "set -x, deep": _same("++ "),
    "comment": _same("# "),
    "comment of C": _same("// "),
    "two blanks": _same("  "),
    "eight blanks": _same("        "),
    "tab": _same("\t"),
    "Ray": _same("(train pid=4242) "),
    "Ray, with an address": _same("(RayTrainWorker pid=4242, ip=192.0.2.7) "),
    "docker and srun": _both(DOCKER, RANK),
    "journald and srun": _both(JOURNAL, RANK),
    "compose and a stamp": _both(COMPOSE, DOCKER),
    "grep -Hn and docker": _both(_counted("logs/run.log:{}:"), DOCKER),
    "grep -n and ts": _both(_counted("{}:"), _stamp("%b %d %H:%M:%S ")),
    "cat -n and a quote": _both(_counted("{:6}\t"), QUOTE),
    "quote and journald": _both(QUOTE, JOURNAL),
    "srun and set -x": _both(RANK, _same("+ ")),
    "quote, CRI": _both(QUOTE, _stamp("%Y-%m-%dT%H:%M:%S.#Z stdout F ")),
}

# The reader knows no pattern of these: they show only by what neighbouring lines share.
UNKNOWN = "prefix of no known kind"
OF_NO_KNOWN_KIND: dict[str, Callable[[int], str]] = {
    "a runner's stream": _stamp("%Y-%m-%dT%H:%M:%S.%fZ 01O "),
    "a runner's downloaded log": _stamp("train\tRun it\t%Y-%m-%dT%H:%M:%S.%f1Z "),
    "a logger of Kubernetes": _stamp("I%m%d %H:%M:%S.%f   12345 main.go:12] "),
    "a logger": _same("INFO:root:"),
    "a node and its process": _same("[node01:12345] "),
    "a node and a rank": _same("x3001c0s1b0n0 0: "),
}


def _transformation(name: str, prefix: Callable[[int], str], group: str = "prefix") -> Transformation:
    return Transformation(group, name, by_line(lambda number, line: (prefix(number).encode() + line,)))


ALL = (
    *(_transformation(name, prefix) for name, prefix in PREFIXES.items()),
    *(_transformation(name, prefix, UNKNOWN) for name, prefix in OF_NO_KNOWN_KIND.items()),
)
