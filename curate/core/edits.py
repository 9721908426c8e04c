"""What a fix did, or would do: facts only, complete before anything is rendered. Texts are masked and cut already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curate.core.pairs import Piece
    from curate.core.report import Place, RowAccount


@dataclass(frozen=True)
class Shown:
    """An edit or a suggestion as it is shown.

    Attributes:
        place: where.
        why: the message; empty where no text may be shown.
        rule: the engine's own name for why, with the engine.
        refused: of a suggestion, what held it back.
        before: the text in pieces: what this edit takes out is changed.
        after: likewise with this edit alone, what it puts in.
        held: of a suggestion, the words because of which a lock holds it back.
    """

    place: Place
    why: str
    rule: str
    refused: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    held: tuple[str, ...] = ()


@dataclass(frozen=True)
class EditClass:
    """The edits of one class, or its suggestions that one lock held back (or none).

    Attributes:
        name: of the class.
        refused: what held them back; empty for edits that were made, and for what is only suggested.
        edits: how many.
        rows: in how many rows.
        shown: the first of them.
    """

    name: str
    refused: str
    edits: int
    rows: int
    shown: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Edits:
    """What a fix did.

    Attributes:
        version: of curate.
        rows: the account.
        made: classes of edits, most first.
        suggested: classes of suggestions, most first.
        left: findings that are not repaired: check, reason, findings, rows.
        unchecked: texts that were not looked at: kind of edit, reason, texts, rows.
        notes: what was not looked at on this machine.
        inputs: what was read.
        outputs: what was written; none in a dry run.
        ledger: where all edits are; empty in a dry run.
        masked: whether secrets and personal data are masked.
        shows_text: whether text of rows is shown.
    """

    version: str
    rows: RowAccount
    made: tuple[EditClass, ...]
    suggested: tuple[EditClass, ...]
    left: tuple[tuple[str, str, int, int], ...]
    unchecked: tuple[tuple[str, str, int, int], ...]
    notes: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    ledger: str
    masked: bool
    shows_text: bool
