"""The answer goes on with another task or speaker.

Why     A model that learns this never stops: after its answer it writes the next question and answers that, too.
Mend    Cut the answer before the marker (the finding's span begins there), or set the rows aside: `curate drop
        {files} --select template.second-instruction -o {out}`.
Limits  Alpaca headings, plain or bold, "Human:", "User:" with a reply, bare "user" and "assistant" lines,
        "Instruction:" with an output, "Q:" with an "A:". Spared are rows without a prompt, answers that begin with a
        label, text in backquotes, answers with headings or labels of other kinds (documentation, outlines), and
        prompts that speak of dialogue, questions, examples, tasks or templates: what follows a few-shot prompt is
        not seen. Precision on real data: unmeasured, for none of 74,570 answers in 26 public files is flagged, so it
        only warns; 0 false findings in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.marks import Mark, mark, outside_code

SIGNS = (
    *(
        "Instruction:",
        "Instruction：",
        "Response:",
        "### 指令",
        "### 回答",
        "### Human",
        "### User",
        "### Assistant",
        "### Question",
        "**Instruction",
    ),
    *(
        "\nHuman:",
        "\nUser:",
        "\nUSER:",
        "\nuser:",
        "\nhuman:",
        "\nQ:",
        "\nuser\n",
        "\nhuman\n",
        "指令：",
        "指令:",
    ),
)
"""Cheap literals of which every marker holds one."""

_HEADING = re.compile(
    r"^[ \t]*#{2,4} ?(?:Instruction|Response|Human|User|Assistant|指令|回答) ?[:：]", re.MULTILINE
)
_ANSWERED = re.compile(r"^[ \t]*#{2,4} ?(?:Response|Output|Assistant|回答|输出) ?[:：]", re.MULTILINE)
_ALONE = re.compile(r"^### ?(?:Instruction|Response|Human|User|Assistant|指令|回答) ?[:：]", re.MULTILINE)
_ANY_HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}(?!#) ?"
    r"(?!(?:Instruction|Response|Input|Output|Human|User|Assistant|指令|回答|输入|输出) ?[:：])\S"
    r"|\*\*[^*\n]{1,60}\*\*:?[ \t]*$)",
    re.MULTILINE,
)
_SHOWS_CODE = re.compile(r"\s*(?:```|[{<\[]|\d{3}\b|HTTP\b)")
_ASKS = re.compile(r"(?<=\n)#{2,4} ?Question ?:")
_SAYS = re.compile(r"\n#{2,4} ?Answer ?:")
_BOLD = re.compile(r"(?<=\n)\*\*Instruction:?\*\*:?")
_BOLD_DONE = re.compile(r"\n\*\*(?:Response|Output|Answer):?\*\*:?")
_TASK = re.compile(r"(?<=\n\n)(?:Instruction|Task):(?=\s)|(?<=\n)指令[：:]")
_DONE = re.compile(r"\n(?:Output|Response|Answer):|\n(?:回答|输出)[：:]")
_SPEAKER = re.compile(r"(?<=\n)(?:[Hh]uman|[Uu]ser|USER): ?(?=\S)")
_REPLY = re.compile(r"\n(?:[Aa]ssistant|ASSISTANT|AI|Bot):")
_ROLE = re.compile(r"(?<=\n)(?:user|human)(?=\n[^\n]{0,500}(?: |[?.!。？！])[^\n]{0,500}\n)")
_ROLE_REPLY = re.compile(r"\n(?:assistant|model|gpt)\n")
_LAST_WORD = re.compile(
    r"(?<=\n\n)Human:(?=\s*\Z|[^\n]{0,500}\?\s*\Z|\s(?i:thanks?|ok(?:ay)?|please|can|could|now|great|write|tell|give"
    r"|explain|describe|what|how|why|who|i|you)\b[^\n]{0,500}\s*\Z)"
)
_OTHER_LABEL = re.compile(
    r"^[ \t]*(?:[-*] )?(?!(?:human|user|assistant|ai|bot):)[A-Za-z][\w ()/-]{0,30}:(?=\s|$)",
    re.MULTILINE | re.IGNORECASE,
)
_QUESTION = re.compile(r"(?<=\n\n)Q: ?(?=\S[^\n]{0,500}\n{1,3}A:)")
_ALWAYS = re.compile("")
_NEVER = re.compile("(?!)")

_MARKERS = (
    (_HEADING, _ANSWERED, _ANY_HEADING),
    (_ASKS, _SAYS, _NEVER),
    (_BOLD, _BOLD_DONE, _NEVER),
    (_TASK, _DONE, _NEVER),
    (_SPEAKER, _REPLY, _OTHER_LABEL),
    (_ROLE, _ROLE_REPLY, _NEVER),
    (_LAST_WORD, _ALWAYS, _OTHER_LABEL),
    (_QUESTION, _ALWAYS, _NEVER),
)
"""A marker, what must follow somewhere behind it, and what must stand nowhere in the answer."""

_DIALOGUE = (
    r"(?i)\b(dialog(ue)?s?|conversations?|chat(s|bot)?|scripts?|plays?|scenes?|interviews?|transcripts?"
    r"|skits?|stor(y|ies)|role[- ]?play"
    r"|q ?& ?a|faqs?|quiz(zes)?|questions?|examples?|prompts?|templates?|instructions?|tasks?"
    r"|few[- ]shot|flash ?cards?|exercises?|worksheets?|exams?|lessons?|riddles?|trivia|study guides?"
    r"|practice|discussion|debate|exchange"
    r"|alpaca|vicuna|fine-?tun\w+|human|user|assistant|markdown|gespräch|diálogo|entrevista|dialogue"
    r"|entretien)\b"
    r"|(?m)^(q|a|human|user|assistant|input|output)\s*:|对话|问答|采访|聊天|剧本|问题|示例|例子|用户|提示"
)
"""A prompt that speaks of these may ask for what the markers look like."""

_HEADINGS = r"#{2,4} ?(?:Instruction|Response|Human|User|指令|回答)|(?i)\balpaca\b|\bvicuna\b|prompt template"
"""A prompt that shows such headings, or speaks of them, gets them back."""

_SCRIPTED = (
    r"(?i)\b(dialog(ue)?s?|transcripts?|scripts?|scenes?|role[- ]?play|interviews?|few[- ]shot|q ?& ?a|faqs?|quiz(zes)?"
    r"|templates?|format(ted)?|alpaca|vicuna)\b|(?m)^\s*(q|a|human|user|assistant)\s*:|对话|问答|剧本|格式"
)
"""The same for a system prompt, which speaks of users, questions and tasks anyway."""

_INTERFACE = r"\b(?:(?i:apis?|endpoints?|https?|requests?|curl|webhooks?|rpc|graphql)|REST)\b"
"""A prompt that asks for the documentation of an interface gets a heading "Response" rightly."""

_LABEL = r"^\s*(?:#+ *)?[\w .'-]{1,30}:"
"""An answer that begins with a label is written as a dialogue or a form throughout."""

FLAGGED = (
    ask("Name a colour.")
    .answer("Blue.\n\n### Instruction:\nName a fruit.\n\n### Response:\nFig.")
    .at("### Instruction:"),
    ask("Name a colour.").answer("Blue.\n### Response:\nBlue.").at("### Response:"),
    ask("Name a colour.").answer("Blue.\n\nHuman: And a fruit?\n\nAssistant: Fig.").at("Human: "),
    ask("Name a colour.").answer("Blue.\nUser: And a fruit?\nAssistant: Fig."),
    ask("Name a colour.").answer("Blue.\n\nInstruction: Name a fruit.\nOutput: Fig."),
    ask("Name a colour.").answer("Blue.\n\nHuman: And?").at("Human:"),
    ask("Name a colour.").answer("Blue.\n\n**Instruction:** Name a fruit.\n\n**Response:** Fig."),
    ask("Name a colour.").answer("Blue.\n\n### Question:\nA fruit?\n\n### Answer:\nFig.").at("### Question:"),
    ask("Name a colour.").answer("Blue.\nuser\nAnd a fruit?\nassistant\nFig.").at("user"),
    ask("Name a colour.").answer("Blue.\nuser: And a fruit?\nassistant: Fig."),
    ask("说一种颜色。").answer("蓝色。\n指令：说一种水果。\n回答：无花果。").at("指令："),
    chat(("user", "Name a colour."), ("assistant", "Blue.\n\nQ: Name a fruit.\nA: Fig.")).at("Q: "),
)
CLEAN = (
    ask("Write a dialogue about colours.").answer("Well.\n\nUser: Which?\n\nAssistant: Blue."),
    ask("Name a colour.").answer("User: Which colour?\nAssistant: Blue.\nUser: Thanks.\nAssistant: Bye."),
    ask("Write an FAQ about colours.").answer("Here it is.\n\nQ: Which?\nA: Blue."),
    ask("How does Alpaca mark tasks?").answer("Like this:\n\n```\n### Instruction:\n```"),
    ask("Solve it.").answer("### Input:\nA number.\n### Output:\nIts square."),
    ask("Explain exit codes.").answer("Response: 0 is good.\n\nResponse: 1 is bad."),
    ask("Document the call.").answer("## GET /leases\n\nLists leases.\n\n### Response:\n200 and a list."),
    ask("Describe the endpoint.").answer("It lists leases.\n\n### Response:\nA list of leases."),
    ask("Outline the lab.").answer(
        "## Aim:\nHeat.\n\n## Instruction:\nHeat the water.\n\n## Response:\nIt boils."
    ),
    ask("How many base pairs?").answer("It differs.\n\nMouse: 2.7 billion\n\nHuman: 3.1 billion"),
    row({"text": "### Instruction:\nName a colour.\n\n### Response:\nBlue."}),
)


@dataclass(frozen=True)
class SecondInstruction(RowCheck):
    """Looks in answers for the markers that begin a task or another speaker's turn."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at its first marker; plain text without a prompt may hold whole conversations."""
        suspects = batch.targets.filter(pl.col("text").str.contains_any(list(SIGNS)))
        if suspects.is_empty():
            return no_findings()
        suspects = suspects.with_columns(pl.col("text").str.contains(_LABEL).alias("labelled"))
        asked = with_prompt(suspects, batch).filter(
            pl.col("prompt") != "", ~pl.col("prompt").str.contains(_HEADINGS)
        )
        lines = mark(asked, _first_marker).rename({"task": "system"}).drop("prompt")
        lines = with_prompt(lines, batch, system=False)
        scripted = pl.col("task").str.contains(_DIALOGUE) | pl.col("system").str.contains(_SCRIPTED)
        documented = pl.col("word").str.contains("Response") & pl.col("task").str.contains(_INTERFACE)
        heads = pl.col("word").str.contains(r"^#+ ?(?:Instruction|Response|Human|User|Assistant|指令|回答)")
        lines = lines.filter(~pl.when(heads).then(documented).otherwise(pl.col("labelled") | scripted))
        return found(lines, pl.format("the answer goes on after '{}'", "word"), evidence=pl.col("word"))


def _first_marker(text: str) -> list[Mark]:
    """The first marker outside code; of each kind, only the first can be followed by what must follow."""
    hits = []
    for marker, follower, other in _MARKERS:
        first = next(iter(outside_code(text, marker)), None)
        if first and follower.search(text, first.end()) and not other.search(text):
            hits.append(Mark(*first.span(), first[0].strip()))
    alone = next(iter(outside_code(text, _ALONE)), None)
    if alone and not (_ANY_HEADING.search(text) or _SHOWS_CODE.match(text, alone.end())):
        hits.append(Mark(*alone.span(), alone[0].strip()))
    return sorted(hits)[:1]
