"""The answer repeats the prompt.

Why     The model learns to say back what it is asked. Often an export took the wrong column.
Mend    Take the answers from the right column, or set the rows aside: `curate drop {files} --select answer.echo -o
        {out}`.
Limits  The answer must be all of the instruction, of the context or of both, in either order, once or twice over;
        a prompt with the answer behind it is not seen. Case, white space, quotation marks around it, an "Answer:" in
        front and a final stop are folded unless the form of the text matters. Orders that may leave a text as it is
        (copy it, correct it, sort it, find the sentence) are spared, and so are greetings. Precision on
        real data: 3 of 3 findings read in alpaca-cot and glaive_toolcall_zh were right; none in T0 (55,185 rows) or
        MedQuAD. Unmeasured by the rule of 60 hits, and blocks by decision: the prompt is the whole answer, and
        nothing else can be learnt from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asks_same import asks_to_repeat, may_stay_same
from curate.text.ends import without_end

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORT = 20
_HEAD = 3
_LOOK = 40
_WRAP = 40

_CODE = re.compile(r"`|[{};]\s*(?:\n|$)|\n[ \t]+\S|</\w|\bdef \w|=>|\w\(\)")
"""Where case and white space carry the meaning."""

_GREETING = re.compile(
    r"\W*(?:hello|hi|hey|good|bye|goodbye|thanks|thank|welcome|see|ok|yes|no|你好|谢谢|再见)\b", re.IGNORECASE
)
_LABEL = r"(?:answer|response|output|reply|assistant|result|a|答案|回答|答)\s*[:：]"
_WRAPPED = rf"^\W*(?:{_LABEL})?\W*"
_WRAPPING = re.compile(rf"^\W*{_LABEL}\s*", re.IGNORECASE)
_STRAIGHT = {ord(mark): "'" for mark in "‘’‚‛"} | {ord(mark): '"' for mark in "“”„‟"}
_OUTER = " \t\n\"'«»「」『』*_`"
_STOPS = ".!?。！？:：;；,，…"

FLAGGED = (
    ask("Explain how bail works in England.").answer("Explain how bail works in England."),
    ask("Explain how bail works in England.").answer("explain how  bail works in England"),
    ask("Summarise.", "Bail is money that a defendant pays to be free.").answer(
        "Bail is money that a defendant pays to be free."
    ),
    ask("Summarise.", "Bail is money.").answer("Summarise.\nBail is money."),
    ask("Name a colour.").answer("Name a colour.<|endoftext|>"),
    ask("What does the lease say about cleaning?").answer("What does the lease say about cleaning?"),
    ask("Which party repairs the roof?", "The landlord repairs the roof; the tenant pays.").answer(
        "Answer: “The landlord repairs the roof; the tenant pays.”"
    ),
    ask("Simplify the clause.", "The tenant's notice is in writing.").answer(
        "The tenant’s notice is in writing:"
    ),
    ask("Summarise.", "Bail is money that one pays.").answer("Bail is money that one pays.\nSummarise."),
    ask("Summarise.", "Bail is money that one pays.").answer(
        "Bail is money that one pays. Bail is money that one pays."
    ),
    chat(
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "What is bail, exactly?"),
        ("assistant", "What is bail, exactly?"),
    ),
    row({"prompt": "Translate: Where is the station?", "completion": "Translate: Where is the station?"}),
)
CLEAN = (
    ask("Check it and return it unchanged if it is right.", "Lee v Lee [1932] AC 562 (HL).").answer(
        "Lee v Lee [1932] AC 562 (HL)."
    ),
    ask("Fix the case: who is the mayor of Rome?").answer("Fix the case: Who is the mayor of Rome?"),
    ask("Correct the grammar.", "She has been living here for years.").answer(
        "She has been living here for years."
    ),
    ask("Repeat after me: I will not run.").answer("Repeat after me: I will not run."),
    ask("Which sentence states the point?", "Bail is money that one pays.").answer(
        "Bail is money that one pays."
    ),
    ask("Extract the sentence on bail.", "Bail is money that one pays.").answer(
        "Bail is money that one pays."
    ),
    ask("Translate it to German.", "New York City").answer("New York City"),
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
        begins = text.str.head(_LOOK).str.to_lowercase().str.replace(_WRAPPED, "")
        plain = text.str.head(_LOOK).str.to_lowercase().str.replace(r"^\W*", "")
        beginning = plain.str.head(_HEAD)
        asked = (
            batch.prompts.filter(pl.col("role") != "system").select("row", beginning.alias("head")).unique()
        )
        heads = batch.targets.with_row_index("number").with_columns(
            pl.concat_list(beginning, begins.str.head(_HEAD)).alias("head")
        )
        alike = heads.explode("head").join(asked, on=["row", "head"], how="semi").unique("number")
        alike = alike.sort("number")
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
    given = next((said for said in _sayings(instruction, context) if _says(answer, said)), None)
    if given is None or not answer or _is_short(answer):
        return False
    if given in context or given == "\n".join(context):
        return not may_stay_same(instruction, given)
    if given.strip() != answer and (may_stay_same(instruction, given) or _loses_form(given, answer)):
        return False
    return not asks_to_repeat(instruction)


def _sayings(instruction: str, context: list[str]) -> list[str]:
    """What the answer may say over again."""
    both = ["\n".join((instruction, *context)), "\n".join((*context, instruction))] if context else []
    return [said for said in (*context, "\n".join(context), instruction, *both) if said.strip()]


def _says(answer: str, given: str) -> bool:
    """Whether the answer is what was given, once or twice over."""
    if not 0 < len(answer) <= 2 * len(given) + _WRAP:
        return False
    folded, wanted = _fold(answer), _fold(given)
    if not wanted:
        return False
    if folded == wanted or _fold(_WRAPPING.sub("", answer)) == wanted:
        return True
    words = folded.split(" ")
    half = len(words) // 2
    return all(_fold(" ".join(part)) == wanted for part in (words[:half], words[half:]))


def _is_short(answer: str) -> bool:
    """A word or a greeting, which may rightly come back."""
    return len(answer) < _SHORT and (
        (answer.isascii() and " " not in answer) or _GREETING.match(answer) is not None
    )


def _loses_form(given: str, answer: str) -> bool:
    """Whether case or white space were changed where they carry the meaning."""
    return _CODE.search(given) is not None and given.strip(_OUTER + _STOPS) != answer.strip(_OUTER + _STOPS)


def _fold(text: str) -> str:
    """The text in lower case, with straight quotation marks and single spaces, without what stands around it."""
    return " ".join(text.lower().translate(_STRAIGHT).split()).strip(_OUTER + _STOPS)
