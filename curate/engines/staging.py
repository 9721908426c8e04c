"""The stages of a fix: which checks and editors offer edits together, and what the plan lets become of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.errors import CheckError, CurateError
from curate.core.fix_plan import KINDS, PARTS, POLICIES
from curate.engines.calls import calls_of
from curate.engines.guarding import guarded
from curate.engines.tasks import allowed
from curate.fixing.editor import EDITABLE, OFFERS, UNCHECKED, Editor, Offered, Safety

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate.core.batch import Batch
    from curate.core.check import RowCheck
    from curate.core.plan import Plan

LOCKED = ("terms", "grammar")
"""Kinds of edit that come after all repairs of characters, and must not change what a row then means."""

OFFERED = pl.Schema(
    [*OFFERS.items(), ("own", pl.Boolean()), ("locked", pl.Boolean()), ("policy", pl.String())]
)
"""``OFFERS``, and of each: whether a check offers it, whether all locks hold for it, and the part's policy."""

WITH_CALLS = ("pii",)
"""Kinds of edit that are made in the arguments of tool calls, too."""

UNREPAIRED = pl.Schema({"row": pl.Int64, "at": pl.String, "check": pl.String})


@dataclass(frozen=True)
class Stage:
    """Checks and editors whose offers are chosen among together.

    Attributes:
        kind: of their edits.
        checks: whose findings offer repairs.
        editors: what else offers edits.
    """

    kind: str
    checks: tuple[RowCheck, ...] = ()
    editors: tuple[Editor, ...] = ()

    @property
    def is_locked(self) -> bool:
        """Whether it must not change what a row means."""
        return self.kind in LOCKED


def stages_of(
    checks: Sequence[RowCheck], editors: Sequence[Editor], kinds: Sequence[str]
) -> tuple[Stage, ...]:
    """The stages in their order; one without checks and editors is none. Checks belong to ``text``."""
    made = []
    for kind in (kind for kind in KINDS if kind in kinds):
        own = tuple(checks) if kind == "text" else ()
        stage = Stage(kind, own, tuple(editor for editor in editors if editor.kind == kind))
        if stage.checks or stage.editors:
            made.append(stage)
    return tuple(made)


class Offers(NamedTuple):
    """What a stage says of some rows: offers (``OFFERED``), findings without a repair, texts not looked at."""

    offers: pl.DataFrame
    unrepaired: pl.DataFrame
    unchecked: pl.DataFrame


@dataclass
class Asking:
    """Asks the stages for offers, as a plan lets them."""

    plan: Plan
    fields: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.fields = self.plan.fix.fields

    def offers(self, stage: Stage, batch: Batch) -> Offers:
        """What the checks and editors of a stage offer for the rows of a batch."""
        offered = [pl.DataFrame(schema=OFFERED)]
        unrepaired = [pl.DataFrame(schema=UNREPAIRED)]
        unchecked = [pl.DataFrame(schema=UNCHECKED)]
        for check in stage.checks:
            found = self._found(check, batch)
            if not found.is_empty():
                unrepaired.append(found.filter(pl.col("after").is_null()).select(UNREPAIRED.names()))
                offered.append(self._own(found.filter(pl.col("after").is_not_null()), batch))
        if stage.editors:
            texts = editable(batch)
            if stage.kind in WITH_CALLS:
                calls, missed = calls_of(batch)
                texts = editable(batch, calls)
                unchecked.append(missed)
            for editor in stage.editors:
                answer, policies = self._asked(editor, texts)
                offered.append(policies)
                unchecked.append(answer.unchecked)
        return Offers(pl.concat(offered), pl.concat(unrepaired), pl.concat(unchecked))

    def _found(self, check: RowCheck, batch: Batch) -> pl.DataFrame:
        hits = guarded(check, lambda: check.examine(batch), batch.rows["row"])
        if hits.is_empty():
            return hits
        return allowed(check, hits, batch, self.plan).with_columns(
            check=pl.lit(check.name), severity=pl.lit(check.severity.value), after="fix"
        )

    def _own(self, found: pl.DataFrame, batch: Batch) -> pl.DataFrame:
        """Repairs of checks; one without a span is of the whole text. They act on every part."""
        texts = batch.texts.select("row", "at", "part", "text").unique(["row", "at"], keep="first")
        lines = found.join(texts, on=["row", "at"], how="inner", maintain_order="left")
        whole = pl.col("start").is_null() | pl.col("end").is_null()
        policy = policies({part: self.fields.get(part, "auto") for part in PARTS}, batch.texts)
        return lines.select(
            "row",
            "at",
            pl.when(whole).then(0).otherwise("start").cast(pl.Int32).alias("start"),
            pl.when(whole).then(pl.col("text").str.len_chars()).otherwise("end").cast(pl.Int32).alias("end"),
            "after",
            "check",
            *(pl.lit("").alias(name) for name in ("rule", "engine")),
            pl.lit(Safety.AUTO.value).alias("safety"),
            "severity",
            "message",
            pl.lit("").alias("declares"),
            pl.lit(value=True).alias("own"),
            pl.lit(value=False).alias("locked"),
            policy.alias("policy"),
        ).cast(OFFERED)

    def _asked(self, editor: Editor, texts: pl.DataFrame) -> tuple[Offered, pl.DataFrame]:
        """What an editor says of the texts that it may see, and its offers with the policies of their parts."""
        policy = {part: policy_of(part, editor, self.fields) for part in PARTS}
        seen = [part for part, word in policy.items() if word != "off"]
        shown = texts.filter(pl.col("part").is_in(seen))
        if shown.is_empty():
            return Offered(), pl.DataFrame(schema=OFFERED)
        answer = asked(editor, shown)
        parts = shown.select("row", "at", policies(policy, texts).alias("policy"))
        offers = answer.offers
        wanted = [self.plan.wants(name) for name in offers["check"].to_list()]
        offered = (
            offers.filter(wanted)
            .join(parts, on=["row", "at"], how="inner", maintain_order="left")
            .with_columns(own=pl.lit(value=False), locked=pl.lit(editor.locked))
        )
        return answer, offered.select(OFFERED.names())


def policy_of(part: str, editor: Editor, fields: Mapping[str, str]) -> str:
    """The most that may become of an editor's edits in a part."""
    return fields.get(part, "auto" if part in editor.parts else "off")


def policies(policy: Mapping[str, str], texts: pl.DataFrame) -> pl.Expr:
    """The policy of each text by its part; both answers of a preference have one, the stricter one.

    Args:
        policy: of each part.
        texts: all texts of the rows.
    """
    pairs = texts.filter(pl.col("part") == "rejected")["row"].unique()
    plain = pl.col("part").replace_strict(policy, return_dtype=pl.String)
    is_side = pl.col("row").is_in(pairs.implode()) & pl.col("part").is_in(["target", "rejected"])
    return pl.when(is_side).then(pl.lit(lower(policy["target"], policy["rejected"]))).otherwise(plain)


def lower(one: str, two: str) -> str:
    """The stricter of two policies."""
    return min(one, two, key=POLICIES.index)


def editable(batch: Batch, calls: pl.DataFrame | None = None) -> pl.DataFrame:
    """The texts of a batch as editors see them (``EDITABLE``); a text that several turns share is there once.

    Args:
        batch: the rows.
        calls: turns of tool calls whose arguments are shown, too.
    """
    given = (
        batch.prompts.unique(["row", "at"], keep="first", maintain_order=True)
        .group_by("row", maintain_order=True)
        .agg(pl.col("text").str.join("\n\n").alias("given"))
    )
    texts = batch.texts if calls is None or calls.is_empty() else pl.concat([batch.texts, calls])
    texts = texts.unique(["row", "at"], keep="first", maintain_order=True)
    joined = texts.join(given, on="row", how="left", maintain_order="left").with_columns(
        pl.col("given").fill_null(""), pl.col("text").fill_null("")
    )
    return joined.select(EDITABLE.names())


def asked(editor: Editor, texts: pl.DataFrame) -> Offered:
    """What an editor says of some texts; a crash names the editor and shows no text of any row.

    Raises:
        CurateError: the user's mistake.
        CheckError: the editor crashed, or returned something else than it must.
    """
    try:
        answer = editor.offers(texts)
    except CurateError:
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        raise CheckError(
            f"the editor of {editor.kind} crashed: {type(error).__name__}", hint="please report it"
        ) from error
    wrong = [
        name
        for name, frame, schema in (
            ("offers", answer.offers, OFFERS),
            ("unchecked", answer.unchecked, UNCHECKED),
        )
        if frame.schema != schema
    ]
    if wrong:
        raise CheckError(
            f"the editor of {editor.kind} returned wrong columns for {' and '.join(wrong)}",
            hint="their schemas stand in curate/fixing/editor.py",
        )
    return answer
