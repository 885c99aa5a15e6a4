"""What shells leave around a log: prompts end a run, other lines that hold their signs do not."""

from __future__ import annotations

import pytest

from tests.parsers.samples import said

PROMPTS = (
    "user@node:~$ ls", "[user@node mnist]$ ls", "[root@node ~]# ls", "root@node:/x# ls", "bash-4.2$ ls", "sh-4.2# ls",
    "$ ls", "(venv) $ ls", "(venv) (base) user@node:~/a$ ls", " user@node:~$ ls", "user@node ~ % ls", "user@node:~> ls",
    "node:~ user$ ls", "user@node:~/a (main *)$ ls", "➜  mnist git:(main) ✗ ls", "user@node:~$",
    "\x1b]0;user@node: ~\x07\x1b[01;32muser@node\x1b[00m:\x1b[01;34m~\x1b[00m$ ls",
)  # fmt: skip
NONE = ("It cost 5 $ a day", "mlm_acc: 0.5 % of all", "> quoted", "# heading", "user@node wrote", "50 % done", "a > b")
FIRST, SECOND = "Epochs: 100%|##########| 5/5 [00:10<00:00,  2.00s/it]", "Accuracy on test set: 90.00%"


@pytest.mark.parametrize("line", PROMPTS)
def test_a_prompt_ends_a_run(line: str) -> None:
    assert said(f"{FIRST}\n{line}\n{SECOND}\n".encode(), "outcome") == ["unknown", "completed"]


@pytest.mark.parametrize("line", NONE)
def test_another_line_ends_none(line: str) -> None:
    assert said(f"{FIRST}\n{line}\n{SECOND}\n".encode(), "outcome") == ["completed"]


@pytest.mark.parametrize("fence", ["```", "````text", "~~~", "> ```", "  ```"])
def test_a_fence_ends_a_run(fence: str) -> None:
    assert said(f"{FIRST}\n{fence}\n{SECOND}\n".encode(), "outcome") == ["unknown", "completed"]
