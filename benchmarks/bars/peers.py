"""Kinds of fault found, and time on T0, beside the closest peers: cleanllm 4.0.0 and soup-cli 0.77.0.

The peers are installed into environments of their own. A peer counts as finding a kind if anything in its output,
besides the number of rows, differs from its output for the clean rows, or if its exit code does. That is generous:
it need not say which row. cleanllm runs with every detector it has switched on, besides its default.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data
from benchmarks.bars.t0_report import unpack_t0
from tests.faults import FAULTS, LAYOUTS, Fault, clean_rows, file_with


class Peer(NamedTuple):
    """A tool and the command a user of it would type."""

    name: str
    requirement: str
    arguments: tuple[str, ...]
    extra: tuple[str, ...] = ()


PEERS = (
    Peer("cleanllm", "cleanllm==4.0.0", ("cleanllm", "scan")),
    Peer(
        "cleanllm, all detectors",
        "cleanllm==4.0.0",
        ("cleanllm", "scan"),
        ("--pii", "--chat-templates", "--dup-estimate", "--synthetic-detection", "--full-text-scan"),
    ),
    Peer("soup", "soup-cli==0.77.0", ("soup", "data", "validate")),
)
COUNTS_ROWS = re.compile(
    r"total_records|unknown|records_per|\d+/\d+ rows valid|elapsed|seconds", re.IGNORECASE
)


def run() -> list[Outcome]:
    """Kinds found by each, and the time of each on T0."""
    homes = {requirement: _install(requirement) for requirement in sorted({p.requirement for p in PEERS})}
    with tempfile.TemporaryDirectory() as scratch:
        ours = {fault.name for fault in FAULTS if _curate_finds(fault, Path(scratch))}
        theirs = {peer.name: _kinds(peer, homes[peer.requirement], Path(scratch)) for peer in PEERS}
        times = _times(homes, Path(scratch))
    together = set().union(*theirs.values())
    outcomes = [
        Outcome(f"kinds of fault found by {name}", f"{len(found)} of {len(FAULTS)}", "–", None)
        for name, found in theirs.items()
    ]
    outcomes.append(
        Outcome(
            "kinds of fault found by curate",
            f"{len(ours)} of {len(FAULTS)}; the peers together {len(together)}",
            "more than the peers together",
            len(ours) > len(together),
        )
    )
    return [*outcomes, *times]


def _install(requirement: str) -> Path:
    """An environment with one peer; kept between runs."""
    home = Path(tempfile.gettempdir()) / f"curate-peer-{requirement.replace('==', '-')}"
    if not (home / "done").exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, requirement], check=True)
        (home / "done").touch()
    return home / "bin"


def _kinds(peer: Peer, home: Path, scratch: Path) -> set[str]:
    clean = {}
    path = scratch / "data.jsonl"
    for layout in LAYOUTS:
        path.write_text("".join(json.dumps(row) + "\n" for row in clean_rows(layout)), "utf-8")
        clean[layout] = _signature(peer, home, path)
    found = set()
    for fault in FAULTS:
        path.write_bytes(file_with(fault))
        if _signature(peer, home, path) != clean[fault.layout]:
            found.add(fault.name)
    return found


def _signature(peer: Peer, home: Path, path: Path) -> tuple[int, str]:
    """What a peer says, without the lines that only count rows."""
    command = [str(home / peer.arguments[0]), *peer.arguments[1:], str(path), *peer.extra]
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=path.parent)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if not COUNTS_ROWS.search(line)]
    return done.returncode, "\n".join(lines)


def _curate_finds(fault: Fault, scratch: Path) -> bool:
    path = scratch / "data.jsonl"
    path.write_bytes(file_with(fault))
    done = measure(curate("check", str(path)))
    wanted = f":{fault.line}: error: quarantine" if fault.check == "quarantine" else f": {fault.check}: "
    return any(wanted in line and f":{fault.line}:" in line for line in done.stdout.splitlines())


def _times(homes: dict[str, Path], scratch: Path) -> list[Outcome]:
    folder = real_data()
    if folder is None:
        return [needs_data("CPU of the whole process on T0", "–")]
    path = unpack_t0(folder, scratch)
    outcomes = []
    mine = measure(curate("report", str(path), "--json", "--quiet"))
    for peer in PEERS:
        command = [
            str(homes[peer.requirement] / peer.arguments[0]),
            *peer.arguments[1:],
            str(path),
            *peer.extra,
        ]
        done = measure(command, cwd=scratch)
        said = f"{done.cpu:.1f} s, {done.peak_mib:.0f} MiB (exit {done.code}); curate {mine.cpu:.1f} s, {mine.peak_mib:.0f} MiB"
        outcomes.append(Outcome(f"CPU on T0: {peer.name}", said, "–", None))
    return outcomes
