"""What a bar returns, and what bars share."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Outcome:
    """One measured line: its figure, the bar, and whether it holds. ``held`` is None where it could not be run."""

    line: str
    figure: str
    bar: str
    held: bool | None


def real_data() -> Path | None:
    """The folder of public data sets, if it is at hand."""
    folder = os.environ.get("CURATE_TEST_DATA", "")
    return Path(folder) if folder and Path(folder).is_dir() else None


def needs_data(line: str, bar: str) -> Outcome:
    """The outcome of a line whose data is not at hand."""
    return Outcome(line, "not run: CURATE_TEST_DATA names no folder", bar, None)


@dataclass(frozen=True)
class Usage:
    """One finished process: its exit code, output, CPU seconds (children included) and peak memory."""

    code: int
    stdout: str
    stderr: str
    cpu: float
    peak_mib: float


def measure(command: list[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> Usage:
    """Run a command to its end and account for it and its children.

    The largest single process counts as peak memory.
    """
    script = (
        "import json,resource,subprocess,sys\n"
        "r=subprocess.run(json.loads(sys.argv[1]),capture_output=True)\n"
        "u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "sys.stdout.buffer.write(json.dumps([r.returncode,u.ru_utime+u.ru_stime,u.ru_maxrss]).encode()+b'\\n')\n"
        "sys.stdout.buffer.write(r.stdout+b'\\0'+r.stderr)\n"
    )
    import json  # noqa: PLC0415 (kept beside its use)

    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(command)], cwd=cwd, env=env, capture_output=True, check=True
    )
    head, _, rest = done.stdout.partition(b"\n")
    code, cpu, peak = json.loads(head)
    out, _, err = rest.partition(b"\0")
    return Usage(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), cpu, peak / 1024)


def curate(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return [str(Path(sys.executable).parent / "curate"), *arguments]


def own_cpu() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
