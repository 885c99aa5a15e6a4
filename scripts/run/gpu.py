"""`python -m scripts.run.gpu WORK`: the reference on one NVIDIA card, a piece of work in each call.

`bert-large` takes steps of BERT-large's pre-training, `bert-tiny` times single inferences, and `digits` trains a small
network on scikit-learn's handwritten digits. Nothing is fetched: weights are drawn from a seed. With --cpu the same
programs run small on the processor, and every line with a result says so.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any, Sequence

from . import gpu_bert_large, gpu_bert_tiny
from .bert_model import LONGEST
from .card import Readings, device, introduce, say
from .digits import Place, add_options, learn
from .machine import imported, run, whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    return run(lambda: options.work(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.run.gpu", description=__doc__)
    works = parser.add_subparsers(title="work", metavar="WORK", required=True)
    _pretrains(works.add_parser("bert-large", help="steps of BERT-large's pre-training"))
    _infers(works.add_parser("bert-tiny", help="single inferences with bert_tiny"))
    _learns(works.add_parser("digits", help="train a small network on handwritten digits"))
    return parser


def _pretrains(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(work=gpu_bert_large.pretrain)
    add = parser.add_argument
    add("--batch-size", type=whole(1, 2**16), default=512, metavar="N", help="samples of an optimiser step (512)")
    add("--sequence-length", type=whole(3, LONGEST), default=128, metavar="N", help="tokens of a sample (128)")
    add("--steps", type=whole(), default=20, metavar="N", help="timed steps (20)")
    add("--seed", type=whole(0), default=1, metavar="N", help="of the weights and of the tokens (1)")
    add("--eager", action="store_true", help="leave PyTorch's compiler out")
    _adds_cpu(parser)


def _infers(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(work=gpu_bert_tiny.infer)
    add = parser.add_argument
    add("--sequence-length", type=whole(3, LONGEST), default=128, metavar="N", help="tokens of an input (128)")
    add("--repetitions", type=whole(), default=5000, metavar="N", help="timed inferences of one input (5000)")
    add("--seed", type=whole(0), default=1, metavar="N", help="of the weights and of the input (1)")
    add("--cuda-graph", action="store_true", help="replay a CUDA graph instead of starting every operation anew")
    _adds_cpu(parser)


def _learns(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(work=_digits)
    add_options(parser)
    _adds_cpu(parser)


def _adds_cpu(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--cpu", action="store_true", help="compute on the processor, and small")


def _digits(options: argparse.Namespace) -> None:
    torch, sklearn = imported("torch", "sklearn")
    used: Any = device(torch, options.cpu)
    introduce(torch, used, "digits", "train", [sklearn])
    say("execution eager, precision float32, data handwritten digits")
    driver = Readings(used)
    learn(torch, options, say, Place(used.kind, f", by {used.kind}", driver))
    driver.tell()
    say("finished")


if __name__ == "__main__":
    sys.exit(main())
