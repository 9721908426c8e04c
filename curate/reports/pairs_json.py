"""What a deduplication did, as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from curate.core.pairs import DEDUP_SCHEMA

if TYPE_CHECKING:
    from curate.core.pairs import Group, Member, Removals
    from curate.core.report import Place


def render_pairs_json(done: Removals) -> str:
    """One JSON object; ``docs/how-to/remove-near-duplicates.md`` names its fields.

    ASCII throughout, so that no terminal is steered and no direction is turned (RFC 8259, section 7).
    """
    return json.dumps(_as_dict(done), indent=1)


def _as_dict(done: Removals) -> dict[str, Any]:
    return {
        "schema": DEDUP_SCHEMA,
        "curate": done.version,
        "guard": done.guard,
        "threshold": done.threshold,
        "ngram": done.ngram,
        "rows": {
            "in": done.rows.in_,
            "kept": done.rows.kept,
            "dropped": done.rows.dropped,
            "quarantined": done.rows.quarantined,
        },
        "dropped": dict(done.checks),
        "variants": done.variants,
        "conflicts": done.conflicts,
        "outputs": [
            {"input": name, "output": path} for name, path in zip(done.inputs, done.outputs, strict=True)
        ],
        "ledger": done.ledger,
        "groups": [_group(group, done) for group in done.groups],
        "groups_left_out": done.near_groups + done.copy_groups - len(done.groups),
        "known": [_alike(group, done) for group in done.known],
        "alike": [_alike(group, done) for group in done.alike],
    }


def _group(group: Group, done: Removals) -> dict[str, Any]:
    removed = [_member(member, done) | {"is_exact": member.is_exact} for member in group.members]
    return {"kept": _place(group.kept.place), "removed": removed, "removed_left_out": group.more}


def _alike(group: Group, done: Removals) -> dict[str, Any]:
    """Two rows; the differences are the row's against the other's."""
    (member,) = group.members
    return {"kind": group.kind, "other": _place(group.kept.place), "row": _member(member, done)}


def _member(member: Member, done: Removals) -> dict[str, Any]:
    kinds = list(dict.fromkeys(kind for kind, _, _ in member.differences))
    told: dict[str, Any] = {
        **_place(member.side.place),
        "similarity": round(member.similarity, 4),
        "kinds": kinds,
    }
    if done.shows_text:
        told["differences"] = [
            {"kind": kind, "here": here, "there": there} for kind, here, there in member.differences
        ]
    return told


def _place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line, "row": place.row, "key": place.key}
