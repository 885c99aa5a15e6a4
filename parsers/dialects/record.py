"""The first and last line that our run scripts write around a run: settings, software, and how it ended.

`#testbed-run {...}` opens the run of the system it names. That run goes up to `#testbed-end {...}`, else up to the next
`#testbed-run` or the end of the text. Opening lines of the vendor's programs within it begin no other run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from ..engine.breaks import Break, Broken
from ..engine.drafts import Draft
from ..engine.events import Event
from ..engine.lines import decode
from ..engine.shapes import Dialect, Role, Shape, compiled, literal
from ..vocabulary import BY_NAME

LINE = Shape(rb"#testbed-(?P<what>run|end) (?P<said>\{[^\r\n]{1,20000}+)(?=[\r\n])", Role.OPENS, start=True)


def systems(data: bytes) -> set[str]:
    """Return the systems that the record lines of a log name."""
    if literal(LINE.pattern) not in data:
        return set()
    lines = compiled(LINE.pattern).finditer(data)  # also lines after a prefix, which is not removed yet
    named = (_said(match["said"]).get("system") for match in lines if match["what"] == b"run")
    return {system for system in named if isinstance(system, str)}


def told(events: Iterable[Event], dialects: tuple[Dialect, ...], *, may_break: bool) -> Iterator[Event]:
    """Yield events, record lines with their dialect; that of a system unknown here only ends the run before it.

    Raises
    ------
    Broken
        If a record line is not whole, and lines `may_break`: then all lines were broken where it was.
    """
    known = {dialect.system: dialect for dialect in dialects}
    dialect = None
    for event in events:
        if event.shape is not LINE:
            yield event
            continue
        said = _said(event.match["said"])
        if not said:
            continue  # not an object: no line of ours
        if may_break and _is_cut(event.match["said"]) and b"\0" not in event.match["said"]:
            raise Broken(Break(len(event.match[0])))
        if event.match["what"] == b"run":
            dialect = event.dialect = known.get(str(said.get("system")))
            yield event
        else:
            event.dialect, dialect = dialect, None
            yield event


class Recorded(Draft[Any]):
    """A run between record lines. Its block begins after the first of them."""

    begun, recorded = False, True

    def begin(self, event: Event) -> None:
        """Take what the first line says: the experiment, its parameters, its software, its start."""
        said = _said(event.match["said"])
        self.opened = self.reported = self.started = True
        self._stamps = {"started_at": self._stamp(event, said.get("started_at"))}
        for name in ("experiment", "workload"):
            self._tell(event, name, said.get(name))
        for name, value in _object(said.get("parameters")).items():
            if name in BY_NAME and BY_NAME[name].kind == "parameter":
                self._tell(event, name, value)
        software = _object(said.get("software"))
        self._tell(event, "sdk_version", software.get("sdk"), "sdk")
        listed = _as_printed(event.match["said"], "software") if software else ""
        if listed:
            self.state("software", listed, event.line, event.view_line)

    def finish(self, event: Event) -> None:
        """Take what the last line says: the exit status, or the signal that stopped it, and the seconds.

        If the line is cut, the signal may be missing. The lines before it do not state how the run ended.
        """
        said = _said(event.match["said"])
        self._stamps["ended_at"] = self._stamp(event, said.get("ended_at"))
        self._tell(event, "elapsed_time", said.get("seconds"), "seconds")
        signal, status = said.get("signal"), said.get("exit_status")
        if _is_cut(event.match["said"]):
            self.endings.clear()
        elif isinstance(signal, str):
            _stopped(self, event, signal)
        elif status == "0":
            self.complete(event, cures=False)
        elif isinstance(status, str):
            self.stop(event, "failed", f'"exit_status": {status}')

    def label(self, event: Event, name: str, value: str) -> None:
        """Add a label with its evidence; a workload that the first line names needs none."""
        if name != "workload" or not self.has(name):
            super().label(event, name, value)

    def close(self) -> None:
        """Do what the dialect does at a run's end; the record's own start and end then replace the vendor's."""
        super().close()
        for name, (value, line, view_line, evidence) in self._stamps.items():
            self.facts.pop(name, None)
            if isinstance(value, str):
                self.state(name, value, line, view_line, evidence=evidence)

    def _stamp(self, event: Event, value: object) -> tuple[object, int, int, str]:
        return value, event.line, event.view_line, event.evidence(str(value), event.line)

    def _tell(self, event: Event, name: str, value: object, key: str = "") -> None:
        """State a number or word that is printed after its key letter by letter, not escaped or of another kind."""
        line, key = decode(event.match["said"]), key or name
        if isinstance(value, str) and value and (f'"{key}": {value}' in line or f'"{key}": "{value}"' in line):
            self.state(name, value, event.line, event.view_line)


def finish(run: Draft[Any], event: Event) -> None:
    """Take what a last line says. If the first line is lost, that is only whether a signal stopped the run."""
    signal = _said(event.match["said"]).get("signal")
    if isinstance(run, Recorded):
        run.finish(event)
    elif isinstance(signal, str):
        _stopped(run, event, signal)


def _stopped(run: Draft[Any], event: Event, signal: str) -> None:
    """Note a signal. The scheduler's lines about the run's last moments were echoes of it."""
    run.endings = [ending for ending in run.endings if ending.exception or ending.outcome != "failed"]
    run.stop(event, "killed", f'"signal": "{signal}"')


def _said(text: bytes) -> dict[str, object]:
    """Return the fields of a record line, with numbers as printed. A cut line gives the fields that are whole."""
    import json

    try:
        return _object(json.loads(text, parse_float=str, parse_int=str))
    except RecursionError:
        return {}
    except ValueError:
        return dict(_members(decode(text))) if _is_cut(text) else {}


def _is_cut(text: bytes) -> bool:
    """Return whether an object has no end."""
    return not text.rstrip().endswith(b"}")


def _members(line: str) -> Iterator[tuple[str, object]]:
    """Yield what an object has before it is cut, as our scripts write it; a comma ends what is whole."""
    import json

    read = json.JSONDecoder(parse_float=str, parse_int=str).raw_decode
    at = 0
    with suppress(ValueError, RecursionError):
        while line[at : at + 1] in ("{", ","):
            key, at = read(line, at + 1 + (at > 0))
            value, at = read(line, at + 2)
            if line[at : at + 1] == "," and isinstance(key, str):
                yield key, value


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _as_printed(text: bytes, name: str) -> str:
    """Return the object called `name` in a JSON object as it is printed, or nothing where it is written otherwise."""
    import json

    line = decode(text)
    begin = line.find(f'"{name}": {{') + len(name) + 4
    if begin < len(name) + 4:
        return ""
    return line[begin : json.JSONDecoder(parse_float=str, parse_int=str).raw_decode(line, begin)[1]]
