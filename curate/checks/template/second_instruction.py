"""The answer goes on with another task or speaker.

Why     A model that learns this never stops: after its answer it writes the next question and answers that, too.
Mend    Cut the answer before the marker (the finding's span begins there), or set the rows aside: `curate drop
        {files} --select template.second-instruction -o {out}`.
Limits  Alpaca headings, "Human:", "User:" with a reply, "Instruction:" with an output, "Q:" with an "A:". Spared are
        rows without a prompt, answers that begin with a label, text in backquotes, and prompts that speak of
        dialogue, questions, examples, tasks or templates: what follows a few-shot prompt is not seen. Precision on
        real data: unmeasured, for none of 74,570 answers in 26 public files is flagged; 0 false findings in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, row
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
    ),
    *("\nHuman:", "\nUser:", "\nUSER:", "\nQ:"),
)
"""Cheap literals of which every marker holds one."""

_HEADING = re.compile(
    r"^[ \t]*#{2,4} ?(?:Instruction|Response|Human|User|Assistant|指令|回答) ?[:：]", re.MULTILINE
)
_TASK = re.compile(r"(?<=\n\n)(?:Instruction|Task):(?=\s)")
_DONE = re.compile(r"\n(?:Output|Response|Answer):")
_SPEAKER = re.compile(r"(?<=\n)(?:Human|User|USER): ?(?=\S)")
_REPLY = re.compile(r"\n(?:Assistant|ASSISTANT|AI|Bot):")
_QUESTION = re.compile(r"(?<=\n\n)Q: ?(?=\S[^\n]{0,500}\n{1,3}A:)")
_NONE = re.compile("")

_MARKERS = ((_HEADING, _NONE), (_TASK, _DONE), (_SPEAKER, _REPLY), (_QUESTION, _NONE))
"""A marker, and what must follow somewhere behind it."""

_DIALOGUE = (
    r"(?i)\b(dialog(ue)?s?|conversations?|chat(s|bot)?|scripts?|plays?|scenes?|interviews?|transcripts?"
    r"|skits?|stor(y|ies)|role[- ]?play"
    r"|q ?& ?a|faqs?|quiz(zes)?|questions?|examples?|prompts?|templates?|instructions?|tasks?"
    r"|few[- ]shot|discussion|debate|exchange"
    r"|alpaca|vicuna|fine-?tun\w+|human|user|assistant|markdown|gespräch|diálogo|entrevista|dialogue"
    r"|entretien)\b"
    r"|(?m)^(q|a|human|user|assistant|input|output)\s*:|对话|问答|采访|聊天|剧本|问题|示例|例子|用户|提示"
)
"""A prompt that speaks of these may ask for what the markers look like."""

_HEADINGS = r"#{2,4} ?(?:Instruction|Response|Human|User|指令|回答)|(?i)\balpaca\b|\bvicuna\b|prompt template"
"""A prompt that shows such headings, or speaks of them, gets them back."""

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
    chat(("user", "Name a colour."), ("assistant", "Blue.\n\nQ: Name a fruit.\nA: Fig.")).at("Q: "),
)
CLEAN = (
    ask("Write a dialogue about colours.").answer("Well.\n\nUser: Which?\n\nAssistant: Blue."),
    ask("Name a colour.").answer("User: Which colour?\nAssistant: Blue.\nUser: Thanks.\nAssistant: Bye."),
    ask("Write an FAQ about colours.").answer("Here it is.\n\nQ: Which?\nA: Blue."),
    ask("How does Alpaca mark tasks?").answer("Like this:\n\n```\n### Instruction:\n```"),
    ask("Solve it.").answer("### Input:\nA number.\n### Output:\nIts square."),
    ask("Explain exit codes.").answer("Response: 0 is good.\n\nResponse: 1 is bad."),
    row({"text": "### Instruction:\nName a colour.\n\n### Response:\nBlue."}),
)


@dataclass(frozen=True)
class SecondInstruction(RowCheck):
    """Looks in answers for the markers that begin a task or another speaker's turn."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at its first marker; plain text without a prompt may hold whole conversations."""
        suspects = batch.targets.filter(pl.col("text").str.contains_any(list(SIGNS)))
        suspects = suspects.with_columns(pl.col("text").str.contains(_LABEL).alias("labelled"))
        asked = with_prompt(suspects, batch).filter(
            pl.col("prompt") != "", ~pl.col("prompt").str.contains(_HEADINGS)
        )
        lines = mark(asked, _first_marker)
        lines = lines.filter(
            pl.col("word").str.starts_with("#")
            | ~(pl.col("labelled") | pl.col("task").str.contains(_DIALOGUE))
        )
        return found(lines, pl.format("the answer goes on after '{}'", "word"), evidence=pl.col("word"))


def _first_marker(text: str) -> list[Mark]:
    """The first marker outside code; of each kind, only the first can be followed by what must follow."""
    hits = []
    for marker, follower in _MARKERS:
        first = next(iter(outside_code(text, marker)), None)
        if first and follower.search(text, first.end()):
            hits.append(Mark(*first.span(), first[0].strip()))
    return sorted(hits)[:1]
