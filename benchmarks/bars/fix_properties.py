"""What must hold of every step that edits: twice is once, undo gives the input back, replay gives the output again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.bar import ROOT, Outcome, curate, measure, real_data

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 400
"""Rows of each public file; the sample corpora are taken whole."""

SAMPLES = ("contracts.jsonl", "support_chats.jsonl", "preferences.jsonl")
PUBLIC = (
    "medquad/medquad_health.jsonl",
    "selfinstruct/seed_tasks.jsonl",
    "openassistant/en_100_message.jsonl",
)


class Held(NamedTuple):
    """Whether each property holds of a file."""

    twice: bool
    undone: bool
    replayed: bool
    chain: bool
    conserved: bool


def run() -> list[Outcome]:
    """The sample corpora, a table of tickets, a compressed file and public files."""
    with tempfile.TemporaryDirectory() as folder:
        held = {path.name: _held(path, flags, Path(folder)) for path, flags in _files(Path(folder))}
    return [
        _outcome("fix of what fix wrote gives the same bytes", held, "twice"),
        _outcome("undo gives the input byte for byte", held, "undone"),
        _outcome("replay gives the output byte for byte", held, "replayed"),
        _outcome("the chain fix → dedup → fix is undone byte for byte, as a whole", held, "chain"),
        _outcome("rows in = kept + dropped + quarantined in every ledger", held, "conserved"),
    ]


def _outcome(line: str, held: dict[str, Held], name: str) -> Outcome:
    failed = [file for file, one in held.items() if not getattr(one, name)]
    told = f"{len(held) - len(failed)} of {len(held)} files" + (
        f"; not: {', '.join(failed)}" if failed else ""
    )
    return Outcome(line, told, "all", not failed)


def _files(folder: Path) -> Iterator[tuple[Path, list[str]]]:
    for name in SAMPLES:
        yield ROOT / "data" / name, []
    yield (
        ROOT / "data" / "tickets.csv",
        ["--map", "user=Subject+Description,assistant=Resolution,id=Ticket ID"],
    )
    data = real_data()
    for name in PUBLIC if data is not None else ():
        assert data is not None  # noqa: S101 (asked above)
        lines = (data / name).read_bytes().split(b"\n")[:MOST]
        path = folder / Path(name).name
        path.write_bytes(b"\n".join(lines) + b"\n")
        yield path, ["--glossary", str(ROOT / "data" / "glossaries" / "medical.yaml")]


def _held(source: Path, flags: list[str], folder: Path) -> Held:
    place = folder / f"of-{source.name}"
    place.mkdir()
    one, two = (place / f"{at}{source.suffix}" for at in (1, 2))
    back, again = place / f"back{source.suffix}", place / f"again{source.suffix}"
    _do("fix", str(source), *flags, "-o", str(one))
    _do("fix", str(one), *flags, "-o", str(two))
    _do("undo", _ledger(one), str(one), "-o", str(back))
    _do("replay", _ledger(one), str(source), "-o", str(again))
    held = (one.read_bytes() == two.read_bytes(), back.read_bytes() == source.read_bytes())
    return Held(
        *held, again.read_bytes() == one.read_bytes(), _chain(source, flags, place), _conserved(place)
    )


def _chain(source: Path, flags: list[str], place: Path) -> bool:
    """Fix → dedup → fix, where the second fix finds something: the first one mends text alone."""
    mapped = flags if "--map" in flags else []  # a glossary belongs to terms, which the first step leaves
    steps = [place / f"step{at}{source.suffix}" for at in (1, 2, 3)]
    _do("fix", str(source), *mapped, "--only", "text", "-o", str(steps[0]))
    _do("dedup", str(steps[0]), *mapped, "-o", str(steps[1]))
    _do("fix", str(steps[1]), *flags, "-o", str(steps[2]))
    back = place / f"whole{source.suffix}"
    _do("undo", *(_ledger(step) for step in reversed(steps)), str(steps[2]), "-o", str(back))
    return back.read_bytes() == source.read_bytes()


def _conserved(place: Path) -> bool:
    """The totals at the end of each ledger."""
    ends = [path.read_bytes().rstrip(b"\n").rsplit(b"\n", 1)[-1] for path in place.glob("*.ledger.jsonl")]
    rows = [json.loads(end)["rows"] for end in ends]
    return bool(rows) and all(one["in"] == one["kept"] + one["dropped"] + one["quarantined"] for one in rows)


def _ledger(out: Path) -> str:
    return f"{out}.ledger.jsonl"


def _do(*words: str) -> None:
    """Run a command; 1 is a verdict, anything above is none.

    Raises:
        RuntimeError: it failed.
    """
    done = measure(curate(*words, "--quiet") if words[0] in ("fix", "dedup") else curate(*words))
    if done.code > 1:
        raise RuntimeError(f"curate {' '.join(words)}: {done.stderr}")
