"""A table that no layout fits: what its columns hold, how they may be meant, and the command that says so.

The guess looks at the names of the columns first and at the lengths of their values second. What is shown of the
values is their kind, never their text.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections import Counter
from dataclasses import replace
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from curate.core.errors import UnreadableError, UsageError
from curate.core.table_map import DATES, Grouping, TableMap, clean, fold, renamed
from curate.core.telling import tell
from curate.formats.fields import plain, unescape, value_at
from curate.formats.layouts.mapped import known_speaker, same_value
from curate.formats.records import read_records
from curate.formats.table_words import score
from curate.text.private import mask
from curate.text.visible import shell_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from curate.formats.read import Opened

MOST_VALUES, SHOWN_VALUE, MOST_COUNTED = 5, 30, 1_000
"""Values of a column that are named, the characters of each, and different values that are counted."""

PROBED = 500
"""Rows whose values are looked at."""

MOST_SHOWN = 24
"""Columns that are named in the message."""

SHORT, LONG = 15, 120
"""Characters on average from which a text counts as a sentence, and as a long text."""

YES = ("true", "yes", "1", "y", "x", "ja", "si", "sí", "oui", "wahr", "vrai", "internal", "intern", "private")
"""What a column of flags says of the lines that are internal."""

NO = ("false", "no", "0", "n", "nein", "non", "falsch", "faux", "falso")
"""What a column says of the same lines that has a flag for those that the customer may see."""

TELL = (
    "name the columns of the question and of the answer with --map (its parts are user and assistant); or, if a line "
    "is a comment, those of the conversation (--group-by), of the speaker (--role-from) and of the text (--map text=)"
)
"""What to do where the columns do not tell what they are."""

_TIME = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:[T, ]+\d{1,2}:\d{2}.*)?")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)*")


class Column(NamedTuple):
    """A column and what its values are like.

    Attributes:
        name: as in the file.
        kind: in words.
        length: characters of a value on average.
        values: how many different ones there are.
        filled: how many rows have one.
        shared: filled rows for each different value.
        few: the values as they are written, if they are very few.
    """

    name: str
    kind: str
    length: float
    values: int
    filled: int
    few: frozenset[str] = frozenset()

    @property
    def shared(self) -> float:
        """Rows for each different value."""
        return self.filled / self.values if self.values else 0.0

    @property
    def is_text(self) -> bool:
        """Whether the values are texts of some words."""
        return self.kind in ("short text", "text", "long text")


# --- what is there --------------------------------------------------------------------------------------


def probe(opened: Opened) -> list[Column]:
    """The columns of a source, by its first rows."""
    values: dict[str, list[object]] = {}
    chunk = next(iter(opened.source_chunks()), None)
    if chunk is None:
        return []
    columns: Iterable[str] = chunk.context.get("columns", ())
    values = {name: [] for name in columns}
    for record in islice((one for one in read_records(chunk) if one.kind == "row"), PROBED):
        for name, value in record.value.items():
            values.setdefault(str(name), []).append(plain(value))
    return [_column(name, cells) for name, cells in values.items()]


def columns_of(opened: Opened) -> list[str]:
    """The names of the columns: of all rows of the first chunk, where rows name them themselves."""
    chunk = next(iter(opened.source_chunks()), None)
    if chunk is None:
        return []
    if chunk.container == "csv":
        return list(chunk.context["columns"])
    return list(dict.fromkeys(str(name) for record in read_records(chunk) for name in record.value))


def _column(name: str, cells: Sequence[object]) -> Column:
    filled = [cell for cell in cells if cell is not None and str(cell).strip()]
    texts = [cell.strip() for cell in filled if isinstance(cell, str)]
    different = Counter(map(fold, texts))
    length = sum(map(len, texts)) / len(texts) if texts else 0.0
    few = frozenset(texts) if len(different) <= 6 else frozenset()  # noqa: PLR2004 (a handful)
    return Column(name, _kind(filled, texts, different, length), length, len(different), len(filled), few)


def _kind(filled: list[object], texts: list[str], different: Counter[str], length: float) -> str:
    if not filled:
        return "empty"
    if len(texts) < len(filled):
        return "lists" if any(isinstance(cell, list) for cell in filled) else "objects"
    if all(_TIME.fullmatch(text) for text in texts):
        return "times"
    worded = sum(" " in text or not text.isascii() for text in texts) * 2 > len(texts)
    if length >= SHORT and worded and len(different) * 2 > len(texts):
        return "long text" if length >= LONG else "text" if length >= 2 * SHORT else "short text"
    if len(different) == len(texts) > 1:
        return "unique numbers" if all(_NUMBER.fullmatch(text) for text in texts) else "unique values"
    return f"{len(different):,} different {'value' if len(different) == 1 else 'values'}"


# --- how it may be meant --------------------------------------------------------------------------------


def guess(columns: Sequence[Column]) -> TableMap | None:
    """How the columns may be meant; None if they do not tell."""
    return _thread(columns) or _preference(columns) or _pair(columns)


def _named(columns: Iterable[Column], *kinds: str, least: int = 1) -> Column | None:
    """The column whose name fits a kind best; of equals the first."""
    scored = [(max(score(column.name, kind) for kind in kinds), column) for column in columns]
    best = max(scored, key=itemgetter(0), default=None)
    return best[1] if best is not None and best[0] >= least else None


def _thread(columns: Sequence[Column]) -> TableMap | None:
    """One line for each comment: an id that repeats, an author, a text and perhaps a time."""
    others = [column for column in columns if not column.is_text]
    ids = [one for one in others if one.shared >= 1.3 and one.values > 1]  # noqa: PLR2004 (lines a thread)
    by = _named((one for one in ids if not (_is_speaker(one) or score(one.name, "label"))), "id", least=2)
    text = _text_column(columns)
    role = _role_column([one for one in others if one is not by])
    if by is None or text is None or role is None or _pair_by_name(columns):
        return None
    rest = [one for one in columns if one not in (by, text, role)]
    time = _named((one for one in rest if one.kind == "times"), "time", least=0)
    group = Grouping(by.name, time.name if time else "", role.name)
    return TableMap({"text": (text.name,)}, group, _internal(rest))


def _is_speaker(column: Column) -> bool:
    return bool(column.few) and all(known_speaker(fold(value), Grouping("")) for value in column.few)


def _role_column(columns: Sequence[Column]) -> Column | None:
    spoken = [column for column in columns if _is_speaker(column)]
    return next(iter(spoken), None) or _named(columns, "author", least=2)


def _text_column(columns: Sequence[Column]) -> Column | None:
    """The column of the comments: by its name, or else the longest text."""
    texts = [column for column in columns if column.is_text]
    if not texts:
        return _named([column for column in columns if column.length >= SHORT], "comment", least=2)
    longest = max(texts, key=lambda column: column.length, default=None)
    return _named(texts, "comment", least=2) or longest


def _internal(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """The flag that says which lines the customer never saw."""
    flags = [column for column in columns if column.few]
    for kind, values in (("internal", YES), ("public", NO)):
        flag = _named(flags, kind, least=2)
        written = sorted(flag.few) if flag else []
        hit = next((value for value in values if value in map(fold, written)), None)
        if flag and hit:
            return {flag.name: tuple(value for value in written if fold(value) == hit)}
    return {}


def _preference(columns: Sequence[Column]) -> TableMap | None:
    chosen, rejected = _named(columns, "chosen", least=2), _named(columns, "rejected", least=2)
    if chosen is None or rejected is None or chosen is rejected:
        return None
    rest = [column for column in columns if column not in (chosen, rejected)]
    prompt = _named(rest, "prompt", "body", "subject") or next((one for one in rest if one.is_text), None)
    if prompt is None:
        return None
    parts = {"prompt": (prompt.name,), "chosen": (chosen.name,), "rejected": (rejected.name,)}
    return TableMap({**parts, **_id(rest)})


def _pair_by_name(columns: Sequence[Column]) -> bool:
    """Whether the names alone tell of a question and its answer on one line."""
    texts = [column for column in columns if column.is_text]
    answer = _named(texts, "answer", least=2)
    return answer is not None and any(
        _named([one], "body", "subject", least=2) for one in texts if one is not answer
    )


def _pair(columns: Sequence[Column]) -> TableMap | None:
    """A question and its answer: by the names, or the longest texts in their order."""
    texts = [column for column in columns if column.is_text]
    answer = _named(texts, "answer")
    rest = [column for column in texts if column is not answer]
    subject, body = _named(rest, "subject"), _named(rest, "body")
    if answer is None:
        asked = [one for one in (body, subject) if one is not None]
        later = texts[texts.index(asked[0]) + 1 :] if asked else []
        answer = max((one for one in later if one not in asked), key=lambda one: one.length, default=None)
    if answer is None and len(texts) > 1:
        first, answer = sorted(sorted(texts, key=lambda one: -one.length)[:2], key=texts.index)
        return TableMap({"user": (first.name,), "assistant": (answer.name,), **_id(columns)})
    if answer is None:
        return None
    asked = [one for one in (subject, body) if one is not None and one is not answer]
    if not asked:
        left = [one for one in texts if one is not answer]
        asked = [max(left, key=lambda one: one.length)] if left else []
    if not asked:
        return None
    user = tuple(dict.fromkeys(one.name for one in asked))
    return TableMap({"user": user, "assistant": (answer.name,), **_id(columns)})


def _id(columns: Iterable[Column]) -> dict[str, tuple[str, ...]]:
    unique = [one for one in columns if one.kind.startswith("unique")]
    found = _named(unique, "id")
    return {"id": (found.name,)} if found else {}


# --- what is said ---------------------------------------------------------------------------------------


def unknown_table(opened: Opened, encoding: str | None = None) -> UnreadableError:
    """The one message about a source whose rows are in no known layout."""
    columns = probe(opened)
    told = ", ".join(f"{mask(clean(one.name))} ({one.kind})" for one in columns[:MOST_SHOWN])
    more = f" and {len(columns) - MOST_SHOWN:,} more" if len(columns) > MOST_SHOWN else ""
    what = f"no layout fits; columns: {told or 'none'}{more}"
    error = UnreadableError(what, where=opened.source.name, hint=_hint(opened, columns, encoding))
    error.options = answers_hint(opened)
    return error


def _hint(opened: Opened, columns: Sequence[Column], encoding: str | None) -> str:
    """The command that may be meant; words where nothing can be guessed, or a name must not be shown."""
    command = _command("-" if opened.source.name == "<stdin>" else opened.source.name, encoding)
    found = guess(columns)
    if found is None:
        return TELL
    hint = f"try: {command} {options_for(found, columns)}"
    return hint if mask(hint) == hint else f"names that look like secrets are masked here; {TELL}"


def answers_hint(opened: Opened) -> str:
    """The options that may be meant for a source none of whose rows has an answer; empty if nothing tells."""
    columns = probe(opened)
    found = guess(columns)
    options = options_for(found, columns) if found is not None else ""
    return options if mask(options) == options else ""


def options_for(mapping: TableMap, columns: Sequence[Column]) -> str:
    """The options that say a guess, ready for a shell, with the names as they can be typed where that is enough."""
    names = [column.name for column in columns]
    return renamed(mapping, lambda name: clean(name) if _find(clean(name), names) == name else name).options


def _command(name: str, encoding: str | None) -> str:
    asked = f" --encoding {shlex.quote(encoding)}" if encoding else ""
    path = f"./{name}" if name.startswith("-") and name != "-" else name
    return f"curate report {shell_word(path)}{asked}"


def fit_mapping(opened: Opened, mapping: TableMap) -> TableMap | None:
    """The mapping with the columns as the source writes them; None if it has none of them.

    Raises:
        UnreadableError: the source has some of the columns and lacks others.
    """
    columns = columns_of(opened)
    mapping = _with_form(mapping, columns)
    exact = {name: found for name in mapping.names if (found := _find(name, columns)) is not None}
    if exact or not (mapping.columns or mapping.group):
        late = (name for name in mapping.drop if name not in exact)
        exact |= {name: name for name in late if _may_come(name, opened, columns)}
    if not exact:
        return None
    missing = [name for name in mapping.names if name not in exact]
    if missing:
        _refuse_column(opened, missing[0], columns)
    fitted = renamed(mapping, exact.__getitem__)
    if fitted.group is not None and "text" not in fitted.columns:
        fitted = replace(fitted, columns={**fitted.columns, "text": (_text_name(opened, fitted),)})
    return fitted


def _with_form(mapping: TableMap, columns: Sequence[str]) -> TableMap:
    """``created:dmy`` is the column ``created`` and how its dates are read, unless a column is called so."""
    group = mapping.group
    if group is None or _find(group.order, columns) is not None:
        return mapping
    name, colon, form = group.order.rpartition(":")
    if not colon or form.strip().lower() not in DATES:
        return mapping
    return replace(mapping, group=replace(group, order=name, form=form.strip().lower()))


def _may_come(name: str, opened: Opened, columns: Sequence[str]) -> bool:
    """Whether rows may have a field by which they are left out: a path into a column, or one of a later row."""
    has_header = opened.survey is None or opened.container == "csv"
    head = name[1:].partition("/")[0] if name.startswith("/") else name.partition(".")[0]
    return not has_header or (head != name and unescape(head) in columns)


def _text_name(opened: Opened, mapping: TableMap) -> str:
    columns = [column for column in probe(opened) if column.name not in mapping.names]
    text = _text_column(columns) or _named(columns, "comment", least=2)
    if text is None:
        raise UnreadableError(
            "no column looks like the text of the comments",
            where=opened.source.name,
            hint="name it, for instance: --map text=Comment",
        )
    return text.name


def _find(name: str, columns: Sequence[str]) -> str | None:
    """The column with this name; if there is none, the only one that differs by nothing but case and spacing."""
    if name in columns:
        return name
    close = [column for column in columns if fold(column) == fold(name)]
    return close[0] if len(close) == 1 else None


def _refuse_column(opened: Opened, name: str, columns: Sequence[str]) -> NoReturn:
    raise UnreadableError(
        f"there is no column '{name}'", where=opened.source.name, hint=_instead(name, columns)
    )


def _instead(name: str, columns: Sequence[str]) -> str:
    """The column that may be meant, and those that there are."""
    close = difflib.get_close_matches(name, columns, 1)
    hint = f"did you mean '{mask(clean(close[0]))}'? " if close else ""
    return f"{hint}the columns: {', '.join(mask(clean(one)) for one in columns[:MOST_SHOWN])}"


def tell_of_drop(opened: Sequence[Opened]) -> None:
    """Say which value that rows are to be left out by is in none of them, and which values there are.

    The rows are read until each value was met once: only who asks for one that is not there waits for all.

    Raises:
        UsageError: no row has the field.
    """
    waited = {name: set[str]() for one in opened for name in one.mapping.drop}
    for one in opened:
        for name, asked in one.mapping.drop.items():
            waited[name] |= set(asked)
    seen: dict[str, Counter[str]] = {name: Counter() for name in waited}
    rows = (row for one in opened if one.mapping.drop for row in _rows_of(one))
    any_row = False
    while any(waited.values()) and (row := next(rows, None)) is not None:
        any_row = True
        for name, values in waited.items():
            cell = value_at(row, name)
            if cell is not None:
                values -= {value for value in values if same_value(value, cell)}
                if cell in seen[name] or len(seen[name]) < MOST_COUNTED:
                    seen[name][cell] += 1
    for name, values in waited.items() if any_row else ():
        if values and not seen[name]:
            _refuse_absent(opened, name)
        for value in sorted(values):
            _tell_of_value(name, value, seen[name])


def _refuse_absent(opened: Sequence[Opened], name: str) -> None:
    columns = list(dict.fromkeys(column for one in opened for column in columns_of(one)))
    if name not in columns:
        raise UsageError(
            f"no row has the field '{mask(clean(name))}', by which rows are to be left out",
            hint=_instead(name, columns),
        )


def _rows_of(opened: Opened) -> Iterator[Mapping[str, Any]]:
    records = (record for chunk in opened.source_chunks() for record in read_records(chunk))
    return (record.value for record in records if record.kind == "row")


def _tell_of_value(name: str, value: str, cells: Counter[str]) -> None:
    shown = mask(clean(name))
    frequent = cells.most_common(MOST_VALUES)
    most = ", ".join(f"'{mask(clean(cell)[:SHOWN_VALUE])}' ({count:,})" for cell, count in frequent)
    what = f"--drop leaves nothing out: no row has the value '{mask(clean(value))}' in '{shown}'"
    tell(f"{what}, where the most frequent are {most}" if cells else f"{what}, which is empty", what)


def refuse_misfit(opened: Sequence[Opened], mapping: TableMap) -> None:
    """No source has any of the columns: say so, unless there is nothing in them.

    Raises:
        UnreadableError: always, if a source has columns.
    """
    for one in opened:
        columns = columns_of(one)
        if columns:
            _refuse_column(one, mapping.names[0], columns)
