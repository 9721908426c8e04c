"""The export with one line for each comment: threads of both desks, in the order in which they were written."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from making.dice import Dice
from making.slots import Slots, texts
from making.tickets import record, scenarios

Row = dict[str, Any]

COLUMNS = ("ticket", "created", "author", "internal", "comment")

_FIRST = datetime(2025, 5, 5, 7, 40)  # noqa: DTZ001 - exports name no zone

_REFUSALS = ("I'm sorry, but I can't assist with that.", "Es tut mir leid, aber dabei kann ich nicht helfen.")


@dataclass
class Comment:
    """A line to be: who speaks, what is said, and whether the customer sees it."""

    who: str
    text: str
    internal: bool = False
    cells: dict[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass
class Thread:
    """A conversation to be, and its fault: the check, the comment at fault and a note."""

    lang: str
    comments: list[Comment]
    fault: tuple[str, int | None, str] | None = None

    @property
    def seen(self) -> list[Comment]:
        """The comments that the customer sees."""
        return [comment for comment in self.comments if not comment.internal]


def make() -> tuple[bytes, list[Row]]:
    """The file and the lines of its truth file."""
    threads = _threads()
    _plant(threads)
    comments = [comment for number, thread in enumerate(threads) for comment in _dated(thread, number)]
    comments.sort(key=lambda comment: (comment.cells["created"], comment.cells["ticket"]))
    lost = _lose_ticket(comments)
    lines = [record(COLUMNS, ",")]
    for comment in comments:
        comment.line = 1 + sum(line.count("\n") + 1 for line in lines)
        lines.append(record([comment.cells[name] for name in COLUMNS], ","))
    return ("\n".join(lines) + "\n").encode(), _truth(threads, lost)


def _threads() -> list[Thread]:
    spoken = texts("comments")
    threads = []
    for number, (desk, ticket) in enumerate(scenarios()):
        lang = "de" if desk["prefix"] == "NL" else "en"
        for wording in (0, 1):
            dice = Dice(f"comments/{number}/{wording}")
            threads.append(_thread(spoken[lang], lang, ticket, wording, dice))
    return Dice("comments/order").shuffled(threads)


def _thread(spoken: Row, lang: str, ticket: Row, wording: int, dice: Dice) -> Thread:
    slots = Slots(dice.child("slots"))
    question, answer = dice.pick(spoken["pairs"])
    comments = [Comment("user", slots.fill(ticket["descriptions"][wording]))]
    if dice.below(4):
        comments += [Comment("agent", slots.fill(question)), Comment("user", slots.fill(answer))]
    if not dice.below(3):
        comments.append(Comment("agent", slots.fill(dice.pick(spoken["notes"])), internal=True))
    comments.append(Comment("agent", slots.fill(ticket["resolutions"][wording])))
    return Thread(lang, comments)


def _plant(threads: list[Thread]) -> None:
    """Faults in threads that are far apart; ``comments[-1]`` is the agent's last word."""
    spoken = texts("comments")
    for at, thread in enumerate(threads[3::6]):
        kind = at % 5
        dice = Dice(f"comments/plant/{at}")
        if kind == 0:
            thread.comments.append(Comment("user", dice.pick(spoken[thread.lang]["thanks"])))
            thread.fault = ("schema.ends-with-user", -1, "the thread ends with thanks")
        elif kind == 1:
            thread.comments[-1].text = ""
            thread.fault = ("schema.empty-answer", -1, "the agent's last comment is empty")
        elif kind == 2:  # noqa: PLR2004 - the third of five kinds
            head, _, tail = thread.comments[-1].text.partition(". ")
            thread.comments[-1].text = head + "."
            thread.comments.append(Comment("agent", tail))
            thread.fault = ("schema.same-role-twice", -1, "the resolution is written in two comments")
        elif kind == 3:  # noqa: PLR2004 - the fourth
            thread.comments[-1].text = _REFUSALS[thread.lang == "de"]
            thread.fault = ("answer.refusal", -1, "a refusal instead of a resolution")
        else:
            del thread.comments[1:]
            thread.fault = ("schema.ends-with-user", -1, "nobody ever answered")


def _dated(thread: Thread, number: int) -> list[Comment]:
    """The comments with all their cells; threads overlap in time."""
    spoken = texts("comments")[thread.lang]
    dice = Dice(f"comments/finish/{number}")
    names = {"user": dice.pick(spoken["users"]), "agent": dice.pick(spoken["agents"])}
    time = _FIRST + timedelta(minutes=53 * number)
    for comment in thread.comments:
        comment.cells = {
            "ticket": f"C-{7301 + 2 * number}",
            "created": f"{time:%Y-%m-%d %H:%M}",
            "author": names[comment.who],
            "internal": str(comment.internal).lower(),
            "comment": comment.text,
        }
        time += timedelta(minutes=9 + dice.below(170))
    return thread.comments


def _lose_ticket(comments: list[Comment]) -> list[Comment]:
    """Two notes that the export lists without their ticket."""
    lost = []
    for at in (len(comments) // 4, len(comments) * 3 // 4):
        cells = {**comments[at].cells, "ticket": "", "comment": "Sammelmeldung: Wartung am Wochenende."}
        lost.append(Comment("agent", cells["comment"], cells=cells))
    comments[len(comments) * 3 // 4 : 0] = lost[1:]
    comments[len(comments) // 4 : 0] = lost[:1]
    return lost


def _truth(threads: list[Thread], lost: list[Comment]) -> list[Row]:
    found = [("quarantine", one.line, "", "the ticket is not named") for one in lost]
    for thread in threads:
        found += [
            ("left out", one.line, "", "internal: the customer never saw it")
            for one in thread.comments
            if one.internal
        ]
        if thread.fault is not None:
            check, at, note = thread.fault
            place = thread.seen[at if at is not None else 0].line
            found.append((check, thread.seen[0].line, f"/@{place}/comment", note))
            if len(thread.comments) == 1:
                found.append(("schema.no-target", place, "", note))
    return [
        {"line": line, "check": check, "at": at, "span": None, "related_line": None, "note": note}
        for check, line, at, note in sorted(found, key=lambda one: one[1])
    ]
