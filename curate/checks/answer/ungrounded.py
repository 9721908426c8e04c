"""The answer holds a number or a name that the text it was given does not hold.

Why     A summary, an extract or an answer from a text that adds a figure, a date or a name teaches the model to make
        them up.
Mend    Correct the answer, or set the rows aside: `curate drop {files} --select answer.ungrounded -o {out}`.
Limits  Only rows with one answer that give a text of some length (150 bytes as a context, 400 as a prompt) and ask
        for what it says; numbers up to 3 are passed over, and so are sums, shares and rounded values. In
        data/contracts.jsonl no clean row is flagged; of 269 answers there with a number changed at random, 232 were
        found (95 % bounds .82 to .90). Precision on real data: 116 of 122 read were right, in that the text does
        not hold it (95 % bounds .90 to .98): T0 96 of 99 in random samples of its 677 hits, whose articles are cut
        short; PubMedQA 19 of 22, all of them; en_100_message 1 of 1. Most of the wrong ones were reckoned from what
        the text says. In clean corpora: PubMedQA 22 hits, 16 of 20 read right, 2 unclear. There a second reader
        also counts as wrong what is a name of nobody, and as unclear what may be reckoned.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.grounding import loose_numbers
from curate.text.named import loose_names
from curate.text.sift import ascii_boundaries, sift

_CLAUSE = (
    "Tenant shall pay a deposit of $6,750 on 19 July 2024, reduced by twenty-five percent on March 1, "
    "2026. The lease runs for two years and ends on "
    "2026-07-18. Landlord may draw upon it 30 days after notice. The flat has 1,200 square feet, and an "
    "inspection takes place four (4) days before."
)
_FROM_TEXT = ascii_boundaries(
    r"(?i)\bsummar|\bsum up\b|\babstract\b|\btl;?dr\b|\boutline of\b|\bkey (?:terms?|facts?|points?"
    r"|details?)\b|\bextract\b|\bpull out\b"
    r"|\b(?:main|essential) (?:terms?|facts?|points?|details?)\b|\bbased (?:only |solely )?on the (?:text"
    r"|passage|article|document|clause|context|above|following|information|paragraph)"
    r"|\baccording to the (?:text|passage|article|document|clause|context|above|following|paragraph)"
    r"|\b(?:read|given|use|using|from) the (?:above |following |provided )?(?:text|passage|article|document"
    r"|clause|context|paragraph|provision|report|letter)\b"
    r"|\b(?:question (?:on|about) the|explain the|translate this legal|rewrite the) \w*\s?(?:clause|text"
    r"|provision|contract)|\bplain[- ]language\b|\bwhat (?:does|do) (?:this|the) .{0,40}\b(?:clause"
    r"|provision)\b"
)
_NOT_FROM_TEXT = ascii_boundaries(
    r"(?i)\b(?:calculat|comput|estimat|math|predict|classif|expand|elaborat)"
    r"|\b(?:add(?:ing)? up|multiply|convert|solve|equation|arithmetic|code|function|python|sql|json schema"
    r"|stor(?:y|ies)|poem|imagine|invent|fictional|continue|brainstorm|suggest|recommend|advice|creative"
    r"|come up with|generate a question|questions? (?:that|which|about|to which)|write a question"
    r"|possible question|forecast|rate|score|scale|stars?|rating|sentiment|label|how would you"
    r"|your (?:own )?(?:opinion|knowledge)|outside knowledge|if you know|plausible"
    r"|write an? (?:article|essay|text|news|review|passage|bio)|full article|how (?:old|long ago)"
    r"|translat\w* .{0,60}\b(?:to|into) (?:english|french|german|spanish|chinese|italian|portuguese|dutch"
    r"|russian|japanese|korean|arabic|hindi)|headline for|title)\b"
)
"""Words of tasks that bring something of one's own; stems stand apart, since ``\\w*`` before a boundary costs much."""

_SIGNS = (
    "summar",
    "sum up",
    "abstract",
    "tl;",
    "tldr",
    "outline of",
    "extract",
    "pull out",
    "key ",
    "main ",
    "essential",
    "based on",
    "based only",
    "based solely",
    "according to",
    "read the",
    "given the",
    "use the",
    "using the",
    "from the",
    "question on",
    "question about",
    "explain the",
    "plain",
    "rewrite the",
    "clause",
    "provision",
    "translate this legal",
)
"""Cheap literals of which every prompt that asks for what a text says holds one."""

_OF_CONTEXT = ascii_boundaries(
    r"(?i)[?？]\s*$|\b(?:clause|provision|text|passage|paragraph|article|document|contract|agreement|policy"
    r"|report|notes?|letter|record)\b"
    r"|\b(?:shorten|condense|bullet)\b"
)
"""What a prompt says that asks about the context beside it."""

_WRITES = ascii_boundaries(
    r"(?i)\b(?:write|compose|draft|complete|finish|reply|respond|answer the (?:e-?mail|letter|message))\b"
)

_CONTEXT = 150
_LONG = 400

FLAGGED = (
    ask("Summarise the clause.", _CLAUSE).answer("The tenant pays a deposit of $6,500.").at("$6,500"),
    ask("Extract the key terms.", _CLAUSE)
    .answer("1. Deposit: $6,750\n2. Date: 29 July 2024\n3. Notice: 30 days")
    .at("29"),
    ask("Read the clause and answer the question. When may it be drawn?", _CLAUSE)
    .answer("After 45 days.")
    .at("45"),
    ask("Summarise.", _CLAUSE).answer("The deposit falls by 35% in 2026.").at("35%"),
    ask("When does the lease end?", _CLAUSE).answer("In 2027.").at("2027"),
    chat(
        ("user", "Summarise the clause below.\n\n" + _CLAUSE + " " + _CLAUSE),
        ("assistant", "A flat of 1,450 square feet."),
    ).at("1,450"),
    ask("Summarise the clause.", _CLAUSE)
    .answer("The deposit goes to Harwell Estates Ltd.")
    .at("Harwell Estates Ltd"),
    ask("Who pays?", _CLAUSE).answer("The deposit is paid by Patrice Moreau.").at("Patrice Moreau"),
    row({"question": "Is it large?", "context": [_CLAUSE], "answer": "Yes, it has 1,450 square feet."}).at(
        "1,450"
    ),
)
CLEAN = (
    ask("Summarise the clause.", _CLAUSE).answer(
        "The tenant pays $6750 on July 19, 2024; it falls by 25 % on 1 March 2026. The lease runs for 24 "
        "months."
    ),
    ask("Extract the key terms.", _CLAUSE).answer(
        "1. Deposit: $6,750\n2. Date: 2024-07-19\n3. Notice: 30 days\n4. Inspection: 4 days before\n5. "
        "Area: 1200 square feet"
    ),
    ask("Summarise.", _CLAUSE).answer("There are 3 dates, and the flat has about 1,000 square feet."),
    ask("Calculate the reduced deposit.", _CLAUSE).answer("It is $5,062.50."),
    ask("Write a story about the tenant.", _CLAUSE).answer("In 1999 there lived a tenant."),
    ask("Who pays the deposit of Harwell Estates Ltd?", _CLAUSE).answer(
        "The tenant pays it to Harwell Ltd, in the United States."
    ),
    ask("When was Rome founded?").answer("In 753 BC."),
    ask("Answer the question.", "Who are you?").answer("I am 45."),
    ask("Summarise.", _CLAUSE).answer("The sum of the deposit and the notice is $6,780."),
    preference("Summarise the clause below.\n" + _CLAUSE * 2, "$6,750 are due.", "$6,500 are due."),
)


@dataclass(frozen=True)
class Ungrounded(RowCheck):
    """Looks at answers that hold a number or a name, in rows that give a text and ask for what it says."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at the first number or name that nothing accounts for."""
        text = pl.col("text")
        answers = batch.targets.filter(pl.col("row").is_unique(), text.str.len_bytes() <= _LONGEST)
        answers = answers.join(self._from_text(batch, answers), on="row", how="semi", maintain_order="left")
        answers = sift(answers, text.str.contains(_SHOWN))
        if answers.is_empty():
            return no_findings()
        hits = _loose(with_prompt(answers, batch))
        return found(hits, pl.format("{} that the given text does not hold", "word"), evidence=pl.col("word"))

    def _from_text(self, batch: Batch, answers: pl.DataFrame) -> pl.DataFrame:
        """The rows that give a text, as a context or within a long prompt, and ask for what it says."""
        text, part = pl.col("text"), pl.col("part")
        asked = batch.prompts.filter(pl.col("role").is_in(["user", "tool"])).select("row", "part", "text")
        asked = asked.join(answers.select("row"), on="row", how="semi")
        context = (
            asked.filter(part == "context").group_by("row").agg(text.str.len_bytes().sum().alias("size"))
        )
        ends = pl.concat_str(
            text.str.head(_EDGE),
            pl.when(text.str.len_bytes() > _EDGE).then(text.str.tail(_EDGE)).otherwise(pl.lit("")),
            separator="\n",
        )
        told = asked.filter(part == "prompt").join(context, on="row", how="left")
        told = told.filter((pl.col("size") >= _CONTEXT) | (text.str.len_bytes() >= _LONG)).select(
            "row", "size", ends.alias("ask")
        )
        ask = pl.col("ask").str
        signs = pl.col("size").is_not_null() | ask.contains_any(list(_SIGNS), ascii_case_insensitive=True)
        told = sift(told, signs).with_row_index("line")
        large = pl.col("size") >= _CONTEXT
        questions = sift(told, large, ask.contains(_OF_CONTEXT), ~ask.contains(_WRITES))
        wants = pl.concat([questions, sift(told, ask.contains(_FROM_TEXT))])
        told = told.join(wants, on="line", how="semi", maintain_order="left")
        return sift(told, ~ask.contains(_NOT_FROM_TEXT)).select("row")


_SHOWN = ascii_boundaries(
    r"\d|[a-z,;:] [A-Z][a-z'’-]{2,} [A-Z]|\b(?:Mr|Mrs|Ms|Dr)\.? [A-Z]|[a-z] (?:Ltd|LLC|LLP|Inc|Corp|GmbH|AG"
    r"|plc|Bank|Partners|Trust|Limited)\b"
)
"""Numbers and names."""

_EDGE = 160
_LONGEST = 4000


def _loose(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers with the place of their first loose number, or else name."""
    pairs = answers.select("text", "prompt").iter_rows()
    places = [next(chain(loose_numbers(*pair), loose_names(*pair)), None) for pair in pairs]
    return answers.with_columns(
        pl.Series("start", [place and place.start for place in places], pl.Int32),
        pl.Series("end", [place and place.end for place in places], pl.Int32),
        pl.Series("word", [place and place.kind for place in places], pl.String),
    ).drop_nulls("word")
