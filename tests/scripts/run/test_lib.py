"""What the run scripts share, without any queue: on cerebras.sh, and on a small script of its own."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parsers.reading import read
from tests.scripts.run.systems import ROOT, SYSTEMS, System, program, said, until

SCRIPT = """
. "{root}/scripts/run/lib.sh"
SYSTEM=Graphcore EXPERIMENT=graphcore-mnist WORKLOAD=mnist ABOUT="Tries." COSTS="nothing."
option learning_rate numbers "0.05 0.5" "rates"
option epochs count 10 "passes"
option text word "" "some words"
parse "$@"
check_logs_folder
NAMED=(learning_rate)
SOFTWARE=(sdk=3.10)
for rate in ${{OPTION[learning_rate]}}; do
  run learning_rate="$rate" text="${{OPTION[text]}}" -- {command}
done
finish
"""


class Tried:
    """A script of a test's own that uses lib.sh."""

    def __init__(self, folder: Path, command: str) -> None:
        self.out = folder / "logs"
        self._script = program(folder / "try.sh", SCRIPT.format(root=ROOT, command=command))

    def command(self, *arguments: object) -> list[str]:
        return [str(self._script), "--out", str(self.out), *map(str, arguments)]

    def run(self, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, **environment}
        return subprocess.run(self.command(*arguments), env=env, text=True, capture_output=True, timeout=60)

    def logs(self) -> list[Path]:
        return sorted(self.out.glob("*.log"), key=lambda log: log.stat().st_mtime_ns)


def ends(log: Path) -> tuple[dict[str, object], dict[str, object]]:
    """Return what the first and the last line of a log say."""
    lines = log.read_text().splitlines()
    return json.loads(lines[0].removeprefix("#testbed-run ")), json.loads(lines[-1].removeprefix("#testbed-end "))


def test_a_log_begins_and_ends_with_a_line_that_programs_can_read(tmp_path: Path) -> None:
    tried = Tried(tmp_path, f"printf 'no newline at the end of %s' {tmp_path}/home/a")
    text = 'a "word" \\ and\ttabs'
    assert tried.run("--learning-rate", "5e-2", "--text", text, HOME=f"{tmp_path}/home").returncode == 0
    (log,) = tried.logs()
    assert log.name.startswith("graphcore-mnist-learning-rate-5e-2-20")
    first, last = ends(log)
    assert list(first) == [
        "format", "system", "experiment", "workload", "parameters", "command", "software", "started_at"
    ]  # fmt: skip
    assert first["parameters"] == {"learning_rate": 0.05, "text": text}
    assert str(first["command"]).endswith(" ~/a")
    assert first["software"] == {"sdk": "3.10"}
    assert last["exit_status"] == 0
    assert said(read(log).runs[0], "learning_rate", "sdk_version", "outcome") == ("5e-2", "3.10", "completed")


def test_no_account_stands_in_a_record(tmp_path: Path) -> None:
    program(tmp_path / "bin/id", "echo alice")
    tried = Tried(tmp_path, "true /projects/alice alice alice --owner=alice malice")
    environment = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}"}
    assert tried.run("--learning-rate", 0.05, "--text", "of alice", **environment).returncode == 0
    first, _ = ends(tried.logs()[0])
    assert first["command"] == "true /projects/$USER $USER $USER --owner=$USER malice"
    assert first["parameters"] == {"learning_rate": 0.05, "text": "of $USER"}


def test_nothing_is_run_twice_but_on_purpose(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "true")
    for arguments, count in ((), 2), ((), 2), (("--repeat", 2), 4), (("--learning-rate", 0.05, "--again"), 5):
        assert tried.run(*arguments).returncode == 0
        assert len(tried.logs()) == count
    assert "done before, 2 logs (--again runs it again)" in tried.run("--repeat", 2).stderr


def test_what_failed_is_run_again(tmp_path: Path) -> None:
    tried = Tried(tmp_path, f"test -e {tmp_path}/mended")
    done = tried.run("--learning-rate", 0.05)
    assert (done.returncode, "0 runs done, 0 experiments done before, 1 failed" in done.stderr) == (1, True)
    (tmp_path / "mended").touch()
    assert tried.run("--learning-rate", 0.05).returncode == 0
    assert [ends(log)[1]["exit_status"] for log in tried.logs()] == [1, 0]


def test_the_log_is_shown_while_it_is_written(tmp_path: Path) -> None:
    done = Tried(tmp_path, "echo a word").run("--learning-rate", 0.05)
    assert done.stdout == Tried(tmp_path, "").logs()[0].read_text()
    assert "\na word\n#testbed-end" in done.stdout


SIGNALS = {signal.SIGINT: "INT", signal.SIGTERM: "TERM", signal.SIGHUP: "HUP"}


@pytest.mark.parametrize("sent", SIGNALS, ids=SIGNALS.values())
def test_a_signal_leaves_a_log_that_says_so(tmp_path: Path, sent: signal.Signals) -> None:
    tried = Tried(tmp_path, "bash -c 'trap \"echo asked to end; exit 7\" TERM; echo begun; sleep 60 & wait'")
    with subprocess.Popen(tried.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as script:
        assert until(lambda: any("\nbegun\n" in log.read_text() for log in tried.logs()))
        script.send_signal(sent)
        assert script.wait(10) == 130
    (log,) = tried.logs()  # the second rate was not begun
    assert "begun\nasked to end\n#testbed-end" in log.read_text()
    assert ends(log)[1]["signal"] == SIGNALS[sent]
    assert said(read(log).runs[0], "outcome") == ("killed",)


def test_what_ends_well_when_it_is_stopped_is_not_done(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "bash -c 'trap \"exit 0\" TERM; echo begun; sleep 60 & wait'")
    with subprocess.Popen(tried.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as script:
        assert until(lambda: any("\nbegun\n" in log.read_text() for log in tried.logs()))
        script.terminate()
        assert script.wait(10) == 130
    _, last = ends(tried.logs()[0])
    assert (last["exit_status"], last["signal"]) == (0, "TERM")
    with subprocess.Popen(tried.command("--learning-rate", 0.05), stdout=subprocess.DEVNULL) as script:
        assert until(lambda: len(tried.logs()) == 2)
        script.terminate()


def test_a_second_signal_ends_what_does_not_want_to_end(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "bash -c 'trap \"echo no\" TERM; echo begun; while :; do sleep 0.1; done'")
    with subprocess.Popen(tried.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as script:
        for word in ("begun", "no"):
            assert until(lambda word=word: any(f"\n{word}\n" in log.read_text() for log in tried.logs()))  # type: ignore[misc]
            script.send_signal(signal.SIGINT)
        assert script.wait(10) == 130
    assert ends(tried.logs()[0])[1]["signal"] == "INT"


def test_a_script_that_is_killed_leaves_no_helper_behind(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "bash -c 'echo begun; sleep 2'")
    with subprocess.Popen(tried.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as script:
        assert until(lambda: any("\nbegun\n" in log.read_text() for log in tried.logs()))
        script.kill()
    (log,) = tried.logs()
    assert until(lambda: not _mention(str(log)))
    assert said(read(log).runs[0], "outcome") == ("truncated",)  # nothing could say how it ended


def _mention(words: str) -> list[str]:
    """Return the commands that are running and hold some words."""
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True)
    return [line for line in listed.stdout.splitlines() if words in line]


def test_ctrl_c_at_a_terminal_and_a_terminal_that_goes_away(tmp_path: Path) -> None:
    for act, name in (lambda terminal: os.write(terminal, b"\x03"), "INT"), (os.close, "HUP"):
        tried = Tried(tmp_path / name, "bash -c 'echo begun; sleep 60'")
        process, terminal = pty.fork()
        if process == 0:
            os.execv(tried.command()[0], tried.command())
        assert until(lambda tried=tried: any("\nbegun\n" in log.read_text() for log in tried.logs()))  # type: ignore[misc]
        act(terminal)
        _, status = os.waitpid(process, 0)
        assert os.waitstatus_to_exitcode(status) == 130
        assert ends(tried.logs()[0])[1]["signal"] == name


def test_whoever_reads_the_output_may_go(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "bash -c 'for i in 1 2 3 4 5; do echo $i; sleep 0.1; done'")
    command = " ".join(tried.command("--learning-rate", 0.05))
    done = subprocess.run(["bash", "-c", f"({command}; echo $? >&3) 3>{tmp_path}/status 2>&1 | head -n 1"], timeout=30)
    assert done.returncode == 0
    assert until(lambda: (tmp_path / "status").read_text() == "0\n")
    assert ends(tried.logs()[0])[1]["exit_status"] == 0


BAD = {
    ("--learnrate", "1"): "error: unknown option --learnrate; allowed: --learning-rate --epochs",
    ("1",): "error: '1' is not an option; allowed: ",
    ("--learning-rate",): "error: --learning-rate needs a value: rates",
    ("--learning-rate", "fast"): "error: --learning-rate: 'fast' is not a number above zero",
    ("--learning-rate", "0.05", "0"): "error: --learning-rate: '0' is not a number above zero",
    ("--learning-rate", "-1"): "error: --learning-rate: '-1' is not a number above zero",
    ("--learning-rate", ".5"): "error: --learning-rate: '.5' is not a number above zero",
    ("--epochs=1.5",): "error: --epochs: '1.5' is not a whole number from 1",
    ("--epochs", "1", "2"): "error: '2' is not an option",
    ("--repeat", "007"): "error: --repeat: '007' is not a whole number",
    ("--out", ""): "error: --out: an empty value",
    ("--out", "/proc/logs"): "error: /proc/logs: logs cannot be written there; name another folder with --out",
}


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_usage_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = Tried(tmp_path, "true").run(*arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(BAD[arguments])
    assert not list(tmp_path.glob("logs/*"))


@contextmanager
def disk(place: Path, options: str) -> Iterator[None]:
    """Put a file system of its own at a folder, which only the superuser can."""
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, text=True)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "true")
    with disk(tried.out, "ro"):
        done = tried.run()
    assert done.returncode == 2
    assert done.stderr == f"error: {tried.out}: logs cannot be written there; name another folder with --out\n"


def test_a_disk_that_fills_up_fails_the_run_and_keeps_its_log(tmp_path: Path) -> None:
    tried = Tried(tmp_path, "bash -c 'while echo a line of a program that prints a lot; do :; done'")
    with disk(tried.out, "size=64k"):
        done = tried.run("--learning-rate", 0.05)
        (log,) = tried.logs()
        kept = log.read_bytes()
    assert done.returncode == 1
    assert f"error: {log}: its last line cannot be written; make room on the disk, then start again" in done.stderr
    assert kept.startswith(b"#testbed-run ")


def test_a_disk_that_is_full_before_the_start(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    with disk(system.logs, "size=64k"):
        done = system.run()
    assert done.returncode == 2
    assert done.stderr == (f"error: {system.logs}: 0 MB free and 50 MB are needed; make room, or name another folder\n")


@pytest.mark.parametrize("name", SYSTEMS)
def test_help_says_what_a_script_takes(tmp_path: Path, name: str) -> None:
    done = subprocess.run(System(name, tmp_path).command("--help"), text=True, capture_output=True)
    assert done.returncode == 0
    for words in (
        "Takes: ",
        "minutes",
        "--dry-run",
        "--repeat COUNT",
        "Exit status: 0 all runs are done; 1 a run failed",
    ):
        assert words in done.stdout


# What is no longer there, since when, and what to use instead.
RETIRED = {
    "sambanova": ("Retired: the SN30. ", "2026-04-09", "served.sh"),
    "cerebras": ("Retired: the CS-2, ", "October 2025", "Use the default release instead"),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_help_says_what_is_retired(tmp_path: Path, name: str) -> None:
    told = subprocess.run(System(name, tmp_path).command("--help"), text=True, capture_output=True).stdout
    assert [words for words in RETIRED.get(name, ()) if words not in told] == []
    assert ("Retired: " in told) is (name in RETIRED)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_dry_run_prints_the_commands_and_starts_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    script = ROOT / "scripts/run" / f"{name}.sh"
    command = [str(script), "--dry-run", "--out", f"{tmp_path}/logs", "--work", f"{tmp_path}/work"]
    done = subprocess.run(command, env={**os.environ, "HOME": str(tmp_path)}, text=True, capture_output=True)
    assert done.returncode == 0
    expected = {"sambanova": "sbatch ", "graphcore": "srun ", "cerebras": "cszoo fit ", "groq": "qsub "}[name]
    assert sum(expected in line for line in done.stdout.splitlines()) == {"graphcore": 4, "groq": 2}.get(name, 3)
    assert "would stop here: " in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


WITHOUT = {
    "sambanova": "no SambaFlow here; log in to a node of the SN30",
    "graphcore": "no Poplar SDK here; log in to a Graphcore node",
    "cerebras": "no such file; log in to Cerebras",
    "groq": "qsub: no such command; log in to a Groq node",
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_on_another_machine_a_script_says_where_to_go(tmp_path: Path, name: str) -> None:
    tools = program(tmp_path / "bin/tools").parent
    for tool in ("bash", "dirname", "id", "sed", "awk", "df", "mkdir", "realpath"):
        (tools / tool).symlink_to(f"/usr/bin/{tool}" if Path(f"/usr/bin/{tool}").exists() else f"/bin/{tool}")
    script = ROOT / "scripts/run" / f"{name}.sh"
    environment = {"HOME": str(tmp_path), "PATH": str(tools)}
    done = subprocess.run([script, "--out", f"{tmp_path}/logs"], env=environment, text=True, capture_output=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert WITHOUT[name] in done.stderr


def test_a_scheduler_that_does_not_answer_is_said(tmp_path: Path) -> None:
    system = System("sambanova", tmp_path)
    for command in ("sbatch", "srun", "squeue", "scontrol", "scancel"):
        program(tmp_path / "bin" / command)
    program(tmp_path / "bin/sinfo", "exit 1")
    done = system.run()
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "Slurm does not answer; try again" in done.stderr
