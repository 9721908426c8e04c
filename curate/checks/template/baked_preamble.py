"""A prompt template is baked into the prompt.

Why     The trainer puts its own template around each prompt. With another one inside, the model learns to answer only
        prompts that bring both, and nobody writes the inner one when they use it.
Mend    Store instruction and input as plain text and leave the template to the trainer, or set the rows aside:
        `curate drop {files} --select template.baked-preamble -o {out}`.
Limits  Alpaca, Vicuna and Anthropic templates in prompts, outside backquotes. Bare "Input:" and "Q:" are no template.
        Precision on real data: 1 of 1 finding in 26 public files (alpaca_zh) was right; none in T0 or MedQuAD.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, row
from curate.text.marks import Mark, mark, outside_code

SIGNS = (
    "Below is an instruction that describes a task",
    "Below is a question that",
    "A chat between a curious ",
    "### Instruction",
    "### Response",
    "### Input",
    "### Human",
    "### Assistant",
    "### 指令",
    "### 输入",
    "### 回答",
    "Assistant:",
    "ASSISTANT:",
    "以下是描述任务的指令",
)
"""Cheap literals of which every template holds at least one."""

_TEMPLATE = re.compile(
    r"Below is an? (?:instruction|question) that (?:describes|asks)\b[^\n]{0,20}"
    r"|A chat between a curious (?:user|human) and an artificial intelligence assistant"
    r"|以下是描述任务的指令"
    r"|^[ \t]*#{2,4} ?(?:Instruction|Response|Human|Assistant|指令|回答) ?[:：]"
    r"|^[ \t]*#{2,4} ?(?:Input|输入) ?[:：]"
    r"|^(?:Assistant|ASSISTANT):(?=\s*\Z)",
    re.MULTILINE,
)
_INPUT = re.compile("Input|输入")
_OUTPUT = re.compile("^[ \t]*#{2,4} ?(?:Output|输出)", re.MULTILINE)
_BEGINNING = re.compile(r"(Below is an? \w+ that).*")

FLAGGED = (
    ask("Below is an instruction that describes a task.\n\n### Instruction:\nName a colour.\n\n### Response:")
    .answer("Blue.")
    .at("### Instruction:"),
    ask("### Instruction:\nName a colour.").answer("Blue.").at("### Instruction:"),
    ask("请给我以下数字的剩余数字。", "### 输入：\n123_").answer("很难说。").at("### 输入："),
    chat(("user", "Human: Name a colour.\n\nAssistant:"), ("assistant", "Blue.")).at("Assistant:"),
    row({"prompt": "### Human: Hi\n### Assistant:", "completion": "Hello"}).at("### Human:"),
)
CLEAN = (
    ask("Solve it.\n### Input:\nOne number.\n### Output:\nIts square.").answer("print(int(input()) ** 2)"),
    ask("Why does my Alpaca prompt use `### Instruction:`?").answer("It marks where the task begins."),
    ask("What does an instruction look like?").answer("Below is an instruction that describes a task."),
    chat(
        ("system", "You are a helpful assistant."), ("user", "Summarise.\nSummary:"), ("assistant", "Done.")
    ),
)


@dataclass(frozen=True)
class BakedPreamble(RowCheck):
    """Looks at prompts for the preambles and headings of public templates (Alpaca, Vicuna, Anthropic).

    A heading "Input" beside one "Output" is how programming problems are written, and no template.
    """

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each heading."""
        suspects = batch.prompts.filter(
            pl.col("role") != "tool", pl.col("text").str.contains_any(list(SIGNS))
        )
        return found(
            mark(suspects, _headings), "a prompt template stands in the prompt", evidence=pl.col("word")
        )


def _headings(text: str) -> list[Mark]:
    problem = _OUTPUT.search(text) is not None
    hits = [hit for hit in outside_code(text, _TEMPLATE) if not (problem and _INPUT.search(hit[0]))]
    return [Mark(*hit.span(), _BEGINNING.sub(r"\1 ...", hit[0].strip())) for hit in hits]
