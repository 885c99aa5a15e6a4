"""Lines that are known to say nothing about a run, by name. A line that matches none of these is not understood.

A name is for a kind of line that somebody has looked at. There is no pattern for "anything else".
"""

from __future__ import annotations

import re
from functools import cache

from .engine.shapes import Dialect
from .results import has_key

_BAR = "progress bar"
# Name, and what such a line begins with once the marks of a paste and an overwritten bar are removed.
NOISE: tuple[tuple[str, str], ...] = (
    ("blank line", r"$"),
    ("login banner", r"Notice to Users$|This is a Federal computer system|Government\. It is for authorized use"
            r"|have no explicit or implicit expectation|Any or all uses of this system"
            r"|monitored, recorded, copied, audited, |site, Department of Energy, and law|authorized officials of other"
            r"|this system, the user consents|copying, auditing, inspection, |site or Department of Energy personnel"
            r"|Unauthorized or improper use of this|disciplinary action and civil|this system you indicate your"
            r"|conditions of use\. LOG OFF|stated in this warning\.$"
            r"|Welcome to Ubuntu |Last login: |[*] (?:Documentation|Management|Support): "
            r"|System information as of |System load: |Usage of /|Memory usage: |Swap usage: |Processes: "
            r"|Users logged in: "
            r"|IPv[46] address for |Keyboard-interactive authentication prompts|End of keyboard-interactive prompts"
            r"|[¦|] +[•?] (?:Direct SSH|SSH compression|SSH-browser|X11-forwarding) "),
    ("ruler", r"[-=─━_*+|¦\s]{3,}$"),
    ("shell prompt", r"(?:\([^()]{1,80}\)\s*)*(?:\[?[\w.-]+@[\w.-]+[: ][^$#]{0,300}[$#]|[\w.:~/-]{0,120}\$ )"),
    (_BAR, r"(?:[\w .()/-]{0,120}:\s*)?\d{1,3}%[|¦]"),
    (_BAR, r"(?:Loss|Epochs|Graph compilation|Iteration|Downloading|Sending|Saving|Generating"
            r"|Epoch \d)[^|]{0,80}\d%\|"),
    ("environment variable", r"(?:[A-Z_][A-Z0-9_]*|(?:https?|ftp|no|all)_proxy|BASH_FUNC_\w+(?:%%|\(\)))="),
    ("package manager", r"Listing\.\.\.|WARNING: apt does not have|(?:Get|Hit|Ign):\d+ |Fetched [\d.,]+ [kM]?B in "
            r"|Reading package lists|Setting up \S+ \(|Unpacking (?:\S+ \(|payload)|Selecting previously unselected"
            r"|Downloading and Extracting Packages|(?:Preparing|Verifying|Executing) transaction: "),
    ("pip", r"Requirement already satisfied: |Collecting \S+(?: \(from .*|@ .*)?$|Using cached \S+\.(?:whl|tar\.gz)"
            r"|Downloading \S+(?:\.whl|\.tar\.gz|\.metadata)"
            r"|Installing collected packages: |Successfully (?:installed|uninstalled|built) \S|Attempting uninstall: "
            r"|Found existing installation: |Uninstalling \S+-\d[\w.+]*:|Building wheels? for |Created wheel for "
            r"|Stored in directory: |Preparing metadata \(|Installing (?:build|backend) dependencies"
            r"|Getting requirements to build|Looking in (?:indexes|links): |Processing (?:\.?/|\S+\.whl)"
            r"|Obtaining (?:file|git|dependency)|Checking if build backend|Defaulting to user installation"
            r"|Running setup\.py |Preparing editable metadata|\[notice\]|WARNING: You are using pip"
            r"|You should consider upgrading via|Created temporary directory|Building editable for "
            r"|INFO: (?:pip is (?:still )?looking at multiple versions|This is taking longer than usual)"
            r"|(?:[━?█¦|╸╺-]+\s*)?\d[\d.]*(?:/\d[\d.]*)? [kMG]?B \d[\d.]* [kMG]?B/s"),
    ("git", r"Cloning into|remote: |Receiving objects|Resolving deltas|Updating files|HEAD is now at"
            r"|v\d+\.\d+\.\d+$|Switched to|Note: switching"),
    ("data set download", r"(?:Downloading|Extracting) (?:https?:|/|\S+\.gz)"),
    ("Python warning", r"\S*\w\.py:\d+: \w*Warning:|dtype=np\.\w+\):$|warnings\.warn\(|return self\.fget"
            r"|Deprecated in NumPy|\[?W\d{3}"),
    ("Python traceback", r"Traceback \(most recent call last\)|File \"[^\"]{1,400}\", line \d+, in "
            r"|(?:[a-zA-Z_]\w*\.)*\w+(?:Error|Exception|Interrupt)(?::|$)|assert \w+ [<>=]=? |\^+$"),
    ("library version", r"(?:PyTorch|TensorFlow) version \S+ available"),
    ("scheduler", r"srun: |slurmstepd[\w.-]*: |qsub: |sbatch: |=>> PBS|salloc: |JOBID +PARTITION|Job id +Name"
            r"|\d+ +\w+ +\S+ +\S+ +(?:PD|R|CG) |\^C(?:$|\W)"),
    ("run script", r"(?:Slurm|PBS): job "),
)  # fmt: skip


def noise(line: str, dialects: tuple[Dialect, ...] = ()) -> str:
    """Return the kind of known noise that a line of a log is, or an empty string.

    What the programs of one system print belongs to the dialect of that system. A progress bar with a metric is not
    noise.
    """
    names, pattern = _search(dialects)
    line = line.rstrip("\r\n").rpartition("\r")[2]
    match = pattern.match(line)
    kind = names[match.lastindex - 1] if match and match.lastindex else ""
    return "" if kind == _BAR and has_key(line) else kind


@cache
def _search(dialects: tuple[Dialect, ...]) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """Return the names, and one search for all patterns in that order: one group per pattern."""
    kinds = (*NOISE, *(kind for dialect in dialects for kind in dialect.noise))
    anything = "|".join(f"({pattern})" for _, pattern in kinds)
    return tuple(name for name, _ in kinds), re.compile(rf"^[\s>+#<|*`]*(?:{anything})")
