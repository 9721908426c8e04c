"""Terms over whole data sets: what a glossary has to say of it, how consistent it is, and which terms it has."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from curate.core.errors import UsageError
from curate.core.plan import Plan
from curate.engines.local import choose_engine
from curate.engines.repairing_locks import COPIED, FREED
from curate.engines.staging import editable
from curate.fixing.terms import Terms
from curate.formats.parse import parse_chunk
from curate.formats.read import open_sources
from curate.formats.sources import discover as discover_sources
from curate.terms.counting import Counts
from curate.terms.discover import Group, Verifier, groups_of
from curate.terms.matcher import ADMITTED, FORBIDDEN, PREFERRED, VARIANT, matcher_of
from curate.terms.offering import AUTO, offers_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from curate.core.batch import Batch
    from curate.engines.scan import Progress
    from curate.formats.chunk import Chunk
    from curate.formats.read import Opened
    from curate.protect import Given, Protected
    from curate.terms.offering import Offer
    from curate.terms.term import Glossary

T = TypeVar("T")


class Found(NamedTuple):
    """One form that is not as the glossary has it.

    Attributes:
        file: as the user named it.
        line: from 1; None in binary tables.
        row: of the file, from 1.
        at: RFC 6901 pointer of the text.
        start: where it begins in the text, in code points.
        check: ``terms.variant`` and the like.
        listed: the form as the glossary has it.
        preferred: what the glossary has instead.
        safety: ``auto``, ``suggest`` or ``report``.
        severity: of the term.
        refused: the lock that would hold the edit back; empty for none.
    """

    file: str
    line: int | None
    row: int
    at: str
    start: int
    check: str
    listed: str
    preferred: str
    safety: str
    severity: str
    refused: str


@dataclass
class Tally:
    """Uses of a term: of its preferred form, of admitted ones, of others, and of others that a lock protects."""

    preferred: int = 0
    admitted: int = 0
    others: int = 0
    protected: int = 0

    @property
    def consistency(self) -> float | None:
        """The share of the preferred form; what is quoted, copied or part of a name does not count."""
        uses = self.preferred + self.others
        return self.preferred / uses if uses else None


@dataclass
class Checked:
    """What a glossary has to say of some data; ``tallies`` are by the place of a term in the glossary."""

    rows: int = 0
    unread: int = 0
    found: list[Found] = field(default_factory=list)
    tallies: dict[int, Tally] = field(default_factory=dict)

    @property
    def consistency(self) -> float | None:
        """Preferred uses of all terms, as a share of all uses; None if there is none."""
        total = Tally(
            sum(one.preferred for one in self.tallies.values()),
            0,
            sum(one.others for one in self.tallies.values()),
        )
        return total.consistency


def check_terms(
    *inputs: object, glossary: Glossary, plan: Plan | None = None, progress: Progress | None = None
) -> Checked:
    """Find forms that are not as a glossary has them, in the texts that ``fix`` would edit.

    Args:
        *inputs: paths, globs, folders, or data frames.
        glossary: the terms.
        plan: how data is read.
        progress: told how far the reading is.

    Raises:
        CurateError: an input cannot be read at all.
    """
    plan = plan or Plan()
    opened = _opened(inputs, plan)
    done = Checked()
    records = [0] * len(opened)
    for part in _mapped(partial(_check, glossary=glossary), opened, plan, progress):
        file, first = part.file, records[part.file]
        name = opened[file].source.name
        done.found += [one._replace(file=name, row=one.row + first) for one in part.found]
        for number, tally in part.tallies.items():
            _add(done.tallies.setdefault(number, Tally()), tally)
        records[file] += part.records
        done.rows += part.rows
        done.unread += part.records - part.rows
    return done


def discover_terms(
    *inputs: object, plan: Plan | None = None, progress: Progress | None = None
) -> list[Group]:
    """Propose terms from the answers of some data, surest first; it is read twice.

    Raises:
        UsageError: the data can be read only once.
        CurateError: an input cannot be read at all.
    """
    plan = plan or Plan()
    opened = _opened(inputs, plan)
    counts = Counts()
    for part in _mapped(_count, opened, plan, progress):
        counts.merge(part)
    verifier = Verifier(groups_of(counts))
    names = [one.source.name for one in opened]
    for groups in _mapped(partial(_verify, groups=verifier.groups, names=names), opened, plan, progress):
        verifier.merge(groups)
    return verifier.proposals()


def _opened(inputs: Sequence[object], plan: Plan) -> tuple[Opened, ...]:
    if plan.mapping.group is not None:
        raise UsageError(
            "terms are not looked for in lines that are grouped",
            hint="make rows of them first: curate convert DATA --group-by COLUMN --to messages -o rows.jsonl",
        )
    return open_sources(discover_sources(inputs).sources, plan.encoding, plan.mapping)


def _mapped(
    task: Callable[[Chunk], T], opened: Sequence[Opened], plan: Plan, progress: Progress | None
) -> Iterator[T]:
    """What a task makes of each chunk, in order."""
    total = sum(one.survey.size if one.survey else 0 for one in opened)
    done = 0
    sizes: list[int] = []

    def chunks() -> Iterator[Chunk]:
        for one in opened:
            for chunk in one.chunks():
                sizes.append(len(chunk.blob))
                yield chunk

    with choose_engine(total, plan.workers, plan.checks) as engine:
        for number, result in enumerate(engine.map(task, chunks())):
            done += sizes[number]
            if progress is not None:
                progress(done, max(done, total))
            yield result


class _Part(NamedTuple):
    """What a chunk gives; rows count from 1 in the chunk."""

    file: int
    records: int
    rows: int
    found: list[Found]
    tallies: dict[int, Tally]


def _check(chunk: Chunk, glossary: Glossary) -> _Part:
    """The terms in one chunk."""
    from curate.protect import Given, protected_spans  # noqa: PLC0415 (loads much)

    parsed = parse_chunk(chunk)
    matcher = matcher_of(glossary)
    lines = dict(parsed.batch.rows.select("row", "line").rows())
    numbers = {term: number for number, term in enumerate(matcher.terms)}
    found: list[Found] = []
    tallies: dict[int, Tally] = {}
    for row, at, part, text, given in _texts(parsed.batch):
        for use in matcher.uses(text):
            tally = tallies.setdefault(use.form.term, Tally())
            tally.preferred += use.form.role == PREFERRED
            tally.admitted += use.form.role == ADMITTED
            tally.others += use.form.role in (VARIANT, FORBIDDEN)
        offers = list(offers_for(text, matcher, part))
        spans = protected_spans(text) if offers else ()
        for offer in offers:
            why = _refused(text, offer, spans, Given(given))
            if why and offer.check in ("terms.variant", "terms.forbidden"):
                tallies[numbers[offer.term]].others -= 1
                tallies[numbers[offer.term]].protected += 1
            found.append(_found(offer, lines.get(row), row + 1, at, why))
    return _Part(chunk.file, parsed.records, len(parsed.batch.rows), found, tallies)


def _refused(text: str, offer: Offer, spans: Sequence[Protected], given: Given) -> str:
    """Which lock would hold the edit back: what is protected, or copied from what is given."""
    if offer.safety != AUTO:
        return ""
    free = frozenset[str]().union(*(FREED.get(kind, ()) for kind in offer.term.declares))
    for one in spans:
        if one.start < offer.end and offer.start < one.end and one.kind not in free:
            return f"protected: {one.kind}"
    return COPIED if given.copied(text, offer.start, offer.end) else ""


def _found(offer: Offer, line: int | None, row: int, at: str, why: str) -> Found:
    term = offer.term
    preferred = term.first if offer.check == "terms.first-use" else term.preferred
    where = (line, row, at, offer.start)
    return Found("", *where, offer.check, offer.listed, preferred, offer.safety, term.severity.value, why)


def _add(total: Tally, other: Tally) -> None:
    total.preferred += other.preferred
    total.admitted += other.admitted
    total.others += other.others
    total.protected += other.protected


def _texts(batch: Batch) -> Iterator[tuple[int, str, str, str, str]]:
    """Row, pointer, part, text and what is given of the texts that are edited by default."""
    for row, at, part, text, given in (
        editable(batch).select("row", "at", "part", "text", "given").iter_rows()
    ):
        if part in Terms.parts:
            yield row, at, part, text, given


def _count(chunk: Chunk) -> Counts:
    counts = Counts()
    counts.add(text for *_, text, _ in _texts(parse_chunk(chunk).batch))
    return counts


def _verify(chunk: Chunk, groups: list[Group], names: list[str]) -> list[Group]:
    """The groups with what this chunk has of them."""
    batch = parse_chunk(chunk).batch
    lines = dict(batch.rows.select("row", "line").rows())
    mine = Verifier([Group(one.kind, Counter(one.forms), one.long) for one in groups])
    mine.add(
        (f"{names[chunk.file]}:{lines[row]}" if lines.get(row) else names[chunk.file], text)
        for row, *_, text, _ in _texts(batch)
    )
    return mine.groups
