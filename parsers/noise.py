"""Lines that are known to say nothing of a run, by name. What matches none of these counts as not understood.

A name stands for a kind of line that somebody has looked at. There is no pattern for "anything else".
"""

from __future__ import annotations

import re

# Name, and what such a line begins with once the marks of a paste and an overwritten bar are taken off.
NOISE: tuple[tuple[str, str], ...] = (
    ("blank line", r"$"),
    ("ruler", r"[-=─━_*+|¦\s]{3,}$"),
    ("shell prompt", r"(?:\([^()]{1,80}\)\s*)*(?:\[?[\w.-]+@[\w.-]+[: ][^$#]{0,300}[$#]|[\w.:~/-]{0,120}\$ )"),
    ("progress bar", r"(?:[\w .()/-]{0,120}:\s*)?\d{1,3}%[|¦]"),
    ("progress bar", r"(?:Loss|Epochs|Graph compilation|Iteration|Downloading|Sending|Saving|Generating"
            r"|Epoch \d)[^|]{0,80}\d%\|"),
    ("environment variable", r"[A-Za-z_][A-Za-z0-9_]*=\S?.*$"),
    ("hardware inventory", r"/NODE/|Component Name |Physical Inventory:|Machine State (?:Before|After)|Platform: "),
    ("package manager", r"Listing\.\.\.|WARNING: apt |(?:Get|Hit|Fetched|Reading package|Setting up|Unpacking"
            r"|Selecting previously)\b"),
    ("pip", r"Requirement already satisfied|Collecting |Using cached |Downloading \S+(?:\.whl|\.tar\.gz|\.metadata)"
            r"|Installing collected packages|Successfully (?:installed|uninstalled|built)|Attempting uninstall"
            r"|Found existing installation"
            r"|Uninstalling |Building wheels?|Created wheel|Stored in directory|Preparing metadata"
            r"|Installing build dependencies"
            r"|Getting requirements|Looking in |Processing |Obtaining |Checking if build backend|Defaulting to user"
            r"|Running setup\.py|Preparing editable"
            r"|\[notice\]|WARNING: You are using pip|You should consider upgrading|Created temporary"
            r"|Building editable|(?:[━?█¦|]+\s*)?[\d.]+/?[\d.]* [kMG]?B"),
    ("git", r"Cloning into|remote: |Receiving objects|Resolving deltas|Updating files|HEAD is now at"
            r"|v\d+\.\d+\.\d+$|Switched to|Note: switching"),
    ("data set download", r"(?:Downloading|Extracting) (?:https?:|/|\S+\.gz)"),
    ("Python warning", r"\S*\w\.py:\d+: \w*Warning:|warnings\.warn\(|return self\.fget|dtype=np\."
            r"|Deprecated in NumPy|\[?W\d{3}"),
    ("Python traceback", r"Traceback \(most recent call last\)|File \"|(?:[a-zA-Z_]\w*\.)*\w+(?:Error|Exception"
            r"|Interrupt)\b|assert |\^+$"),
    ("library version", r"(?:PyTorch|TensorFlow) version \S+ available"),
    ("scheduler", r"srun: |slurmstepd: |qsub: |sbatch: |=>> PBS|salloc: |JOBID +PARTITION|Job id +Name"
            r"|\d+ +\w+ +\S+ +\S+ +(?:PD|R|CG) "),
    ("SambaFlow logger", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (?:apps\.|py\.warnings|sambaflow)"
            r"|Log ID initialized to"),
    ("SambaFlow compiler", r"\[(?:info|warning|debug|error) *\]"
            r"|\[(?:Info|Warning)\]\[|(?:inputs|outputs): \{NamedTensor|section type \d"),
    ("SambaFlow script", r"RUN$|COMPILE$|(?:Date|Time): |import blocksparse tasks|Some weights of "
            r"|You should probably TRAIN"),
    ("SambaFlow source line", r"task_module\.|mlperf_pretrain\."),
    ("poplar", r"\d{4}-\d\d-\d\dT[\d:.]+Z (?:PL|PO|popart)|\[\d\d:\d\d:\d\d\.\d+\] \[popt?orch|\[\d+,\d+\]<std"),
    ("network print", r"(?:TrainingModelWithLoss|\)+$|\(\w+\): (?:\w+\(|\w+$))"),
    ("Cerebras phase", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} +[A-Z]+: +(?:Checkpoint autoloading|No checkpoints? w"
            r"|Saving checkpoint|Saved checkpoint"
            r"|Defaulted to use|Custom worker image|Poll ingress|Ingress is ready|Pre-optimization|Optimizing"
            r"|Gradient accumulation"
            r"|Exploring|No benefit from gradient|Post-layout|Allocating buffers|Code generation|Compiling"
            r"|Heartbeat thread|About to send"
            r"|Finished sending|Finalizing appliance|Waiting for|Device programming|Using network type"
            r"|Input workers|Appliance staging"
            r"|Initiating a new image|Loading|Event \d{4}|Evaluation metrics|Found latest|Job queue)"),
    ("Groq build stage", r"(?:[✓?×]|\xe2\x9c\x93)? ?(?:Exporting PyTorch|Optimizing ONNX|Checking for Op"
            r"|Converting to FP16|Compiling model|Assembling model)"
            r"|Woohoo!|Preprocessing data|build_model\(\) will now rebuild"),
    ("Groq note", r"Info: No inputs received|You can avoid this message|Passing `trust_remote_code"),
)  # fmt: skip

_MARKS = r"^[\s>+#<|*`]*"
_COMPILED = tuple((name, re.compile(_MARKS + "(?:" + pattern + ")")) for name, pattern in NOISE)


def noise(line: str) -> str:
    """Return the name of the kind of noise that a line is, or an empty string where it is none that is known."""
    shown = line.rstrip("\r\n").rpartition("\r")[2] if "\r" in line.rstrip("\r\n") else line.rstrip("\r\n")
    return next((name for name, pattern in _COMPILED if pattern.match(shown)), "")
