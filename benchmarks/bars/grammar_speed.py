"""What grammar costs, Harper's processes counted: rows per CPU second on text that nothing has seen before.

``python -m benchmarks.bars.grammar_speed MODE FIRST LAST`` looks at rows of one kind and prints what it took: ``auto``
and ``all`` at targets as they are, ``errors`` at targets with four errors in each or so.
"""

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks.bar import ROOT, Outcome, needs_data, real_data

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

CHARACTERS = 600
ROWS, ROWS_ALL, WARM = 1600, 240, 20
FASTER, PER_SECOND, SCALES, MEMORY = 2.5, 50, 1.7, 350


def run() -> list[Outcome]:
    """Speed against all rules, rows per CPU second, two workers against one, memory of a worker."""
    if real_data() is None:
        return [needs_data("grammar: rows per CPU second", f">= {PER_SECOND}")]
    every, same = _pass("all", 0, ROWS_ALL), _pass("auto", 0, ROWS_ALL)
    one, errors = _pass("auto", 0, ROWS), _pass("errors", 0, ROWS)
    ratio = every["cpu"] / same["cpu"]
    slowest = min(one["rate"], errors["rate"])
    halves = _side_by_side(ROWS)
    scale = errors["cpu"] / max(half["cpu"] for half in halves)
    wall = errors["seconds"] / max(half["seconds"] for half in halves)
    memory = max(one["memory"], errors["memory"])
    return [
        Outcome(
            "what is applied against all rules, same rows",
            f"{ratio:.1f} times faster",
            f">= {FASTER}",
            ratio >= FASTER,
        ),
        Outcome(
            f"rows of {CHARACTERS} characters per CPU second, Harper's process counted",
            f"{one['rate']:.0f} as they are, {errors['rate']:.0f} with errors",
            f">= {PER_SECOND}",
            slowest >= PER_SECOND,
        ),
        Outcome(
            "two workers side by side against one, by the CPU seconds of the slower one",
            f"{scale:.2f} times faster (by the clock {wall:.2f}, with whatever else ran here)",
            f">= {SCALES}",
            scale >= SCALES,
        ),
        Outcome(
            "memory of a worker and its Harper", f"{memory:.0f} MiB", f"<= {MEMORY} MiB", memory <= MEMORY
        ),
    ]


def _command(mode: str, first: int, last: int) -> list[str]:
    return [sys.executable, "-m", "benchmarks.bars.grammar_speed", mode, str(first), str(last)]


def _pass(mode: str, first: int, last: int) -> dict[str, float]:
    done = subprocess.run(_command(mode, first, last), cwd=ROOT, capture_output=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def _side_by_side(rows: int) -> list[dict[str, float]]:
    """What two processes take that do half of the rows with errors each, at the same time."""
    half = rows // 2
    commands = (_command("errors", 0, half), _command("errors", half, rows))
    started = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for command in commands]
    return [json.loads(one.communicate()[0]) for one in started]


def _rows(mode: str, data: Path) -> pl.DataFrame:
    """Rows of about as many characters, no sentence of which stands in two: Harper remembers sentences."""
    import polars as pl  # noqa: PLC0415 (the parent does not need it)

    from curate.fixing.editor import EDITABLE  # noqa: PLC0415
    from curate.grammar.evidence import inject  # noqa: PLC0415
    from tests.evidence.grammar.corpora import clean  # noqa: PLC0415

    seen: set[str] = set()
    texts: list[str] = []
    rest = ""
    for text in (text for several in reversed(clean(data).values()) for text in several):
        new = [one for one in text.replace("\n", " ").split(". ") if one not in seen]
        seen.update(new)
        rest += " ".join(f"{one.strip()}." for one in new) + " "
        while len(rest) >= CHARACTERS:
            texts.append(rest[:CHARACTERS])
            rest = rest[CHARACTERS:]
    step = max(len(texts) // (ROWS + WARM), 1)
    some = texts[::step][: ROWS + WARM]
    written = [inject(text).text for text in some] if mode == "errors" else some
    rows = [(number, "/output", "target", "assistant", text, "") for number, text in enumerate(written)]
    return pl.DataFrame(rows, schema=EDITABLE, orient="row")


def _used() -> float:
    """CPU seconds of this process and of its children that have ended."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _measured(mode: str, first: int, last: int, data: Path) -> dict[str, Any]:
    """Look at some rows in batches as the engine cuts them; what was warmed up is not counted."""
    from curate.fixing.grammar import Grammar  # noqa: PLC0415

    rows = _rows(mode, data)
    editor = Grammar(suggest=mode == "all")
    mine = importlib.import_module("psutil").Process()
    with editor.opened() as ready:
        ready.offers(rows[-WARM:])
        (child,) = mine.children()
        spent = child.cpu_times()
        began, before = time.monotonic(), _used()
        for start in range(first, last, 400):
            ready.offers(rows[start : min(start + 400, last)])
        seconds, own = time.monotonic() - began, _used() - before
        after = child.cpu_times()
        memory = (mine.memory_info().rss + child.memory_info().rss) / 2**20
    cpu = own + (after.user + after.system) - (spent.user + spent.system)
    return {"rate": (last - first) / cpu, "cpu": cpu, "seconds": seconds, "memory": memory}


if __name__ == "__main__":
    folder = real_data()
    if folder is None:
        raise SystemExit("CURATE_TEST_DATA names no folder")
    print(json.dumps(_measured(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), folder)))
