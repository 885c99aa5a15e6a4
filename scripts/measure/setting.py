"""What every part measures with: a scratch folder, the logs, sizes and rounds, and a copy of the project."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import ROOT
from .logs import Logs


@dataclass(frozen=True)
class Setting:
    """What the command was asked for; `own_logs` says whether the logs are of a folder that was named."""

    scratch: Path
    logs: Logs
    own_logs: bool
    size: int
    small: int
    rounds: int
    against: str = ""

    @cached_property
    def project(self) -> Path:
        """A copy of what the repository contains, in which a part may build and change files."""
        project = self.scratch / "project"
        for name in subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0"):
            if name and (ROOT / name).is_file():
                (project / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(ROOT / name, project / name)
        return project
