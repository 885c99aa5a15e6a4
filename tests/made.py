"""Small logs of our own in the vendors' formats, for tests of pages: each is a run of one setting."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

_REST = "step_mlm_loss:8.1|learning_rate:1.0e-08|eval_step:0.00000|validation_average_loss:0.00000"


def cerebras(batch: int, rate: float, job: str = "", loss: float = 7.125) -> str:
    """Return a training run with a batch size; `rate` is its throughput in samples/s."""
    steps, stamp = 100, "2024-05-01 10:{}:{:02},250 INFO:   {}\n"
    samples = batch * steps
    train = "| Train Device=CSX, Step={}, Loss={:.5f}, Rate={}.00 samples/sec, GlobalRate={:.2f} samples/sec"
    lines = (
        ("00", 0, f"Effective batch size is {batch}."),
        ("00", 1, "Compiling the model. This may take a few minutes."),
        ("01", 1, f"Compile artifacts successfully written to remote compile directory. Compile hash is: cs_{batch}"),
        ("01", 2, "Compile was successful!"),
        ("01", 3, "Programming Cerebras Wafer Scale Cluster for execution. This may take a few minutes."),
        ("01", 5, f"execute job id: wsjob-{job or f'{batch}at{rate:g}'}, remote log path: /n1/wsjob"),
        ("01", 31, "Beginning appliance run"),
        ("01", 35, train.format(steps // 2, loss + 1, round(rate), rate)),
        ("01", 41, train.format(steps, loss, round(rate), rate)),
        ("01", 42, "Training completed successfully!"),
        ("01", 43, f"Processed {samples} sample(s) in {samples / rate:.3f} seconds."),
    )
    return "".join(stamp.format(*line) for line in lines)


def sambanova(tasks: int, rate: float, job: int = 0, low: int = 1000, high: int = 2000) -> str:
    """Return a training run with a number of tasks; `rate` is its throughput in samples/s."""
    line = "{:%Y-%m-%d %H:%M:%S},500 - apps.nlp.bert_mlperf_trainer - Process ID 7 - info     - {}\n"
    steps, first = 20, datetime(2024, 5, 1, 10)
    step_time = 32 * tasks / rate
    step = "epoch:0|local_step:{0}|global_step:{0}|average_loss:{1}|step_loss:{1}|step_ns_loss:0.1|"
    head = [
        "Model:  BertLarge",
        "Date:  05/01/24",
        "Time:  10:00",
        "sambaflow/focal,focal,now 1.17.7-27 amd64 [installed,upgradable to: 1.18.7-38]",
        "Machine State Before: ",
        "Platform: DataScale SN30-8",
        "SLURM_JOB_NUM_NODES=1",
        f"SLURM_NTASKS={tasks}",
        "SLURM_NODELIST=sn30-r9-h1",
        f"SLURM_JOB_ID={job or 1000 + round(10 * rate)}",
        "RUN COMMAND: /usr/local/bin/srun --mpi=pmi2 python hook.py run -b 32 --max_seq_length 128 "
        f"--learning_rate 0.000125 --steps_this_run {steps} --min_throughput {low} --max_throughput {high}",
    ]
    result = {
        "e2e_train_time": steps * step_time + 20,
        "training_sequences_per_second": rate * 128,
        "final_loss": 8.25,
        "training_samples_per_second": rate,
    }
    times = [first + timedelta(seconds=round(number * step_time)) for number in range(steps)]
    body = [
        line.format(time, (step + _REST).format(number, f"{9.5 - number / 100:.5f}"))
        for number, time in enumerate(times, 1)
    ]
    end = ["Machine State After: ", "Platform: DataScale SN30-8", "Duration:  120"]
    return "\n".join([*head, "".join(body) + line.format(times[-1], result).rstrip("\n"), *end, ""])


def graphcore(rate: float, accuracy: float, job: int = 0) -> str:
    """Return a training run on MNIST with a learning rate, as the project's script records it."""
    return (
        '#testbed-run {"format": 1, "system": "Graphcore", "workload": "mnist", '
        f'"parameters": {{"learning_rate": {rate}}}}}\n'
        f"srun: job {job or 4000 + round(100 * accuracy)} queued and waiting for resources\n"
        "Epochs:   0%|          | 0/10 [00:00<?, ?it/s]\n"
        "Graph compilation: 100%|##########| 100/100 [00:00<00:00]\n"
        "Epochs: 100%|##########| 10/10 [01:30<00:00,  9.00s/it]\n"
        f"Accuracy on test set: {accuracy:.2f}%\n"
        '#testbed-end {"exit_status": 0}\n'
    )


def groq(length: int, rate: float, before: int = 32) -> str:
    """Return an inference run with an input of a length; `rate` is its end-to-end throughput in inferences/s."""
    shape = "{{'attention_mask': (1, {0}), 'input_ids': (1, {0})}}"
    columns = "| Source | Accuracy | end-to-end latency (ms) | end-to-end IPS | on-chip latency (ms) | on-chip IPS |\n"
    return (
        "Warning: build_model() discovered a cached build of bert_tiny, but decided to rebuild for the following "
        f'reasons:\n\n\t - Input shape of model "bert_tiny" changed from {shape.format(before)} to '
        f"{shape.format(length)} since the last time it was built.\n\n"
        'Building "bert_tiny"\nRunning inference on GroqChip.\nRunning inference using PyTorch model (CPU).\n'
        f"100%|##########| 500/500 [00:04<00:00, 125.00it/s]\n+--------+\n{columns}+--------+\n"
        f"|  cpu   |  71.25%  | {40000 / rate:.2f} | {rate / 40:.2f} | -- | -- |\n"
        f"|  groq  |  71.25%  | {1000 / rate:.2f} | {rate:.2f} | {500 / rate:.2f} | {2 * rate:.2f} |\n"
        "+--------+\nProof point /home/user/proof_points/bert_tiny.py finished!\n"
    )


def untitled(text: str) -> str:
    """Return Markdown without the titles of its links, for tests of what it says besides."""
    return re.sub(r'(\]\([^()\s]+) "[^"]*"\)', r"\1)", text)
