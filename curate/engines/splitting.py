"""Splitting: rows are dealt into training, validation and test files so that no near pair crosses.

A group of rows that belong together (``engines.dealing``) goes to one split as a whole. What is written is read again,
and an exact join between the splits must find no pair (``engines.proving``); if it does, nothing gets its name.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import polars as pl

from curate import __version__
from curate.core.errors import CurateError, UsageError
from curate.core.ledger import write_raw
from curate.core.plan import Plan
from curate.engines.between import RowSketch, compare
from curate.engines.dealing import Dealing, Groups, deal, group_rows
from curate.engines.dropping import records_of, targets_of
from curate.engines.examples import key_of
from curate.engines.local import choose_engine
from curate.engines.proving import prove, refuse_loss
from curate.engines.scan import refuse_unknown, scan
from curate.formats.keep import write_kept
from curate.formats.keep_output import Stage, make_folders, packing_of, refuse_outputs, refuse_suffixes
from curate.formats.sources import Discovered, Source, discover
from curate.text.visible import text_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.engines.local import Engine
    from curate.engines.proving import Proof
    from curate.engines.scan import Progress, Scan
    from curate.formats.keep import Removed
    from curate.similarity.arrays import U64

MANIFEST = "split.jsonl"
"""The file in the folder of the splits that says which row went where."""

SCHEMA = "curate.split/1"
"""The version of the manifest; a field is only ever added within one version."""

LARGEST = 3
"""Groups whose sizes are told."""


@dataclass(frozen=True)
class Split:
    """What was done.

    Attributes:
        counts: rows by split.
        quarantined: records that cannot be read; they are in no split, and in the manifest.
        left_out: rows that were left out as asked.
        groups: how many there are.
        largest: rows of the largest ones, most first.
        too_large: groups with more rows than the smallest share has room for.
        preambles: shingles that so many rows share that they were not compared, by comparison.
        proofs: for each comparison, what crosses.
        outputs: what was written.
        manifest: which row went where.
        strata: rows by value of the field to stratify by, and split.
    """

    counts: dict[str, int]
    quarantined: int
    left_out: int
    groups: int
    largest: tuple[int, ...]
    too_large: int
    preambles: dict[str, int]
    proofs: tuple[Proof, ...]
    outputs: tuple[Path, ...]
    manifest: Path
    strata: dict[str, dict[str, int]] = field(default_factory=dict)


def split(  # noqa: PLR0913 (the options of the command)
    *inputs: object,
    out: str | Path,
    dealing: Dealing | None = None,
    plan: Plan | None = None,
    force: bool = False,
    engine: Engine | None = None,
    progress: Progress | None = None,
) -> Split:
    """Deal rows into files so that no group is divided; every row is copied byte for byte.

    Args:
        *inputs: paths, globs, folders, or data frames.
        out: the folder to write: a file for each split, of several inputs a folder for each.
        dealing: how.
        plan: encoding, mapping of columns, workers.
        force: overwrite files, though never an input.
        engine: where tasks run; chosen by the size of the input if None.
        progress: told how far the reading is.

    Raises:
        UsageError: an output would destroy something, or the dealing does not fit the data.
        CurateError: an input cannot be read at all, or a pair crosses, in which case nothing is written.
    """
    dealing, plan = dealing or Dealing(), plan or Plan()
    dealing.refuse_nonsense()
    plan = replace(plan, fields=dealing.fields)
    found = discover(inputs)
    work = _Splitting(dealing, plan, Path(out), engine)
    work.targets = _targets([*found.sources], work.out, dealing.names)
    refuse_outputs(
        [*(path for paths in work.targets for path in paths), work.out / MANIFEST],
        found.sources,
        force=force,
        below=work.out,
    )
    for targets in work.targets:
        refuse_suffixes(targets, found.sources)
    seen = scan(found, (RowSketch(fields=dealing.fields),), plan, engine, progress)
    refuse_unknown(seen.opened, seen.tallies, plan)
    for targets in work.targets:
        refuse_suffixes(targets, found.sources, [one.container for one in seen.opened])
    return work.run(seen)


def _targets(sources: list[Source], out: Path, names: Sequence[str]) -> list[list[Path]]:
    """Where each source goes, for each split: one source makes a file, several make a folder."""
    if len(sources) > 1:
        return [targets_of(sources, out / name, is_folder=True) for name in names]
    (one,) = targets_of(sources, out, is_folder=True)
    suffixes = one.suffixes[-2:] if packing_of(one) else one.suffixes[-1:]
    return [[out / f"{name}{''.join(suffixes)}"] for name in names]


class _Splitting:
    """The groups, the dealing, the files and the proof."""

    def __init__(self, dealing: Dealing, plan: Plan, out: Path, engine: Engine | None) -> None:
        self.dealing = dealing
        self.plan = plan
        self.out = out
        self.targets: list[list[Path]] = []
        self._preambles: dict[str, U64] = {}
        with choose_engine(0, None) as inline:
            self._engine = engine or inline

    def run(self, seen: Scan) -> Split:
        """Write everything, or nothing but the folders."""
        dealt, groups = self._deal(seen)
        seen.sketches.clear()  # the sets of all rows, which are as large as their text
        manifest = self.out / MANIFEST
        make_folders([path for paths in self.targets for path in paths] + [manifest])
        with Stage() as stage:
            files = _Files(seen, dealt, stage)
            for split, targets in enumerate(self.targets):
                files.write(split, targets)
            proofs = self._prove(seen, files)
            done = self._told(seen, dealt, groups, proofs)
            with stage.place(manifest).open("wb") as handle:
                handle.writelines(_manifest(done, self.dealing, seen, dealt, files.lost))
        return done

    def _deal(self, seen: Scan) -> tuple[pl.DataFrame, Groups]:
        """Every row with its split and the mark of its group."""
        compared = compare(seen, self.dealing.comparing, self._engine, self._preambles)
        rows = compared.rows
        groups = Groups.build(group_rows(compared, self.dealing.threshold), rows["hash"].to_numpy())
        chosen = deal(groups, self._strata(rows, groups), self.dealing)
        split = pl.Series("split", chosen[groups.of], pl.Int64)
        return rows.with_columns(split, pl.Series("group", groups.marks[groups.of], pl.UInt64)), groups

    def _strata(self, rows: pl.DataFrame, groups: Groups) -> list[str]:
        """The value of the field to stratify by that most rows of each group have."""
        if not self.dealing.stratify or rows.is_empty():
            return [""] * len(groups.sizes)
        column = f"meta.{self.dealing.stratify}"
        if rows[column].null_count() == len(rows):
            raise UsageError(
                f"no row has the field '{self.dealing.stratify}'", hint="name a field of the rows"
            )
        counted = rows.select(pl.Series("group", groups.of), pl.col(column).fill_null("").alias("value"))
        counted = (
            counted.group_by("group", "value").len().sort("group", -pl.col("len").cast(pl.Int64), "value")
        )
        return counted.unique("group", keep="first", maintain_order=True)["value"].to_list()

    def _prove(self, seen: Scan, files: _Files) -> tuple[Proof, ...]:
        """Read what was written, and compare the splits."""
        if not files.written:
            return ()
        sources = tuple(Source(str(one.path), one.path) for one in files.written)
        encodings = {one.survey.encoding for one in seen.opened if one.survey is not None}
        plan = replace(self.plan, encoding=encodings.pop() if len(encodings) == 1 else self.plan.encoding)
        written = scan(Discovered(sources, ()), (RowSketch(fields=self.dealing.fields),), plan)
        refuse_loss(seen, written)
        side = np.array([one.split for one in files.written])
        return prove(written, side, self.dealing, self._preambles, self._engine)

    def _told(self, seen: Scan, dealt: pl.DataFrame, groups: Groups, proofs: tuple[Proof, ...]) -> Split:
        names = self.dealing.names
        counts = Counter(dealt["split"].to_list())
        least = min(self.dealing.ratio) / sum(self.dealing.ratio) * len(dealt)
        strata: dict[str, dict[str, int]] = {}
        if self.dealing.stratify and len(dealt):
            value = pl.col(f"meta.{self.dealing.stratify}").fill_null("")
            for name, split, rows in (
                dealt.group_by(value.alias("value"), "split").len().sort("value", "split").rows()
            ):
                strata.setdefault(name, dict.fromkeys(names, 0))[names[split]] = rows
        return Split(
            {name: counts[at] for at, name in enumerate(names)},
            len(seen.quarantine),
            len(seen.left_out),
            len(groups.sizes),
            tuple(sorted(groups.sizes.tolist(), reverse=True)[:LARGEST]),
            int((groups.sizes > np.ceil(least)).sum()),
            {name: len(shingles) for name, shingles in self._preambles.items() if len(shingles)},
            proofs,
            tuple(path for paths in self.targets for path in paths),
            self.out / MANIFEST,
            strata,
        )


class _File(NamedTuple):
    """A file that was written and has rows: where it lies for now, and its split."""

    path: Path
    split: int


class _Files:
    """Writing each input once for each split, without the rows of the others."""

    def __init__(self, seen: Scan, dealt: pl.DataFrame, stage: Stage) -> None:
        self._seen = seen
        self._split = (
            pl.Series([-1], dtype=pl.Int64)
            .new_from_index(0, seen.records)
            .scatter(dealt["row"], dealt["split"])
        )
        self._stage = stage
        self.written: list[_File] = []
        self.lost: list[dict[str, Any]] = []

    def write(self, split: int, targets: Sequence[Path]) -> None:
        """All files of a split.

        Raises:
            CurateError: something else was left out than what belongs to the others.
        """
        for opened, target, first in zip(self._seen.opened, targets, self._seen.first_rows, strict=True):
            records = records_of(self._seen, opened, first)
            mine = self._split.gather(records["row"])
            goes = set(records["ordinal"].filter(mine != split).to_list())
            lost = records.filter(mine < 0) if split == 0 else records.clear()
            tell = _Telling(
                opened.source.name, {line["ordinal"]: line for line in lost.iter_rows(named=True)}
            )
            path = self._stage.place(target)
            write_kept(opened, goes, path, records=records.select("start", "end", "reason"), tell=tell)
            self.lost += tell.lost
            if tell.count != len(goes):
                raise CurateError(
                    "rows are lost", where=opened.source.name, hint="nothing was written; please report this"
                )
            if len(goes) < len(records):
                self.written.append(_File(path, split))


class _Telling:
    """Told of every record that a file lacks; it keeps those that no split has."""

    def __init__(self, name: str, lost: dict[int, dict[str, Any]]) -> None:
        self._name = name
        self._lost = lost
        self.count = 0
        self.lost: list[dict[str, Any]] = []

    def __call__(self, removed: Removed) -> None:
        """The next record that goes."""
        self.count += 1
        if removed.ordinal in self._lost:
            record = self._lost[removed.ordinal]
            self.lost.append(
                {
                    "action": "quarantine" if record["reason"] is not None else "drop",
                    "file": self._name,
                    "line": record["line"],
                    "row": removed.ordinal + 1,
                    "message": record["reason"] or "left out as asked",
                    "raw": write_raw(removed.raw),
                }
            )


def _manifest(
    done: Split, dealing: Dealing, seen: Scan, dealt: pl.DataFrame, lost: list[dict[str, Any]]
) -> Iterator[bytes]:
    """The lines of the manifest: how rows were dealt, each row, each record that is in no split, and the proof."""
    yield _line(
        {
            "split": SCHEMA,
            "curate": __version__,
            "inputs": [
                {"name": one.source.name, "sha256": one.survey.sha256 if one.survey else ""}
                for one in seen.opened
            ],
            "outputs": [text_name(str(path)) for path in done.outputs],
            "ratio": dict(zip(dealing.names, dealing.ratio, strict=True)),
            "by": dealing.by,
            "stratify": dealing.stratify,
            "seed": dealing.seed,
            "threshold": str(dealing.threshold),
        }
    )
    numbered = dealt.with_columns(pl.col("row").cum_count().over("hash").alias("occurrence"))
    for row, file, content, line, split, group, number in numbered.select(
        "row", "file", "hash", "line", "split", "group", "occurrence"
    ).iter_rows():
        yield _line(
            {
                "key": key_of(content, number),
                "file": seen.opened[file].source.name,
                "line": line,
                "row": row - seen.first_rows[file] + 1,
                "split": dealing.names[split],
                "group": f"{group:016x}",
            }
        )
    yield from map(_line, lost)
    rows = {**done.counts, "quarantined": done.quarantined, "left_out": done.left_out}
    yield _line({"rows": rows, "groups": done.groups, "proof": [proof._asdict() for proof in done.proofs]})


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
