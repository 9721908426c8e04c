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
from curate.text.asked import with_prompt
from curate.text.declining import LONGEST, SIGNS, declines
from curate.text.marks import Mark, mark
from curate.text.roleplay import asks_for_words_of_others, asks_to_decline, plays_a_machine, plays_a_role

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
    r"(?i)\b(?:kill\w*|murder\w*|suicid\w*|self[- ]harm|bombs?|explosives?|weapons?|guns?|poison\w*|drugs?"
    r"|cocaine|meth|heroin|steal\w*|stole|theft|hack\w*|password\w*|phish\w*|malware|virus|ransom\w*"
    r"|exploit\w*|fraud\w*|scam\w*|forg\w+|counterfeit\w*|launder\w*|smuggl\w*|brib\w*|blackmail\w*"
    r"|stalk\w*|rap(?:e|ed|ist|ing)|sex\w*|porn\w*|nude\w*|naked|erotic\w*|nsfw|fetish\w*|underage|minors?"
    r"|racis\w*|sexis\w*|slurs?|hate\w*|nazis?|terroris\w*|genocid\w*|insult\w*|mock\w*|bully\w*|harass\w*"
    r"|threat\w*|attack\w*|hurt\w*|harm\w*|violen\w*|tortur\w*|abus\w*|illegal\w*|unethical\w*"
    r"|offensive\w*|inappropriat\w*|dangerous\w*|discriminat\w*|stereotyp\w*|privacy|personal (?:data"
    r"|information)|conspirac\w*|misinformation|fake|cheat\w*|plagiari\w*|evade|bypass\w*|jailbreak\w*"
    r"|unfiltered|uncensored|dan|crimes?|criminal\w*|steroids?|her account|his account|someone else's)\b|杀"
    r"|自杀|炸|武器|枪|毒|偷|盗|黑客|密码|诈骗|欺诈|伪造|贿赂|强奸|性|色情|裸|种族|歧视|仇恨|恐怖|侮辱|攻击|伤害|暴力|非法|违法|不道德|不当|隐私|危险|犯罪|作弊"
)
"""Words that speak for declining, in the prompt or in the refusal."""


@dataclass(frozen=True)
class RefusalPreferred(RowCheck):
    """Looks at pairs of a refusal and an answer in which no word speaks for refusing."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each pair, at the words that decline."""
        text = pl.col("text")
        rejected = (
            batch.texts.filter(pl.col("part") == "rejected")
            .group_by("row")
            .agg(text.last().alias("rejected"))
        )
        chosen = batch.targets.join(rejected, on="row", how="inner", maintain_order="left")
        signs = text.str.head(LONGEST // 2).str.contains_any(list(SIGNS), ascii_case_insensitive=True)
        suspects = chosen.filter(text.str.len_chars() <= LONGEST, signs, ~text.str.contains(HARM))
        hits = with_prompt(mark(suspects, _declines), batch)
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
