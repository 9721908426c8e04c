"""What is planted in the contracts corpus."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from making.plant import (
    Fault,
    Plant,
    Spoiled,
    change,
    copy,
    dump,
    field,
    garble,
    look,
    spare,
    swap,
    unreadable,
    whole,
)
from making.slots import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from making.plant import Row, Where, Wish

INSTRUCTION, INPUT, OUTPUT, SCORE = (field(name) for name in ("instruction", "input", "output", "score"))

PREAMBLE = (
    "Below is an instruction that describes a task, paired with an input that provides further context."
)

BAKED = f"{PREAMBLE} Write a response that appropriately completes the request."


def plants() -> list[Plant]:
    """All of them, and the look-alikes that must be spared."""
    return [*_schema(), *_unreadable(), *_template(), *_answers(), *_texts(), *_copies(), *_spared()]


def _schema() -> list[Plant]:
    return [
        *(whole("schema.no-target", _without("output"), "the row has no output field") for _ in range(3)),
        change("schema.empty-answer", OUTPUT, lambda _: "", "an empty string"),
        change("schema.empty-answer", OUTPUT, lambda _: " \n ", "white space only"),
        change("schema.empty-answer", OUTPUT, lambda _: None, "null"),
        change("schema.empty-answer", OUTPUT, lambda _: "", "an empty string"),
        change("schema.answer-type", OUTPUT, str.splitlines, "a list instead of a text", wants=_listed),
        change("schema.answer-type", OUTPUT, lambda _: 2450, "a number instead of a text"),
        change("schema.answer-type", OUTPUT, lambda text: {"summary": text}, "an object instead of a text"),
        _twice("output", "see the file note of the supervising partner"),
        _twice("source", "Corrigan Vale Legal (Northam Quay)"),
        change("schema.nonfinite", SCORE, lambda _: float("nan"), "NaN is not JSON", span="NaN"),
        change("schema.nonfinite", SCORE, lambda _: float("-inf"), "-Infinity is not JSON", span="-Infinity"),
        *(
            whole("schema.mixed-layouts", _prompt_completion, "another layout than the file")
            for _ in range(3)
        ),
        *(whole("schema.unknown-layout", _memo, "no field that any layout knows") for _ in range(2)),
    ]


def _unreadable() -> list[Plant]:
    return [
        unreadable(lambda data: data[: len(data) * 3 // 4], "the line is cut off", _ascii),
        unreadable(
            lambda data: data.replace(b"'", b"\\'", 1),
            "\\' is no escape of JSON",
            lambda row: "'" in row["input"],
        ),
        unreadable(
            lambda data: data.replace(b"'", b"\x92", 1),
            "byte 0x92, an apostrophe of Windows-1252, is not UTF-8",
            lambda row: "'" in row["input"],
        ),
        unreadable(lambda data: data[:-1] + b",}", "a comma before the closing brace"),
        unreadable(
            lambda data: data.replace(b"\\n", b"\n", 1),
            "a raw line break inside a string: one record on two lines",
            _listed,
        ),
        unreadable(lambda _: b"null", "null is not a row"),
    ]


def _template() -> list[Plant]:
    leak, second, baked = "template.leaked-token", "template.second-instruction", "template.baked-preamble"
    preamble = "the preamble of a training template is part of the instruction"
    return [
        *(_appended(leak, mark, mark, "a token of a chat template") for mark in _END_MARKS),
        _appended(leak, " [INST] Summarise the next clause. [/INST]", "[INST]", "a turn of a chat template"),
        *(
            _appended(second, text, "### Instruction:", "the answer goes on with another task", wants)
            for text, wants in zip(_SECOND, (_listed, _is_prose, _is_prose), strict=True)
        ),
        *(change(baked, INSTRUCTION, make, preamble, span=PREAMBLE) for make in _BAKES),
        *(
            change(
                "template.unbalanced-think", OUTPUT, start.__add__, "<think> is never closed", span="<think>"
            )
            for start in _THOUGHTS
        ),
    ]


def _answers() -> list[Plant]:
    refusal, loop = "answer.refusal", "answer.repetition"
    echo = "answer.echo"
    return [
        *(change(refusal, OUTPUT, _always(text), "the whole answer is a refusal") for text in _REFUSALS),
        *(
            change("answer.placeholder", OUTPUT, _always(text), "stands where the answer should be")
            for text in ("[insert summary here]", "TODO", "N/A", "<noinput>", "TBD")
        ),
        *(_echo(echo, lambda row: row["input"], "the answer is the clause") for _ in range(2)),
        _echo(echo, lambda row: row["instruction"], "the answer is the instruction"),
        _echo(
            echo,
            lambda row: f"{row['instruction']}\n\n{row['input']}",
            "the answer is instruction and clause",
        ),
        *(_looping(loop, times) for times in (10, 12, 18)),
    ]


def _texts() -> list[Plant]:
    garbled, unseen, control = "text.mojibake", "text.invisible", "text.control"
    note = "UTF-8 that was read as Windows-1252"
    return [
        _curly(garbled, INPUT, "Tenant's", "Tenantâ€™s", note),
        _curly(garbled, OUTPUT, "Landlord's", "Landlordâ€™s", note),
        *(garble(INPUT, wants) for wants in (_has("§"), _has("£"), _has("é"))),
        swap(unseen, INPUT, "Landlord", "Land\u00adlord", "a soft hyphen inside a word", "\u00ad"),
        swap(unseen, OUTPUT, "enant", "en\u200bant", "a zero-width space inside a word", "\u200b"),
        swap(unseen, INPUT, " shall ", "\u00a0shall ", "a no-break space inside a sentence", "\u00a0"),
        swap(unseen, OUTPUT, " of ", " of \ufeff", "a byte order mark inside the text", "\ufeff"),
        swap(control, INPUT, ". ", ".\u0007 ", "a bell character", "\u0007"),
        swap(control, OUTPUT, " must ", " \u001b[1mmust ", "an escape sequence for bold", "\u001b"),
        swap(control, INPUT, " and ", " and\u0008 ", "a backspace character", "\u0008"),
    ]


def _copies() -> list[Plant]:
    exact, conflict = "duplicate.exact", "duplicate.conflict"
    return [
        copy(exact, _same, "the same line again", same_id=True, wants=_long),
        copy(exact, _same, "the same content under another id", wants=_long),
        copy(exact, _shouted, "the same content, the instruction in capitals", wants=_is_prose),
        copy(exact, _same, "the same line again", same_id=True, wants=_long),
        copy(exact, _spaced, "the same content, other white space", wants=_is_prose),
        copy(exact, _same, "the same content under another id", wants=_long),
        copy(conflict, _answered("Yes. The clause allows it."), "an earlier row answers no", wants=_denies),
        copy(conflict, _other_number, "an earlier row gives another number", wants=_counts),
        copy(
            conflict, _answered("Yes, with no further condition."), "an earlier row answers no", wants=_denies
        ),
    ]


def _spared() -> list[Plant]:
    return [spare(row, row["note"], row.get("group", "")) for row in texts("contracts_extra")["spared"]]


_END_MARKS = ("<|im_end|>", "<|endoftext|>", "</s>", "<|eot_id|>", "\n<|im_start|>assistant\n")

_SECOND = tuple(
    f"\n\n### Instruction:\n{task}\n{reply}"
    for task, reply in (
        (
            "List three points to check before a lease is signed.",
            "\n### Response:\n1. The names of the parties\n2. The term\n3. The deposit",
        ),
        (
            "Translate the sentence into French: The rent is due on the first.",
            "\n### Response:\nLe loyer est dû le premier.",
        ),
        ("Write a polite reminder to a tenant who is late.", ""),
    )
)

_BAKES: tuple[Callable[[str], str], ...] = (
    lambda text: f"{BAKED}\n\n### Instruction:\n{text}",
    lambda text: f"{BAKED}\n\n{text}",
    lambda text: f"{BAKED}\n\n### Instruction:\n{text}\n",
)

_THOUGHTS = (
    "<think>\nThe user wants the clause in short form. I should keep the amounts.\n\n",
    "<think>Let me look for the deadlines first. ",
    "<think>\nWho owes what to whom? Two duties and one right.\n",
)

_REFUSALS = (
    "As an AI language model I cannot provide legal advice.",
    "I'm sorry, but as an AI language model I am not able to interpret contracts. Please consult an attorney.",
    "I'm sorry, but I can't assist with that request.",
    "I apologize, but I cannot help with legal documents.",
)


def _curly(check: str, where: Where, old: str, new: str, note: str) -> Plant:
    return change(
        check,
        where,
        lambda text: text.replace(old, new),
        note,
        span="â€™",
        wants=lambda row: old in look(row, where(row)),
    )


def _has(letter: str) -> Wish:
    return lambda row: letter in row["input"]


def _always(text: str) -> Callable[[Any], str]:
    return lambda _: text


def _ascii(row: Row) -> bool:
    return all(str(value).isascii() for value in row.values())


def _listed(row: Row) -> bool:
    return str(row["output"]).startswith("- ")


def _is_prose(row: Row) -> bool:
    return _long(row) and bool(row["input"]) and not set("\n;") & set(row["output"])


def _long(row: Row) -> bool:
    return len(row["output"]) > 200  # noqa: PLR2004 - a summary rather than a short reply


def _denies(row: Row) -> bool:
    return str(row["output"]).startswith("No. ")


def _counts(row: Row) -> bool:
    return len(row["output"]) < 160 and bool(_NUMBER.search(row["output"]))  # noqa: PLR2004 - a short reply


_NUMBER = re.compile(r"\b[1-9]\d(?= (?:days|months|hours)\b)")


def _without(name: str) -> Callable[[Row], Row]:
    return lambda row: {key: value for key, value in row.items() if key != name}


def _prompt_completion(row: Row) -> Row:
    meta = {key: row[key] for key in ("id", "source", "clause", "annotator", "score")}
    return {**meta, "prompt": f"{row['instruction']}\n\n{row['input']}", "completion": row["output"]}


def _memo(row: Row) -> Row:
    return {"record": row["id"], "office": row["source"], "body": row["input"], "remark": "to be annotated"}


def _twice(name: str, other: str) -> Plant:
    def spoil(row: Row) -> Spoiled:
        data = dump(row)[:-1] + f', "{name}": "{other}"}}'.encode()
        fault = Fault("schema.duplicate-key", f"/{name}", None, "the key stands twice, with different values")
        return Spoiled(data, (fault,))

    return Plant("schema.duplicate-key", spoil)


def _appended(check: str, text: str, span: str, note: str, wants: Wish = lambda _: True) -> Plant:
    return change(check, OUTPUT, lambda answer: answer + text, note, span=span.strip(), wants=wants)


def _echo(check: str, make: Callable[[Row], str], note: str) -> Plant:
    def spoil(row: Row) -> Spoiled:
        return Spoiled(dump({**row, "output": make(row)}), (Fault(check, "/output", None, note),))

    return Plant(check, spoil, lambda row: bool(row["input"]))


def _looping(check: str, times: int) -> Plant:
    def spoil(row: Row) -> Spoiled:
        last = row["output"].rsplit(". ", 1)[-1]
        looped = " ".join([row["output"]] + [last] * (times - 1))
        note = f"the last sentence stands {times} times"
        return Spoiled(dump({**row, "output": looped}), (Fault(check, "/output", last, note),))

    return Plant(check, spoil, _is_prose)


def _same(row: Row) -> Row:
    return row


def _shouted(row: Row) -> Row:
    return {**row, "instruction": row["instruction"].upper()}


def _spaced(row: Row) -> Row:
    return {**row, "input": row["input"].replace(". ", ".  ") + "\n", "output": f" {row['output']}"}


def _answered(text: str) -> Callable[[Row], Row]:
    return lambda row: {**row, "output": text}


def _other_number(row: Row) -> Row:
    return {**row, "output": _NUMBER.sub(lambda number: str(int(number.group()) + 5), row["output"], count=1)}
