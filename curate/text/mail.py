"""What a mail holds beside what its writer says: quoted replies, signatures, notices.

Lines are taken out whole, and only where it is certain: ``>`` quotes something else in Markdown, so they count behind
a line that says who wrote; a farewell and a name are the writer's own words and stay; a block of contacts counts only
behind them or behind ``-- `` (RFC 3676, section 4.3), at the end of what the writer says, and if no line of it may be
a sentence. Of a paragraph that holds a notice and words of the writer, the sentences of the notice go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from curate.text import mail_signs as signs

if TYPE_CHECKING:
    from collections.abc import Collection

QUOTED_REPLY, SIGNATURE, DEVICE, DISCLAIMER = "quoted-reply", "signature", "device-line", "disclaimer"
WHAT = (QUOTED_REPLY, SIGNATURE, DEVICE, DISCLAIMER)
"""Parts of a mail that its writer did not say."""

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_MOST_LINES = 10
_MOST_SIGNATURE_LINES = 8
_LONGEST_SIGNATURE = 700
_ATTRIBUTION_LINES = 3


class Cut(NamedTuple):
    """A span that is taken out, and which part of a mail it is."""

    start: int
    end: int
    what: str


def cuts(text: str, wanted: Collection[str] = WHAT) -> list[Cut]:
    """What may be taken out of a mail, in order; nothing if no words of the writer would be left.

    Args:
        text: of the mail.
        wanted: the parts of a mail that may go, of ``WHAT``.
    """
    mail = _Mail(text)
    mail.mark_quotes()
    while mail.mark_last():
        pass
    return mail.cuts(wanted) if mail.says_something() else []


class _Mail:
    """The lines of a text, and what each of them is beside the writer's words."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = text.split("\n")
        self._what: list[str] = [""] * len(self._lines)
        self._in_code = self._fenced()
        self._notices: list[Cut] = []

    def _fenced(self) -> list[bool]:
        inside, found = False, []
        for line in self._lines:
            is_fence = bool(_FENCE.match(line))
            found.append(inside or is_fence)
            inside ^= is_fence
        return found

    def _is_own(self, at: int) -> bool:
        return not self._what[at] and bool(self._lines[at].strip())

    def _is_said(self, at: int) -> bool:
        """Whether a line is the writer's, and no head of a mail that is handed on."""
        line = self._lines[at]
        return self._is_own(at) and not (signs.ORIGINAL.fullmatch(line) or signs.RULE.fullmatch(line))

    def says_something(self) -> bool:
        """Whether words of the writer are left."""
        return any(self._is_own(at) and re.search(r"\w", self._lines[at]) for at in range(len(self._lines)))

    # What is quoted.

    def mark_quotes(self) -> None:
        """Mark everything that earlier mails said."""
        for at in range(len(self._lines)):
            if self._what[at] or self._in_code[at]:
                continue
            if self._is_head(at) and any(map(self._is_said, range(at))):
                self._mark(range(at, len(self._lines)), QUOTED_REPLY)
                return
            size = self._attribution(at)
            if size:
                self._mark(range(at, at + size), QUOTED_REPLY)
                later = range(at + size, len(self._lines))
                self._mark([n for n in later if signs.QUOTED.match(self._lines[n])], QUOTED_REPLY)

    def _is_head(self, at: int) -> bool:
        """Whether the whole rest is an earlier mail: a line that says so, or the block of headers that Outlook puts."""
        if signs.ORIGINAL.fullmatch(self._lines[at]):
            return True
        first = at + 1 if signs.RULE.fullmatch(self._lines[at]) else at
        while first > at and first < len(self._lines) - 1 and not self._lines[first].strip():
            first += 1
        if first >= len(self._lines) or not signs.HEADER_FIRST.fullmatch(self._lines[first]):
            return False
        when, about, others = signs.HEADERS
        found = set()
        for line in self._lines[first + 1 : first + _MOST_LINES]:
            kind = next((kind for kind in (when, about, others) if kind.fullmatch(line)), None)
            if kind is None:
                break
            found.add(kind)
        return {when, about} <= found

    def _attribution(self, at: int) -> int:
        """How many lines say who wrote what the ``>`` behind them quote; none if none follow."""
        if not signs.WROTE_BEGINS.match(self._lines[at]):
            return 0
        for size in range(1, _ATTRIBUTION_LINES + 1):
            if signs.WROTE.fullmatch("\n".join(self._lines[at : at + size])):
                after = [line for line in self._lines[at + size : at + size + 3] if line.strip()]
                return size if after and signs.QUOTED.match(after[0]) else 0
        return 0

    def _mark(self, lines: range | list[int], what: str) -> None:
        for at in lines:
            self._what[at] = what

    # What stands behind the last words.

    def mark_last(self) -> bool:
        """Mark what the last unmarked lines are beside the writer's words; whether anything was marked."""
        own = [at for at in range(len(self._lines)) if self._is_own(at)]
        if not own or self._in_code[own[-1]]:
            return False
        paragraph = self._paragraph(own[-1])
        if signs.DEVICE.fullmatch(self._lines[own[-1]]):
            self._mark([own[-1]], DEVICE)
        elif signs.is_disclaimer("\n".join(self._lines[at] for at in paragraph)):
            return self._mark_notice(paragraph)
        else:
            block = self._delimited(own) or self._contacts(own)
            self._mark(block, SIGNATURE)
            return bool(block)
        return True

    def _mark_notice(self, paragraph: list[int]) -> bool:
        """Mark a notice; where the writer goes on in its paragraph, its sentences alone, and nothing before it."""
        said = "\n".join(self._lines[at] for at in paragraph)
        spans = signs.notices(said)
        if spans == [(0, len(said))]:
            self._mark(paragraph, DISCLAIMER)
            return True
        shift = sum(len(line) + 1 for line in self._lines[: paragraph[0]])
        self._notices = [Cut(start + shift, end + shift, DISCLAIMER) for start, end in spans]
        return False

    def _paragraph(self, last: int) -> list[int]:
        first = last
        while first and self._is_own(first - 1):
            first -= 1
        return list(range(first, last + 1))

    def _delimited(self, own: list[int]) -> list[int]:
        """The block behind ``--``; without the blank that makes it certain, contacts must do so.

        What a colon announces, and lines that begin small, are the writer's: a list, or a text that goes on.
        """
        for back, at in enumerate(reversed(own[-_MOST_SIGNATURE_LINES - 1 :])):
            if signs.DELIMITER.fullmatch(self._lines[at]):
                block = own[len(own) - back :]
                if not all(signs.is_of_signature(self._lines[n]) for n in block) or self._announces(at):
                    return []
                is_strict = bool(signs.STRICT_DELIMITER.fullmatch(self._lines[at]))
                certain = is_strict or any(signs.is_contact(self._lines[n]) for n in block)
                return [at, *block] if certain and self._is_block(block) else []
        return []

    def _announces(self, at: int) -> bool:
        """Whether the writer's last line before a line ends with a colon."""
        before = [line for line in self._lines[:at] if line.strip()]
        return bool(before) and before[-1].rstrip().endswith(":")

    def _contacts(self, own: list[int]) -> list[int]:
        """The block behind a farewell and a name, if it holds contacts."""
        for back, at in enumerate(reversed(own[-_MOST_LINES - 2 :])):
            if signs.FAREWELL.fullmatch(self._lines[at]):
                block = own[len(own) - back + 1 :] if back else []
                contacts = any(signs.is_contact(self._lines[n]) for n in block)
                name = self._lines[own[len(own) - back]] if back else ""
                return block if contacts and self._is_block(block) and not signs.is_contact(name) else []
        return []

    def _is_block(self, lines: list[int]) -> bool:
        """Whether lines are short, few, and none of them says anything."""
        said = [self._lines[at] for at in lines]
        return sum(map(len, said)) <= _LONGEST_SIGNATURE and not any(map(signs.is_sentence, said))

    # The result.

    def cuts(self, wanted: Collection[str]) -> list[Cut]:
        """The spans of the marked lines; those at the end go with the line break before them."""
        self._what = [what if what in wanted else "" for what in self._what]
        groups = self._groups()
        at_end = self._chain_at_end(groups)
        starts = [0]
        for line in self._lines:
            starts.append(starts[-1] + len(line) + 1)
        found = []
        for number, (first, last) in enumerate(groups):
            if number < at_end:
                span = starts[first], starts[last + 1]
            else:
                begins = self._blank_from(first) if number == at_end else first
                span = max(0, starts[begins] - 1), starts[last + 1] - 1
            found.append(Cut(*span, self._what[first]))
        return sorted((*found, *(one for one in self._notices if one.what in wanted)))

    def _blank_from(self, at: int) -> int:
        """The first of the blank lines before a line, or the line itself."""
        while at and not self._lines[at - 1].strip():
            at -= 1
        return at

    def _groups(self) -> list[tuple[int, int]]:
        """First and last line of each run of one kind; blank lines belong to the run before them."""
        groups: list[tuple[int, int]] = []
        for at, what in enumerate(self._what):
            if what and groups and groups[-1][1] == at - 1 and self._what[groups[-1][0]] == what:
                groups[-1] = (groups[-1][0], at)
            elif what:
                groups.append((at, at))
            elif groups and groups[-1][1] == at - 1 and not self._lines[at].strip():
                groups[-1] = (groups[-1][0], at)
        return groups

    def _chain_at_end(self, groups: list[tuple[int, int]]) -> int:
        """The first of the runs behind which no line of the writer's stands."""
        first, end = len(groups), len(self._lines)
        while first and groups[first - 1][1] == end - 1:
            first -= 1
            end = groups[first][0]
        return first
