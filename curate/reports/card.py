"""A dataset card: Markdown with the metadata that the Hugging Face Hub reads, from the evidence about a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from curate.reports.card_evidence import gate_of
from curate.reports.ci.markdown_text import code, markdown_text, prose, table
from curate.reports.plain import percent
from curate.text.visible import visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
)
"""The Hub's categories of size, by the number of rows below which they hold."""

UNREAD_THERE = (".xlsx", ".xls", ".ods")
"""Containers that the Hub does not load."""

PRIVATE = ("dropped", "quarantine", "ledger", "report")
"""Kinds of files that hold rows, or pieces of them, which are not part of the cleaned data."""

VERBS = {
    "drop": "rows dropped",
    "quarantine": "records set aside",
    "edit": "edits",
    "suggest": "edits suggested",
}


@dataclass(frozen=True)
class Said:
    """What only people know: the name, and licence and languages as the Hub writes them (``apache-2.0``, ``en``)."""

    name: str
    license: str = ""
    languages: tuple[str, ...] = ()


def render(told: Mapping[str, Any], said: Said) -> str:
    """The card.

    Args:
        told: of :func:`curate.reports.card_evidence.evidence`.
        said: what people say about it.
    """
    import yaml  # noqa: PLC0415 (only for cards)

    head = yaml.safe_dump(metadata(told, said), sort_keys=False, allow_unicode=True)
    parts = (_opening, _rows, _inputs, _changes, _left, _waivers, _probe, _risk, _files)
    return "\n".join((f"---\n{head}---\n", *("\n".join(part(told, said)) + "\n" for part in parts)))


def metadata(told: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """The metadata block: nothing in it is guessed, so that licence and languages are there only if they are given.

    ``configs`` names the files of the splits, or else the cleaned data: the Hub would load dropped rows as well.
    """
    rows = told["totals"]["kept"]
    known: dict[str, Any] = {"pretty_name": visible_name(said.name)}
    if said.languages:
        known["language"] = list(said.languages)
    if said.license:
        known["license"] = said.license
    known["size_categories"] = [next((name for below, name in SIZES if rows < below), "n>1B")]
    known["task_categories"] = ["text-generation"]
    known["tags"] = ["curate"]
    files = _data_files(told["outputs"])
    return known | ({"configs": [{"config_name": "default", "data_files": files}]} if files else {})


def _data_files(outputs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    dealt: dict[str, list[str]] = {}
    kind = "split" if any(one["kind"] == "split" for one in outputs) else "clean"
    for one in outputs:
        if one["kind"] == kind and not one["name"].endswith(UNREAD_THERE):
            part = PurePosixPath(one["name"]).parts[1].partition(".")[0] if kind == "split" else "train"
            dealt.setdefault(part, []).append(one["name"])
    order = ("train", "validation", "test")
    names = sorted(dealt, key=lambda name: (order.index(name) if name in order else len(order), name))
    return [{"split": name, "path": dealt[name]} for name in names]


def _opening(told: Mapping[str, Any], said: Said) -> Iterator[str]:
    yield f"# {_text(said.name)}"
    yield ""
    yield f"**{_text(told['verdict']['headline'])}.** {told['totals']['kept']:,} rows."
    yield ""
    yield f"Written by curate {_text(told['curate'])} from `curate.lock.json`; `evidence.json` holds every figure."


def _rows(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## Rows"
    yield ""
    totals = told["totals"]
    named = {"in": "read", "kept": "kept", "dropped": "dropped", "quarantined": "set aside as unreadable"}
    lines = [(name, totals[field]) for field, name in named.items()]
    lines += [("edited, of those kept", totals["edited"])]
    lines += [(f"split `{name}`", count) for name, count in told["splits"].items()]
    yield from table(("", "rows"), [(name, f"{count:,}") for name, count in lines])


def _inputs(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## Inputs"
    yield ""
    lines = [
        (_text(one["name"]) or "a data frame", f"{one['size']:,}", _code(one["sha256"]))
        for one in told["inputs"]
    ]
    yield from table(("file", "bytes", "SHA-256"), lines)


def _changes(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## What the run did"
    yield ""
    if not told["reasons"]:
        yield "Nothing was changed."
        return
    lines = [
        (
            one["step"],
            _code(one["check"]) or "cannot be read, or left out as asked",
            VERBS.get(one["action"], one["action"]),
            f"{one['entries']:,}",
        )
        for one in told["reasons"]
    ]
    yield from table(("step", "because of", "what", "count"), lines)


def _left(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## What the last check found"
    yield ""
    yield f"{_text(told['verdict']['headline'])}."
    if told["remaining"]:
        yield ""
        lines = [
            (
                _code(one["check"]),
                "blocks" if one["blocks"] else one["severity"],
                f"{one['rows']:,}",
                percent(one["share"]),
            )
            for one in told["remaining"]
        ]
        yield from table(("check", "", "rows", "share"), lines)


def _waivers(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## Waivers"
    yield ""
    if not told["waivers"]:
        yield "None: nobody has accepted a finding."
        return
    lines = [
        (
            _code(one["check"]),
            "unknown" if one["findings"] is None else f"{one['findings']:,}",
            _text(str(one["owner"])),
            _text(str(one["reason"])),
            _text(str(one["until"])) + " (expired)" * bool(one["expired"]),
        )
        for one in told["waivers"]
    ]
    yield from table(("check", "findings", "owner", "reason", "until"), lines)


def _probe(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## Does the gate see what it is there for?"
    yield ""
    if told["probe"] is None:
        yield "Not measured."
        return
    yield (
        f"Faults of known kinds were planted in a copy of the {told['probe']['rows']:,} rows, and judged by the policy"
        f" of the run ({_code(told['probe']['policy_sha256'])})."
    )
    yield ""
    lines = [
        (
            _text(one["fault"]),
            _code(one["check"]),
            f"{one['found']} of {one['planted']}",
            f"{one['recall_low']:.2f}–{one['recall_high']:.2f}",
            "**blind**: " * one["blind"] + _text(gate_of(one)),
        )
        for one in told["probe"]["faults"]
    ]
    yield from table(("fault", "check", "found", "recall, 95 %", "the gate"), lines)


def _risk(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## Residual risk"
    yield ""
    yield from (f"- {_prose(one)}" for one in told["residual"])
    if not told["residual"]:
        yield "Nothing measured speaks of any; what was not checked stands below."
    yield ""
    yield "## Not checked"
    yield ""
    yield from (f"- {_prose(one)}" for one in told["not_checked"])


def _files(told: Mapping[str, Any], _: Said) -> Iterator[str]:
    yield "## Files"
    yield ""
    lines = [
        (_text(one["name"]), one["kind"] + " (private)" * (one["kind"] in PRIVATE), _code(one["sha256"]))
        for one in told["outputs"]
    ]
    yield from table(("file", "what it is", "SHA-256"), lines)
    yield ""
    yield "What is private holds rows that are not part of the dataset, or pieces of rows: it is not for publishing."
    yield "Where all of it is at hand, the run can be held against its ledger:"
    yield ""
    yield f"```sh\ncurate verify . --head {told['ledger']['head']}\n```"


def _text(text: str) -> str:
    return markdown_text(visible_name(text))


def _code(text: str) -> str:
    return code(visible_name(text))


def _prose(text: str) -> str:
    return prose(visible_name(text))
