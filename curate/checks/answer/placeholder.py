"""The whole answer is a placeholder.

Why     The answer was never written; the model learns to answer with the placeholder.
Mend    Write the answer, or set the rows aside: `curate drop {files} --select answer.placeholder -o {out}`.
Limits  A fixed vocabulary, compared as a whole. "None", "-" and "?" are answers and not in it; words that stand in
        the prompt ("say N/A if there is none") are spared. Precision on real data: unmeasured, for none of 74,570
        answers in 26 public files (T0 and MedQuAD among them) is flagged.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import with_prompt
from curate.text.ends import END

_WORDS = {
    "noinput": r"[<\[({]*\s*no[ _-]?input\s*[>\])}]*\.?|[<\[({]+\s*no[ _-]?output\s*[>\])}]+"
    r"|[(（<\[]?无输入[)）>\]]?",
    "to do": r"\W*(?:to[ -]?do|fixme|tbd|to be (?:done|determined|added|written|filled|completed"
    r"|announced)|coming soon|work in progress|wip)\W*",
    "N/A": r"n/?a\.?|\[n/a\]|#n/a",
    "insert here": r"[\[<({*]+\s*(?:please )?(?:insert|enter|add|type|write|put|fill in|provide|your"
    r"|the)\b[^\]>)}\n]{0,60}[\]>)}*]+\.?",
    "answer goes here": r"\W*(?:insert|enter|type|write|put|add) (?:your |the |an )?(?:answer|response"
    r"|output|text)s? here\W*|\W*(?:your |the )?(?:answer|response|output|text) (?:goes |is )?here\W*",
    "answer": r"[\[{(]+\s*(?:[a-z]+ ){0,3}(?:answer|response|reply|output|completion|placeholder"
    r"|summary)s?(?: here)?\s*[\]})]+"
    r"|<your (?:answer|response|output)>|<?placeholder>?",
    "lorem ipsum": r"(?s)lorem ipsum\b.*",
    "xxx": r"x{3,}|[xX]*x{3,}[xX]*",
    "...": r"[\s.]*\.{3,}[\s.]*|[\s…]*…[\s…]*|\?{3,}|_{3,}",
    "待补充": r"\W*(?:待补充|待填写|待完善|待定|此处填写(?:答案)?|在此(?:处)?(?:插入|填写"
    r"|输入)[^\]】\n]{0,20}|请(?:在此)?(?:填写|输入)(?:答案|内容))\W*",
}
"""Each kind of placeholder, to be matched by the whole answer without regard to case."""

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
    chat(("user", "Explain bail."), ("assistant", "[Your answer]")),
    row({"prompt": "Explain bail.", "completion": "Your answer here"}),
)
CLEAN = (
    ask("Which of them fit?").answer("None"),
    ask("Which sign is it?").answer("-"),
    ask("Write 30 in Roman numerals.").answer("XXX"),
    ask("Give the code, or N/A.").answer("N/A"),
    ask("Write dummy text.").answer("Lorem ipsum dolor sit amet."),
    ask("Name a tag.").answer("<output>"),
    ask("What follows?").answer("{}"),
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
            pl.when(pl.col("said").str.contains(rf"(?i)^(?:{pattern})$")).then(pl.lit(name))
            for name, pattern in _WORDS.items()
        )
        hits = with_prompt(
            short.with_columns(said.alias("said")).with_columns(kind.alias("kind_of")).drop_nulls("kind_of"),
            batch,
        )
        asked = (
            pl.col("prompt").str.to_lowercase().str.contains(pl.col("said").str.to_lowercase(), literal=True)
        )
        asked |= pl.col("task").str.contains(_ASKED) | pl.col("said").is_in(["XXX"])
        kept = hits.filter(~asked)
        return found(
            kept, pl.format("the whole answer is a placeholder ({})", "kind_of"), evidence=pl.col("kind_of")
        )
