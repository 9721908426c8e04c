"""The whole answer is a placeholder.

Why     The answer was never written; the model learns to answer with the placeholder.
Mend    Write the answer, or set the rows aside: `curate drop {files} --select answer.placeholder -o {out}`.
Limits  A fixed vocabulary, compared as a whole. "None", "-", "?" and "???" are answers and not in it; words that
        stand in the prompt ("say N/A if there is none") are spared, and so are prompts to which such a word is an
        answer ("what does WIP stand for?", "which value does the variable have?"). Precision on real data:
        unmeasured, for none of 74,570 answers in 26 public files (T0 and MedQuAD among them) is flagged.
        Blocks by decision although unmeasured: the placeholder is the whole answer, and nothing else can be learnt
        from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import with_prompt
from curate.text.ends import END


class Kind(NamedTuple):
    """A kind of placeholder: what the whole answer must be, without regard to case, and prompts that ask for it."""

    pattern: str
    asked: str = "$^"


_MEANING = (
    r"\bstands? for\b|\bmean(?:s|ing)?\b|\babbreviat|\bacronym|\bspell|\bexpand|\bfull form\b|\bsynonym|\btranslat"
    r"|\b(?:which|what)\b[^.?\n]{0,60}\b(?:comments?|keywords?|tags?|marks?|markers?|labels?|words?|phrases?|"
    r"abbreviations?|acronyms?|symbols?|strings?|letters)\b|意思|缩写|全称"
)
_VALUE = (
    r"\b(?:missing|values?|variables?|fields?|columns?|cells?|symbol|element|chemical|chemistry|codes?|country|json"
    r"|sql|java|javascript|js|python|pandas|excel|spreadsheet|formula|database|function|print|prints|returns?|logs?"
    r"|console|output of|hypothesis|pointer|keyword|query|parse[sd]?|api|zero|german|applicable|empty|unset"
    r"|undefined)\b|空值|代码"
)
_MARKUP = r"\b(?:tags?|elements?|html|xml|markup|tokens?|placeholders?|variables?|templates?|format)\b|标签"

_OPEN = r"(?:[<\[({\"'`“‘«「]|&lt;)*\s*"
_CLOSE = r"\s*/?(?:[>\])}\"'`”’»」.]|&gt;)*"

KINDS = {
    "noinput": Kind(
        rf"{_OPEN}no[ _-]?input(?: (?:provided|given|available))?{_CLOSE}"
        r"|(?:<no[ _-]?input ?/?>\s*){2,}|[(（<\[]?无输入[)）>\]]?"
    ),
    "nooutput": Kind(
        rf"{_OPEN}no[ _-]?output{_CLOSE}|(?:<no[ _-]?output ?/?>\s*){{2,}}",
        r"\b(?:print|output|program|code|command|function|script|stdout|display|run|execut|return|query)",
    ),
    "to do": Kind(
        r"\W*(?:to[ -]?do|fixme|tb[da]|t\.b\.[da]\.|to be (?:done|determined|added|written|filled|completed"
        r"|announced)|coming soon|work in progress|wip)\W*",
        _MEANING,
    ),
    "TODO: ...": Kind(
        r"[\[<({*#/ ]*(?-i:TODO|FIXME)[:：]\s?[^\n]{1,80}|\[(?:todo|fixme|to do)[:：-]?\s[^\]\n]{1,80}\]",
        rf"{_MEANING}|\b(?:comments?|codes?|program|script|function|list|task|note|ticket|commit)\b",
    ),
    "N/A": Kind(r"(?-i:n/a|N/A|N/a|n\.a\.|N\.A\.|NA)\.?|\[n/a\]|#n/a", f"{_MEANING}|{_VALUE}"),
    "null": Kind(
        r"(?-i:null|NULL|\[null\]|<null>|\(null\))|\[object object\]|#(?:ref|value|name|div/0)[!?]", _VALUE
    ),
    "removed": Kind(
        r"\[(?:removed|deleted|redacted|blank|empty)\]|<(?:empty|blank)>",
        rf"{_MEANING}|{_MARKUP}|\b(?:remov|delet|reddit|comment|empty|blank)",
    ),
    "insert here": Kind(
        r"[\[<({*]+\s*(?:please )?(?:insert|enter|add|type|write|put|fill in|provide|your"
        r"|the)\b[^\]>)}\n]{0,60}[\]>)}*]+\.?"
    ),
    "answer goes here": Kind(
        r"\W*(?:insert|enter|type|write|put|add) (?:your |the |an )?(?:answer|response"
        r"|output|text)s? here\W*|\W*(?:your |the )?(?:answer|response|output|text) (?:goes |is )?here\W*"
    ),
    "answer": Kind(
        r"[\[{(]+\s*(?:[a-z]+ ){0,3}(?:answer|response|reply|output|completion|placeholder"
        r"|summary)s?(?: here)?\s*[\]})]+"
        r"|<your (?:answer|response|output)>|<?placeholder>?"
    ),
    "<answer>": Kind(r"<(?:answer|response|completion)>", _MARKUP),
    "lorem ipsum": Kind(r"(?s)lorem ipsum\b.*"),
    "xxx": Kind(r"x{3,}|[xX]*x{3,}[xX]*"),
    "...": Kind(r"[\s.]*\.{3,}[\s.]*|[\s…]*…[\s…]*|_{3,}|\[\s*(?:\.{3,}|…)\s*\]"),
    "待补充": Kind(
        r"\W*(?:待补充|待填写|待完善|待定|此处填写(?:答案)?|在此(?:处)?(?:插入|填写"
        r"|输入)[^\]】\n]{0,20}|请(?:在此)?(?:填写|输入)(?:答案|内容))\W*",
        _MEANING,
    ),
}

_LONGEST = 120
_LOREM = "lorem ipsum"
_ASKED = (
    r"(?i)lorem|ipsum|placeholder|dummy text|filler text|roman|numeral|ellips|punctuation|dots|blank|variable"
    r"|regular expression|regex"
)

FLAGGED = (
    ask("Explain bail.").answer("TODO").at("TODO"),
    ask("Explain bail.").answer("[agent reply]"),
    ask("Explain bail.").answer("<noinput>"),
    ask("Explain bail.").answer("No Input"),
    ask("Explain bail.").answer("< no input >"),
    ask("Explain bail.").answer("[insert answer here]"),
    ask("Explain bail.").answer("Lorem ipsum dolor sit amet, consectetur adipiscing elit."),
    ask("Explain bail.").answer("xxx"),
    ask("Explain bail.").answer("..."),
    ask("Explain bail.").answer("N/A<|endoftext|>"),
    ask("解释保释。").answer("待补充"),
    ask("Explain bail.").answer('"noinput"'),
    ask("Explain bail.").answer("&lt;noinput&gt;"),
    ask("Explain bail.").answer("No input provided."),
    ask("Explain bail.").answer("TODO: write the summary"),
    ask("Explain bail.").answer("[object Object]"),
    ask("Explain bail.").answer("null"),
    ask("Explain bail.").answer("[deleted]"),
    chat(("user", "Explain bail."), ("assistant", "[Your answer]")),
    row({"prompt": "Explain bail.", "completion": "Your answer here"}),
)
CLEAN = (
    ask("Which of them fit?").answer("None"),
    ask("Which sign is it?").answer("-"),
    ask("What does it show?", "While it loads, it shows three dots.").answer("..."),
    ask("Write 30 in Roman numerals.").answer("XXX"),
    ask("Give the code, or N/A.").answer("N/A"),
    ask("Write dummy text.").answer("Lorem ipsum dolor sit amet."),
    ask("Name a tag.").answer("<output>"),
    ask("What follows?").answer("{}"),
    ask("What is the chemical symbol for sodium?").answer("Na"),
    ask("Which field is missing a value?").answer("NA"),
    ask("What does WIP stand for?").answer("Work in progress"),
    ask("What comment marks open work?").answer("TODO"),
    ask("What does JavaScript print for an object?").answer("[object Object]"),
    ask("Who is there?").answer("???"),
    preference("Explain bail.", "It is money.", "TODO"),
)


@dataclass(frozen=True)
class Placeholder(RowCheck):
    """Compares whole answers, without the special tokens that may end them."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each answer; the prompt must not ask for such a thing."""
        text = pl.col("text")
        short = batch.targets.filter(
            (text.str.len_bytes() <= _LONGEST) | text.str.head(40).str.to_lowercase().str.contains(_LOREM)
        )
        said = text.str.replace(END, "").str.strip_chars()
        kind = pl.coalesce(
            pl.when(pl.col("said").str.contains(rf"(?i)^(?:{kind.pattern})$")).then(pl.lit(name))
            for name, kind in KINDS.items()
        )
        hits = with_prompt(
            short.with_columns(said.alias("said")).with_columns(kind.alias("kind_of")).drop_nulls("kind_of"),
            batch,
        )
        task = pl.col("task")
        asked = pl.any_horizontal(
            (pl.col("kind_of") == name) & task.str.contains(f"(?i){kind.asked}")
            for name, kind in KINDS.items()
        )
        kept = hits.filter(
            ~(asked | task.str.contains(_ASKED) | _stands_in_prompt() | pl.col("said").is_in(["XXX"]))
        )
        return found(
            kept, pl.format("the whole answer is a placeholder ({})", "kind_of"), evidence=pl.col("kind_of")
        )


def _stands_in_prompt() -> pl.Expr:
    """Whether the prompt holds the answer; dots stand in many a prompt and tell nothing, unless it speaks of them."""
    held = pl.col("prompt").str.to_lowercase().str.contains(pl.col("said").str.to_lowercase(), literal=True)
    spoken_of = pl.col("prompt").str.contains(r"(?i)\b(?:three|3) dots\b|\bellips")
    return pl.when(pl.col("kind_of") == "...").then(spoken_of).otherwise(held)
