"""Cerebras: the loops of a run and their times. A run trains and evaluates in turn, and compiles for each."""

from __future__ import annotations

from ..grammar import Draft, Event

# Each phase may follow any other.
COMPILE, EXECUTE, TRAIN, TRAINED, EVALUATE, EVALUATED, INFER = PHASES = tuple(range(1, 8))


class LoopClock:
    """Adds up the seconds of the training loops, each from its beginning to its last step."""

    def __init__(self) -> None:
        self._before = 0.0
        self._begun: float | None = None
        self._lasted: float | None = None
        self._stepped, self._whole = False, True

    def begin(self, moment: float | None) -> None:
        """Begin a loop, after the end of the one before."""
        self.end()
        self._begun = moment

    def step(self, moment: float | None) -> None:
        """Take note of when the last step of the loop so far was printed."""
        self._stepped, self._lasted = True, None
        if moment is not None and self._begun is not None and moment >= self._begun:
            self._lasted = moment - self._begun

    def end(self) -> None:
        """End the loop. If its seconds are not known, the sum is not known either."""
        self._whole &= not self._stepped or self._lasted is not None
        self._before += self._lasted or 0
        self._begun = self._lasted = None
        self._stepped = False

    @property
    def seconds(self) -> float | None:
        """The seconds of the loops up to the last step; None where the log does not tell them all."""
        return self._before + self._lasted if self._whole and self._lasted is not None else None


class Memory:
    """What later lines of a run refer to.

    - `trains`: the run is more than an evaluation. `commanded`: it began with its command.
    - `announced`: loops print a line when they begin. `in_loop`: one has begun and not ended.
    - `loop`, `loops`: the number of the last training loop, and how many there are.
    - `work`: what the next compile is for, TRAIN or EVALUATE. It is 0 where only later lines tell.
    - `held`: times that wait for such a line. `spent`: the times of the training, None for one that is not known.
    - `step_end`: where the last step line ends that could be read.
    """

    def __init__(self) -> None:
        self.trains = self.commanded = self.in_loop = self.announced = False
        self.loop, self.loops = 0, 0
        self.work = TRAIN
        self.clock = LoopClock()
        self.spent: dict[str, float | None] = {}
        self.held: list[tuple[Event, str, float]] = []
        self.global_step: int | None = None
        self.step_end = 0
        self.processed: Event | None = None


def train_loop(run: Draft[Memory], event: Event) -> None:
    """Begin a training loop. Its line says how many there are."""
    memory = run.memory
    memory.loop, memory.loops = event.number("_loop"), event.number("_loops")
    memory.trains = True
    enter(run, TRAIN)


def evaluation_loop(run: Draft[Memory], event: Event) -> None:
    """Begin an evaluation. If it is not the last one, the training goes on after it."""
    if event.number("_loop") < event.number("evaluations"):
        run.memory.trains = True
        not_completed(run)
    enter(run, EVALUATE)


def enter(run: Draft[Memory], work: int) -> None:
    """Begin a loop that has announced itself."""
    memory = run.memory
    memory.clock.end()
    memory.held.clear()
    memory.work, memory.in_loop, memory.announced = work, True, True


def loop_again(run: Draft[Memory], event: Event) -> bool:
    """Return whether the run has already passed a training loop's number."""
    return event.number("_loop") <= run.memory.loop


def begin_loop(run: Draft[Memory], event: Event) -> None:
    programmed(run, event)
    run.memory.clock.end()
    if run.memory.work != EVALUATE:
        run.memory.clock.begin(event.moment())


def trained(run: Draft[Memory], event: Event) -> None:
    """End a training loop. The last one completes the run."""
    run.memory.in_loop = False
    if run.memory.loop == run.memory.loops:
        run.complete(event)


def evaluated(run: Draft[Memory], event: Event) -> None:
    settle(run, EVALUATE)
    run.memory.in_loop = False
    if not trains(run):  # an evaluation between steps does not end a training
        run.complete(event)


def trains(run: Draft[Memory]) -> bool:
    """Return whether a run trains, as far as its lines tell."""
    return run.memory.trains or "loss" in run.series


def not_completed(run: Draft[Memory]) -> None:
    """Take back that the run was completed, because it goes on."""
    run.endings[:] = [ending for ending in run.endings if ending.outcome != "completed"]


def compiled(run: Draft[Memory], event: Event) -> None:
    spend(run, event, "compile_time")


def programmed(run: Draft[Memory], event: Event) -> None:
    spend(run, event, "programming_time")


def spend(run: Draft[Memory], event: Event, name: str) -> None:
    """Take the seconds of a duration that ends here. Hold them if only a later line tells what they were for."""
    now, since = event.moment(), run.timed_from.pop(name, None)
    if since is None and not run.opened:
        run.memory.spent.setdefault(name, None)  # it may have begun before the excerpt
    if now is None or since is None or now < since:
        return
    if run.memory.work == TRAIN:
        add(run, event, name, now - since)
    else:
        run.memory.held.append((event, name, now - since))


def add(run: Draft[Memory], event: Event, name: str, seconds: float) -> None:
    """Add seconds to those of the training."""
    before = run.memory.spent.get(name, 0.0)
    if before is not None:
        run.memory.spent[name] = before + seconds
        run.restate(name, f"{before + seconds:.3f}", *event.last_place(), evidence=event.evidence("", event.line))


def settle(run: Draft[Memory], work: int) -> None:
    """Add the seconds that are held to the training, or state them of an evaluation."""
    held, run.memory.held = run.memory.held, []
    for event, name, seconds in held:
        if work == TRAIN:
            add(run, event, name, seconds)
        else:
            evaluation_says(run, event, f"eval_{name}", f"{seconds:.3f}")
    if not run.memory.announced:
        run.memory.work = 0


def evaluation_says(run: Draft[Memory], event: Event, name: str, value: str) -> None:
    """State a value of an evaluation: as a point at the last training step, if the log tells one."""
    step = run.memory.global_step
    if step is None:
        run.state(name, value, event.line, event.view_line, evidence=event.evidence(value, event.line))
    else:
        run.point(event, name, step, value)
