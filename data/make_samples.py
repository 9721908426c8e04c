# ruff: noqa: INP001 - a script beside its data, not a package
"""Write the sample corpora and their truth files: ``python data/make_samples.py [--out FOLDER]``.

The texts are in ``sample_text/``, the steps in ``making/``. The same bytes come out every time.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from making import (
    chat_plants,
    chats,
    comments,
    contract_plants,
    contracts,
    coverage,
    preferences,
    terms,
    ticket_plants,
    tickets,
)
from making.assemble import assemble

CONTRACTS = 275
"""Clean rows of the contracts corpus made from templates."""

CHATS = 187
"""Clean rows of the chats corpus made from scenarios."""

TICKETS = 115
"""Clean rows of the ticket export; the others of its 132 carry the plants."""

PAIRS = 68
"""Clean pairs of the preference set."""

SPARE_PAIRS = 6
"""Further pairs, which carry its plants."""

SPARE = 130
"""Further rows, among which the plants find rows that can carry them."""


def main() -> None:
    """Write all files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="the folder to write to")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for name, (data, truth) in make().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        lines = [json.dumps(entry, ensure_ascii=False) for entry in truth]
        stem = name.partition(".")[0]
        (folder / f"{stem}.truth.jsonl").write_bytes(("\n".join(lines) + "\n").encode())


def make() -> dict[str, tuple[bytes, list[dict[str, Any]]]]:
    """The bytes and the truth of each file, by its name."""
    rows = contracts.clean_contracts(CONTRACTS + SPARE)
    general = contracts.general_rows()
    mixed = contracts.mix(rows[:CONTRACTS], general) + rows[CONTRACTS:]
    keep = CONTRACTS + len(general)
    talks = chats.clean_chats(CHATS + SPARE)
    asked = tickets.clean_tickets()
    pairs = preferences.clean_pairs(PAIRS + SPARE_PAIRS, CONTRACTS + SPARE)
    return {
        "contracts.jsonl": assemble(mixed, keep, contract_plants.plants(), contracts.finish),
        "support_chats.jsonl": assemble(talks, CHATS, chat_plants.plants(), chats.finish),
        "preferences.jsonl": preferences.with_twins(
            *assemble(pairs, PAIRS, preferences.plants(), preferences.finish)
        ),
        "tickets.csv": ticket_plants.as_csv(
            *assemble(asked, TICKETS, ticket_plants.plants(), tickets.finish)
        ),
        "ticket_comments.csv": comments.make(),
        "coverage.jsonl": coverage.make(rows),
        **{f"glossaries/{name}.jsonl": terms.make(name) for name in terms.ROWS},
    }


if __name__ == "__main__":
    main()
