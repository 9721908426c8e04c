"""Repairing the rows of one chunk, stage after stage, until no stage makes another edit.

Two rounds. Repairs of characters come first, until they stand; what the row then says is its meaning. Terminology and
grammar follow, with all stages looking at whatever changed, and the row is held against that meaning at the end.

Every decision about a row depends on nothing but the row as it stands, and each stage looked at a row last as it is
written. So a second run decides the same, and changes nothing: ``fix(fix(x)) == fix(x)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.engines.repairing_choice import Offer, decide, one_sided
from curate.engines.repairing_locks import ANSWERS, TOGETHER, Spot, meaning
from curate.engines.repairing_records import records_in
from curate.engines.repairing_state import Noted, Row, Told, concluded
from curate.engines.repairing_texts import Change, apply, compose
from curate.engines.staging import Asking
from curate.formats.parse import Parsed, parse_chunk

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from curate.core.batch import Batch
    from curate.core.plan import Plan
    from curate.engines.repairing_results import Repaired
    from curate.engines.staging import Stage
    from curate.formats.chunk import Chunk

ROUNDS = 5
"""Rounds after which a row must stand: a repair may show what another check finds, or an overlapping one left."""

ENDLESS = "the repairs do not come to an end"
OTHERWISE = "the row would be read in another way"
NONE = "no repair is offered"
ONE_SIDED = "it is not made in both answers"
OTHER = dict(zip(ANSWERS, reversed(ANSWERS), strict=True))
"""Of each answer of a preference the other one."""


class Share(NamedTuple):
    """A part of a chunk: of its rows in order, the ``number``-th of ``of`` equal shares."""

    chunk: Chunk
    number: int = 0
    of: int = 1

    @property
    def is_last(self) -> bool:
        """Whether it ends its chunk."""
        return self.number == self.of - 1


def repair(
    share: Share,
    stages: tuple[Stage, ...],
    plan: Plan,
    encodings: Sequence[str],
    samples: int = 0,
) -> Repaired:
    """Repair what can be repaired in a chunk.

    Args:
        share: of a chunk from a container's splitter.
        stages: checks and editors in their order.
        plan: what checks pass over, and what may be changed where.
        encodings: of the files.
        samples: so many edits of each check are given with their texts.
    """
    parsed = _shared(parse_chunk(share.chunk, plan.metadata), share)
    work = Repairing(share.chunk, parsed, stages, plan, encodings[share.chunk.file])
    work.run()
    return concluded(work.told(), share, samples)


def _shared(parsed: Parsed, share: Share) -> Parsed:
    """Of a parsed chunk the rows of one share."""
    if share.of == 1:
        return parsed
    rows = parsed.batch.rows
    ends = [len(rows) * number // share.of for number in (share.number, share.number + 1)]
    batch = _only(parsed.batch, rows["row"][ends[0] : ends[1]].to_list())
    return Parsed(batch, parsed.quarantine, parsed.left_out, parsed.records)


class Repairing:
    """One chunk, from the first look at its rows to the last."""

    def __init__(
        self, chunk: Chunk, parsed: Parsed, stages: tuple[Stage, ...], plan: Plan, encoding: str
    ) -> None:
        self._parsed = parsed
        self._now = parsed.batch
        self._stages = stages
        self._plan = plan
        self._asking = Asking(plan)
        self._records = records_in(chunk, parsed.batch.rows, encoding)
        self._own = frozenset(check.name for stage in stages for check in stage.checks)
        self._unseen: list[set[int] | None] = [None] * len(stages)
        self._rows: dict[int, Row] = {}
        self._frozen: dict[int, str] = {}
        self._noted = Noted()
        self._pairs = frozenset(parsed.batch.turns.filter(pl.col("part") == "rejected")["row"].to_list())

    def run(self) -> None:
        """Both rounds, and the last word over what the rows then say."""
        everything = range(len(self._stages))
        plain = [at for at in everything if not self._stages[at].is_locked]
        self._settle(plain)
        self._hold(is_locked=False)
        if len(plain) < len(self._stages):
            for row in self._rows.values():
                row.base = dict(row.changes)
            self._settle(everything)
            self._hold(is_locked=True)

    def told(self) -> Told:
        """What became of the rows."""
        return Told(self._parsed, self._records, self._rows, self._noted)

    # Rounds.

    def _settle(self, stages: Sequence[int]) -> None:
        """Round after round until no stage makes an edit; rows that do not come to an end are given up."""
        for _ in range(ROUNDS):
            moved = {row for at in stages for row in self._look(at)}
            if not moved:
                return
        self._give_up(dict.fromkeys(sorted(moved), ENDLESS))
        for at in stages:
            self._look(at)

    def _look(self, at: int) -> list[int]:
        """One stage looks at the rows that changed since it last did; the rows that it changed."""
        unseen, stage = self._unseen[at], self._stages[at]
        if unseen is not None and not unseen:
            return []
        batch = self._now if unseen is None else _only(self._now, sorted(unseen))
        offers, unrepaired, unchecked = self._asking.offers(stage, batch)
        if unseen is None:
            self._note_the_rest(unrepaired)
        self._noted.forget(at, unseen or ())
        self._unseen[at] = set()
        self._noted.unchecked(at, stage.kind, unchecked)
        changed = [
            row for row, spots in offered(offers, batch, self._frozen).items() if self._take(at, row, spots)
        ]
        return self._read_again(sorted(changed)) if changed else []

    def _note_the_rest(self, findings: pl.DataFrame) -> None:
        rest = findings.group_by("row", "at", maintain_order=True)
        for row, at, checks in rest.agg("check").iter_rows():
            self._noted.leave(row, at, NONE, checks)

    def _take(self, at: int, row: int, offered: Mapping[Spot, Sequence[Offer]]) -> bool:
        """Decide about a row, and note what is not made; whether something is."""
        decision = decide(
            offered,
            is_pair=row in self._pairs,
            frozen=self._frozen.get(row, ""),
            is_unsafe=self._plan.fix.is_unsafe,
        )
        for spot, offers in decision.left.items():
            for one in offers:
                self._noted.refuse_own(at, row, spot, one.change.check)
            for reason in dict.fromkeys(one.refused for one in offers):
                names = [one.change.check for one in offers if one.refused == reason]
                self._noted.leave(row, spot.at, reason, names)
        self._noted.suggest(at, row, decision.suggested)
        self._noted.report(at, row, decision.reported)
        for spot, chosen in decision.chosen.items():
            known = self._rows.setdefault(row, Row())
            original = known.texts.setdefault(spot.at, spot.text)
            known.changes[spot.at] = compose(original, known.changes.get(spot.at, []), chosen)
        return bool(decision.chosen)

    # Rows as they are read now.

    def _read_again(self, rows: Sequence[int]) -> list[int]:
        """The changed rows as they are read now; those that are not what was meant go back. Gives the others."""
        refused: dict[int, str] = {}
        for row in rows:
            reason = self._records.change(row, self._rows[row].changes)
            if reason:
                refused[row] = reason
        made = [row for row in rows if row not in refused]
        batch = self._parse(made)
        wrong = self._misread(batch, made)
        refused |= dict.fromkeys(wrong, OTHERWISE)
        good = [row for row in made if row not in refused]
        self._put(_only(batch, good) if wrong else batch, good)
        self._give_up(refused)
        return good

    def _parse(self, rows: Sequence[int]) -> Batch:
        parsed = parse_chunk(self._records.chunk(rows), self._plan.metadata)
        return parsed.batch.renumbered(rows)

    def _put(self, batch: Batch, rows: Sequence[int]) -> None:
        """Rows become what a batch says of them, and every stage has to look at them again."""
        if not rows:
            return
        self._now = _replaced(self._now, batch, rows)
        for row, content in batch.rows.select("row", "hash").iter_rows():
            if row in self._rows:
                self._rows[row].hash = content
        for unseen in self._unseen:
            if unseen is not None:
                unseen.update(rows)

    def _misread(self, batch: Batch, rows: Sequence[int]) -> list[int]:
        """The lock: of ``rows``, those that say anything else than before, the replaced spans aside."""
        wanted = [(row, at, text) for row in rows for at, text in self._rows[row].expected()]
        schema = {"row": pl.Int64, "at": pl.String, "expected": pl.String}
        texts = pl.DataFrame(wanted, schema=schema, orient="row")
        before = self._parsed.batch.turns.join(texts.select("row").unique(), on="row", how="semi")
        meant = (
            before.join(texts, on=["row", "at"], how="left", maintain_order="left")
            .with_columns(pl.coalesce("expected", "text").alias("text"))
            .drop("expected")
        )
        if meant.equals(batch.turns):
            return []
        now = dict(batch.turns.partition_by("row", as_dict=True))
        then = dict(meant.partition_by("row", as_dict=True))
        return [row for row in rows if (row,) not in now or not then[row,].equals(now[row,])]

    def _give_up(self, reasons: Mapping[int, str]) -> None:
        """Rows go back to what they were before this round, and stay so."""
        back: list[int] = []
        for row, reason in reasons.items():
            known = self._rows[row]
            self._noted.leave(row, "", reason, (name for name in known.news() if name in self._own))
            self._frozen[row] = reason
            known.changes = dict(known.base)
            if any(known.changes.values()) and not self._records.change(row, known.changes):
                back.append(row)
            else:
                del self._rows[row]
                self._records.forget(row)
        new = [row for row in reasons if row not in back]
        self._put(_only(self._parsed.batch, new), new)
        if back:
            self._put(self._parse(back), back)

    # The last word.

    def _hold(self, *, is_locked: bool) -> None:
        """Rows that say something else now, or were edited in one answer of two, go back."""
        reasons = {
            row: reason
            for row, known in sorted(self._rows.items())
            if known.changes != known.base and (reason := self._wrong(row, known, is_locked=is_locked))
        }
        if reasons:
            self._give_up(reasons)
            for at in range(len(self._stages)):
                if is_locked or not self._stages[at].is_locked:
                    self._look(at)

    def _wrong(self, row: int, known: Row, *, is_locked: bool) -> str:
        if row in self._pairs:
            banned = one_sided(self._noted.refusals(row))
            if banned and not banned.isdisjoint(known.news(ANSWERS, self._parts(row))):
                return ONE_SIDED
        for at, changes in known.changes.items() if is_locked else ():
            before, text = known.base.get(at, []), known.texts[at]
            if changes != before:
                declared = frozenset[str]().union(*(one.declared for one in changes))
                reason = meaning(apply(text, before), apply(text, changes), declared)
                if reason:
                    return TOGETHER + reason
        return ""

    def _parts(self, row: int) -> dict[str, str]:
        return dict(self._parsed.batch.turns.filter(pl.col("row") == row).select("at", "part").iter_rows())


def offered(
    offers: pl.DataFrame, batch: Batch, frozen: Container[int] = ()
) -> dict[int, dict[Spot, list[Offer]]]:
    """The offers by row and text; those of checks for rows that were given up are left out."""
    if offers.is_empty():
        return {}
    spots = _spots(batch, offers["row"].unique())
    found: dict[int, dict[Spot, list[Offer]]] = {}
    names = ("row", "at", "own", "locked", "policy", "start", "end", "after", "check", "severity", "message")
    more = ("rule", "engine", "safety", "declares")
    for line in offers.select(*names, *more).iter_rows():
        row, at, is_own, is_locked, policy, *fields = line
        if (row, at) not in spots or (is_own and row in frozen):
            continue
        start, end, after, check, severity, message, rule, engine, safety, declares = fields
        change = Change(start, end, after, check, severity, message, (), rule, engine, safety, declares)
        found.setdefault(row, {}).setdefault(spots[row, at], []).append(
            Offer(change, policy, is_own, is_locked)
        )
    return found


def _spots(batch: Batch, rows: pl.Series) -> dict[tuple[int, str], Spot]:
    """The texts of some rows, each with what the row says elsewhere."""
    is_text = pl.col("kind").is_in(["text", "parts", "call"])
    texts = batch.turns.filter(is_text & pl.col("row").is_in(rows.implode()))
    names = ("row", "at", "part", "text", "kind")
    lines = texts.select(names).unique(["row", "at"], keep="first", maintain_order=True).rows()
    said: tuple[dict[int, list[str]], dict[int, list[str]]] = ({}, {})
    sides: dict[tuple[int, str], list[str]] = {}
    for row, _, part, text, _ in lines:
        said[part in ANSWERS].setdefault(row, []).append(text or "")
        sides.setdefault((row, OTHER.get(part, "")), []).append(text or "")
    given, taught = ({row: "\n\n".join(several) for row, several in one.items()} for one in said)
    return {
        (row, at): Spot(
            at,
            part,
            text or "",
            (given if part in ANSWERS else taught).get(row, ""),
            kind == "call",
            "\n\n".join(sides.get((row, part), ())),
        )
        for row, at, part, text, kind in lines
    }


def _only(batch: Batch, rows: Sequence[int]) -> Batch:
    """The batch with some of its rows."""
    return _filtered(batch, pl.col("row").is_in(list(rows)))


def _filtered(batch: Batch, keep: pl.Expr) -> Batch:
    return type(batch)(batch.rows.filter(keep), batch.turns.filter(keep), batch.notes.filter(keep))


def _replaced(batch: Batch, new: Batch, rows: Sequence[int]) -> Batch:
    """The batch with some rows as another one has them, in their old places."""
    old = _filtered(batch, ~pl.col("row").is_in(list(rows)))
    frames = [
        pl.concat([one, two]).sort("row", maintain_order=True)
        for one, two in ((old.rows, new.rows), (old.turns, new.turns), (old.notes, new.notes))
    ]
    return type(batch)(frames[0], frames[1], frames[2])
