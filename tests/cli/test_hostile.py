"""What a hostile name, file, output or check does to the commands: an error in a line or two, never a green gate."""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

from curate.cli.main import main
from tests.faults import clean_rows

if TYPE_CHECKING:
    from collections.abc import Callable

LINES = b"".join(json.dumps(row).encode() + b"\n" for row in clean_rows("pair"))
BROKEN = LINES + b'{"prompt": "Name it.", "completion": ""}\n{bad\n'
BASH = shutil.which("bash") or "bash"
ODD = os.fsdecode(b"bad\xff.jsonl")
FORGED = "x\nFit to train on: no problem found\x1b[2J.jsonl"


class Ran:
    """What a command did."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err


@pytest.fixture
def curate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run a command in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as stop:
            main([*arguments, "-q"] if "convert" not in arguments else list(arguments))
        code = stop.value.code
        assert isinstance(code, int)
        return Ran(code, *capsys.readouterr())

    return run


def outputs(command: str, out: str) -> list[str]:
    if command == "convert":
        return ["convert", "g.jsonl", "--to", "messages", "-o", out, "--force"]
    return [command, "g.jsonl", "-o", out, "--force"]


@pytest.mark.parametrize("command", ["drop", "fix", "convert"])
@pytest.mark.parametrize("kind", ["pipe", "socket", "link to a pipe"])
def test_a_file_never_takes_the_place_of_something_special(
    curate: Callable[..., Ran], command: str, kind: str
) -> None:
    Path("g.jsonl").write_bytes(LINES)
    if kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind("out.jsonl")
    elif kind == "pipe":
        os.mkfifo("out.jsonl")
    else:
        os.mkfifo("pipe")
        Path("out.jsonl").symlink_to("pipe")
    before = os.lstat("out.jsonl")
    ran = curate(*outputs(command, "out.jsonl"))
    assert (ran.code, ran.err) == (
        2,
        "error: out.jsonl: is no regular file\n  name a file, which is written whole\n",
    )
    assert os.lstat("out.jsonl").st_ino == before.st_ino


@pytest.mark.parametrize("option", ["--html", "--findings", "--quarantine"])
def test_reports_take_no_pipe_either(curate: Callable[..., Ran], option: str) -> None:
    Path("g.jsonl").write_bytes(LINES)
    os.mkfifo("out.jsonl")
    ran = curate("report", "g.jsonl", option, "out.jsonl")
    assert (ran.code, "is no regular file" in ran.err) == (2, True)


@pytest.mark.parametrize("name", ["o.parquet", "o.csv", "o.json", "o.json.gz", "o.arrow"])
def test_converted_rows_need_a_name_of_lines(curate: Callable[..., Ran], name: str) -> None:
    Path("g.jsonl").write_bytes(LINES)
    ran = curate(*outputs("convert", name))
    assert (ran.code, "JSON lines cannot be written as" in ran.err) == (2, True)
    assert not Path(name).exists()


def test_one_file_is_not_written_twice(curate: Callable[..., Ran]) -> None:
    Path("g.jsonl").write_bytes(LINES)
    ran = curate("report", "g.jsonl", "--html", "x.jsonl", "--findings", "./x.jsonl")
    assert (ran.code, ran.err) == (2, "error: ./x.jsonl: would be written twice\n  name another file\n")


def test_an_input_that_a_pattern_names_is_not_overwritten(curate: Callable[..., Ran]) -> None:
    Path("g.jsonl").write_bytes(LINES)
    ran = curate("report", "*.jsonl", "--findings", "g.jsonl")
    assert (ran.code, "is an input" in ran.err) == (2, True)
    assert Path("g.jsonl").read_bytes() == LINES


@pytest.mark.parametrize("option", ["--html", "--findings", "--quarantine"])
def test_a_full_disk_is_an_error_and_leaves_the_old_file(
    curate: Callable[..., Ran], option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    Path("g.jsonl").write_bytes(BROKEN)
    Path("out.jsonl").write_text("old")
    monkeypatch.setattr("os.fsync", full)
    ran = curate("report", "g.jsonl", option, "out.jsonl")
    assert (ran.code, ran.err) == (2, "error: out.jsonl: cannot be written: No space left on device\n")
    assert Path("out.jsonl").read_text() == "old"
    assert sorted(path.name for path in Path().iterdir()) == ["g.jsonl", "out.jsonl"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_named_before_the_work(curate: Callable[..., Ran]) -> None:
    Path("g.jsonl").write_bytes(LINES)
    Path("there").mkdir(mode=0o555)
    ran = curate("report", "g.jsonl", "--html", "there/x.html")
    assert (ran.code, "read-only" in ran.err) == (2, True)


def test_a_folder_in_the_place_of_a_file(curate: Callable[..., Ran]) -> None:
    Path("g.jsonl").write_bytes(LINES)
    for arguments in (
        ["report", "g.jsonl", "--html", "g.jsonl/x.html"],
        ["drop", "g.jsonl", "g.jsonl/../g.jsonl", "-o", "g.jsonl/x/"],
    ):
        assert curate(*arguments).code == 2


# Crashes.


def test_what_nobody_foresaw_is_a_crash(curate: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise KeyError("write to jane.doe@example.com")

    Path("g.jsonl").write_bytes(LINES)
    monkeypatch.setattr("curate.api.assemble", fail)
    ran = curate("check", "g.jsonl")
    assert ran.code == 3
    assert "Traceback" in ran.err
    assert "please report it" in ran.err.splitlines()[-1]
    assert "jane.doe@example.com" not in ran.err


@pytest.mark.parametrize(
    ("where", "stop"),
    [
        ("examine", "raise SystemExit(0)"),
        ("examine", "import sys; sys.exit()"),
        ("module", "raise SystemExit(0)"),
        ("init", "raise SystemExit(0)"),
        ("init", "raise RuntimeError('no')"),
        ("examine", "import polars as pl; raise pl.exceptions.PanicException('no')"),
    ],
)
def test_a_check_cannot_make_the_gate_green(curate: Callable[..., Ran], where: str, stop: str) -> None:
    Path("g.jsonl").write_bytes(BROKEN)
    Path("own/bad").mkdir(parents=True)
    Path("own/bad/leaves.py").write_text(
        '"""It leaves."""\nfrom dataclasses import dataclass\nfrom curate.core.check import RowCheck\n'
        "from curate.core.finding import no_findings\n"
        f"{stop if where == 'module' else ''}\n"
        "@dataclass(frozen=True)\nclass Leaves(RowCheck):\n"
        f"    def __post_init__(self):\n        {stop if where == 'init' else 'pass'}\n"
        f"    def examine(self, batch):\n        {stop if where == 'examine' else 'pass'}\n"
        "        return no_findings()\n"
    )
    ran = curate("check", "g.jsonl", "--checks", "own")
    assert ran.code == 3
    assert "leaves" in ran.err
    assert "Traceback" not in ran.err


# Names.


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_name_makes_no_line_of_its_own(curate: Callable[..., Ran], command: str) -> None:
    Path(FORGED).write_bytes(BROKEN)
    ran = curate(command, FORGED)
    assert "\nFit to train on" not in ran.out
    assert "\x1b" not in ran.out
    assert "x␊Fit to train on: no problem found␛[2J.jsonl" in ran.out
    ran = curate(command, FORGED + "l")
    assert ran.code == 2
    assert "\nFit to train on" not in ran.err
    assert "\x1b" not in ran.err.replace("\x1b[31m", "").replace("\x1b[1m", "").replace("\x1b[0m", "")


@pytest.mark.parametrize("name", [ODD, FORGED])
def test_names_of_outputs_are_shown_on_one_line(curate: Callable[..., Ran], name: str) -> None:
    Path("g.jsonl").write_bytes(BROKEN)
    Path(name).write_bytes(BROKEN)
    assert curate("drop", name, "-o", f"dropped-{name}").code == 0
    assert curate("fix", name, "-o", f"fixed-{name}").code == 0
    shown = curate("convert", name, "--to", "messages", "-o", f"converted-{name}").out
    assert "\nFit to train on" not in shown
    assert len(list(Path().iterdir())) == 2 + 3 + 2


@pytest.mark.parametrize(
    "arguments", [["check"], ["check", "--json"], ["report", "--full"], ["report", "--json"]]
)
def test_a_name_that_is_no_text_is_read_and_shown(curate: Callable[..., Ran], arguments: list[str]) -> None:
    Path(ODD).write_bytes(BROKEN)
    ran = curate(arguments[0], ODD, *arguments[1:])
    assert ran.code == (1 if arguments[0] == "check" else 0)
    shown = "bad\\xff.jsonl"
    assert (json.dumps(shown) if "--json" in arguments else shown) in ran.out
    assert "\udcff" not in ran.out


def test_files_about_a_name_that_is_no_text(curate: Callable[..., Ran]) -> None:
    Path(ODD).write_bytes(BROKEN)
    ran = curate("report", ODD, "--html", "p.html", "--findings", "f.jsonl", "--quarantine", "q.jsonl")
    assert ran.code == 0
    assert "bad\\xff.jsonl" in Path("p.html").read_text("utf-8")
    for name in ("f.jsonl", "q.jsonl"):
        first = json.loads(Path(name).read_text("utf-8").splitlines()[0])
        assert first["file"] == "bad\\xff.jsonl"


def test_commands_for_odd_names_run_as_printed(curate: Callable[..., Ran]) -> None:
    Path(ODD).write_bytes(BROKEN)
    (command,) = [
        line.strip("→ ") for line in curate("report", ODD).out.splitlines() if "curate drop" in line
    ]
    script = Path(sys.executable).parent
    done = subprocess.run(
        [BASH, "-c", command], check=False, env={**os.environ, "PATH": f"{script}:{os.environ['PATH']}"}
    )
    assert done.returncode == 0
    assert Path("kept.jsonl").read_bytes() == LINES


# Things to read.


def test_a_pipe_is_read_once_and_looked_at_twice(curate: Callable[..., Ran]) -> None:
    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_bytes(BROKEN))
    writer.start()
    ran = curate("report", "pipe")
    writer.join()
    assert ran.code == 0
    assert "pipe:7" in ran.out
    assert "Name it." in ran.out


def test_a_substituted_process_is_read() -> None:
    script = f"{Path(sys.executable).parent / 'curate'} check -q <(cat)"
    done = subprocess.run([BASH, "-c", script], input=LINES, capture_output=True, check=False)
    assert (done.returncode, done.stdout[:15]) == (0, b"Fit to train on"), done.stderr


@pytest.mark.parametrize("target", ["nowhere.jsonl", "link.jsonl"])
def test_a_link_that_leads_nowhere_is_named(curate: Callable[..., Ran], target: str) -> None:
    Path("link.jsonl").symlink_to(target)
    ran = curate("check", "link.jsonl")
    assert (ran.code, ran.err) == (
        2,
        f"error: link.jsonl: is a link that leads nowhere\n  it points to {target}\n",
    )
    Path("g.jsonl").write_bytes(LINES)
    assert "link.jsonl (a link that leads nowhere)" in curate("report", ".").out


def test_what_cannot_be_read_is_an_error(curate: Callable[..., Ran]) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.jsonl")
        ran = curate("check", "s.jsonl")
    assert (ran.code, ran.err) == (2, "error: s.jsonl: is a device or a socket, not a file\n")
    for name in ("x" * 300, "/proc/self/mem"):
        ran = curate("check", name)
        assert (ran.code, "cannot be opened" in ran.err) == (2, True)
    ran = curate("check", "--plan", ".", "g.jsonl")
    assert (ran.code, "the plan is a folder" in ran.err) == (2, True)
