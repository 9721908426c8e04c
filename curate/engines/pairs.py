"""Rows to show side by side: removed rows beside the one that is kept for them, and rows that only look alike."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate import __version__
from curate.core.pairs import Group, Member, Piece, Removals, Section, Side
from curate.core.report import Place
from curate.engines.examples import key_of
from curate.engines.local import InlineEngine
from curate.engines.private import shown_text
from curate.engines.rereading import read_examples
from curate.text.private import BLOCK
from curate.text.visible import text_name
from curate.text.word_diff import joined, word_diff

if TYPE_CHECKING:
    from collections.abc import Iterable

    from curate.core.plan import Plan
    from curate.engines.against import Known
    from curate.engines.deduping import Deduped, Rules
    from curate.similarity.judge import Example

HEAD = 100
MOST_DIFFERENCES = 4
MOST_OF_ONE = 60
"""Characters of an ask, differences of a pair, and characters of a difference that are shown."""

MOST_TOLD = 50
"""Differences of a pair that are told at all; the ledger has them all."""

MOST_MEMBERS = 8
"""Members of a group whose texts are shown."""

WINDOW = 20_000
"""Characters of a text that are masked and compared."""

MARGIN = 8_000
"""Characters on either side that are masked with them: more than any secret has, such as a private key."""

AROUND = 500
"""Characters before the first difference with which a window of a long text begins."""

COPIES = 5
"""Groups of letter-for-letter copies that are shown with text: there is nothing in them to judge."""


class _Twin(NamedTuple):
    """A row beside another, as the deduplication knows it."""

    row: int
    similarity: float
    differences: tuple[tuple[str, str, str], ...]
    why: str = ""
    is_exact: bool = False


class _Family(NamedTuple):
    """A row and those that are compared with it, ``more`` of which are not shown."""

    kind: str
    kept: int
    twins: tuple[_Twin, ...]
    more: int = 0


def pairs_of(done: Deduped, plan: Plan, most: int) -> list[Group]:
    """Some groups of near duplicates, spread over the data, then some rows that look alike and stay, with texts.

    Args:
        done: the deduplication.
        plan: whether text, and what of it, may be shown.
        most: groups of each of the two kinds.
    """
    near, _ = _groups(done)
    removed = [_family(done, line, most=MOST_MEMBERS) for line in _spread(near, most).rows()]
    families = [*removed, *_alike(done, most)]
    return _Show(done, plan, families, texts=True).groups(families)


def removals_of(done: Deduped, rules: Rules, plan: Plan, most: int | None = None) -> Removals:
    """Everything about a deduplication that is told or shown.

    Args:
        done: the deduplication.
        rules: by which it was made.
        plan: whether text, and what of it, may be shown.
        most: groups of each kind, with their texts; all of them, without any text but the differences, if None.
    """
    near, copies = _groups(done)
    limit = MOST_MEMBERS if most is not None else None
    shown = [near, copies] if most is None else [_spread(near, most), _spread(copies, min(most, COPIES))]
    removed = [_family(done, line, most=limit) for frame in shown for line in frame.rows()]
    alike, known = _alike(done, most), _known(done, most)
    show = _Show(done, plan, [*removed, *alike], [row for row, _ in known], texts=most is not None)
    dropped = done.dropped
    return Removals(
        version=__version__,
        rows=dropped.rows,
        checks=dropped.checks,
        variants=done.alike.variants if rules.guard else None,
        conflicts=done.decided.conflicts if rules.guard else None,
        guard=rules.guard,
        threshold=float(rules.threshold),
        ngram=rules.n,
        inputs=tuple(map(text_name, dropped.inputs)),
        outputs=tuple(text_name(str(path)) for path in dropped.outputs),
        ledger=text_name(str(dropped.ledger)),
        near_groups=len(near),
        copy_groups=len(copies),
        known_rows=len(done.known),
        groups=tuple(show.groups(removed)),
        known=tuple(show.known(row, one) for row, one in known),
        alike=tuple(show.groups(alike)),
        masked=not plan.show_pii,
        shows_text=plan.show_text,
    )


def _groups(done: Deduped) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``kept, row, is_exact, why`` (lists, near rows first): groups with a near row, and those of copies only."""
    groups = (
        done.decided.removed.sort("is_exact", "row")
        .group_by("kept", maintain_order=True)
        .agg("row", "is_exact", "why")
        .sort("kept")
    )
    is_copies = pl.col("is_exact").list.all()
    return groups.filter(~is_copies), groups.filter(is_copies)


def _spread(groups: pl.DataFrame, most: int) -> pl.DataFrame:
    """At most so many groups, evenly spread over the data."""
    count = min(most, len(groups))
    return groups[[at * len(groups) // count for at in range(count)]] if count else groups.head(0)


def _family(done: Deduped, group: tuple[int, list[int], list[bool], list[str]], most: int | None) -> _Family:
    kept, rows, exact, whys = group
    twins = done.decided.twins
    shown = [
        _Twin(row, twins[row].similarity, twins[row].differences, why, is_exact)
        for row, is_exact, why in list(zip(rows, exact, whys, strict=True))[:most]
    ]
    return _Family("copies" if all(exact) else "removed", kept, tuple(shown), len(rows) - len(shown))


def _alike(done: Deduped, most: int | None) -> list[_Family]:
    return [
        _Family(str(one.kind), one.other, (_Twin(one.row, one.similarity, one.differences),))
        for one in done.alike.shown[:most]
    ]


def _known(done: Deduped, most: int | None) -> list[tuple[int, Known]]:
    rows = sorted(done.known)
    if most is not None and most < len(rows):
        rows = [rows[at * len(rows) // most] for at in range(most)]
    return [(row, done.known[row]) for row in rows]


class _Show:
    """Places and texts of the rows of some families, read once."""

    def __init__(
        self, done: Deduped, plan: Plan, families: list[_Family], others: Iterable[int] = (), *, texts: bool
    ) -> None:
        rows = [row for one in families for row in _rows(one)]
        others = list(others)
        wanted = pl.Series("row", [*rows, *others], pl.Int64).unique()
        self._plan = plan
        self._places = _places(done, wanted)
        told = [row for one in families if any(twin.differences for twin in one.twins) for row in _rows(one)]
        read = wanted if texts else pl.Series("row", [*told, *others], pl.Int64).unique()
        self._read = read_examples(done.scan, read, InlineEngine()) if plan.show_text else {}
        self._known = self._read if texts else {}
        self._masked: dict[int, str] = {}

    def groups(self, families: list[_Family]) -> list[Group]:
        """The families as they are shown."""
        return [self._group(one) for one in families]

    def known(self, row: int, known: Known) -> Group:
        """A row beside that of other data; its text is not read again, and its key is not known."""
        other = Place(text_name(known.place.file), known.place.line, known.place.row, "")
        twin = _Twin(row, known.twin.similarity, known.twin.differences, "", known.is_exact)
        return Group("known", Side(other), (self._member(twin, None),))

    def _group(self, family: _Family) -> Group:
        read = [twin.row for twin in family.twins if not twin.is_exact and twin.row in self._known]
        kept, others, same = self._sections(family.kept, read)
        members = tuple(self._member(twin, family.kept, others.get(twin.row, ())) for twin in family.twins)
        side = Side(self._places[family.kept], self._head(family.kept), kept)
        self._masked.clear()
        return Group(family.kind, side, members, family.more, same)

    def _member(self, twin: _Twin, kept: int | None, sections: tuple[Section, ...] = ()) -> Member:
        side = Side(self._places[twin.row], self._head(twin.row), sections)
        differences = tuple(self._difference(one, twin.row, kept) for one in twin.differences[:MOST_TOLD])
        return Member(side, twin.similarity, differences, twin.why, twin.is_exact)

    def _sections(
        self, kept: int, rows: list[int]
    ) -> tuple[tuple[Section, ...], dict[int, tuple[Section, ...]], int]:
        """What the kept row and the others say, turn by turn, and how many turns are left out."""
        if kept not in self._known:
            return (), {}, 0
        asked, *turns = (_turns(self._known[row]) for row in (kept, *rows))
        last = max(slot for slot in asked if slot[0] == 0) if self._known[kept].ask else None
        here: list[Section] = []
        there: dict[int, list[Section]] = {row: [] for row in rows}
        same = 0
        for slot in sorted({slot for said in (asked, *turns) for slot in said}):
            if slot[0] == 0 and slot != last and turns and all(t.get(slot) == asked.get(slot) for t in turns):
                same += 1
                continue
            name, text = asked.get(slot, ("", ""))
            having = [(row, said[slot]) for row, said in zip(rows, turns, strict=True) if slot in said]
            pieces, others = self._compared(text, [one.text for _, one in having])
            if slot in asked:
                here.append(Section(name, pieces))
            for (row, one), found in zip(having, others, strict=True):
                there[row].append(Section(one.name, found))
        return tuple(here), {row: tuple(sections) for row, sections in there.items()}, same

    def _compared(
        self, text: str, others: list[str]
    ) -> tuple[tuple[Piece, ...], list[tuple[Piece, ...] | None]]:
        """The pieces of a text and others, masked; of long ones, those around where they begin to differ."""
        is_long = max(map(len, (text, *others))) > WINDOW
        start = min((_common(text, one) for one in others if one != text), default=0) if is_long else 0
        low = max(0, start - AROUND)
        shown = [self._text(one, low) for one in (text, *others)]
        pieces, found = word_diff(shown[0], shown[1:], is_cut=is_long)
        ends = [
            (Piece("", skipped=min(low, len(one))), Piece("", skipped=max(0, len(one) - low - WINDOW)))
            for one in (text, *others)
        ]
        whole = [
            joined([first, *(pieces if inner is None else inner), last])
            for (first, last), inner in zip(ends, (pieces, *found), strict=True)
        ]
        return whole[0], [
            None if one == text else inner for one, inner in zip(others, whole[1:], strict=True)
        ]

    def _text(self, text: str, low: int = 0, size: int = WINDOW) -> str:
        """A stretch of a text, masked together with what stands around it, so that nothing private is cut in two."""
        start = max(0, low - MARGIN)
        shown = shown_text(text[start : low + size + MARGIN], self._plan)
        return shown[low - start : low - start + size]

    def _head(self, row: int) -> str:
        example = self._known.get(row)
        return self._cut(example.ask[-1].text, HEAD) if example and example.ask else ""

    def _difference(
        self, difference: tuple[str, str, str], row: int, kept: int | None
    ) -> tuple[str, str, str]:
        """A difference as it may be shown.

        A piece of a card number or an address is not known for one by itself. So both pieces are shown only if each
        stands in the masked text of its row. The row of other data is not read: its piece must stand in the new row.
        """
        kind, *sides = difference
        if not self._plan.show_text:
            return kind, "", ""
        if self._plan.show_pii:
            return kind, self._cut(sides[0], MOST_OF_ONE), self._cut(sides[1], MOST_OF_ONE)
        pieces = [side[:WINDOW] for side in sides]
        if not all(
            _stands(piece, self._whole(at))
            for piece, at in zip(pieces, (row, row if kept is None else kept), strict=True)
        ):
            pieces = [_hidden(piece) for piece in pieces]
        here, there = (
            _ended(piece[:MOST_OF_ONE], is_cut=len(side) > MOST_OF_ONE)
            for piece, side in zip(pieces, sides, strict=True)
        )
        return kind, here, there

    def _whole(self, row: int) -> str:
        """All that a row says, each text of it masked, in the form in which pieces are looked for."""
        if row not in self._masked:
            example = self._read.get(row)
            texts = [*(turn.text for turn in example.ask), *example.answers] if example else []
            self._masked[row] = "\n".join(_plain(shown_text(text, self._plan)) for text in texts)
        return self._masked[row]

    def _cut(self, text: str, most: int) -> str:
        return _ended(self._text(text, 0, most), is_cut=len(text) > most)


def _rows(family: _Family) -> list[int]:
    return [family.kept, *(twin.row for twin in family.twins)]


def _ended(text: str, *, is_cut: bool) -> str:
    shown = text.replace("\n", "⏎")
    return shown + "…" if is_cut else shown


_SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "¶": " "})
"""Signs that the comparison writes otherwise than they stand."""


def _plain(text: str) -> str:
    """A text on one line, with its signs as the comparison writes them."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())


def _stands(piece: str, text: str) -> bool:
    """Whether a piece stands in a masked text: not within a word or a number, and not beside a masked character."""
    wanted = _plain(piece)
    if not any(map(str.isalnum, wanted)):
        return True
    at = text.find(wanted)
    while at >= 0:
        end = at + len(wanted)
        if _parts(text[at - 1 : at], wanted[0]) and _parts(text[end : end + 1], wanted[-1]):
            return True
        at = text.find(wanted, at + 1)
    return False


def _parts(outer: str, edge: str) -> bool:
    """Whether a piece may end between these two characters."""
    if outer == BLOCK:
        return edge == BLOCK
    return not (outer.isascii() and edge.isascii() and outer.isalnum() and edge.isalnum()) or (
        outer.isdigit() is not edge.isdigit()
    )


def _hidden(piece: str) -> str:
    return "".join(char if char.isspace() else BLOCK for char in piece)


class _Said(NamedTuple):
    name: str
    text: str


def _turns(example: Example) -> dict[tuple[int, int], _Said]:
    """Turns by their place: those of the ask first (0, n), then the answers (1, n)."""
    asked = {(0, at): _Said(turn.role, turn.text) for at, turn in enumerate(example.ask)}
    answers = {
        (1, at): _Said("answer" if not at else f"answer {at + 1}", text)
        for at, text in enumerate(example.answers)
    }
    return asked | answers


def _common(one: str, two: str) -> int:
    """Characters with which both texts begin, found by halving."""
    low, high = 0, min(len(one), len(two))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == two[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _places(done: Deduped, rows: pl.Series) -> dict[int, Place]:
    """Where rows are, with their keys."""
    index = done.scan.index
    hashes = index.filter(pl.col("row").is_in(rows.implode()))["hash"].unique()
    counted = index.filter(pl.col("hash").is_in(hashes.implode())).with_columns(
        pl.col("row").cum_count().over("hash").alias("occurrence")
    )
    lines: Iterable[tuple[int, int, int | None, int, int]] = (
        counted.filter(pl.col("row").is_in(rows.implode()))
        .select("row", "file", "line", "hash", "occurrence")
        .iter_rows()
    )
    names = [text_name(opened.source.name) for opened in done.scan.opened]
    firsts = done.scan.first_rows
    return {
        row: Place(names[file], line, row - firsts[file] + 1, key_of(content, occurrence))
        for row, file, line, content, occurrence in lines
    }
