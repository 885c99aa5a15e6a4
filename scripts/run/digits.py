"""`python -m scripts.run.digits`: the exercise's question about learning rates, on any machine.

A small network learns scikit-learn's handwritten digits of eight by eight pixels. It is like the exercise's network for
MNIST. The optimiser (plain SGD), batch size and epochs are the exercise's defaults. The exercise's softmax is left out,
because its loss has one already. The time is that of the training alone, without the test.
"""

from __future__ import annotations

import argparse
import copy
import sys
import time
from contextlib import nullcontext
from typing import Any, Callable, NamedTuple, Sequence

from .machine import imported, introduce, run, say, whole

_BRIGHTEST = 16
_TEST_SHARE = 0.2
# What prints a line.
Tell = Callable[[str], None]


class Digits(NamedTuple):
    """Images and labels to learn from, and to test on."""

    images: Any
    labels: Any
    test_images: Any
    test_labels: Any


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.run.digits", description=__doc__)
    add_options(parser)
    parser.add_argument("--threads", type=whole(), default=1, metavar="N", help="threads of PyTorch (1)")
    options = parser.parse_args(arguments)
    return run(lambda: _train_and_test(options))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what a training can be set to."""
    add = parser.add_argument
    add("--learning-rate", type=_rate, default=0.05, metavar="X", help="step size of SGD (0.05)")
    add("--batch-size", type=whole(1, 1000), default=8, metavar="N", help="images of a step (8)")
    add("--epochs", type=whole(), default=10, metavar="N", help="passes over the training set (10)")
    add("--seed", type=whole(0), default=0, metavar="N", help="of the weights and of the order of images (0)")


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a learning rate; allowed is a number above 0")
    return rate


def _train_and_test(options: argparse.Namespace) -> None:
    torch, sklearn = imported("torch", "sklearn")
    torch.set_num_threads(options.threads)
    introduce("digits", "train", {"torch": torch.__version__, "scikit-learn": sklearn.__version__}, options.threads)
    learn(torch, options, say)
    say("finished")


class Place(NamedTuple):
    """Where the network learns: a device, what ends the lines about results, and what watches the training."""

    device: str = "cpu"
    by: str = ""
    watch: Any = nullcontext()


HERE = Place()


def learn(torch: Any, options: argparse.Namespace, tell: Tell, place: Place = HERE) -> None:
    """Train and test on a device, and say in lines what was set and what came of it.

    Weights and the order of images are drawn on the processor, so that a seed gives the same ones on every device.
    """
    torch.manual_seed(options.seed)
    tell(", ".join(f"{name} {getattr(options, name)}" for name in ("learning_rate", "batch_size", "epochs", "seed")))
    digits = Digits(*(part.to(place.device) for part in _digits(torch)))
    tell(f"training set {len(digits.labels)} images, test set {len(digits.test_labels)} images")
    model = network(torch).to(place.device)
    if place.device != HERE.device:
        _warm_up(torch, copy.deepcopy(model), digits, options)
    with place.watch:
        passed, worked = _train(torch, model, digits, options, tell)
    rate = options.epochs * len(digits.labels) / passed
    tell(f"training {passed:.4f} s, processor {worked:.4f} s, throughput {rate:.2f} samples/s{place.by}")
    tell(f"test_accuracy {_accuracy(torch, model, digits):.2f} %{place.by}")


def _digits(torch: Any) -> Digits:
    """Return the digits; the same fifth of each kind is the test set in every run."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    parts = train_test_split(
        digits.images, digits.target, test_size=_TEST_SHARE, random_state=0, stratify=digits.target
    )
    images, test_images = (torch.tensor(part, dtype=torch.float32).unsqueeze(1) / _BRIGHTEST for part in parts[:2])
    labels, test_labels = (torch.tensor(part) for part in parts[2:])
    return Digits(images, labels, test_images, test_labels)


def network(torch: Any) -> Any:
    """Return the network: two convolutions, each with pooling, then two layers that are fully connected."""
    nn = torch.nn
    return nn.Sequential(
        *(nn.Conv2d(1, 10, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(10, 20, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(80, 64), nn.ReLU(), nn.Linear(64, 10)),
    )


def _train(torch: Any, model: Any, digits: Digits, options: argparse.Namespace, tell: Tell) -> tuple[float, float]:
    """Train, say the mean loss of each epoch, and return the seconds that passed and those of the processor."""
    optimizer = torch.optim.SGD(model.parameters(), lr=options.learning_rate)
    passed, worked, step = 0.0, 0.0, 0
    for epoch in range(1, options.epochs + 1):
        begun, busy = time.perf_counter(), time.process_time()
        losses = [
            _step(torch, model, optimizer, digits.images[chosen], digits.labels[chosen])
            for chosen in torch.randperm(len(digits.labels)).split(options.batch_size)
        ]
        passed += time.perf_counter() - begun
        worked += time.process_time() - busy
        step += len(losses)
        tell(f"epoch {epoch} of {options.epochs}, step {step}, loss {sum(losses) / len(losses):.4f}")
    return passed, worked


def _warm_up(torch: Any, model: Any, digits: Digits, options: argparse.Namespace) -> None:
    """Take a step with a copy of the network: what a card loads at its first step is not in the time."""
    optimizer, few = torch.optim.SGD(model.parameters(), lr=options.learning_rate), slice(options.batch_size)
    _step(torch, model, optimizer, digits.images[few], digits.labels[few])


def _step(torch: Any, model: Any, optimizer: Any, images: Any, labels: Any) -> float:
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


def _accuracy(torch: Any, model: Any, digits: Digits) -> float:
    with torch.no_grad():
        right = model(digits.test_images).argmax(1) == digits.test_labels
    return 100 * float(right.float().mean())


if __name__ == "__main__":
    sys.exit(main())
