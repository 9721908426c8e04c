"""The answer has no mark at its end, while nearly all others have one.

Why     An answer that was cut off looks like this, and so does one whose last full stop was lost: the model learns to
        stop where no sentence ends.
Mend    Let it be finished, or set the rows aside: `curate drop {files} --select answer.no-end-mark -o {out}`.
Limits  Answers of 60 bytes and more in English sentences, in files where at least 97 % of them end in a mark, and
        five do; one such answer is always reported. Tells nothing about why the mark is missing, so it only
        informs. Precision on real data: 16 of 17 hits read lack a full stop (95 % bounds .73 to .99), 5 of them
        because they were cut off: medquad_health 10, dpo_en_demo 3, kto_en_demo 2, PubMedQA 1; in seed_tasks 1 is a
        title. In clean corpora: MedQuAD 10 hits, 10 of 10 read right; PubMedQA 1 hit, 1 of 1 read right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, CorpusCheck, Severity, found
from curate.core.examples import ask, chat, corpus, preference
from curate.text.ends import END, without_end
from curate.text.sentences import ended, is_prose, paragraphs_stop, rest_of

_ENDED = tuple(
    ask(f"Who repairs the {thing}?").answer(
        f"The landlord repairs the {thing} at its own cost within ninety days of the notice."
    )
    for thing in ("roof", "drain", "lift", "gate", "shed", "fence")
)
_CUT = ask("Who repairs the wall?").answer(
    "The landlord repairs the wall at its own cost within ninety days of the noti"
)
_LIST = ask("What is left open?").answer(
    "- the repair of the wall that stands between the two plots of land\n- the rent of the last month"
)
FLAGGED = (
    corpus(*_ENDED, _CUT).flags(6),
    corpus(
        *_ENDED,
        chat(
            ("user", "And the wall?"),
            ("assistant", "The landlord repairs the wall at its own cost within ninety days aft"),
        ),
    ).flags(6),
)
CLEAN = (
    corpus(*_ENDED),
    corpus(_CUT),
    corpus(*_ENDED[:4], _CUT),
    corpus(
        *_ENDED,
        _CUT,
        ask("Who?").answer("The tenant of the second flat, who has to pay for all of the works on the wall"),
    ),
    corpus(
        *_ENDED,
        ask("Who?").answer("the tenant of the second flat, who has to pay for all of the works on the wall"),
    ),
    corpus(
        *_ENDED,
        _LIST,
        preference(
            "Who repairs the wall?",
            "The landlord.",
            "The landlord repairs the wall at its own cost within ninety days of the noti",
        ),
    ),
)

_LONG = 60
_ENOUGH = 5
_DIGEST = pl.Schema(
    {
        "key": pl.UInt64,
        "row": pl.Int64,
        "ended": pl.Int64,
        "at": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
    }
)
_NO_SENTENCE = re.compile(
    r"https?:|www\.|\w\.[a-z]{3}\b|@|#|^\W*[\w ]{1,20}:|\S   *(?:\S|$)| [-–•*.,] | 's\b|: |^\s*(?:\d+[.)]"
    r"|[-*•]) "
)
_CODE = re.compile(r"```|[;{}]\s*\n|</\w+>|\\begin\{")


@dataclass(frozen=True)
class NoEndMark(CorpusCheck):
    """Compares longer answers in sentences with the other ones of their file; lists, headings and code are left out.

    Attributes:
        share: at most so many of the answers may lack the mark; where more do, it is the habit of the file.
    """

    severity: Severity = Severity.INFO
    share: float = 0.03

    def digest(self, batch: Batch) -> pl.DataFrame:
        """A line for all answers of the batch that end well, and one for each that does not."""
        text = pl.col("text")
        plain = batch.rows.filter(pl.col("layout") == "text").select("row")
        long = batch.targets.filter(text.str.len_bytes() >= _LONG).join(
            plain, on="row", how="anti", maintain_order="left"
        )
        if long.is_empty():
            return pl.DataFrame(schema=_DIGEST)
        marks = long.select("row", "at", "text", ended().alias("well"))
        file = batch.rows["file"][0]
        well = pl.DataFrame({"row": [marks["row"][0]], "ended": [int(marks["well"].sum())]})
        last = text.str.tail(80).str.replace(END, "")
        open_ = marks.filter(
            ~pl.col("well"), text.str.contains(r"^\W*\p{Lu}"), last.str.contains(r"[\p{Latin},]$")
        )
        spans = [_open_sentence(said) for said in open_["text"]]
        bad = open_.select("row", "at", pl.lit(0).alias("ended")).with_columns(
            pl.Series("start", [span and span[0] for span in spans], pl.Int32),
            pl.Series("end", [span and span[1] for span in spans], pl.Int32),
        )
        lines = pl.concat([well, bad.drop_nulls("start")], how="diagonal_relaxed").with_columns(
            pl.lit(file).alias("key")
        )
        return lines.select(pl.col(name).cast(dtype) for name, dtype in _DIGEST.items())

    def judge(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The answers without a mark, in files where few answers are so."""
        well = pl.col("ended").sum().over("key")
        open_ = pl.col("at").count().over("key")
        few = (open_ <= 1) | (open_ <= self.share * (open_ + well))
        bad = rows.filter(well >= _ENOUGH, few).drop_nulls("at")
        return found(bad, "no mark ends the answer, and nearly all others of the file have one")


def _open_sentence(text: str) -> tuple[int, int] | None:
    """The last sentence of a text of sentences, where nothing ends it."""
    said = without_end(text)
    rest = rest_of(said)
    if not is_prose(rest.text) or not paragraphs_stop(said):
        return None
    last = said[said.rfind("\n") + 1 :]
    if _NO_SENTENCE.search(last) or _CODE.search(said):
        return None
    return rest.start, rest.start + len(rest.text)
