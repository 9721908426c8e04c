"""The answer goes round in a loop.

Why     A model that was caught in a loop wrote it; a model tuned on it gets caught more easily, and never stops.
Mend    Cut the loop, or set the rows aside: `curate drop {files} --select answer.repetition -o {out}`.
Limits  Answers of 200 characters and more of which at least half is one unit of up to 1,000 characters, or one line
        or sentence, six times or more. Tables, code, readings by the hour, and prompts that order a song, a sound,
        a drawing or so many times the same are spared. Precision on real data: unmeasured, for no trained answer of
        26 public files (74,570 answers) is flagged; the one loop in them stands in a rejected answer and is found
        when it is looked for there. Blocks by decision although unmeasured: most of the answer is the loop, and a
        model learns to stay in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import with_prompt
from curate.text.ends import END
from curate.text.marks import Mark, mark
from curate.text.repeats import LONGEST_UNIT, SHORTEST, TAIL, loop_of

_MAKE = (
    r"(?:write|compose|create|generate|make|give|tell|recite|sing|draw|show|print|produce|provide|fill|type|say|answer"
    r"|reply|respond|send|use)"
)
_ORDER = r"(?:^|[.!?:;,\n]\s*|\b(?:please|and|then|just|now|can you|could you|you must|you should)\s+)"
_GENRES = (
    r"(?:songs?|lyrics|poems?|poetry|verses?|chorus|refrain|chants?|mantras?|rhymes?|hymns?|raps?|haikus?"
    r"|litan(?:y|ies)"
    r"|prayers?|lullab(?:y|ies)|carols?|ascii|drawings?|patterns?|matri(?:x|ces)|grids?|csv|html|dna|rna"
    r"|proteins?|fasta|poly-?[acgtu]\b|binary|bingo|palindromes?|emojis?|emoticons?|hearts|smileys|dots|blanks?|forms?|templates?|borders?"
    r"|rulers?|lines of|braille|morse|program|script|code|gedicht|lied|canci[oó]n|poema|chanson|po[eè]me)"
)
_NOISES = (
    r"(?:laugh|giggle|cheer|scream|shout|yell|cry|sob|weep|howl|bark|meow|purr|moo|oink|quack|chirp|cluck|hiss|growl"
    r"|roar|snore|yawn|beep|buzz|hum|clap|applaud|chant|sing|drum|whistle|stutter|panic|celebrate|count|spam|repeat)"
)
_ASKED = (
    rf"(?i)\b{_MAKE}\b[^.?!\n]{{0,80}}\b{_GENRES}\b|{_ORDER}{_NOISES}\b|\bdraw\b"
    r"|\b(?:what|which|make|imitate|mimic)\b[^.?!\n]{0,40}\b(?:sounds?|noises?)\b|\bonomatopoe"
    r"|\b(?:sounds?|noises?)\b[^.?!\n]{0,40}\b(?:make|makes|like)\b"
    rf"|{_ORDER}(?:{_MAKE}|repeat|copy|echo)\b[^.?!\n]{{0,80}}\b(?:\d+|ten|twenty|fifty"
    r"|(?:a )?hundred|(?:a )?thousand|many|several) (?:times|copies|lines|words|letters|characters)\b"
    r"|\b(?:over and over|again and again|in a loop|forever|for ever|endless(?:ly)?|until i say)\b"
    r"|\b(?:with|of|for) (?:\d+|ten|twelve|twenty|fifty) (?:times|copies|lines|rows|blanks|signatures?|fields)\b"
    r"|重复|遍|写.{0,12}(?:歌|诗|词)|唱|笑|叫|[写画列生成].{0,12}(?:图案|矩阵|序列|代码|表格)|表情"
)
_FORM = (
    r"```|_{4,}|(?m)^\s*\|.*\|\s*$|\t.*\t|</\w+>|[;{]\s*\n"
    r"|(?m)^\s*(def|class|import|for|while|if|return|print)\b.*[:)]\s*$"
)

FLAGGED = (
    ask("Explain bail.")
    .answer("Bail is money. " + "The court may set it. " * 12)
    .at(". " + "The court may set it. " * 11 + "The court may set it."),
    ask("Explain bail.").answer(
        "Bail is money that one pays. " + "and the court and the court " * 15 + "<|endoftext|>"
    ),
    ask("Name ten causes.").answer(
        "\n".join(f"{n}. The cause of the disease is not known." for n in range(1, 13))
    ),
    ask("解释保释。").answer("保释是一种制度。" + "法院可以决定保释。" * 30),
    chat(("user", "Hi"), ("assistant", "I am fine. " + "no " * 90)),
    ask("How many times may rent be raised?").answer("Once a year and no more than that. " * 30),
    ask("Explain the code of conduct.").answer("Members treat each other with respect. " * 30),
    ask("Explain bail.").answer("🙂" * 300),
    ask("Explain bail.").answer("." * 400),
    row({"text": "It began well. " + "It was the best of times. " * 14}),
)
CLEAN = (
    ask("Give me the FASTA poly-A tail.").answer("A" * 240),
    ask("Draft a signature page with 10 lines.").answer("Signature: ____________\n" * 10),
    ask("Explain bail.").answer("The court sets bail. " * 5),
    ask("Write a song.").answer("La la la la, we sing along\n" * 12),
    ask("Repeat 'yes we can' 30 times.").answer("yes we can " * 30),
    ask("Laugh.").answer("ha " * 90),
    ask("What sound does a cat make for a minute?").answer("Meow! " * 60),
    ask("Draw a line.").answer("Here it is:\n" + "-" * 300),
    ask("What is 1/3?").answer("0." + "3" * 300),
    ask("List the readings.").answer(
        "\n".join(f"{n:02}:00 BP 120/80, HR 72, SpO2 98 %" for n in range(8, 16))
    ),
    ask("List the readings.").answer("\n".join(f"| {n} | normal | none |" for n in range(20))),
    ask("Explain bail.").answer(
        " ".join(f"Rule {n} of the code says what the court weighs in case {n * 7}." for n in range(20))
    ),
    preference("Explain bail.", "It is money.", "The court may set it. " * 20),
)


@dataclass(frozen=True)
class Repetition(RowCheck):
    """Looks at long answers, unless the prompt asks for what repeats, or the answer is code or a table."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, over the stretch that repeats."""
        text = pl.col("text")
        long = batch.targets.filter(text.str.len_chars() >= SHORTEST).with_columns(text.str.replace(END, ""))
        window = text.str.tail(LONGEST_UNIT + TAIL)
        tail = window.str.tail(TAIL)
        periodic = window.str.head(-1).str.contains(tail, literal=True)
        suspects = long.filter(periodic | (text.str.count_matches(r"[.!?。！？\n]") >= _UNITS))
        hits = with_prompt(mark(suspects, _loop).filter(~pl.col("text").str.contains(_FORM)), batch)
        return found(
            hits.filter(~pl.col("task").str.contains(_ASKED)),
            "the answer repeats itself: half of it or more is one unit",
            evidence=pl.col("word"),
        )


_UNITS = 6


def _loop(text: str) -> list[Mark]:
    hit = loop_of(text)
    return [] if hit is None else [Mark(hit.start, hit.end)]
