"""What is planted in the chats corpus."""

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
    store,
    swap,
    unreadable,
)
from making.slots import texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from making.plant import Row, Wish

MESSAGES = field("messages")


def plants() -> list[Plant]:
    """All of them, and the look-alikes that must be spared."""
    return [*_order(), *_tools(), *_unreadable(), *_answers(), *_texts(), *_copies(), *_spared()]


def _order() -> list[Plant]:
    return [
        *(_moved("schema.ends-with-user", _cut, "no answer follows", _plain) for _ in range(3)),
        *(
            _moved("schema.same-role-twice", _split, "the answer is split in two messages", _two)
            for _ in range(2)
        ),
        _moved("schema.same-role-twice", _asked_twice, "the user speaks twice in a row", _plain),
        *(_moved("schema.system-not-first", _late_system, "system after a user", _begins) for _ in range(2)),
        _narrator(0, _begins),
        _narrator(-2, _plain),
        *(change("schema.no-messages", MESSAGES, lambda _: [], "an empty list") for _ in range(2)),
    ]


def _tools() -> list[Plant]:
    broken, missing = "schema.tool-arguments", "schema.tool-result-missing"
    return [
        change(broken, _arguments, lambda text: text[:-1], "the closing brace is missing", wants=_calls),
        change(broken, _arguments, lambda text: text.replace('"', "'"), "single quotes", wants=_calls),
        change(broken, _arguments, lambda text: text[:-1] + ",}", "a trailing comma", wants=_calls),
        _moved(missing, _second_call, "two calls, one result", _calls),
        _moved(missing, _lost_result, "the call is never answered", _calls),
        _moved(missing, _second_call, "two calls, one result", _calls),
    ]


def _unreadable() -> list[Plant]:
    return [
        unreadable(
            lambda data: data.replace("ü".encode(), b"\xfc", 1),
            "byte 0xFC, the letter ü of Latin-1, is not UTF-8",
            lambda row: "ü" in str(row) and row["lang"] == "de",
        ),
        unreadable(
            lambda data: data.replace(b'"', b"'"),
            "single quotes, as Python prints a dictionary",
            lambda row: row["lang"] == "en" and not _calls(row),
        ),
        unreadable(lambda data: data[: len(data) * 2 // 3], "the last line is cut off", _english, last=True),
    ]


def _answers() -> list[Plant]:
    leak, refusal, think = "template.leaked-token", "answer.refusal", "template.unbalanced-think"
    token = "a token of a chat template"  # noqa: S105 - no secret: a mark of a template
    return [
        *(
            change(leak, _last, _plus(mark), token, span=mark, wants=_plain)
            for mark in ("<|im_end|>", "<|eot_id|>", "</s>")
        ),
        *(
            change(refusal, _last, _always(text), "the whole answer is a refusal", wants=_english)
            for text in (
                "I'm sorry, but as an AI language model I cannot access customer accounts.",
                "I'm sorry, I can't assist with that.",
            )
        ),
        *(
            change(think, _last, text.__add__, "<think> is never closed", span="<think>", wants=_english)
            for text in (
                "<think>\nThe customer asks about the setting. I will name the menu.\n\n",
                "<think>Short answer first. ",
            )
        ),
        change("schema.empty-answer", _last, lambda _: "", "an empty string", wants=_plain),
        change("schema.empty-answer", _last, lambda _: None, "null without a tool call", wants=_plain),
        *(
            change(
                "answer.placeholder",
                _last,
                _always(text),
                "stands where the answer should be",
                wants=_english,
            )
            for text in ("TODO", "[agent reply]")
        ),
    ]


def _texts() -> list[Plant]:
    return [
        *(garble(_last, _written_in(lang, letter)) for lang, letter in (("de", "ü"), ("es", "ó"))),
        _swapped("text.invisible", " the ", " the\u200b ", "a zero-width space", "\u200b"),
        _swapped("text.invisible", ", ", ",\u00a0", "a no-break space inside a sentence", "\u00a0"),
    ]


def _copies() -> list[Plant]:
    exact, conflict = "duplicate.exact", "duplicate.conflict"
    return [
        copy(exact, lambda row: row, "the same chat under another ticket", wants=_english),
        copy(exact, lambda row: row, "the same line again", same_id=True, wants=_english),
        copy(conflict, _other_number, "an earlier chat gives another number at the end", wants=_counts),
        copy(conflict, _other_number, "an earlier chat gives another number at the end", wants=_counts),
    ]


def _spared() -> list[Plant]:
    return [
        spare(
            {**row, "messages": [_message(*pair) for pair in row["messages"]]},
            row["note"],
            row.get("group", ""),
        )
        for row in texts("chats_extra")["spared"]
    ]


def _message(role: str, content: str) -> Row:
    return {"role": role, "content": content}


def _roles(row: Row) -> list[str]:
    return [message["role"] for message in row["messages"]]


def _plain(row: Row) -> bool:
    """Ends with a question and its answer, and there is more before them."""
    roles = _roles(row)
    return roles[-2:] == ["user", "assistant"] and roles.count("user") > 1


def _english(row: Row) -> bool:
    return _plain(row) and row["lang"] == "en"


def _begins(row: Row) -> bool:
    return _roles(row)[:3] == ["system", "user", "assistant"] and not _calls(row)


def _calls(row: Row) -> bool:
    return "tool" in _roles(row)


def _two(row: Row) -> bool:
    return _plain(row) and ". " in look(row, _last(row))


_NUMBER = re.compile(r"\b[1-9]\d?(?= (?:days|hours|years|languages|recovery|weeks|minutes))")


def _counts(row: Row) -> bool:
    return _english(row) and bool(_NUMBER.search(look(row, _last(row))))


def _written_in(lang: str, letter: str) -> Wish:
    return lambda row: row["lang"] == lang and letter in (look(row, _last(row)) or "")


def _last(row: Row) -> str:
    return f"/messages/{len(row['messages']) - 1}/content"


def _call(row: Row) -> int:
    return next(at for at, message in enumerate(row["messages"]) if "tool_calls" in message)


def _arguments(row: Row) -> str:
    return f"/messages/{_call(row)}/tool_calls/0/function/arguments"


def _plus(text: str) -> Callable[[Any], str]:
    return lambda answer: answer + text


def _always(text: str) -> Callable[[Any], str]:
    return lambda _: text


def _swapped(check: str, old: str, new: str, note: str, span: str) -> Plant:
    plant = swap(check, _last, old, new, note, span)
    return Plant(plant.check, plant.spoil, lambda row: row["lang"] == "en" and plant.wants(row))


def _moved(check: str, make: Callable[[list[Row]], str], note: str, wants: Wish) -> Plant:
    """``make`` changes the messages in place and returns the pointer of the fault."""

    def spoil(row: Row) -> Spoiled:
        changed = store(row, "/ticket", row["ticket"])
        at = make(changed["messages"])
        return Spoiled(dump(changed), (Fault(check, at, None, note),))

    return Plant(check, spoil, wants)


def _cut(messages: list[Row]) -> str:
    messages.pop()
    return f"/messages/{len(messages) - 1}"


def _split(messages: list[Row]) -> str:
    first, second = messages[-1]["content"].split(". ", 1)
    messages[-1:] = [_message("assistant", f"{first}."), _message("assistant", second)]
    return f"/messages/{len(messages) - 1}"


def _asked_twice(messages: list[Row]) -> str:
    messages.insert(-1, _message("user", "Hello? Is anybody there?"))
    return f"/messages/{len(messages) - 2}"


def _late_system(messages: list[Row]) -> str:
    messages.insert(1, messages.pop(0))
    return "/messages/1"


def _narrator(at: int, wants: Wish) -> Plant:
    check = "schema.unknown-role"

    def spoil(row: Row) -> Spoiled:
        where = f"/messages/{at % len(row['messages'])}/role"
        return Spoiled(
            dump(store(row, where, "narrator")), (Fault(check, where, "narrator", "no known role"),)
        )

    return Plant(check, spoil, wants)


def _second_call(messages: list[Row]) -> str:
    at = next(at for at, message in enumerate(messages) if "tool_calls" in message)
    calls = messages[at]["tool_calls"]
    function = {"name": "get_customer", "arguments": '{"fields": ["name", "plan"]}'}
    calls.append({"id": f"{calls[0]['id'][:-1]}x", "type": "function", "function": function})
    return f"/messages/{at}/tool_calls/1"


def _lost_result(messages: list[Row]) -> str:
    at = next(at for at, message in enumerate(messages) if "tool_calls" in message)
    messages[at + 1] = _message("user", "Are you still looking?")
    return f"/messages/{at}/tool_calls/0"


def _other_number(row: Row) -> Row:
    at = _last(row)
    return store(row, at, _NUMBER.sub(lambda number: str(int(number.group()) + 3), look(row, at), count=1))
