"""The four systems as a test can have them: their folders, with stand-ins where the vendors' programs would be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from parsers.facts import Run
from parsers.reading import read

ROOT = Path(__file__).parents[3]
STAND_INS = Path(__file__).parent / "stand_ins"


def installed(what: str, place: Path) -> Path:
    """Copy a stand-in to where the vendor's program would be."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(STAND_INS / what, place)
    return place


def program(place: Path, text: str = "exit 0") -> Path:
    """Write a small shell program."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/bash\n{text}\n")
    place.chmod(0o755)
    return place


def _python(place: Path) -> None:
    place.parent.mkdir(parents=True)
    place.symlink_to(sys.executable)


def _checkout(folder: Path, tag: str) -> None:
    git = ["git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for command in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "a"], ["tag", tag]):
        subprocess.run([*git, *command], check=True)


def sambanova(home: Path) -> list[str]:
    """Set the SN30 up under `home`; return the options that name it."""
    app = home / "sambaflow/apps/nlp/transformers_on_rdu"
    installed("transformers_hook.py", app / "transformers_hook.py")
    (app / "venv/bin").mkdir(parents=True)
    (app / "venv/bin/activate").write_text(f'PATH="{app}/venv/bin:$PATH"\n')
    (app / "venv/bin/python").symlink_to(sys.executable)
    program(home / "sambaflow/bin/snfadm", 'echo "Platform: a stand-in"')
    (home / "corpus").mkdir()
    return ["--sambaflow", f"{home}/sambaflow", "--data", f"{home}/corpus", "--steps", "2"]


def graphcore(home: Path) -> list[str]:
    """Set the Pod64 up under `home`; return the options that name it."""
    work = home / "testbed-report/graphcore"
    installed("mnist_poptorch.py", work / "examples/tutorials/simple_applications/pytorch/mnist/mnist_poptorch.py")
    _checkout(work / "examples", "v3.3.0")
    _python(work / "venv/bin/python")
    (work / "installed").touch()
    (home / "sdk/3.3.0").mkdir(parents=True)
    return ["--sdk", f"{home}/sdk/3.3.0", "--gres", "ipu:1", "--partition", "graphcore"]


def cerebras(home: Path) -> list[str]:
    """Set a user node up under `home`, for today's release and the CS-2's; return the options that name it."""
    old, new = home / "R_2.1.1", home / "R_2.10.0"
    installed("run.py", old / "modelzoo/modelzoo/transformers/pytorch/bert/run.py")
    for model in "bert", "llama":
        (new / "modelzoo/src/cerebras/modelzoo/models/nlp" / model).mkdir(parents=True)
    for work, release in (old, "2.1.1"), (new, "2.10.0"):
        _checkout(work / "modelzoo", f"Release_{release}")
        _python(work / "venv_cerebras_pt/bin/python")
        (work / "venv_cerebras_pt/installed").touch()
    program(new / "venv_cerebras_pt/bin/cszoo", f'exec {sys.executable} {STAND_INS}/cszoo.py "$@"')
    program(home / "bin/csctl")
    for place in "bert_large/bert_large_MSL128_sampleds.yaml", "params_llama2_7b.yaml":
        site = home / "software/dataset" / place
        site.parent.mkdir(parents=True, exist_ok=True)
        site.write_text(TODAYS_CONFIGURATION)
    return ["--software", f"{home}/software"]


# The form that `cszoo` reads; the keys are the model zoo's, the values made up.
TODAYS_CONFIGURATION = """\
trainer:
  init:
    optimizer:
      batch_size: 7
    loop:
      # max_steps: 3
      max_steps: 1000
      eval_steps: 2
  fit:
    train_dataloader:
      vocab_file: "v"
      batch_size: 3720 # of all systems
      extra:
        batch_size: 6
    val_dataloader: &val
      batch_size: 256
      vocab_file: v
"""
CS2_CONFIGURATION = "train_input:\n    batch_size: 1024\n    vocab_file: v\neval_input:\n    batch_size: 1024\n"


def groq(home: Path) -> list[str]:
    """Set a node of the GroqRack up under `home`; return the options that name it."""
    work = home / "testbed-report/groq"
    installed("groq_python", work / "env/bin/python")
    (work / "groqflow").mkdir()
    (work / "installed").touch()
    return []


SYSTEMS: dict[str, Callable[[Path], list[str]]] = {
    "sambanova": sambanova,
    "graphcore": graphcore,
    "cerebras": cerebras,
    "groq": groq,
}


class System:
    """A system of stand-ins in a folder that is the home of whoever runs the scripts."""

    def __init__(self, name: str, home: Path) -> None:
        self.name, self.home, self.logs = name, home, home / "logs"
        self._options = SYSTEMS[name](home)

    def command(self, *arguments: object) -> list[str]:
        """Return the command of a script."""
        script = ROOT / "scripts/run" / f"{self.name}.sh"
        return [str(script), *self._options, "--out", str(self.logs), "--poll", "0.2", *map(str, arguments)]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment that a script gets."""
        path = f"{self.home}/bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {**os.environ, "HOME": str(self.home), "PATH": path, **more}

    def run(self, *arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a script to its end."""
        return subprocess.run(
            self.command(*arguments), env=self.environment(**more), text=True, capture_output=True, timeout=60
        )

    def started(self, *arguments: object, **more: str) -> subprocess.Popen[str]:
        """Start a script; what it says comes through `stderr`."""
        command, environment = self.command(*arguments), self.environment(**more)
        return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def compiled(self) -> System:
        """Put a compiled file where the SN30's job looks for it."""
        pef = self.home / "BertLarge/bertlrg/bertlrg.pef"
        pef.parent.mkdir(parents=True)
        pef.touch()
        return self

    def new_logs(self) -> list[Path]:
        """Return the logs, oldest first."""
        return sorted(self.logs.glob("*.log"), key=lambda log: log.stat().st_mtime_ns)

    def runs(self) -> list[Run]:
        """Return the runs that the parsers find in the logs, oldest first; a log holds one."""
        readings = [read(log) for log in self.new_logs()]
        assert [len(reading.runs) for reading in readings] == [1] * len(readings)
        return [reading.runs[0] for reading in readings]


def until(holds: Callable[[], bool]) -> bool:
    """Wait up to 15 s until something holds; return whether it does."""
    for _ in range(150):
        if holds():
            return True
        time.sleep(0.1)
    return False


def said(run: Run, *names: str) -> tuple[str, ...]:
    """Return the values of a run's facts; of one said twice with different values, all."""
    return tuple("; ".join(fact.value for fact in run.facts if fact.name == name) for name in names)
