"""An invisible character, or a space that is none, stands in the text.

Why     Two words that look the same become different tokens, and a search or a stop word misses one of them; the
        model learns to write characters that nobody sees.
Mend    Take the characters out: `curate fix {files} --select text.invisible -o {out}`.
Limits  Zero-width characters, soft hyphens, byte order marks, direction marks, fillers and tag characters, and
        no-break spaces between words or after a sentence. Joiners in emoji and in scripts that need them, direction
        marks beside right-to-left letters, and the no-break spaces of typography ("27 km", "p = 0.3", "No. 4") are
        spared. Precision on real data: of 194 findings in T0, gsm8k, c4, dpo_en, dpo_zh, kto_en and PubMedQA all 43
        different places were read; 40 were stray, 3 ("square kilometres" and the like) may be meant. In clean
        corpora: GSM8K 15 hits, 14 of 14 read right, 1 unclear; PubMedQA 6 hits, 6 of 6 read right.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found, locate
from curate.core.examples import ask, chat, row

_JOINED = "\u0600-\u08ff\u0900-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufeff\u200c\u200d"
_EMOJI = "\u2190-\u2bff\u3030\u303d\u3297\u3299\ufe0f\ufe0e\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f"
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1a20-\u1aaf\ua9e0-\ua9ff\uaa60-\uaa7f\u0f00-\u0fff"
_RIGHT_TO_LEFT = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_MARKS = "\u200e\u200f\u061c\u202a\u202b\u202c\u2066\u2067\u2068\u2069"

CHARACTERS = (
    "\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufeff\uffa0"
    "\U000e0020-\U000e007f"
)
_STRAY_SPACE = "[a-z][,;.!?]?\u00a0[ A-Za-z]"
_FOUND = re.compile(
    f"[\u200c\u200d](?<![{_JOINED}{_EMOJI}][\u200c\u200d])|\u200d(?![{_JOINED}{_EMOJI}])(?<![{_JOINED}]\u200d)"
    f"|[\u200b\u2060](?![{_UNSPACED}])(?<![{_UNSPACED}][\u200b\u2060])"
    "|\u00a0(?=[ A-Za-z])(?:(?<=[A-Za-z][a-z]{2}[,;!?]\u00a0)|(?<=[A-Za-z][a-z]{3}[.]\u00a0)(?<!Prof[.]\u00a0))"
    "|\u00a0(?=[a-z]{3}| )(?<=[a-z]{3}\u00a0)"
    "|[\u00ad\u061c\u180e\u200e\u200f\u202a-\u202e\u2061-\u2064\u2066-\u2069\u3164\ufeff\uffa0]"
    "|[\u115f\u1160](?<![\u1100-\u115f\u1160\ua960-\ua97f][\u115f\u1160])(?![\u1160-\u11ff\ud7b0-\ud7ff])"
    "|[\U000e0020-\U000e007f](?<![\U0001f3f4\U000e0020-\U000e007f][\U000e0020-\U000e007f])[\U000e0020-\U000e007f]*"
)
"""Each alternative begins with the character itself, which lets the engine skip to the next candidate."""

FLAGGED = (
    ask("How many minutes?").answer("450 \u200bminutes").at("\u200b"),
    ask("Where is it?").answer("40.7°N \ufeff/ 73.9°W").at("\ufeff"),
    ask("Who fights?").answer("pro-\u00adgovernment forces").at("\u00ad"),
    ask("Turkish: Medrese\u200e").answer("A school.").at("\u200e"),
    chat(("user", "Hi"), ("assistant", "acc\u202eess")).at("\u202e"),
    ask("Is there a quicker way?").answer("Yes,\u00a0type N.").at("\u00a0"),
    row({"text": "pass\u200dword"}).at("\u200d"),
    ask("Hi").answer("Hello\U000e0041\U000e0042").at("\U000e0041\U000e0042"),
)
CLEAN = (
    ask("Emoji?").answer(
        "🤦🏽\u200d♀️ 👩\u200d👩\u200d👧 ❤️\u200d🔥 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    ),
    ask("Persian?").answer("می\u200cخواهم\u200f."),
    ask("हिन्दी?").answer("क्\u200dष, ന്\u200d"),
    ask("ไทย?").answer("ภาษา\u200bไทย"),
    ask("How far is it?").answer(
        "12\u00a0km, « oui\u00a0», St.\u00a0Ives, No.\u00a04, p\u00a0=\u00a00.3, World War\u00a0II"
    ),
)


@dataclass(frozen=True)
class Invisible(RowCheck):
    """Looks at every text that is trained on or given."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each character, or run of tag characters."""
        text = pl.col("text")
        texts = batch.texts.filter(pl.col("part") != "rejected", text.str.len_bytes() != text.str.len_chars())
        suspects = texts.filter(text.str.contains(f"[{CHARACTERS}]|{_STRAY_SPACE}"))
        hits = locate(suspects.with_columns(text.str.contains(_RIGHT_TO_LEFT).alias("turned")), _FOUND)
        hits = hits.filter(~(pl.col("turned") & pl.col("match").is_in(list(_MARKS))))
        is_space = pl.col("match") == "\u00a0"
        named = pl.col("match").map_elements(name_of, return_dtype=pl.String)
        return found(
            hits,
            pl.when(is_space)
            .then(pl.format("a no-break space stands in the {} where a space belongs: {}", "part", named))
            .otherwise(pl.format("an invisible character stands in the {}: {}", "part", named)),
            evidence=named,
            fix=pl.when(is_space).then(pl.lit(" ")).otherwise(pl.lit("")),
        )


def name_of(run: str) -> str:
    """Code point and Unicode name of the first character, as the code charts write them."""
    return f"U+{ord(run[0]):04X} {unicodedata.name(run[0], 'unnamed')}"
