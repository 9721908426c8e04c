"""The answer repeats the prompt.

Why     The model learns to say back what it is asked. Often an export took the wrong column.
Mend    Take the answers from the right column, or set the rows aside: `curate drop {files} --select answer.echo -o
        {out}`.
Limits  The answer must be all of the instruction, of the context or of both; a prompt with the answer behind it is
        not seen. Case, white space and a final stop are folded unless the form of the text matters. Tasks whose right
        answer may be what was given (correct, extract, sort, repeat) are spared, and so are greetings. Precision on
        real data: 3 of 3 findings read in alpaca-cot and glaive_toolcall_zh were right; none in T0 (55,185 rows) or
        MedQuAD.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.ends import without_end

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT = 20
_HEAD = 3

_SAME = re.compile(
    r"\b(?:repeat|cop(?:y|ies)|echo|verbatim|quote|recite|say|read back|word for word|as is|unchanged"
    r"|extract|select|choose|find|identify|locate|which|fix"
    r"|correct|edit|proofread|grammar|spell|punctuat|capitali|upper|lower|format|indent|sort|order"
    r"|arrange|remove|delete|replace|filter|clean|normali"
    r"|improve|necessary|if needed|continue|complete|type|write out|transcribe|convert|split|segment"
    r"|tokeni|shorten|simplif|paraphras|rewrite)\w*"
    r"|重复|复述|照抄|引用|提取|选择|改正|纠正|修改|更正|排序|删除|替换|格式|大写|小写|标点|继续|转换"
    r"|改写|重写",
    re.IGNORECASE,
)
"""Where a task's right answer may be what was given."""

_FORM = re.compile(
    r"translat|traduc|übersetz|翻译|case|space|indent|code|python|json|html|xml|sql|`|[{};]|\n[ \t]+",
    re.IGNORECASE,
)
_REPEAT = re.compile(r"\b(?:repeat|echo|verbatim|recite|say)\b|重复|复述", re.IGNORECASE)
_GREETING = re.compile(
    r"\W*(?:hello|hi|hey|good|bye|goodbye|thanks|thank|welcome|see|ok|yes|no|你好|谢谢|再见)\b", re.IGNORECASE
)

FLAGGED = (
    ask("Explain how bail works in England.").answer("Explain how bail works in England."),
    ask("Explain how bail works in England.").answer("explain how  bail works in England"),
    ask("Summarise.", "Bail is money that a defendant pays to be free.").answer(
        "Bail is money that a defendant pays to be free."
    ),
    ask("Summarise.", "Bail is money.").answer("Summarise.\nBail is money."),
    ask("Name a colour.").answer("Name a colour.<|endoftext|>"),
    chat(
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "What is bail, exactly?"),
        ("assistant", "What is bail, exactly?"),
    ),
    row({"prompt": "Translate: Where is the station?", "completion": "Translate: Where is the station?"}),
)
CLEAN = (
    ask("Fix the case: who is the mayor of Rome?").answer("Fix the case: Who is the mayor of Rome?"),
    ask("Correct the grammar.", "She has been living here for years.").answer(
        "She has been living here for years."
    ),
    ask("Repeat after me: I will not run.").answer("Repeat after me: I will not run."),
    ask("Which sentence states the point?", "Bail is money that one pays.").answer(
        "Bail is money that one pays."
    ),
    ask("Good morning!").answer("Good morning!"),
    ask("Translate to Python.", "if (x) {\n  y();\n}").answer("if x:\n    y()"),
    ask("Explain bail.").answer("Explain bail? It is money."),
    preference("Explain how bail works.", "It is money.", "Explain how bail works."),
)


@dataclass(frozen=True)
class Echo(RowCheck):
    """Compares each answer with the instruction, with the context and with both, as they stand before it."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each answer that says the same; only answers that begin like the prompt are looked at."""
        text = pl.col("text")
        beginning = text.str.strip_chars_start().str.head(_HEAD).str.to_lowercase()
        asked = (
            batch.prompts.filter(pl.col("role") != "system").select("row", beginning.alias("head")).unique()
        )
        alike = batch.targets.with_columns(beginning.alias("head")).join(
            asked, on=["row", "head"], how="semi"
        )
        told = batch.texts.join(alike.select("row").unique(), on="row", how="semi").filter(
            pl.col("role") != "system"
        )
        echoes = set(_echoes(told)) if len(alike) else set()
        kept = alike.filter(
            pl.Series([cell in echoes for cell in alike.select("row", "at").rows()], dtype=pl.Boolean)
        )
        return found(kept, "the answer is the prompt over again")


def _echoes(told: pl.DataFrame) -> Iterator[tuple[int, str]]:
    """Row and place of the answers that say what was said just before them, in rows given turn by turn."""
    before: list[tuple[str, str]] = []
    last: tuple[int, str] = (-1, "")
    for number, at, part, text in told.select("row", "at", "part", "text").iter_rows():
        if number != last[0] or (last[1] == "target" and part != "target"):
            before = []
        if part == "target" and before and _is_echo(before, text):
            yield number, at
        elif part in ("prompt", "context"):
            before.append((part, text))
        last = (number, part)


def _is_echo(before: list[tuple[str, str]], text: str) -> bool:
    """Whether a text is what stands before it: all of it, its instruction, or one context or all of them."""
    instruction = "\n".join(said for part, said in before if part == "prompt")
    context = [said for part, said in before if part == "context"]
    answer = without_end(text).lstrip()
    given = [
        said
        for said in (instruction, "\n".join((instruction, *context)), *context, "\n".join(context))
        if _fold(said) == _fold(answer)
    ]
    if not given or not answer:
        return False
    may_be_same = _SAME.search(instruction) is not None
    if not any(said.strip() == answer for said in given) and (may_be_same or _FORM.search("\n".join(given))):
        return False
    if len(answer) < _SHORT and ((answer.isascii() and " " not in answer) or _GREETING.match(answer)):
        return False
    if given[0] in context:
        return not may_be_same
    return not _REPEAT.search(instruction)


def _fold(text: str) -> str:
    """The text in lower case, with single spaces and without a final stop."""
    return " ".join(text.lower().split()).rstrip(".!?。！？ ")
