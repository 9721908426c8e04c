"""What pages print of ``figures.json``: a sentence for a check, and tables of ``docs/reference/precision.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from curate.text.wilson import wilson
from tests.evidence.measure import read, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

CLEAN_HEAD = (
    "Hits in clean public corpora ({rows}), with all checks that are on by default. All were read one by one, of "
    "more than 60 in a corpus a sample of 60; the verdicts are kept in `tests/evidence/read_hits.jsonl`. Measured by "
    "`make acceptance BARS=clean-corpora`. The {none} checks without a hit: {names}."
)
LABELLED_HEAD = (
    "Labels without texts, texts written for this project, and generated rows, all in `tests/evidence`. Measured by "
    "`make acceptance BARS=evidence`; bounds are Wilson's at 95 %."
)


def clean_sentence(check: str) -> str:
    """What a check finds in the clean corpora, corpus by corpus; empty if it finds nothing."""
    parts = [_told(one) for one in stored()["clean"] if one["check"] == check]
    return f"In clean corpora: {'; '.join(parts)}." if parts else ""


def no_hit(check: str) -> str:
    """The line of a check that finds nothing in the clean corpora, to stand below its page."""
    kept = stored()
    if check not in kept["clean checks"] or clean_sentence(check):
        return ""
    rows = kept["clean rows"]
    return f"\nNo hit in the {sum(rows.values()):,} rows of four clean corpora ({', '.join(rows)}).\n"


def _told(one: dict[str, Any]) -> str:
    judged = one["right"] + one["wrong"]
    hits = f"{one['corpus']} {one['hits']} hit{'s' * (one['hits'] != 1)}"
    unclear = f", {one['unclear']} unclear" if one["unclear"] else ""
    return f"{hits}, {one['right']} of {judged} read right{unclear}"


def share(right: int, of: int) -> str:
    """A proportion of two digits with its bounds, or a dash where there is none."""
    if not of:
        return "–"
    low, high = wilson(right, of)
    return f"{right / of:.2f} ({low:.2f}–{high:.2f})"


def labelled_table() -> str:
    """Precision and recall of checks on labelled rows."""
    lines = [
        "## Precision and recall on labelled rows",
        "",
        LABELLED_HEAD,
        "",
        "| check | rows | to be found | found | right | precision | recall |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in (*stored()["public"], *stored()["written"], *_read_pii()):
        found, meant, right = one["found"], one["meant"], one["right"]
        shares = f"{share(right, found)} | {share(right, meant)}"
        rows = f"{one['size']:,}, {one['rows']}"
        lines.append(f"| `{one['check']}` | {rows} | {meant or '–'} | {found} | {right} | {shares} |")
    return "\n".join(lines) + "\n"


def _read_pii() -> Iterator[dict[str, Any]]:
    """Every finding in the public files, with a verdict each; what was missed there is not known."""
    labels = read("pii_read.jsonl")
    for check in sorted({label["check"] for label in labels}):
        verdicts = [label["right"] for label in labels if label["check"] == check]
        told = {"check": check, "size": len(verdicts), "rows": "all that is found in 26 public files"}
        yield told | {"found": len(verdicts), "meant": 0, "right": sum(verdicts)}


def clean_table() -> str:
    """What every check finds in clean corpora."""
    kept = stored()
    rows = ", ".join(f"{name} {number:,} rows" for name, number in kept["clean rows"].items())
    silent = sorted(set(kept["clean checks"]) - {one["check"] for one in kept["clean"]})
    names = ", ".join(f"`{name}`" for name in silent)
    lines = [
        "## Hits in clean corpora",
        "",
        CLEAN_HEAD.format(rows=rows, none=len(silent), names=names),
        "",
        "| check | corpus | blocks | hits | right | wrong | unclear | precision |",
        "|---|---|---|---:|---:|---:|---:|---:|",
    ]
    for one in sorted(kept["clean"], key=lambda one: one["check"]):
        right, wrong = one["right"], one["wrong"]
        cells = f"{right} | {wrong} | {one['unclear']} | {share(right, right + wrong)}"
        blocks = "yes" if one["blocks"] else "no"
        lines.append(f"| `{one['check']}` | {one['corpus']} | {blocks} | {one['hits']} | {cells} |")
    return "\n".join(lines) + "\n"
