from __future__ import annotations

import time

import pytest

from scripts.privacy.find import find, learn

# Lines of our own, with what is private in each.
PRIVATE = [
    ("USER=jdoe", "account", "jdoe"),
    ("LOGNAME=jdoe", "account", "jdoe"),
    ("SLURM_JOB_USER=jdoe", "account", "jdoe"),
    ("MAIL=/var/spool/mail/jdoe", "account", "jdoe"),
    ("jdoe@sn30-r1-h1:~/run$ ls", "account", "jdoe"),
    ("(venv) (base) [jdoe@gc-poplar-02 mnist]$ ls", "account", "jdoe"),
    ("$ ssh jdoe@cerebras.ai.alcf.anl.gov", "account", "jdoe"),
    ("Log ID initialized to: [jdoe][python][12] at /var/log/x.log", "account", "jdoe"),
    ("  4711 sambanova bertrun jdoe R 0:10 1 sn30-r1-h1", "account", "jdoe"),
    ("-rw-r--r-- 1 jdoe users 512 Apr 1 10:00 out.log", "account", "jdoe"),
    ("uid=1012(jdoe) gid=100(users)", "account", "jdoe"),
    ('"USER=x\\nLOGNAME=jdoe\\n"', "account", "jdoe"),
    ("Saved to /home/jdoe/bert/pef.log", "home path", "jdoe"),
    (r"C:\Users\jdoe\logs", "home path", "jdoe"),
    ("/Users/jdoe/logs", "home path", "jdoe"),
    ("write to jane.doe@lab.edu for help", "e-mail address", "jane.doe@lab.edu"),
    ("SSH_CLIENT=10.1.2.3 50000 22", "IP address", "10.1.2.3"),
    ("from 10.1.2.3-10.1.2.9.", "IP address", "10.1.2.9"),
    ("cluster:10.1.2.3:6817:8960:101", "IP address", "10.1.2.3"),
    ("idrac: fd00:12ab:0:1:2:3:4:5", "IP address", "fd00:12ab:0:1:2:3:4:5"),
    ("inet6 fe80::12ab:34ff:fe56:78/64", "IP address", "fe80::12ab:34ff:fe56:78"),
    ("link/ether 3c:ec:ef:01:02:03", "hardware address", "3c:ec:ef:01:02:03"),
    ("HOSTNAME=janes-laptop", "host name", "janes-laptop"),
    ("jdoe@janes-laptop:~$ ssh x", "host name", "janes-laptop"),
    ("Last login: Mon Apr  8 08:03:43 2024 from dhcp-1-2.isp.net", "host name", "dhcp-1-2.isp.net"),
    ("copied to node7.cluster.uni.edu", "host name", "node7.cluster.uni.edu"),
    ("printer-2.local answers", "host name", "printer-2.local"),
    ("/NODE/XRDU_0/RDU_0      | 20A0B0C1      | Present | Online", "serial number", "20A0B0C1"),
    ("Serial Number: AB12-3456", "serial number", "AB12-3456"),
    ("HF_TOKEN=abcdefgh12345678", "secret", "abcdefgh12345678"),
    ("AWS_SECRET_ACCESS_KEY='abcd/efgh+1234'", "secret", "abcd/efgh+1234"),
    ("huggingface-cli login --token hunter2hunter2", "secret", "hunter2hunter2"),
    ("Authorization: Bearer abcdefghijklmnop.qrs", "secret", "abcdefghijklmnop.qrs"),
    ("git clone https://jdoe:hunter2@example.org/x", "secret", "hunter2"),
    ("using hf_" + "aB3" * 10, "secret", "hf_" + "aB3" * 10),
    ("wandb: API key " + "0a1b2c3d" * 5, "secret", "0a1b2c3d" * 5),
    ("token ghp_" + "aB3d" * 9, "secret", "ghp_" + "aB3d" * 9),
    ("key AKIA" + "ABCD1234" * 2, "secret", "AKIA" + "ABCD1234" * 2),
    ("key=xoxb-123456789-abcdef", "secret", "xoxb-123456789-abcdef"),
    ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def", "secret", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc_def"),
    ("//registry.npmjs.org/:_authToken=npm_" + "aB3d" * 9, "secret", "npm_" + "aB3d" * 9),
    ("cp /homes/jdoe/run.log .", "home path", "jdoe"),
    ("pef in /gpfs/lab-home/jdoe/out", "home path", "jdoe"),
    ("log=%2Fhome%2Fjdoe%2Frun", "home path", "jdoe"),
    (r"\\fileserver\users\jdoe\run", "home path", "jdoe"),
    ("/lus/theta/projects/vision/jdoe/data/", "home path", "jdoe"),
    ("Job_Owner = jdoe", "account", "jdoe"),
    ("squeue -u jdoe", "account", "jdoe"),
    ("sudo: jdoe : TTY=pts/3 ; PWD=/", "account", "jdoe"),
    ("wandb: Currently logged in as: jdoe (lab)", "account", "jdoe"),
    ("git clone https://gitlab.com/jdoe/bert.git", "account", "jdoe"),
    ("cd ~jdoe/bert", "account", "jdoe"),
    ("jdoe  4711  9.5  0.2 900 800 ? R 07:10 0:01 python", "account", "jdoe"),
    ("jdoe@air ~ %", "account", "jdoe"),
    ("[zbox17:04711] PMIX ERROR: UNREACHABLE", "host name", "zbox17"),
    ("ip-10-1-2-3.us-west-2.compute.internal", "host name", "ip-10-1-2-3.us-west-2.compute.internal"),
    ("ssh zbox.lab.edu:2222", "host name", "zbox.lab.edu"),
    ("Physical 3C-EC-EF-01-02-03", "hardware address", "3C-EC-EF-01-02-03"),
    ("S/N: AB12CD34", "serial number", "AB12CD34"),
    ("token: hunter2hunter2", "secret", "hunter2hunter2"),
    ('{"client_secret": "hunter2hunter2"}', "secret", "hunter2hunter2"),
    ("sshpass -p hunter2 ssh x", "secret", "hunter2"),
    ("curl -s -u jdoe:hunter2 https://x", "secret", "hunter2"),
    ("machine x login y password hunter2", "secret", "hunter2"),
    ("Authorization: Basic amRvZTpodW50ZXIy", "secret", "amRvZTpodW50ZXIy"),
    ("Set-Cookie: sid=hunter2hunter2; Path=/", "secret", "sid=hunter2hunter2; Path=/"),
    ("AccountName=x;AccountKey=abcd1234+/efgh==", "secret", "abcd1234+/efgh=="),
    ("https://hooks.slack.com/services/T01/B02/abcd1234", "secret", "T01/B02/abcd1234"),
    ("https://discord.com/api/webhooks/12345/abcd-1234", "secret", "12345/abcd-1234"),
]
# Lines in which nothing is private, though they look like it.
HARMLESS = [
    "SambaFlow 2.1.1.0 and sambanova-arcprism-1.17.7-27",
    "groq-runtime version: 2.1.1.0",
    "Requirement already satisfied: nvidia-x==12.1.3.1 in ./lib (from torch) (12.1.3.1)",
    "Requirement already satisfied: nvidia-x in ./lib (8.9.2.26)",
    "Downloading nvidia_x_cu12-8.9.2.26-py3-none-manylinux1_x86_64.whl (7 MB)",
    "Collecting nvidia-x==11.4.5.107 (from torch)",
    "release 2.1.1.0-27 of the driver",
    "listening on 127.0.0.1 and 0.0.0.0, mask 255.255.255.0",
    "2024-04-08 07:02:43,120 12:34:56 1:02:03:04",
    "std::vector<c10::Half> at::add::call a::b",
    "throughput 1234.5678 at 0.000175 of 1.5.2.999",
    "HOSTNAME=sn30-r1-h1",
    "SLURM_SUBMIT_HOST=groq-r01-gn-08",
    "ssh ALCFUserID@x, HfSamba.partition_7_0_.loss_1@kInputXVec_0. Please",
    "see https://www.alcf.anl.gov/home/jobs and https://docs.lab.example.org/users",
    "git clone git@github.com:groq/groqflow.git",
    "import torch.utils.data; threading.local(); model.encoder.net(x)",
    "/NODE/XRDU_0/SW_0/PORT_1   | N/A   | Present | Online",
    "serialized: 12345678",
    "token_throughput: 1234.5 tokens/second: 99123 max_seq_length: 128000",
    "https://huggingface.co/M-FAC/bert-tiny and https://github.com/graphcore/examples/tree/master",
    "user: the user's token is invalid; reset your password in settings",
    "TOKENIZERS_PARALLELISM=false MAX_TOKENS=12345678901 PAD_TOKEN=[PAD]",
    "--mount_dirs /home/ /software/ --user=$USER /home/$USER",
    "USER=root HOME=/home/user1 mail1@example.org 192.0.2.7 2001:db8::7 SERIAL12 host3 HF_TOKEN=secret1",
]


@pytest.mark.parametrize(("line", "kind", "value"), PRIVATE, ids=[line[:40] for line, _, _ in PRIVATE])
def test_a_private_thing_is_found_where_it_stands(line: str, kind: str, value: str) -> None:
    found = find(f"first\n{line}\nlast\n", learn([f"first\n{line}\nlast\n"]))
    assert (kind, value) in [(place.kind, place.value) for place in found]
    start = 6 + line.rindex(value) if kind != "home path" else 6 + line.index(value)
    assert start in [place.start for place in found]


@pytest.mark.parametrize("line", HARMLESS, ids=lambda line: line[:40])
def test_nothing_is_found_in_what_is_public(line: str) -> None:
    assert find(line, learn([line])) == []


def test_a_name_that_one_line_betrays_is_found_elsewhere() -> None:
    text = "USER=jdoe\nchdir /scratch/jdoe_2/x; jdoes; [jdoe]\n"
    assert [place.value for place in find(text, learn([text]))] == ["jdoe", "jdoe_2", "jdoe"]


def test_a_number_that_one_line_shows_to_be_a_version_is_one_elsewhere() -> None:
    text = "driver version 2.1.1.0\n| 2.1.1.0 | 10.1.1.0 |\n"
    assert [place.value for place in find(text, learn([text]))] == ["10.1.1.0"]


def test_every_line_of_a_private_key_is_found() -> None:
    text = f"-----BEGIN RSA PRIVATE KEY-----\n{'Ab3/' * 16}\n{'Cd4+' * 12}\n-----END RSA PRIVATE KEY-----\nafter\n"
    found = find(text, learn([text]))
    assert {text.count("\n", 0, place.start) for place in found} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "a.",
        "1.",
        "a@",
        ":",
        "/home/",
        "a-",
        "A=",
        " ",
        "(a) ",
        "-----BEGIN ",
        "\\n",
        "eyJ",
        "sk-",
        "x@",
        "/NODE|",
        "://a:",
        "wandb ",
        "token=",
        "curl ",
        "curl -u",
        "ssh ",
        "~",
        "%2Fhome",
        "/lus/a",
        "00-",
        "1  a  ",
        "ssh-rsa ",
    ],
)
def test_no_line_is_slow(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.process_time()
    find(text, learn([text]))
    assert time.process_time() - began < 2
