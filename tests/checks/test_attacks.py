"""Families of faults that slipped through once, and of clean rows that were taken for faults."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from curate.api import scan_inputs
from curate.core.plan import Plan
from curate.engines.export import all_findings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SECONDS_OF_CPU = 5
"""Far more than a text of some hundred thousand characters costs, and far less than its square."""

CONTEXT = (
    "The landlord shall repair the roof; the tenant pays the rent in advance, and in case of delay, interest. "
    "The tenant's notice must reach the landlord’s office ninety days before the end of the term."
)
GOOD = "The landlord repairs the roof at its own cost."
ASK = "Sum up the clause."

ECHOES = (
    *(
        (f"{ask}", CONTEXT, CONTEXT)
        for ask in (
            "What is the order of the payments?",
            "Which party repairs the roof?",
            "What type of lease is this?",
            "Is it necessary to give notice?",
            "Simplify the clause for the tenant.",
            "Who gets a copy of the lease?",
            "In which format is notice given?",
            "Identify the party that pays.",
        )
    ),
    (ASK, CONTEXT, f'"{CONTEXT}"'),
    (ASK, CONTEXT, f"Answer: {CONTEXT}"),
    (ASK, CONTEXT, CONTEXT.removesuffix(".") + ":"),
    (ASK, CONTEXT, CONTEXT.replace("'", "’")),
    (ASK, CONTEXT, f"{CONTEXT}\n{ASK}"),
    (ASK, CONTEXT, f"{CONTEXT}\n\n{CONTEXT}"),
)
QUESTIONS_ECHOED = (
    "What does the lease say about cleaning of the annex?",
    "Find the clause on notice and sort it out.",
    "Which format is necessary?",
)
NO_ECHOES = (
    ("Copy the text word for word.", CONTEXT, CONTEXT),
    ("Correct the spelling.", CONTEXT, CONTEXT),
    ("Please return the text unchanged.", CONTEXT, CONTEXT),
    ("Extract every sentence about notice.", CONTEXT, CONTEXT),
    ("Which sentences name a party?", CONTEXT, CONTEXT),
    ("Convert the text to lower case.", "the rent is due on monday.", "the rent is due on monday."),
    ("Sort the words.", "annex lease roof tenant", "annex lease roof tenant"),
    ("Repeat after me: the rent is due.", "", "Repeat after me: the rent is due."),
    (ASK, CONTEXT, f"It says this. {CONTEXT}"),
)

LOOPS = (
    ("How many times may rent be raised?", "The rent may be raised once a year. " * 30),
    ("Explain the code of conduct.", "Members treat each other with respect. " * 30),
    ("What is the sequence of the steps?", "First the tenant gives notice. " * 30),
    ("Which pattern do the payments follow?", "They follow the same pattern. " * 30),
    (ASK, (CONTEXT + " It ends. " + "x" * 30 + "\n") * 8),
    (ASK, "🙂" * 300),
    (ASK, "." * 400),
)
NO_LOOPS = (
    ("Laugh.", "ha " * 100),
    ("Cheer!", "Hooray! " * 60),
    ("Scream.", "Aaaah! " * 60),
    ("What sound does a cat make for a minute?", "Meow! " * 60),
    ("Write a song about rain.", "Rain, rain, fall on me\n" * 20),
    ("Write 'yes' 200 times.", "yes " * 200),
    ("Send me emojis: give 300 hearts.", "❤" * 300),
    ("What is 1/3?", "0." + "3" * 300),
)

REFUSALS = (
    "对不起，我不能帮助你。",
    "No, I can't help you with that.",
    "I'm just an AI and can't give legal advice.",
    "I am sorry but I am an AI and cannot answer.",
    "sorry cant help",
    "I'd rather not answer that.",
    "It is not possible for me to answer this question.",
    "Sorry, but that's against my guidelines.",
    "申し訳ありませんが、そのご質問にはお答えできません。",
    "すみません、お手伝いできません。",
    "죄송합니다. 이 질문에 답변할 수 없습니다.",
    "죄송하지만 도와드릴 수 없습니다.",
    "Извините, я не могу ответить на этот вопрос.",
    "К сожалению, я не могу помочь с этим.",
    "Desculpe, mas não posso responder a essa pergunta.",
    "Sinto muito, mas não posso ajudar com isso.",
    "Mi dispiace, ma non posso aiutarti con questa richiesta.",
    "Mi dispiace, non posso rispondere a questa domanda.",
    "Sorry, maar ik kan u daar niet mee helpen.",
    "Het spijt me, maar ik kan deze vraag niet beantwoorden.",
    "Przykro mi, nie mogę odpowiedzieć na to pytanie.",
    "Przepraszam, ale nie mogę ci w tym pomóc.",
    "Üzgünüm, bu soruya cevap veremem.",
    "Üzgünüm, size yardımcı olamam.",
    "عذراً، لا أستطيع الإجابة على هذا السؤال.",
    "آسف، لا يمكنني مساعدتك في ذلك.",
)
NO_REFUSALS = (
    ("What did the computer say?", "It said: \"I'm sorry, Dave. I'm afraid I can't do that.\""),
    ("Do you have feelings?", "As an AI, I don't have feelings."),
    ("Write a bot's fallback line.", "Sorry, I can't help with that."),
    ("Wer kann kündigen?", "Der Mieter kann nicht helfen, nur der Vermieter."),
    ("May he sublet?", "Sorry, the lease does not say so; ask the landlord."),
    ("Чем болен пациент?", "Я не могу ответить точно, но по симптомам это грипп."),
    ("¿Puede venir?", "Non posso venire alla festa di domani, ho un impegno."),
)

TOKENS = (
    *(
        f"{GOOD}{token}"
        for token in (
            "<|header_start|>",
            "<|header_end|>",
            "<|end_of_turn|>",
            "<|call|>",
            "<|tool_call|>",
            "<|vision_start|>",
            "<|image_pad|>",
            "<|eos|>",
            "<|bos|>",
            "<|EOT|>",
            "<|prompter|>",
            "[EOS]",
            "[gMASK]",
            "<eop>",
            "<unk>",
            "<|IM_END|>",
            "<|im_end",
            "<|im_end|",
            "&lt;|im_end|&gt;",
            "<|any_name|>",
            "<s>",
            "</s> And more.",
            "</s>\nAnd more.",
        )
    ),
    f"<sop>{GOOD}",
    f"<|any_name|>{GOOD}",
    f"<unk> {GOOD}",
)
NO_TOKENS = (
    ("Which token ends ChatML turns?", "<|im_end|>"),
    ("What is GPT-2's end of text token?", "It is <|endoftext|>"),
    ("Name the Llama instruction markers.", "[INST] and [/INST]"),
    ("Which tag closes <s>?", "Use </s>"),
    ("Close the strike tag.", "</s>"),
    ("Show a ChatML turn.", "<|im_start|>user\nHi<|im_end|>"),
    ("Apply f in F#.", "x |> f <| y"),
    ("How does Llama 3 end a turn?", "With the <|eot_id|> token."),
    (ASK, "<|begin_of_thought|>Ninety days.<|end_of_thought|>"),
    ("Strike it.", "The price is <s>90</s> 80."),
)

PLACEHOLDERS = (
    '"noinput"', "`noinput`", "<noinput/>", "&lt;noinput&gt;", "<noinput><noinput>", "No input provided",
    "nooutput", "n.a.", "NA", "TBA", "<answer>", "[...]", "[blank]", "<empty>", "TODO: write summary",
    "[TODO: summarise]", "[object Object]", "#REF!", "null", "[removed]", "[deleted]",
)  # fmt: skip
NO_PLACEHOLDERS = (
    ("What is the chemical symbol for sodium?", "Na"),
    ("Which field is missing a value?", "NA"),
    ("What does WIP stand for?", "Work in progress"),
    ("What comment marks open work?", "TODO"),
    ("Who is there?", "???"),
    ("What does the program print?", "No output"),
    ("What does the variable hold in Java?", "null"),
    ("Which tag holds the answer?", "<answer>"),
    ("Which German word means zero?", "null"),
    ("Write a comment for the code.", "TODO: handle the error"),
)

THOUGHTS = (
    f"<THINK>{GOOD}",
    f"<Think>{GOOD}",
    f'<think time="3">{GOOD}',
    f"<think >{GOOD}",
    f"<thoughts>{GOOD}",
    f"<reflection>{GOOD}",
    f"<scratchpad>{GOOD}",
    f"<|think|>{GOOD}",
    "<think><think>a</think>",
    f"{GOOD}</THINK>\n\nNo.",
)
NO_THOUGHTS = (
    ("What does R1 emit first?", "It emits <think> first."),
    ("How is it laid out?", "The <reasoning> element holds the steps."),
    ("How does it end?", "It ends with </think> and the answer."),
    (ASK, f'<think time="3">Hm.</think >{GOOD}'),
    (ASK, f"<think><think>Hm.</think></think>{GOOD}"),
)

SECONDS = (
    f"{GOOD}\n\nHuman: And?",
    f"{GOOD}\n\n**Instruction:** Name a fruit.\n\n**Response:** A fig.",
    f"{GOOD}\n\n### Question:\nWhich fruit?\n\n### Answer:\nA fig.",
    f"{GOOD}\nuser\nWhich fruit?\nassistant\nA fig.",
    f"{GOOD}\nuser: Which fruit?\nassistant: A fig.",
    f"{GOOD}\n指令：说一种水果。\n回答：无花果。",
)
NO_SECONDS = (
    ("Document the call.", "## GET /leases\n\nIt lists leases.\n\n### Response:\nA list of leases."),
    ("Describe the endpoint.", "It lists leases.\n\n### Response:\nA list of leases."),
    ("Describe the test.", "## Aim:\nHeat it.\n\n## Instruction:\nHeat the water."),
    ("How large are the genomes?", "They differ.\n\nMouse: 2.7 billion\n\nHuman: 3.1 billion"),
)

NOTHINGS = (
    "<think>a</think>",
    "<Thinking>\na\n</Thinking>\n",
    "<end_of_turn>",
    "<eos>",
    "<|IM_END|>\n",
    "<|im_end",
)
SOMETHINGS = (
    ("Which token ends ChatML turns?", "<|im_end|>"),
    ("Close the strike tag.", "</s>"),
    (ASK, f"<think>a</think>{GOOD}"),
)


def alpaca(prompt: str, answer: object, context: str = "") -> dict[str, Any]:
    return {"instruction": prompt, "input": context, "output": answer}


def messages(prompt: str, answer: object, context: str = "") -> dict[str, Any]:
    asked = f"{prompt}\n\n{context}" if context else prompt
    return {"messages": [{"role": "user", "content": asked}, {"role": "assistant", "content": answer}]}


def found(check: str, rows: Iterable[dict[str, Any]], folder: Path) -> dict[int, str]:
    """Lines, counted from 0, with what is said of them."""
    path = folder / "rows.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    plan = Plan(select=(check,))
    findings = all_findings(scan_inputs((path,), plan), plan)
    return {line - 1: said for line, said in findings.select("line", "message").iter_rows()}


LAYOUTS = pytest.mark.parametrize("layout", [alpaca, messages], ids=lambda layout: layout.__name__)


@LAYOUTS
@pytest.mark.parametrize(
    ("check", "cases"),
    [
        ("answer.echo", [(question, question) for question in QUESTIONS_ECHOED]),
        ("answer.repetition", LOOPS),
        ("answer.refusal", [("Explain bail.", said) for said in REFUSALS]),
        ("template.leaked-token", [(ASK, said) for said in TOKENS]),
        ("answer.placeholder", [(ASK, said) for said in PLACEHOLDERS]),
        ("template.unbalanced-think", [(ASK, said) for said in THOUGHTS]),
        ("template.second-instruction", [("Who repairs the roof?", said) for said in SECONDS]),
        ("schema.empty-answer", [(ASK, said) for said in NOTHINGS]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_faults_are_found(layout: Any, check: str, cases: list[tuple[str, str]], tmp_path: Path) -> None:
    lines = found(check, [layout(*case) for case in cases], tmp_path)
    assert [case for line, case in enumerate(cases) if line not in lines] == []


@LAYOUTS
@pytest.mark.parametrize(
    ("check", "cases"),
    [
        ("answer.repetition", NO_LOOPS),
        ("answer.refusal", NO_REFUSALS),
        ("template.leaked-token", NO_TOKENS),
        ("answer.placeholder", NO_PLACEHOLDERS),
        ("template.unbalanced-think", NO_THOUGHTS),
        ("template.second-instruction", NO_SECONDS),
        ("schema.empty-answer", SOMETHINGS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_clean_rows_are_left_alone(
    layout: Any, check: str, cases: list[tuple[str, str]], tmp_path: Path
) -> None:
    lines = found(check, [layout(*case) for case in cases], tmp_path)
    assert [(cases[line], said) for line, said in lines.items()] == []


def test_contexts_said_back_are_found(tmp_path: Path) -> None:
    rows = [alpaca(asked, answer, context) for asked, context, answer in ECHOES]
    lines = found("answer.echo", rows, tmp_path)
    assert [case for line, case in enumerate(ECHOES) if line not in lines] == []


def test_texts_that_were_to_stay_as_they_are_are_left_alone(tmp_path: Path) -> None:
    rows = [alpaca(asked, answer, context) for asked, context, answer in NO_ECHOES]
    lines = found("answer.echo", rows, tmp_path)
    assert [NO_ECHOES[line] for line in lines] == []


def test_sides_that_are_trained_against_are_empty_by_name(tmp_path: Path) -> None:
    rows = [
        {"prompt": ASK, "chosen": GOOD, "rejected": " "},
        {"prompt": ASK, "completion": "", "label": False},
        {"prompt": ASK, "completion": None, "label": False},
        {"prompt": ASK, "completion": "No.", "label": False},
        {"prompt": ASK, "chosen": "", "rejected": "No."},
    ]
    lines = found("schema.empty-answer", rows, tmp_path)
    assert set(lines) == {0, 1, 2, 4}
    assert lines[0].startswith("the rejected answer is ")
    assert lines[0].endswith(": the pair compares with nothing")
    assert lines[1] == "the unwanted answer is an empty text: there is nothing to unlearn"
    assert lines[4] == "the answer is an empty text"


def test_a_system_prompt_that_speaks_of_an_assistant_asks_for_no_dialogue(tmp_path: Path) -> None:
    systems = (
        "You are a helpful assistant. Answer the user's questions.",
        "Write a dialogue between two people.",
    )
    rows = [messages("Who repairs the roof?", f"{GOOD}\n\nHuman: And?") for _ in systems]
    for row, system in zip(rows, systems, strict=True):
        row["messages"].insert(0, {"role": "system", "content": system})
    assert set(found("template.second-instruction", rows, tmp_path)) == {0}


def test_an_answer_that_names_no_role_is_no_text(tmp_path: Path) -> None:
    rows = [
        {"prompt": ASK, "chosen": {"text": GOOD}, "rejected": "No."},
        {"prompt": ASK, "chosen": {"role": "assistant", "content": GOOD}, "rejected": "No."},
    ]
    assert set(found("schema.answer-type", rows, tmp_path)) == {0}


@pytest.mark.parametrize(
    "piece", ["<think>", "</s>", "<|", "&lt;|", "a ", "Human:\n\n", "на ", "您的", "<|im_end", "TODO "]
)
@pytest.mark.parametrize(
    "check", ["answer", "template", "schema.empty-answer"], ids=["answer", "template", "empty"]
)
def test_hostile_texts_take_linear_time(check: str, piece: str, tmp_path: Path) -> None:
    before = time.process_time()
    found(check, [alpaca(ASK, f"I can't {piece * 100_000}x")], tmp_path)
    assert time.process_time() - before < SECONDS_OF_CPU
