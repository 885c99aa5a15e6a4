"""cerebras.sh on stand-ins for `cszoo` and run.py: what was asked is what the logs say."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.scripts.run.systems import CS2_CONFIGURATION, TODAYS_CONFIGURATION, System, program, said

CS2 = ("--release", "2.1.1")
NAMES = ("batch_size", "steps", "csx", "outcome", "stage", "samples", "evaluations", "throughput", "workload")


def test_todays_command_gives_one_completed_run_of_each_batch_size(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    done = system.run("--batch-size", 512, 2048, "--steps", 100)
    assert done.returncode == 0, done.stderr
    assert [said(run, *NAMES) for run in system.runs()] == [
        ("512", "100", "1", "completed", "train; eval", "51200", "2", "2048.50", "bert-large"),
        ("2048", "100", "1", "completed", "train; eval", "204800", "2", "8192.50", "bert-large"),
    ]
    (loss,) = [series for series in system.runs()[0].series if series.name == "loss"]
    assert loss.steps == [50, 100]
    assert sorted(path.name for path in (tmp_path / "R_2.10.0/model_dirs").iterdir()) == sorted(
        log.stem for log in system.new_logs()
    )


def test_the_configuration_differs_from_the_sites_in_what_was_asked_only(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    assert system.run("--batch-size", 512, "--steps", 100).returncode == 0
    folder = tmp_path / "R_2.10.0/modelzoo/src/cerebras/modelzoo/models/nlp/bert/configs"
    written = (folder / "bert_large_MSL128_sampleds_batch_512_steps_100.yaml").read_text()
    expected = TODAYS_CONFIGURATION.replace("3720 # of all systems", "512").replace("max_steps: 1000", "max_steps: 100")
    assert written == expected


def test_llama_trains_on_two_systems(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    program(tmp_path / "bin/df", "echo; echo disk 0 0 999999999")  # a checkpoint takes 100 GB
    done = system.run("--workload", "llama2-7b", "--batch-size", 256, "--csx", 2)
    assert done.returncode == 0, done.stderr
    (run,) = system.runs()
    assert said(run, *NAMES) == ("256", "200", "2", "completed", "train; eval", "51200", "2", "1024.50", "llama2-7b")
    assert said(run, "sequence_length") == ("",)  # the configuration's, which we do not know


def test_a_run_that_fails_in_its_second_loop_has_failed(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    done = system.run("--batch-size", 512, STAND_IN="fail")
    assert done.returncode == 1
    assert said(system.runs()[0], "outcome", "failure_reason") == ("failed", "Job wsjob-2 failed due to: told to fail")


def test_the_same_experiment_on_another_release_is_another_experiment(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    configuration = _cs2_configuration(tmp_path)
    assert system.run("--batch-size", 512).returncode == 0
    assert system.run(*CS2, *configuration, "--batch-size", 512).returncode == 0
    assert [said(run, "outcome", "samples") for run in system.runs()] == [("completed", "512000")] * 2


def _cs2_configuration(folder: Path) -> tuple[str, str]:
    path = folder / "bert_large_MSL128_sampleds.yaml"
    path.write_text(CS2_CONFIGURATION)
    return "--params", str(path)


def test_the_cs2_has_a_configuration_of_each_batch_size_and_a_model_directory_of_each_run(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    done = system.run(
        *CS2,
        *_cs2_configuration(tmp_path),
        "--batch-size",
        512,
        2048,
        "--steps",
        100,
        "--repeat",
        2,
        "--vocab",
        __file__,
    )
    assert done.returncode == 0, done.stderr
    names = ("batch_size", "steps", "outcome", "samples", "sequence_length")
    runs = [said(run, *names) for run in system.runs()]
    assert runs == [(n, "100", "completed", f"{int(n) * 100}", "128") for n in ("512", "512", "2048", "2048")]
    configuration = (tmp_path / "R_2.1.1/configs/bert_large_MSL128_sampleds_batch_512.yaml").read_text()
    assert configuration.split("\n")[1:5] == [
        "    batch_size: 512",
        f'    vocab_file: "{__file__}"',
        "eval_input:",
        "    batch_size: 1024",
    ]
    assert sorted(path.name for path in (tmp_path / "R_2.1.1/model_dirs").iterdir()) == sorted(
        log.stem for log in system.new_logs()
    )


NO_CONFIGURATIONS = {
    "train_input:\n    shuffle: true\n": "it has no batch size of the training, or several",
    TODAYS_CONFIGURATION + "train_input:\n  batch_size: 1\n": "it has no batch size of the training, or several",
    TODAYS_CONFIGURATION.replace(" max_steps: 1000", " epochs: 3"): "it has no max_steps of the training, or several",
}


@pytest.mark.parametrize("text", NO_CONFIGURATIONS, ids=range(len(NO_CONFIGURATIONS)))
def test_a_configuration_that_cannot_be_changed_is_said(tmp_path: Path, text: str) -> None:
    system = System("cerebras", tmp_path)
    (tmp_path / "none.yaml").write_text(text)
    done = system.run("--params", f"{tmp_path}/none.yaml")
    assert (done.returncode, NO_CONFIGURATIONS[text] in done.stderr) == (2, True), done.stderr


REFUSED = {
    ("--release", "2.5.0"): "--release: '2.5.0' is not known; allowed: 2.1.1, or 2.6.0 and later",
    ("--release", "2.10"): "--release: '2.10' is not known",
    ("--workload", "gpt"): "--workload: 'gpt' is not known; allowed: bert-large llama2-7b",
    (*CS2, "--workload", "llama2-7b"): "release 2.1.1 runs bert-large only",
    (*CS2, "--csx", "2"): "release 2.1.1 runs on one system here",
}


@pytest.mark.parametrize("options", REFUSED, ids=" ".join)
def test_what_is_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = System("cerebras", tmp_path).run(*options)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert REFUSED[options] in done.stderr


def test_the_net_is_reached_by_the_sites_proxy_or_ones_own(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    (tmp_path / "R_2.10.0/modelzoo").rename(tmp_path / "gone")
    for own in "", "http://own.example:1":
        planned = system.run("--dry-run", HTTPS_PROXY=own).stdout
        assert ("env HTTPS_PROXY=http://proxy.alcf.anl.gov:3128 https_proxy=" in planned) is not bool(own)
        assert "own.example" not in planned


def test_a_checkout_at_another_tag_is_said(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    git = ["git", "-C", f"{tmp_path}/R_2.10.0/modelzoo", "tag", "-d", "Release_2.10.0"]
    subprocess.run(git, check=True, capture_output=True)
    done = system.run()
    assert done.returncode == 2
    assert "not at Release_2.10.0; run: git -C" in done.stderr


def test_a_set_up_that_breaks_off_is_said(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    venv = tmp_path / "R_2.10.0/venv_cerebras_pt"
    (venv / "installed").unlink()
    program(tmp_path / "none/python", "echo 'pip: no network' >&2; exit 1").replace(venv / "bin/python")
    done = system.run()
    assert done.returncode == 2
    assert "pip: no network\nerror: the step '" in done.stderr
    assert not (venv / "installed").exists()


def test_a_failure_of_the_cluster_fails_the_run(tmp_path: Path) -> None:
    system = System("cerebras", tmp_path)
    done = system.run(*CS2, *_cs2_configuration(tmp_path), "--batch-size", 512, STAND_IN="fail")
    assert done.returncode == 1
    assert said(system.runs()[0], "outcome", "failure_reason") == ("failed", "Job wsjob-1 failed due to: told to fail")
