"""Cerebras: the loops of a run, and what each took. It trains and evaluates in turn, and compiles for either."""

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
        """Begin a loop, behind the end of the one before."""
        self.end()
        self._begun = moment

    def step(self, moment: float | None) -> None:
        """Take note of when the last step of the loop so far was printed."""
        self._stepped, self._lasted = True, None
        if moment is not None and self._begun is not None and moment >= self._begun:
            self._lasted = moment - self._begun

    def end(self) -> None:
        """End the loop; the sum is not known if that of one loop is not."""
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

    `trains` says that the run is more than an evaluation, `commanded` that it began with its command, `in_loop` that a
    loop has announced itself and not ended. `loop` is the last training loop of how many. `work` is what the next
    compile is for, TRAIN or EVALUATE, or 0 where only the lines behind it tell; such times are `held` until then.
    """

    def __init__(self) -> None:
        self.trains = self.commanded = self.in_loop = self.announced = False
        self.loop, self.loops = 0, 0
        self.work = TRAIN
        self.clock = LoopClock()
        self.spent: dict[str, float | None] = {}
        self.held: list[tuple[Event, str, float]] = []
        self.global_step: int | None = None
        self.step_end = 0  # where the last step line that could be read ends
        self.processed: Event | None = None


def train_loop(run: Draft[Memory], event: Event) -> None:
    """Begin a training loop, which says how many there are to be."""
    memory = run.memory
    memory.loop, memory.loops = event.number("_loop"), event.number("_loops")
    memory.trains = True
    enter(run, TRAIN)


def evaluation_loop(run: Draft[Memory], event: Event) -> None:
    """Begin an evaluation; if it is not the last one, the training goes on behind it."""
    if event.number("_loop") < event.number("evaluations"):
        run.memory.trains = True
        not_completed(run)
    enter(run, EVALUATE)


def enter(run: Draft[Memory], work: int) -> None:
    """Let all that follows be the work of a loop that has announced itself."""
    memory = run.memory
    memory.clock.end()
    memory.held.clear()
    memory.work, memory.in_loop, memory.announced = work, True, True


def loop_again(run: Draft[Memory], event: Event) -> bool:
    """Return whether a training loop is no later one than the run's last."""
    return event.number("_loop") <= run.memory.loop


def begin_loop(run: Draft[Memory], event: Event) -> None:
    programmed(run, event)
    run.memory.clock.end()
    if run.memory.work != EVALUATE:
        run.memory.clock.begin(event.moment())


def trained(run: Draft[Memory], event: Event) -> None:
    """End a training loop; the run is completed by its last one."""
    run.memory.in_loop = False
    if run.memory.loop == run.memory.loops:
        run.complete(event)


def evaluated(run: Draft[Memory], event: Event) -> None:
    settle(run, EVALUATE)
    run.memory.in_loop = False
    if not trains(run):  # an evaluation between steps ends no training
        run.complete(event)


def trains(run: Draft[Memory]) -> bool:
    """Return whether a run trains, as far as its lines tell."""
    return run.memory.trains or "loss" in run.series


def not_completed(run: Draft[Memory]) -> None:
    """Take back that the run was completed: it was a part of it that was."""
    run.endings[:] = [ending for ending in run.endings if ending.outcome != "completed"]


def compiled(run: Draft[Memory], event: Event) -> None:
    spend(run, event, "compile_time")


def programmed(run: Draft[Memory], event: Event) -> None:
    spend(run, event, "programming_time")


def spend(run: Draft[Memory], event: Event, name: str) -> None:
    """Take the seconds since the beginning of a duration, for the training or an evaluation, or until that is told."""
    now, since = event.moment(), run.timed_from.pop(name, None)
    if since is None and not run.opened:
        run.memory.spent.setdefault(name, None)  # it may have begun ahead of the excerpt
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
    """Give the seconds that are held to the work that they were spent for."""
    held, run.memory.held = run.memory.held, []
    for event, name, seconds in held:
        if work == TRAIN:
            add(run, event, name, seconds)
        else:
            evaluation_says(run, event, f"eval_{name}", f"{seconds:.3f}")
    if not run.memory.announced:
        run.memory.work = 0


def evaluation_says(run: Draft[Memory], event: Event, name: str, value: str) -> None:
    """State a value of an evaluation: at the training step that it follows, where the log tells one."""
    step = run.memory.global_step
    if step is None:
        run.state(name, value, event.line, event.view_line, evidence=event.evidence(value, event.line))
    else:
        run.point(event, name, step, value)
