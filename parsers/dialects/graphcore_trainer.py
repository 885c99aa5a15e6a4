"""Graphcore: what the Hugging Face trainer of Optimum prints.

Other trainers' logs look the same, so a run of Graphcore must be open.
"""

from __future__ import annotations

from ..grammar import EOL, FOLLOWS, INSIDE, NUMBER, OPENS, Dialect, Draft, Event, Shape, line
from .graphcore import EVALUATED, OWN, TRAINER, TRAINS

PARAMETERS = {
    "Num Epochs": "epochs",
    "Instantaneous batch size per device": "micro_batch_size",
    "Device Iterations": "device_iterations",
    "Replication Factor": "replicas",
    "Gradient Accumulation steps": "gradient_accumulation",
    "Total train batch size (w. parallel, distributed & accumulation)": "batch_size",
    "Total optimization steps": "steps",
}
TRAINING = {"runtime": "train_time", "samples_per_second": "throughput", "loss": "mean_loss"}
EVALUATION = {"runtime": "eval_time", "samples_per_second": "eval_throughput", "loss": "eval_loss"}
TRAINING_BEGINS = line("***** Running training *****")
DEVICE = rb"[^*{]{0,800}Device Iterations = "  # no other trainer names these
# Sizes and speeds in other units, which do not measure what was learnt.
OTHERS = ("samples", "steps_per_second", "model_preparation_time")
# Within a dictionary, and in the table at the end, where a run time is a clock with hours.
ROUNDED = 0.51e-4
IN_DICTIONARY = rb"': (?P<_value>" + NUMBER + rb")(?=,\s|\})"
IN_TABLE = rb" {0,40}= {1,40}(?P<_value>" + NUMBER + rb")" + EOL
LOSS = (
    rb"'loss': (?P<loss>" + NUMBER + rb")(?=,\s|\})"
    rb"(?:[^}\r\n]{0,300}?'learning_rate': (?P<learning_rate>" + NUMBER + rb")(?=,\s|\}))?"
)


def says_again(run: Draft[object], event: Event, name: str) -> bool:
    """Return whether the table repeats, with fewer digits, what a dictionary has stated."""
    shown = float(event.text("_value"))
    return any(abs(float(fact.value) - shown) < ROUNDED for fact in run.facts.get(name, {}).values())


def training(run: Draft[object], event: Event) -> None:
    name = TRAINING[event.text("_key")]
    if not says_again(run, event, name):
        run.tell(event, name, "_value")


def evaluation(run: Draft[object], event: Event) -> None:
    key = event.text("_key")
    name = EVALUATION.get(key, f"eval/{key}")
    if key not in OTHERS and not says_again(run, event, name):
        run.tell(event, name, "_value")


def trains(run: Draft[object], _event: Event) -> None:
    run.opened = True


def evaluates(run: Draft[object], event: Event) -> None:
    if not run.has("stage"):
        run.label(event, "stage", "eval")


DIALECT = Dialect(
    system="Graphcore",
    signs=(b"optimum.graphcore", b"optimum/graphcore", b"Device Iterations = "),
    noise=(
        ("Hugging Face trainer",
         r"Compiling Model\.\.\.|Saving model checkpoint|Configuration saved|Model weights saved|tokenizer config file"
         r"|Special tokens file|  Batch size = |\*\*\*\*\* (?:train|eval|predict) metrics"),
    ),
    shapes=(
        Shape(rb"optimum[./]graphcore", bare=True, phase=OWN, another=False, example="INFO:optimum.graphcore.trainer:"),
        Shape(TRAINING_BEGINS + rb"(?=" + DEVICE + rb")", OPENS, phase=TRAINER, says=TRAINS,
              example="***** Running training *****\n  Device Iterations = 2"),
        Shape(TRAINING_BEGINS + rb"(?!" + DEVICE + rb")", FOLLOWS, trains, phase=TRAINER, says=TRAINS,
              example="***** Running training *****"),
        Shape(line("***** Running Evaluation *****"), FOLLOWS, evaluates, phase=EVALUATED, another=False),
        Shape(line("Num examples = {training_samples:int}{:end}"), INSIDE, during=(TRAINER,)),
        *(Shape(line(f"{words} = {{{name}:int}}{{:end}}"), INSIDE)
          for words, name in PARAMETERS.items()),
        Shape(LOSS, FOLLOWS, series=True, says=TRAINS,
              example="{'loss': 0.5, 'learning_rate': 1.25e-05, 'epoch': 1.0}"),
        *(Shape(rb"train_(?P<_key>runtime|samples_per_second|loss)" + rest, FOLLOWS, training, says=TRAINS,
                ends="completed", example=example)
          for rest, example in ((IN_DICTIONARY, "{'train_runtime': 102.5, 'epoch': 2.0}"),
                                (IN_TABLE, "  train_loss    =     0.5"))),
        *(Shape(rb"eval_(?P<_key>\w{1,60}+)" + rest, FOLLOWS, evaluation, example=example)
          for rest, example in ((IN_DICTIONARY, "{'eval_loss': 0.75, 'epoch': 2.0}"),
                                (IN_TABLE, "  eval_loss    =     0.75"))),
        Shape(line("***** eval metrics *****"), FOLLOWS, evaluates, ends="completed"),
        Shape(line("Training completed. Do not forget"), FOLLOWS, says=TRAINS, ends="completed"),
    ),
)  # fmt: skip
