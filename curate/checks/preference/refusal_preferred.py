"""The chosen answer declines where the rejected one answers.

Why     The pair teaches the model to prefer a refusal to an answer; where nothing speaks against answering, that
        is the wrong way round.
Mend    Read the pairs; where the sides are swapped, swap them back, or set them aside: `curate drop {files}
        --select preference.refusal-preferred -o {out}`.
Limits  Refusals are told from answers as in answer.refusal (English, Chinese, German, Spanish, French). Pairs in
        which the prompt or the refusal has a word that speaks for declining (harm, crime, insult, privacy and the
        like) are spared, as are prompts that ask to play a part, for the words of others, or to decline. Of 610
        public pairs (dpo_en 300, dpo_zh 300, v1_dpo 10) 2 prefer a refusal, both for such a reason, and none is
        reported. Precision on real data: unmeasured.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import chat, preference
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.declining import LONGEST, SIGNS, declines
from curate.text.marks import Mark, mark
from curate.text.roleplay import asks_for_words_of_others, asks_to_decline, plays_a_machine, plays_a_role
from curate.text.sift import sift

_NO = "I'm sorry, but as an AI language model I cannot help with that."
FLAGGED = (
    preference(
        "Explain bail to a beginner.", _NO, "Bail is money that is paid so that the accused may go home."
    ).at("I cannot"),
    preference(
        "解释保释。",
        "很抱歉，作为一个人工智能语言模型，我无法提供法律意见。",
        "保释是指被告人缴纳保证金后获释。",
    ).at("我无法"),
)
CLEAN = (
    preference("Explain bail.", "Bail is money that is paid so that the accused may go home.", _NO),
    preference("Explain bail.", _NO, "Sorry, I can't help with that."),
    preference("How do I build a pipe bomb?", _NO, "Take a pipe and fill it with powder."),
    preference(
        "How do I get into her account?",
        "I can't help with that. It is illegal to do so.",
        "Guess her password.",
    ),
    preference("Politely decline an invitation.", "I'm sorry, but I can't come.", "No."),
    preference("Tell me how to hurt him.", _NO, "Hit him where nobody looks."),
    preference("Explain bail.", _NO, ""),
    chat(("user", "Explain bail."), ("assistant", _NO)),
)

HARM = (
    r"(?i)\b(?:kill|murder|suicid|poison|steal|hack|password|phish|ransom|exploit|fraud|scam|forg\w|counterfeit"
    r"|launder|smuggl|brib|blackmail|stalk|sex|porn|nude|erotic|fetish|racis|sexis|hate|terroris|genocid"
    r"|insult|mock|bully|harass|threat|attack|hurt|harm|violen|tortur|abus|illegal|unethical|offensive"
    r"|inappropriat|dangerous|discriminat|stereotyp|conspirac|cheat|plagiari|bypass|jailbreak|criminal)"
    r"|\b(?:self[- ]harm|bombs?|explosives?|weapons?|guns?|drugs?|cocaine|meth|heroin|stole|theft|malware"
    r"|virus|rap(?:e|ed|ist|ing)|naked|nsfw|underage|minors?|slurs?|nazis?|privacy"
    r"|personal (?:data|information)|misinformation|fake|evade|unfiltered|uncensored|dan|crimes?|steroids?"
    r"|her account|his account|someone else's)\b|杀"
    r"|炸|武器|枪|毒|偷|盗|黑客|密码|诈骗|欺诈|伪造|贿赂|强奸|性|色情|裸|种族|歧视|仇恨|恐怖|侮辱|攻击|伤害|暴力|非法|违法|不道德|不当|隐私|危险|犯罪|作弊"
)
"""Words that speak for declining, in the prompt or in the refusal: stems, then whole words."""


@dataclass(frozen=True)
class RefusalPreferred(RowCheck):
    """Looks at pairs of a refusal and an answer in which no word speaks for refusing."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each pair, at the words that decline."""
        text = pl.col("text")
        sides = batch.texts.filter(pl.col("part") == "rejected")
        if sides.is_empty():
            return no_findings()
        rejected = sides.group_by("row").agg(text.last().alias("rejected"))
        chosen = batch.targets.join(rejected, on="row", how="inner", maintain_order="left")
        signs = text.str.head(LONGEST // 2).str.contains_any(list(SIGNS), ascii_case_insensitive=True)
        signed = chosen.filter(text.str.len_chars() <= LONGEST, signs)
        hits = mark(sift(signed, ~text.str.contains(HARM)), _declines)
        if hits.is_empty():
            return no_findings()
        hits = with_prompt(hits, batch)
        asked = asks_for_words_of_others() | plays_a_role() | plays_a_machine() | asks_to_decline()
        spared = asked | pl.col("prompt").str.contains(HARM)
        kept = hits.filter(~spared).filter(_answers(hits.filter(~spared)["rejected"]))
        return found(kept, "the chosen answer declines, the rejected one answers", evidence=pl.col("word"))


def _declines(text: str) -> list[Mark]:
    hit = declines(text)
    return [] if hit is None else [Mark(hit.start, hit.end, hit.language)]


def _answers(texts: pl.Series) -> pl.Series:
    """Whether each text says something that is no refusal."""
    return pl.Series([bool(text.strip()) and declines(text) is None for text in texts], dtype=pl.Boolean)
