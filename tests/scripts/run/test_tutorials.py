"""The commands of a dry run: a shell reads them back. They equal the tutorials', except for the listed differences."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tomllib
from collections import defaultdict
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest

from tests.scripts.run.systems import ROOT, System

COMMANDS: list[dict[str, Any]] = tomllib.loads((ROOT / "scripts/run/tutorials.toml").read_text())["command"]
HOME = "/home/user"
# What the scripts need of the system; a machine of the tests may have a Slurm, which must not be found.
TOOLS = ("bash", "cat", "cut", "date", "dirname", "id", "sed", "awk", "df", "mkdir", "realpath", "seq", "tr", "wc")
SWITCHES = {"-u"}  # they take no value
OPTIONS: dict[str, list[tuple[str, ...]]] = {
    "cerebras": [(), ("--workload", "llama2-7b", "--csx", "2"), ("--release", "2.1.1")],
    "cpu": [("--repeat", "2"), ("--sentences", str(ROOT / "README.md"))],
    "gpu": [(), ("--cpu", "--repeat", "2"), ("--eager",)],
    "graphcore": [(), ("--gres", "ipu:1", "--partition", "a b")],
    "groq": [(), ("--here", "--dummy"), ("--sentences", str(ROOT / "README.md"))],
    "sambanova": [(), ("--nodes", "4")],
}
BUILT_IN = {"cd", "export", "."}
PROGRAMS = {"bash", "conda", "env", "git", "mkdir", "mv", "python3.8", "qsub", "sbatch", "touch"}


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the few programs that the scripts need."""
    folder = tmp_path_factory.mktemp("tools")
    for tool in TOOLS:
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def planned(tools: Path, script: str, *options: str) -> list[str]:
    """Return the commands of a dry run."""
    command = [str(ROOT / "scripts/run" / f"{script}.sh"), "--dry-run", *options]
    environment = {"HOME": HOME, "PATH": str(tools)}
    done = subprocess.run(command, env=environment, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


CASES = [(script, options) for script, cases in OPTIONS.items() for options in cases]


@pytest.mark.parametrize(("script", "options"), CASES, ids=lambda part: " ".join(part) if part else "default")
def test_every_command_can_be_pasted(tools: Path, script: str, options: tuple[str, ...]) -> None:
    lines = planned(tools, script, *options)
    assert lines
    for line in lines:
        # A shell that expands nothing reads the words that a shell which expands everything reads.
        read = subprocess.run(
            ["bash", "-c", f"shopt -s failglob; printf '%s\\0' {line}"], capture_output=True, text=True, check=True
        )
        words = read.stdout.split("\0")[:-1]
        assert words == shlex.split(line)
        assert not any(set(word) & set("*?{}$`") for word in words), line
        assert words[0] in BUILT_IN | PROGRAMS or words[0].startswith("/") or words[0] == ".venv/bin/python", line


def test_what_a_dry_run_prints_makes_the_runs(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    lines = system.run("--batch-size", 512, 1024, "--dry-run").stdout
    pasted = subprocess.run(
        ["bash", "-e"], input=lines, env=system.environment(), cwd=tmp_path, capture_output=True, text=True
    )
    assert pasted.returncode == 0, pasted.stderr
    assert "Processed 512000 training sample(s)" in pasted.stdout
    assert "Processed 1024000 training sample(s)" in pasted.stdout
    assert len(list((tmp_path / "R_2.10.0/model_dirs").iterdir())) == 2


def flags(words: list[str]) -> dict[str, str]:
    """Return the values of each flag of a command, and its other words under an empty name."""
    found: dict[str, list[str]] = defaultdict(list)
    name = ""
    for word in words:
        if word in SWITCHES:
            found[word] = ["given"]
        elif word.startswith("-") and "=" in word:
            flag, value = word.split("=", 1)
            found[flag].append(value)
            name = ""
        elif word.startswith("-"):
            name = word
            found[name] += []
        else:
            found[name].append(word)
    return {flag: " ".join(values) or "given" for flag, values in found.items()}


def ours(tools: Path, listed: dict[str, Any]) -> list[str]:
    """Return the words of the script's command, from and up to the words that are named."""
    lines = planned(tools, listed["script"], *listed["options"])
    commands = [shlex.split(line.replace(str(ROOT), "CHECKOUT").replace(HOME, "~")) for line in lines]
    named = [words for words in commands if Path(words[0]).name == listed["starts"]]
    (words,) = [words for words in named if listed.get("contains", words[0]) in words]
    begin = words.index(listed["after"]) + 1 if "after" in listed else 0
    return list(takewhile(lambda word: word != listed.get("until"), words[begin:]))


@pytest.mark.parametrize("listed", COMMANDS, ids=lambda listed: listed["name"])
def test_a_command_equals_its_tutorials_but_for_what_is_listed(tools: Path, listed: dict[str, Any]) -> None:
    tutorial, script = flags(listed["tutorial"].split()), flags(ours(tools, listed))
    differ = {
        flag: (tutorial.get(flag, ""), script.get(flag, ""))
        for flag in tutorial.keys() | script.keys()
        if tutorial.get(flag) != script.get(flag)
    }
    told = listed.get("differs", [])
    assert {entry["flag"]: (entry["tutorial"], entry["script"]) for entry in told} == differ
    assert len(told) == len(differ)
    assert all(entry["reason"].endswith(".") for entry in told)


def test_every_script_of_the_testbed_is_held_against_its_tutorial() -> None:
    assert {listed["script"] for listed in COMMANDS} == {"cerebras", "graphcore", "groq", "sambanova"}
