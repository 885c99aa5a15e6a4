"""Whether the facts of runs agree with one another: on the page of a run, and per person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..reader import Check, agreement, checks
from .known import Known, Quantity, run_page
from .markdown import code, escaped, explained, table
from .naming import title
from .results import ReportRun

ANCHOR = "consistency"
_HEADER = ["rule", "why it holds", "facts", "off by", "what may be the reason"]
_REASONS = "the log is an excerpt, was edited, or was read wrongly"


def agreements(run: ReportRun, label: str) -> list[Quantity]:
    """Return in words whether the facts of a run agree, with its address; nothing where no rule applies."""
    words = agreement(run.run)
    its_title = title(ANCHOR, label, "arithmetic of its facts")
    return [Quantity(run_page(run.id), ANCHOR, ANCHOR, "computed", words, "", words, its_title)] if words else []


def agreement_text(run: ReportRun, known: Known) -> str:
    """Return the section of a run's page that says which arithmetic its facts satisfy."""
    quantity = known.get(f"{run_page(run.id)}#{ANCHOR}")
    if quantity is None:
        return "## Do the facts of this run agree?\n\nThis run states too few facts to compare them with one another.\n"
    tried = checks(run.run)
    broken = [check for check in tried if not check.holds]
    shown = f'<span id="{ANCHOR}">{escaped(quantity.text)}</span>'
    if not broken:
        rules = "; ".join(dict.fromkeys(explained(check.rule.name) for check in tried))
        return f"## Do the facts of this run agree?\n\nThe arithmetic of its facts {shown}: {rules}.\n"
    rows = table(_HEADER, [_row(check) for check in broken])
    return f"## Do the facts of this run agree?\n\nThese facts disagree. {shown}.\n\n{rows}"


def _row(check: Check) -> list[str]:
    of = f"{escaped(check.device)}: " if check.device else ""
    return [
        explained(check.rule.name),
        explained(check.rule.why),
        of + code(check.told()),
        code(check.amount()),
        _reason(check),
    ]


def disagreement(run: ReportRun) -> str:
    """Return which rules the facts of a run break, by how much, and what may be the reason."""
    broken = [check for check in checks(run.run) if not check.holds]
    parts = (f"{explained(check.rule.name)}, off by {code(check.amount())} ({_reason(check)})" for check in broken)
    return "; ".join(dict.fromkeys(parts))


def _reason(check: Check) -> str:
    return explained(check.rule.innocent or _REASONS)


def differs(run: ReportRun) -> bool | None:
    """Return whether facts of a run disagree; None where no rule applies."""
    words = agreement(run.run)
    return words.startswith("differs") if words else None


def counted(runs: Mapping[str, ReportRun], of: Sequence[str]) -> dict[str, list[str]]:
    """Return the ids of the runs whose facts agree, and of those whose facts do not."""
    runs_by_result: dict[str, list[str]] = {"hold": [], "differ": []}
    for run in of:
        different = differs(runs[run])
        if different is not None:
            runs_by_result["differ" if different else "hold"].append(run)
    return runs_by_result
