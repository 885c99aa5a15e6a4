"""Archives of logs: each file in them is read under `ARCHIVE!FILE`, and nothing that an archive says is trusted."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.archives import is_archive, members
from parsers.engine.text import NotALog
from parsers.facts import rows
from parsers.reading import readings
from tests.parsers.samples import CASES, case

LOGS = {"hw/cs.log": case("cerebras_train"), "hw/gc/mnist.log": case("graphcore_mnist"), "groq.log": case("groq_score")}


def zipped(files: Mapping[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(files: Mapping[str, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    """Return a tar archive of files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def old_tar(files: Mapping[str, bytes]) -> bytes:
    """Return a tar archive that does not name its format, as it was before 1988."""
    data = bytearray(tarred(files))
    for at in range(0, len(data), 512):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 257 : at + 265] = bytes(8)
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])
    return bytes(data)


ARCHIVES: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": zipped,
    "zip, stored": lambda files: zipped(files, zipfile.ZIP_STORED),
    "zip, bzip2": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "tar": tarred,
    "tar, POSIX": lambda files: tarred(files, tarfile.PAX_FORMAT),
    "tar, old": old_tar,
    "tar.gz": lambda files: gzip.compress(tarred(files)),
    "tar.bz2": lambda files: bz2.compress(tarred(files)),
    "tar.xz": lambda files: lzma.compress(tarred(files)),
}


def reasons(path: Path) -> dict[str, str]:
    """Return why files are not read, by their names in the archive."""
    return {reading.log.removeprefix(f"{path}"): reading.reason for reading in readings(path) if reading.reason}


@pytest.fixture
def archive(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(data: bytes) -> Path:
        path = tmp_path / "handed in"
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("kind", ARCHIVES)
def test_each_file_is_read_as_if_it_lay_in_a_folder(kind: str, archive: Callable[[bytes], Path]) -> None:
    path = archive(ARCHIVES[kind]({"prose.md": b"We liked it.\n"} | LOGS))
    found = list(readings(path))
    assert [reading.log for reading in found] == [f"{path}!{name}" for name in ("prose.md", *LOGS)]
    assert found[0].reason == "not a recognised log"
    for reading, (name, data) in zip(found[1:], LOGS.items(), strict=True):
        (alone,) = readings(_written(path.with_name(name.replace("/", " ")), data))
        assert list(rows("", reading.runs)) == list(rows("", alone.runs)) != []


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_folder_with_an_archive_gives_the_facts_of_a_folder_with_its_files(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b" / "hw.zip!hw" / "gc").mkdir(parents=True)
    (tmp_path / "a" / "hw.zip").write_bytes(
        ARCHIVES[kind]({name: LOGS[name] for name in ("hw/cs.log", "hw/gc/mnist.log")})
    )
    for name in ("cs.log", "gc/mnist.log"):
        (tmp_path / "b" / "hw.zip!hw" / name).write_bytes(LOGS[f"hw/{name}"])
    for options in (["--format", "csv"], ["--format", "json"], ["--runs", "--format", "csv"], ["--explain"]):
        assert main([*options, str(tmp_path / "a")]) == 0
        of_archive = capfd.readouterr().out
        assert main([*options, str(tmp_path / "b")]) == 0
        assert of_archive.replace(f"{tmp_path}/a", f"{tmp_path}/b") == capfd.readouterr().out


def test_a_file_in_an_archive_is_a_path(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "hw!1.zip").write_bytes(zipped(LOGS))
    name = f"{tmp_path}/hw!1.zip!hw/cs.log"
    assert main(["--format", "csv", name]) == 0
    assert {line.split(",")[0] for line in capfd.readouterr().out.splitlines()} == {"log", name}
    assert main(["--explain", name]) == 0
    assert capfd.readouterr().out.startswith(f"{name}\n  dialect  Cerebras")
    assert main(["--diff", f"{name}:1", str(CASES / "cerebras_train.log")]) == 0
    assert len(capfd.readouterr().out.splitlines()) == 1
    assert main([f"{tmp_path}/hw!1.zip!none"]) == 1
    assert capfd.readouterr().err == f"{tmp_path}/hw!1.zip!none: no such file in the archive\n"


def test_a_file_whose_name_looks_like_that_of_a_member_is_itself(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"prose\n")
    (tmp_path / "a!b").write_bytes(case("groq_score"))
    (reading,) = readings(tmp_path / "a!b")
    assert len(reading.runs) == 1
    assert [reading.reason for reading in readings(tmp_path / "a!c")] == ["no such file in the archive"]


def test_a_name_that_leads_out_is_refused(archive: Callable[[bytes], Path]) -> None:
    names = ("../a.log", "/etc/a.log", "b/../../a.log", "..\\a.log", "C:\\a.log")
    for made in (zipped, tarred):
        path = archive(made({name: case("groq_score") for name in names}))
        assert set(reasons(path).values()) == {"its name leads out of the archive; not read"}
        assert len(list(readings(path))) == len(names)


def test_links_pipes_and_devices_are_not_followed(archive: Callable[[bytes], Path]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            info = tarfile.TarInfo(f"file{kind.decode()}")
            info.type, info.linkname = kind, "/etc/passwd"
            made.addfile(info)
    told = reasons(archive(out.getvalue()))
    assert list(told.values()) == ["a link, which is not followed"] * 2 + ["a pipe or device, not a log"] * 2
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as zip_archive:
        zip_archive.writestr(link, "/etc/passwd")
    assert reasons(archive(out.getvalue())) == {"!link": "a link, which is not followed"}


def test_two_files_of_one_name_are_not_read(archive: Callable[[bytes], Path]) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for _ in range(2):
            info = tarfile.TarInfo("a.log")
            info.size = len(case("groq_score"))
            made.addfile(info, io.BytesIO(case("groq_score")))
    path = archive(out.getvalue())
    assert reasons(path) == {"!a.log": "several files of the archive have this name; none is read"}


def test_an_archive_in_an_archive_is_refused(archive: Callable[[bytes], Path]) -> None:
    inner = {kind: ARCHIVES[kind](LOGS) for kind in ("zip", "tar", "tar, old", "tar.gz", "tar.bz2", "tar.xz")}
    told = reasons(archive(zipped(inner)))
    assert told == {
        "!zip": "zip archive; unpack it first",
        "!tar": "tar archive; unpack it first",
        "!tar, old": "tar archive; unpack it first",
        "!tar.gz": "tar archive; unpack it first",
        "!tar.bz2": "bzip2 archive; unpack it first",
        "!tar.xz": "xz archive; unpack it first",
    }


def test_a_packed_log_in_an_archive_is_read(archive: Callable[[bytes], Path]) -> None:
    (reading,) = readings(archive(tarred({"a.log.gz": gzip.compress(case("groq_score"))})))
    assert len(reading.runs) == 1


def test_what_macos_adds_is_left_out(archive: Callable[[bytes], Path]) -> None:
    added = {"__MACOSX/hw/._a.log": b"\0\5\x16\7", "hw/._a.log": b"\0\5\x16\7"}
    assert [reading.log[-5:] for reading in readings(archive(zipped(added | {"hw/a.log": case("groq_score")})))] == [
        "a.log"
    ]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("[Content_Types].xml", "Office document, not a log"),
        ("mimetype", "OpenDocument text or book, not a log"),
        ("META-INF/MANIFEST.MF", "Java program, not a log"),
        ("model/data.pkl", "PyTorch checkpoint, not a log"),
        ("weights.npy", "NumPy arrays, not a log"),
    ],
)
def test_a_document_is_refused_as_a_whole(name: str, reason: str, archive: Callable[[bytes], Path]) -> None:
    assert reasons(archive(zipped({name: b"x"}))) == {"": reason}


def _flagged(data: bytes) -> bytes:
    """Return a zip archive whose only file says that it is encrypted."""
    made = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[data.index(sign) + at] |= 1
    return bytes(made)


def _with_method(data: bytes, method: int) -> bytes:
    made = bytearray(data)
    for sign, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", made, data.index(sign) + at, method)
    return bytes(made)


def test_what_cannot_be_unpacked_is_said(archive: Callable[[bytes], Path]) -> None:
    one = zipped({"a.log": case("groq_score")})
    assert reasons(archive(_flagged(one))) == {"!a.log": "encrypted; unpack it first"}
    for method in (9, 14, 93, 99):
        assert reasons(archive(_with_method(one, method))) == {
            "!a.log": f"packed by a method that is not read (number {method}); unpack it first"
        }
    at = one.index(b"a.log") + 20
    (reason,) = reasons(archive(one[:at] + b"\xff\xff\xff" + one[at + 3 :])).values()
    assert reason.startswith("damaged in the archive (")


@pytest.mark.parametrize("kind", [kind for kind in ARCHIVES if kind.startswith(("tar", "zip"))])
def test_a_cut_archive_is_refused_and_gives_no_fact(kind: str, archive: Callable[[bytes], Path]) -> None:
    whole = ARCHIVES[kind](LOGS).rstrip(b"\0")
    for share in (0.3, 0.6):
        found = list(readings(archive(whole[: int(len(whole) * share)])))
        assert [reading.runs for reading in found] == [()]
        assert "damaged" in found[0].reason or "binary" in found[0].reason or "archive" in found[0].reason


def test_an_archive_with_a_damaged_header_is_refused(archive: Callable[[bytes], Path]) -> None:
    data = bytearray(tarred(LOGS))
    data[data.index(b"hw/gc/mnist.log")] = 0xFF
    assert list(reasons(archive(bytes(data)))) == [""]
    assert reasons(archive(zipped({}))) == {"": "an empty archive"}
    assert reasons(archive(tarred({}))) != {}


def test_an_archive_may_not_expand_without_bound(
    monkeypatch: pytest.MonkeyPatch, archive: Callable[[bytes], Path]
) -> None:
    monkeypatch.setattr("parsers.archives.EXPANSION_LIMIT", 5000)
    monkeypatch.setattr("parsers.archives.TOGETHER", 50_000)
    big = {"big.log": bytes(6000), "a.log": case("groq_score")}
    for made in (zipped, tarred):
        path = archive(made(big))
        assert reasons(path) == {"!big.log": "expands past 5000 bytes; unpack it first"}
    many = {f"{number}.log": bytes(4900) for number in range(20)}
    assert reasons(archive(zipped(many)))[""] == "archive expands past 50000 bytes at 10.log; unpack it first"
    assert reasons(archive(gzip.compress(tarred(many)))) == {"": "gzip archive expands past 50000 bytes"}


def test_a_file_that_is_larger_than_its_archive_says_is_not_read_further(archive: Callable[[bytes], Path]) -> None:
    data = bytearray(zipped({"a.log": case("groq_score") * 9}))
    size = len(case("groq_score"))
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, size)
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 16, zlib.crc32(case("groq_score")))
    (reading,) = readings(archive(bytes(data)))
    assert len(reading.runs) <= 1


def test_an_archive_may_not_hold_any_number_of_files(
    monkeypatch: pytest.MonkeyPatch, archive: Callable[[bytes], Path]
) -> None:
    monkeypatch.setattr("parsers.archives.MEMBERS", 3)
    many = {f"{number}.log": b"x\n" for number in range(4)}
    for made in (zipped, tarred):
        assert reasons(archive(made(many))) == {"": "archive of more than 3 files; unpack it first"}


def test_a_header_that_is_too_long_is_not_read() -> None:
    info = tarfile.TarInfo("a")
    info.type, info.size = tarfile.XHDTYPE, 1 << 20
    with pytest.raises(NotALog, match="a header is too long"):
        list(members(info.tobuf() + bytes(1 << 20)))


@pytest.mark.parametrize("data", [b"", b"PK", b"prose\n", b"BZh", b"\x1f\x8b", case("groq_score"), bytes(1024)])
def test_other_files_are_no_archives(data: bytes) -> None:
    assert not is_archive(data)


def test_many_processes_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parsers.many.files.WORTH_IT", 1)
    monkeypatch.setattr("parsers.many.files._TASK_BYTES", 1)
    (tmp_path / "in").mkdir()
    for number in range(3):
        (tmp_path / "in" / f"{number}.zip").write_bytes(zipped(LOGS))
    for jobs in ("1", "2"):
        assert main([str(tmp_path / "in"), "--jobs", jobs, "-o", str(tmp_path / f"{jobs}.csv")]) == 0
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()
