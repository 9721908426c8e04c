"""Every kind of row fault that curate promises to find, each as one bad row after six clean ones of its layout.

Used by the tests, by the bar ``row-faults``, and by the comparison with peers.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.engines.registry import load_check

if TYPE_CHECKING:
    from collections.abc import Callable

PAIRS = (
    ("Which notice period does the lease ask for?", "The tenant must give ninety days' written notice."),
    ("Who repairs the roof?", "The landlord repairs the roof at its own cost within a month of notice."),
    ("When is the rent due?", "Rent is due on the first business day of each calendar month."),
    (
        "May the tenant sublet a room?",
        "Only with the landlord's prior written consent, which may not be withheld.",
    ),
    ("What does the deposit secure?", "It secures unpaid rent and the cost of repairing damage beyond wear."),
    ("How is a dispute settled?", "By mediation first, and then before the courts of the county."),
)
CONTEXT = (
    "The tenant may end this lease by giving the landlord ninety days' notice in writing. The landlord shall keep "
    "the roof, the walls and the common parts of the building in good repair during the whole term of the lease."
)


class Fault(NamedTuple):
    """A kind of fault.

    Attributes:
        name: of the kind.
        layout: of the clean rows before it.
        bad: the bytes of the bad row, without its line end.
        check: what must find it; ``quarantine`` where it cannot be read.
        blocks: whether ``curate check`` must exit 1.
        line: where it must be found, counted from the first clean row.
    """

    name: str
    layout: str
    bad: bytes
    check: str
    blocks: bool = True
    line: int = 7


def clean_rows(layout: str) -> list[dict[str, Any]]:
    """Six rows without a fault."""
    return [LAYOUTS[layout](prompt, answer) for prompt, answer in PAIRS]


def _chat(*turns: tuple[str, Any]) -> dict[str, Any]:
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


LAYOUTS: dict[str, Callable[[str, str], dict[str, Any]]] = {
    "alpaca": lambda prompt, answer: {"instruction": prompt, "input": "", "output": answer},
    "pair": lambda prompt, answer: {"prompt": prompt, "completion": answer},
    "messages": lambda prompt, answer: _chat(("user", prompt), ("assistant", answer)),
    "sharegpt": lambda prompt, answer: {
        "conversations": [{"from": "human", "value": prompt}, {"from": "gpt", "value": answer}]
    },
    "preference": lambda prompt, answer: {
        "prompt": prompt,
        "chosen": answer,
        "rejected": "It depends on the lease.",
    },
}


def _line(row: Any) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


def _alpaca(output: Any, instruction: str = "Sum up the clause.", context: str = CONTEXT) -> bytes:
    return _line({"instruction": instruction, "input": context, "output": output})


def _messages(*turns: tuple[str, Any]) -> bytes:
    return _line(_chat(*turns))


def _tool_call(arguments: str, result: bool = True) -> bytes:
    call = {"id": "c1", "type": "function", "function": {"name": "rent", "arguments": arguments}}
    turns: list[dict[str, Any]] = [
        {"role": "user", "content": "What is the rent of flat 7?"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
    ]
    if result:
        turns.append({"role": "tool", "tool_call_id": "c1", "content": "1200"})
    turns.append({"role": "assistant", "content": "The rent of flat 7 is 1,200 a month."})
    return _line({"messages": turns})


GOOD = (
    "The tenant must give ninety days' written notice, and the landlord keeps the roof and walls in repair."
)
USER, SAID = ("user", "Who repairs the roof of the annex?"), ("assistant", "The landlord repairs it.")

UNREADABLE = (
    Fault(
        "bad escape",
        "alpaca",
        rb'{"instruction": "Sum up C:\q", "input": "", "output": "Fine."}',
        "quarantine",
    ),
    Fault(
        "trailing comma",
        "alpaca",
        b'{"instruction": "Sum up.", "input": "", "output": "Fine.",}',
        "quarantine",
    ),
    Fault(
        "truncated line", "alpaca", b'{"instruction": "Sum up the clause.", "input": "", "outp', "quarantine"
    ),
    Fault(
        "raw newline in a record",
        "alpaca",
        b'{"instruction": "Sum\nup.", "input": "", "output": "Fine."}',
        "quarantine",
    ),
    Fault(
        "invalid bytes",
        "alpaca",
        b'{"instruction": "Sum \xff\xfe up.", "input": "", "output": "Fine."}',
        "quarantine",
    ),
    Fault(
        "single quotes", "alpaca", b"{'instruction': 'Sum up.', 'input': '', 'output': 'Fine.'}", "quarantine"
    ),
    Fault("a number as a row", "alpaca", b"42", "quarantine"),
    Fault("null as a row", "alpaca", b"null", "quarantine"),
    Fault("an array as a row", "alpaca", b'["Sum up.", "Fine."]', "quarantine"),
    Fault(
        "two records on a line",
        "pair",
        b'{"prompt": "a b c", "completion": "d"}{"prompt": "e", "completion": "f"}',
        "quarantine",
    ),
)
STRUCTURE = (
    Fault(
        "lone surrogate",
        "alpaca",
        b'{"instruction": "Sum up.", "input": "", "output": "Fine \\ud83d."}',
        "text.surrogate",
    ),
    Fault(
        "NaN",
        "alpaca",
        b'{"instruction": "Sum up.", "input": "", "output": "Fine.", "score": NaN}',
        "schema.nonfinite",
    ),
    Fault(
        "duplicate key",
        "alpaca",
        b'{"instruction": "Sum up.", "input": "", "output": "Yes.", "output": "No."}',
        "schema.duplicate-key",
    ),
    Fault("no target", "alpaca", b'{"instruction": "Sum up the clause.", "input": ""}', "schema.no-target"),
    Fault("no completion", "pair", b'{"prompt": "Sum up the clause."}', "schema.no-target"),
    Fault(
        "no rejected side",
        "preference",
        b'{"prompt": "Sum up the clause.", "chosen": "Fine."}',
        "schema.no-target",
    ),
    Fault("empty answer", "alpaca", _alpaca(""), "schema.empty-answer"),
    Fault("null answer", "alpaca", _alpaca(None), "schema.empty-answer"),
    Fault("white-space answer", "alpaca", _alpaca(" \n\t "), "schema.empty-answer"),
    Fault("empty chat answer", "messages", _messages(USER, ("assistant", "")), "schema.empty-answer"),
    Fault("number as answer", "alpaca", _alpaca(42), "schema.answer-type"),
    Fault("list as answer", "alpaca", _alpaca(["One.", "Two."]), "schema.answer-type"),
    Fault("object as answer", "alpaca", _alpaca({"text": "One."}), "schema.answer-type"),
    Fault("ends with user", "messages", _messages(USER, SAID, ("user", "Thanks.")), "schema.ends-with-user"),
    Fault(
        "ends with user (sharegpt)",
        "sharegpt",
        _line(
            {
                "conversations": [
                    {"from": "human", "value": "Who repairs the annex?"},
                    {"from": "gpt", "value": "The landlord."},
                    {"from": "human", "value": "Thanks."},
                ]
            }
        ),
        "schema.ends-with-user",
    ),
    Fault(
        "same role twice",
        "messages",
        _messages(USER, ("user", "And of the shed?"), SAID),
        "schema.same-role-twice",
        blocks=False,
    ),
    Fault(
        "assistant twice",
        "messages",
        _messages(USER, SAID, ("assistant", "At its own cost.")),
        "schema.same-role-twice",
        blocks=False,
    ),
    Fault(
        "system not first",
        "messages",
        _messages(USER, ("system", "Be brief."), SAID),
        "schema.system-not-first",
    ),
    Fault("unknown role", "messages", _messages(USER, ("narrator", "A pause."), SAID), "schema.unknown-role"),
    Fault("no messages", "messages", b'{"messages": []}', "schema.no-messages"),
    Fault("messages is null", "messages", b'{"messages": null}', "schema.no-messages"),
    Fault("several layouts", "alpaca", _messages(USER, SAID), "schema.mixed-layouts"),
    Fault("unknown fields", "alpaca", b'{"foo": "Sum up.", "bar": "Fine."}', "schema.unknown-layout"),
    Fault("broken tool arguments", "messages", _tool_call('{"flat": 7'), "schema.tool-arguments"),
    Fault(
        "tool call without result",
        "messages",
        _tool_call('{"flat": 7}', result=False),
        "schema.tool-result-missing",
    ),
)
LEAKS = (
    *tuple(
        Fault(f"leaked {token}", "alpaca", _alpaca(GOOD + token), "template.leaked-token")
        for token in ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "</s>", "[/INST]", "<end_of_turn>")
    ),
    Fault(
        "leaked [INST] in a chat",
        "messages",
        _messages(USER, ("assistant", "[INST] The landlord repairs it.")),
        "template.leaked-token",
    ),
    Fault(
        "second instruction",
        "alpaca",
        _alpaca(GOOD + "\n\n### Instruction:\nName a fruit.\n\n### Response:\nA fig."),
        "template.second-instruction",
        blocks=False,
    ),
    Fault(
        "unbalanced think",
        "alpaca",
        _alpaca("<think>The clause gives ninety days. " + GOOD),
        "template.unbalanced-think",
        blocks=False,
    ),
    Fault(
        "baked preamble",
        "alpaca",
        _alpaca(
            GOOD,
            instruction="Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nSum up the clause.\n\n### Response:\n",
        ),
        "template.baked-preamble",
        blocks=False,
    ),
)
ANSWERS = (
    Fault(
        "refusal",
        "alpaca",
        _alpaca("I'm sorry, but as an AI language model I cannot provide legal advice."),
        "answer.refusal",
    ),
    Fault(
        "refusal in a chat",
        "messages",
        _messages(USER, ("assistant", "I'm sorry, but I can't help with that request.")),
        "answer.refusal",
    ),
    Fault(
        "self-reference",
        "alpaca",
        _alpaca(GOOD + " As an AI language model, I have no access to the annexes."),
        "answer.self-reference",
        blocks=False,
    ),
    Fault("placeholder", "alpaca", _alpaca("[insert summary here]"), "answer.placeholder"),
    Fault("TODO", "alpaca", _alpaca("TODO"), "answer.placeholder"),
    Fault("noinput", "alpaca", _alpaca("<noinput>"), "answer.placeholder"),
    Fault("noinput without brackets", "alpaca", _alpaca("noinput"), "answer.placeholder"),
    Fault("echo of the context", "alpaca", _alpaca(CONTEXT), "answer.echo"),
    Fault("echo of the prompt", "messages", _messages(USER, ("assistant", USER[1])), "answer.echo"),
    Fault("repetition", "alpaca", _alpaca("The tenant must give notice. " * 30), "answer.repetition"),
    Fault("repetition of a word", "alpaca", _alpaca(GOOD + " the" * 120), "answer.repetition"),
)
TEXT = (
    Fault(
        "mojibake",
        "alpaca",
        _alpaca("The tenantâ€™s notice goes to the office in LÃ¼beck in writing."),
        "text.mojibake",
        blocks=False,
    ),
    Fault(
        "zero-width space",
        "alpaca",
        _alpaca("The ten\u200bant must give ninety days' notice."),
        "text.invisible",
        blocks=False,
    ),
    Fault(
        "soft hyphen",
        "alpaca",
        _alpaca("The ten\u00adant must give ninety days' notice."),
        "text.invisible",
        blocks=False,
    ),
    Fault(
        "control character",
        "alpaca",
        _alpaca("The tenant must\u0007 give ninety days' notice."),
        "text.control",
        blocks=False,
    ),
)
DUPLICATES = (
    Fault("exact duplicate", "alpaca", _line(LAYOUTS["alpaca"](*PAIRS[1])), "duplicate.exact", blocks=False),
    Fault(
        "duplicate but for case and spaces",
        "alpaca",
        _line(LAYOUTS["alpaca"]("who repairs  the roof?", PAIRS[1][1] + " ")),
        "duplicate.exact",
        blocks=False,
    ),
    Fault(
        "conflicting answer",
        "alpaca",
        _line(LAYOUTS["alpaca"](PAIRS[2][0], "Rent is due on the fifteenth.")),
        "duplicate.conflict",
        blocks=False,
    ),
)


def _of_its_page(check: str, at: int = 0, *, blocks: bool = False) -> Fault:
    """An example of a check, as it stands beside it."""
    bad = sys.modules[type(load_check(check)).__module__].FLAGGED[at].lines[0]
    fields = json.loads(bad)
    layout = next((name for name in ("messages", "preference") if LAYOUT_FIELD[name] in fields), "alpaca")
    return Fault(f"{check}, as on its page", layout, bad, check, blocks)


LAYOUT_FIELD = {"messages": "messages", "preference": "chosen"}
JUDGED = tuple(
    _of_its_page(check)
    for check in (
        *("answer.cut-off", "answer.escaped", "answer.html", "answer.too-short"),
        *("answer.unfilled", "answer.ungrounded", "language.mismatch"),
        *("pii.card", "pii.email", "pii.iban", "pii.ip", "pii.nhs", "pii.phone", "pii.secret", "pii.ssn"),
        *("preference.differing-prompts", "preference.identical"),
        *("prompt.empty", "prompt.missing-input", "schema.cell-cut"),
    )
)
OTHERS = (
    _of_its_page("answer.too-long", 2),
    _of_its_page("length.too-long", 1),
    _of_its_page("preference.refusal-preferred", blocks=True),  # it is a refusal, which blocks
    Fault(
        "a pair turned round",
        "preference",
        _line({"prompt": PAIRS[1][0], "chosen": "It depends on the lease.", "rejected": PAIRS[1][1]}),
        "preference.conflict",
        blocks=False,
    ),
)
FAULTS = (*UNREADABLE, *STRUCTURE, *LEAKS, *ANSWERS, *TEXT, *DUPLICATES, *JUDGED, *OTHERS)


def file_with(fault: Fault) -> bytes:
    """Six clean rows and the bad one, as JSON lines."""
    lines = [_line(row) for row in clean_rows(fault.layout)]
    return b"\n".join([*lines, fault.bad]) + b"\n"
