"""What ``curate fix`` says: the account of the rows, what was edited, suggested and left, and edits as word diffs."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from curate.cli.counting import count_of
from curate.reports.plain import place_text
from curate.text.visible import shell_word, visible, visible_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from curate.engines.repairing import Fixed
    from curate.engines.repairing_results import Edit, Sample

AROUND = 40
"""Characters of the text that are shown on either side of an edit."""

WORDS = 6
"""Words that are named of those because of which a lock holds an edit back."""

EXPLAINED = {
    "pii.masked": "masked on the screen and left in the text, since no check is sure of them; "
    "[pii.patterns] or --known says what else must go"
}
"""What is said of classes that are only counted because nothing can be done about them."""


def summary(done: Fixed) -> Text:
    """The account of the rows, what was edited, what was not and why; no text of any row."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    rows = done.rows
    text = Text()
    text.append(count_of(rows.in_, "row"), "bold")
    stay = " (left in OUT as they stand)" if rows.quarantined else ""
    text.append(
        f" in = {rows.kept:,} kept + {rows.dropped:,} dropped + {rows.quarantined:,} quarantined{stay}; "
        f"{rows.edited:,} edited\n"
    )
    for check, edits, touched in done.edits:
        text.append(_line(edits, check, "edit", touched))
    if done.left_out:
        text.append(f"  {done.left_out:>9,}  left out as asked: not looked at, and in OUT as they stand\n")
    for head, lines in _sections(done):
        text.append(f"{head}:\n", "yellow")
        text.append("".join(lines))
    for note in done.notes:
        text.append(f"{note}\n", "yellow")
    return text.append_text(_unread(done)).append_text(_places(done))


def _line(count: int, name: str, noun: str, rows: int, why: str = "") -> str:
    more = f", {why}" if why else ""
    return f"  {count:>9,}  {name}: {count_of(count, noun)} in {count_of(rows, 'row')}{more}\n"


def _counted(name: str, count: int, rows: int) -> str:
    why = EXPLAINED.get(name, "")
    return _line(count, name, "place" if why else "edit", rows, why)


def _sections(done: Fixed) -> Iterator[tuple[str, list[str]]]:
    """What was not made, each kind under its own head."""
    free = [(name, count, rows) for name, lock, count, rows in done.suggestions if not lock]
    held = [one for one in done.suggestions if one[1]]
    if free:
        yield (
            "Suggested (--unsafe CLASSES makes them, as --unsafe " + free[0][0] + ")",
            [_line(n, name, "edit", rows) for name, n, rows in free],
        )
    if held:
        lines = [_line(n, name, "edit", rows, visible(lock)) for name, lock, n, rows in held]
        yield "Held back, and suggested", lines
    if done.reported:
        yield "Only counted", [_counted(name, n, rows) for name, n, rows in done.reported]
    if done.left:
        yield "Not repaired", [_line(n, name, "finding", rows, why) for name, why, n, rows in done.left]
    if done.unchecked:
        lines = [_line(n, kind, "text", rows, visible(why)) for kind, why, n, rows in done.unchecked]
        yield "Not checked, and so not known to be clean", lines


def _unread(done: Fixed) -> Text:
    """The records that cannot be read."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    if done.unread:
        stay = "stays as it is" if done.unread == 1 else "stay as they are"
        text.append(f"{count_of(done.unread, 'record')} that cannot be read {stay}:\n", "yellow")
    for one in done.unread_examples:
        place = place_text(one.file, one.line, one.row)
        text.append(f"  {place}  {one.reason}\n")
    if done.unread > len(done.unread_examples):
        text.append(f"  and {done.unread - len(done.unread_examples):,} more\n")
    return text


def _places(done: Fixed) -> Text:
    """Where things are."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    text = Text()
    if done.ledger is None:
        return text.append("A dry run: nothing was written.")
    for name, path in zip(done.inputs, done.outputs, strict=True):
        text.append(f"{visible_name(name)} → {visible_name(str(path))}\n")
    if not done.rows.edited:
        text.append("Nothing was edited: the data is copied as it is. ")
    text.append(f"The ledger: {visible_name(str(done.ledger))}")
    if done.rows.edited:
        text.append(f"\nIts first entry: sed -n 2p {shell_word(str(done.ledger))} | python -m json.tool")
    return text


def examples(done: Fixed, most: int, *, is_each: bool, is_masked: bool) -> Iterator[Text]:
    """Edits, then suggestions, then what was held back, each under its head and in the order of the rows.

    Args:
        done: with its samples.
        most: so many are shown.
        is_each: so many of each class, and of each lock that held some of it back; else of all together.
        is_masked: whether secrets and personal data are masked.
    """
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    shown: list[tuple[str, int, Sample]] = []
    counts: Counter[tuple[str, bool, str]] = Counter()
    for one in done.samples:
        group = one[2].edit.group
        counts[group] += 1
        if counts[group] <= most and (is_each or len(shown) < most):
            shown.append(one)
    order = {name: number for number, name in enumerate(done.inputs)}
    made = "Edits" if done.ledger else "Edits that would be made"
    heads = (made, "Suggestions, which are not made", "Held back by a lock, and so not made")
    for head in heads:
        under = [one for one in shown if heads[_rank(one[2].edit)] == head]
        if under:
            yield Text(f"{head}:", "bold underline")
        for file, row, sample in sorted(under, key=lambda one: (order[one[0]], one[1])):
            yield diff(file, row, sample, is_masked=is_masked)


def _rank(edit: Edit) -> int:
    """0 of what is made, 1 of what is suggested, 2 of what a lock holds back."""
    return 0 if edit.is_made else 2 if edit.refused else 1


def diff(file: str, row: int, sample: Sample, *, is_masked: bool) -> Text:
    """One edit as a word diff: what goes is red, in ``[-…-]``, and what comes is green, in ``{+…+}``."""
    from rich.text import Text  # noqa: PLC0415 (loaded when called)

    from curate.text.private import mask  # noqa: PLC0415 (the same)

    change = sample.edit.change

    def hide(text: str) -> str:
        return mask(text, sample.private) if is_masked else text

    old, new = hide(sample.text), hide(sample.repaired)
    low = _word_start(old, change.start)
    high = _word_end(old, change.end)
    lead, trail = old[low : change.start], old[change.end : high]
    after = new[sample.start : sample.start + len(change.after)]
    place = place_text(file, sample.line, row)
    text = Text().append(f"{place}  {visible_name(sample.edit.at)}  {change.check}", "bold")
    text.append(_how(sample.edit), "bold" if sample.edit.is_made else "yellow")
    words = ", ".join(f"‘{_shown(hide(word))}’" for word in sample.held[:WORDS])
    text.append(f"  because of {words}\n" if words else "\n", "yellow")
    text.append(("  …" if low > AROUND else "  ") + _shown(old[max(0, low - AROUND) : low]))
    text.append(f"[-{_shown(lead + old[change.start : change.end] + trail)}-]", "red")
    if lead + after + trail:
        text.append(f"{{+{_shown(lead + after + trail)}+}}", "green")
    text.append(_shown(old[high : high + AROUND]) + ("…" if high + AROUND < len(old) else ""))
    if change.message:
        text.append(f"\n  {_shown(hide(change.message))}", "dim")
    return text.append("\n")


def _how(edit: Edit) -> str:
    """Rule, engine and safety of an edit; its check says all of it where they are empty."""
    change = edit.change
    words = [word for word in (change.rule, change.engine) if word]
    if not edit.is_made:
        words.append(f"held back: {edit.refused}" if edit.refused else "suggested")
    elif change.safety != "auto":
        words.append("unsafe")
    return visible(f"  ({', '.join(words)})") if words else ""


def _shown(text: str) -> str:
    """The text on one line, with signs for what would not be seen."""
    signs = text.replace("\n", "⏎").replace("\t", "→")
    return re.sub(
        "[\u00ad\u115f\u1160\u180e\u3164\uffa0\U000e0020-\U000e007f]",
        lambda m: f"<U+{ord(m[0]):04X}>",
        visible(signs),
    )


def _word_start(text: str, at: int) -> int:
    """Where the word begins that holds a place, at most ``AROUND`` characters before it."""
    return at - len(re.search(rf"\S{{0,{AROUND}}}\Z", text[max(0, at - AROUND) : at])[0])  # type: ignore[index]


def _word_end(text: str, at: int) -> int:
    """Where the word ends that holds a place, at most ``AROUND`` characters behind it."""
    return at + len(re.match(rf"\S{{0,{AROUND}}}", text[at : at + AROUND])[0])  # type: ignore[index]
