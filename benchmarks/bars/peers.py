"""Kinds of fault found, and time on T0, beside the closest peers: cleanllm 4.0.0 and soup-cli 0.77.0.

The peers are installed into environments of their own. A peer counts as finding a kind if its exit code or any line of
its output differs from what it says of the clean rows, unless that line also changes when another clean row joins them.
That is generous: it need not say which row. cleanllm runs with every detector it has switched on, besides its default.
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
MORE_CLEAN = (
    ("Who pays for water?", "The tenant pays for water by meter, within two weeks of the bill."),
    ("How long is the term?", "Five years, beginning on the first of May."),
    (
        "What may the landlord do if the rent is late?",
        "Charge interest at four percent a year, after a reminder.",
    ),
)
"""Rows that are as clean as the six: what they change in a peer's output is no finding."""


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
    path = scratch / "data.jsonl"
    clean, moving = {}, {}
    for layout in LAYOUTS:
        clean[layout], moving[layout] = _silence(peer, home, path, layout)
    found = set()
    for fault in FAULTS:
        path.write_bytes(file_with(fault))
        said, quiet = _said(peer, home, path), clean[fault.layout]
        still = (said | quiet).keys() - moving[fault.layout]
        if any(said.get(key) != quiet.get(key) for key in still):
            found.add(fault.name)
    return found


def _silence(peer: Peer, home: Path, path: Path, layout: str) -> tuple[dict[str, str], set[str]]:
    """What a peer says of the clean rows, and which of its lines change when another clean row joins them."""
    rows = clean_rows(layout)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    six = _said(peer, home, path)
    moving = set()
    for prompt, answer in MORE_CLEAN:
        lines = [json.dumps(row) + "\n" for row in (*rows, LAYOUTS[layout](prompt, answer))]
        path.write_text("".join(lines), "utf-8")
        seven = _said(peer, home, path)
        moving |= {key for key in six | seven if six.get(key) != seven.get(key)}
    return six, moving


def _said(peer: Peer, home: Path, path: Path) -> dict[str, str]:
    """A peer's lines by what stands before their first figure, and its exit code."""
    command = [str(home / peer.arguments[0]), *peer.arguments[1:], str(path), *peer.extra]
    env = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env, cwd=path.parent)
    lines = {"exit code": str(done.returncode)}
    for line in (done.stdout + done.stderr).splitlines():
        lines[re.split(r"[:\d]", line, maxsplit=1)[0].strip()] = line
    return lines


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
        said = f"{done.cpu:.1f} s, {done.peak_mib:.0f} MiB (exit {done.code})"
        said += f"; curate {mine.cpu:.1f} s, {mine.peak_mib:.0f} MiB"
        outcomes.append(Outcome(f"CPU on T0: {peer.name}", said, "–", None))
    return outcomes
