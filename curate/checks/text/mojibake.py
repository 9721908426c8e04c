"""Characters are garbled: UTF-8 was read in another encoding.

Why     The model learns to write "LÃ¼beck" for "Lübeck", and the tokenizer spends several tokens on each such letter.
Mend    Read the source again as UTF-8, or put back what was meant: `curate fix {files} --select text.mojibake -o
        {out}`.
Limits  Windows-1252 and Latin-1 (also twice over), and the quotation marks of Windows-1250 and Mac Roman. A single
        Greek, Cyrillic or Chinese letter between spaces is not seen. Precision on real data: all 778 findings (84
        distinct places) in T0, dpo_en_demo and kto_en_demo were read and were right; none in the 3,837 rows of
        MedQuAD, in PubMedQA or in the Chinese sets. An "â€" whose last byte is lost has no repair, and
        nothing has one in a text or under a prompt about encodings.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.marks import mark
from curate.text.mojibake import ABOUT, GARBLED, repairs

FLAGGED = (
    ask("Where is the Holsten Gate?").answer("In LÃ¼beck.").at("Ã¼"),
    ask("When does water freeze?").answer("At 0 Â°C.").at("Â°"),
    ask("Itâ€™s late?").answer("Yes.").at("â€™"),
    ask("Who wrote it?").answer("It was him â\x80\x94 of course.").at("â\x80\x94"),
    ask("Say hello.").answer("Hello ðŸ˜€").at("ðŸ˜€"),
    ask("Translate: hello").answer("ÐŸÑ€Ð¸Ð²ÐµÑ‚").at("ÐŸÑ€Ð¸Ð²ÐµÑ‚"),
    chat(("user", "Hi"), ("assistant", "Youâ€ said so.")).at("â€"),
    row({"text": "Iâ€™m MÃ¼ller, and Iâ€™m late."}).at("Ã¼"),
    row({"text": "It is Ã¢â‚¬â„¢twice."}).at("Ã¢â‚¬â„¢"),
    row({"text": "It‚Äôs from a Mac."}).at("‚Äô"),
)
CLEAN = (
    ask("Maiúsculas, por favor: não").answer("NÃO, “AMANHÃ” ou “MANHÃ”… À SAÚDE! “IRMÔ MANHÃ—NOITE"),
    ask("Et en français ?").answer("«\xa0L’été, CAFÉ\xa0» : où ça ? ÎLE, ÂGE, MAÎTRE, café\xa0»"),
    ask("Tiếng Việt?").answer("Đây là tiếng Việt: ÂM NHẠC, “CÔ”, “HÃY” “Ô” ĂN Ã"),
    ask("Auf Deutsch?").answer("Viel „Spaß“, „NEIN“, „JÄ“ „Ö” Ü– 20 °C"),
    ask("Español").answer("“ESPAÑA” – “EL NIÑO” «CAFÉ» aquí”"),
    preference("Where?", "In Lübeck.", "In LÃ¼beck."),
)


@dataclass(frozen=True)
class Mojibake(RowCheck):
    """Looks at every text that is trained on or given, and offers the repaired text."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each garbled run."""
        text = pl.col("text")
        texts = batch.texts.filter(pl.col("part") != "rejected", text.str.len_bytes() != text.str.len_chars())
        suspects = texts.filter(text.str.contains(GARBLED))
        if suspects.is_empty():
            return no_findings()
        hits = with_prompt(mark(suspects, repairs), batch)
        about = pl.col("text").str.contains(ABOUT) | pl.col("task").str.contains(ABOUT)
        hits = hits.with_columns(pl.when(~about).then("fix"))
        return found(hits, pl.format("garbled characters in the {}", "part"))
