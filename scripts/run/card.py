"""What the programs of the reference on a card share: which device computes, what its driver reports, their lines."""

from __future__ import annotations

import select
import subprocess
from statistics import median
from types import TracebackType
from typing import Any, NamedTuple, Sequence

from . import machine
from .machine import Problem, processor

MARK = "testbed-nvidia:"
CARD, PROCESSOR = "cuda", "cpu"
# What is asked of the driver: once, and again and again while a program is timed.
_ONCE = ("memory.total", "driver_version", "power.limit")
_READ = ("memory.used", "power.draw", "clocks.sm")
_INTERVAL = 100  # milliseconds between two readings
_PATIENCE = 5  # seconds until the first one


class Device(NamedTuple):
    """What computes: its kind as PyTorch calls it, its name, its memory in GiB, the driver's id of it."""

    kind: str
    name: str
    memory: float = 0
    uuid: str = ""

    @property
    def is_card(self) -> bool:
        """Whether it is a card, and not the processor."""
        return self.kind == CARD


def say(line: str) -> None:
    """Print a line that the parser of these programs' logs reads."""
    machine.say(line, MARK)


def device(torch: Any, on_processor: bool) -> Device:
    """Return the first card, or one thread of the processor if that is asked for.

    Raises
    ------
    Problem
        If PyTorch finds no NVIDIA card: nothing else may stand in for it without being asked.
    """
    if on_processor:
        torch.set_num_threads(1)
        return Device(PROCESSOR, processor())
    if not torch.cuda.is_available() or not torch.version.cuda:
        raise Problem("PyTorch finds no NVIDIA card; --cpu runs the same programs small, on the processor")
    properties = torch.cuda.get_device_properties(0)
    uuid = getattr(properties, "uuid", "")
    return Device(CARD, properties.name, properties.total_memory / 2**30, f"GPU-{uuid}" if uuid else "")


def introduce(torch: Any, of: Device, workload: str, stage: str, packages: Sequence[Any]) -> None:
    """Print the opening lines: what is run, what computes, with which software."""
    say(f"workload {workload}, stage {stage}")
    say(f"hardware {of.kind}, {of.name}")
    versions = ", ".join(f"{package.__name__} {package.__version__}" for package in packages)
    say(f"software torch {torch.__version__}, {versions}, CUDA {torch.version.cuda if of.is_card else 'none'}")
    if of.is_card:
        say(_described(of))


def _described(of: Device) -> str:
    """Return the line about the card: what its driver says of it."""
    memory, driver, limit = _asked(of, _ONCE) or ("unknown", "unknown", "unknown")
    return f"cards 1, memory {memory} MiB, driver {driver}, power limit {limit} W"


def _asked(of: Device, names: Sequence[str]) -> list[str]:
    """Return what the driver answers once; nothing where its program is missing or fails."""
    try:
        done = subprocess.run(_command(of, names), stdout=subprocess.PIPE, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    lines = done.stdout.decode(errors="replace").splitlines()
    return [word.strip() for word in lines[0].split(",")] if lines else []


def _command(of: Device, names: Sequence[str]) -> list[str]:
    form = ["--format=csv,noheader,nounits", f"--query-gpu={','.join(names)}"]
    return ["nvidia-smi", f"--id={of.uuid or 0}", *form]


class Readings:
    """What the card's driver reports while the block of a `with` runs; on a processor nothing is asked."""

    def __init__(self, of: Device) -> None:
        self._device = of
        self._process: subprocess.Popen[bytes] | None = None
        self._text = ""

    def __enter__(self) -> Readings:
        if self._device.is_card:
            command = [*_command(self._device, _READ), f"--loop-ms={_INTERVAL}"]
            try:
                self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            except OSError:
                return self
            if self._process.stdout:  # the timed part may be short: it begins when the driver's program answers
                select.select([self._process.stdout], [], [], _PATIENCE)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._text = self._process.communicate()[0].decode(errors="replace")

    def tell(self) -> None:
        """Print the readings in one line; on a card whose driver gave none, say that."""
        if self._device.is_card:
            say(readings(self._text) or "the driver gave no reading: nvidia-smi is missing, or it failed")


def readings(text: str) -> str:
    """Return the line that sums up the driver's readings; an empty text where there is none.

    >>> readings("35010, 640.50, 1755\\n36010, 690.25, 1725\\n36010, 660.00, 1740\\n")
    'driver readings 3, peak memory 36010 MiB, power 660.00 W, peak power 690.25 W, clock 1740 MHz'
    """
    rows = [row for line in text.splitlines() if (row := _numbers(line))]
    if not rows:
        return ""
    memory, power, clock = zip(*rows)
    return (
        f"driver readings {len(rows)}, peak memory {max(memory):.0f} MiB, power {median(power):.2f} W, "
        f"peak power {max(power):.2f} W, clock {median(clock):.0f} MHz"
    )


def _numbers(line: str) -> list[float]:
    """Return the numbers of a reading; nothing where one is missing, or the line was cut."""
    try:
        readings = [float(word) for word in line.split(",")]
    except ValueError:
        return []
    return readings if len(readings) == len(_READ) else []


def answers_alike(torch: Any, one: Any, other: Any) -> None:
    """Hold two answers to one input against each other.

    Raises
    ------
    Problem
        If they are further apart than half precision explains.
    """
    if not torch.allclose(one.float(), other.float(), rtol=1e-2, atol=1e-2):
        raise Problem(f"the two ways give other answers to one input: {one.tolist()} and {other.tolist()}")
