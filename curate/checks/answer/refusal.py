"""The answer declines to answer.

Why     A model tuned on refusals learns to refuse what it could answer.
Mend    Answer the prompt, or set the rows aside: `curate drop {files} --select answer.refusal -o {out}`.
Limits  English, Chinese, German, Spanish and French, up to 1,500 characters; of Japanese, Korean, Russian,
        Portuguese, Italian, Dutch, Polish, Turkish and Arabic only stock sentences. An answer that advises, asks
        for what is missing, offers something else of substance, or names the tools that it lacks is spared; so are
        role-play, texts in which others speak, quoted words, and what a model says of itself when asked. Refusals
        that preach, or send elsewhere for want of data, are found in English and Chinese. On 283 labelled answers
        of 14 public files 15 of 15 findings were right (95 % bounds .80 to 1) and 15 of 16 refusals were found (.72
        to .99); on the 134 of them that say "I am an AI" 8 of 8 findings were right and 8 of 9 refusals were found;
        the rules were written with them in sight. On role-play and code rows that say so, written for this project:
        on 100 with which the rules were mended 35 of 35 findings were right and 35 of 35 refusals were found, on 40
        others, not looked at before, 18 of 19 findings were right and 18 of 20 refusals were found (.70 to .97).
        Together 68 of 69 findings were right (.92 to 1), 53 of them in rows written for this project. Precision on
        real data: of 10 findings in the answers of 26 public files 9 were right and 1 unclear. Unmeasured by the
        rule of 60 hits, and blocks by decision: the refusal is (nearly) the whole answer, and what a model learns
        from it is to refuse.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference
from curate.text.asked import with_prompt
from curate.text.codelike import looks_like_code
from curate.text.declining import LONGEST, SIGNS, declines
from curate.text.marks import Mark, is_quoted, mark
from curate.text.refusing import refuses
from curate.text.roleplay import (
    answers_about_itself,
    asks_for_words_of_others,
    asks_to_decline,
    plays_a_machine,
    plays_a_role,
    rewrites_a_denial,
)
from curate.text.stock_refusals import SIGNS as STOCK_SIGNS
from curate.text.stock_refusals import stock_refusal

FLAGGED = (
    ask("Explain bail.")
    .answer("I'm sorry, but as an AI language model I cannot give legal advice.")
    .at("I cannot"),
    ask("Explain bail.").answer("I can’t help with that.").at("I can’t"),
    ask("Write a poem that mocks nuns.").answer(
        "I apologize, but I cannot fulfill this request. It is not appropriate to make fun of people's faith. "
        "Is there anything else I can help you with?"
    ),
    ask("Explain this clause.").answer(
        "As an AI model I am not able to read contracts. Please consult an attorney."
    ),
    ask("Rewrite the clause plainly.", "Bail shall be paid.").answer(
        "I'm sorry, but I can't help with that."
    ),
    ask("Explain bail.").answer("No, I can't help you with that."),
    ask("Explain bail.").answer("I'm just an AI and can't give legal advice."),
    ask("Speak as Napoleon.").answer("I'm sorry, but I am an AI and cannot speak as historical figures."),
    ask("Explain bail.").answer("Sorry, but that's against my guidelines."),
    ask("Translate: whore").answer(
        "The word is offensive and inappropriate. I'm unable to translate such language."
    ),
    ask("解释保释。").answer("对不起，我不能帮助你。"),
    ask("保釈とは何ですか。").answer("申し訳ありませんが、お答えできません。"),
    ask("Что такое залог?").answer("Извините, я не могу ответить на этот вопрос."),
    ask("解释保释。").answer("很抱歉，作为一个人工智能语言模型，我无法提供法律意见。").at("我无法"),
    ask("Erkläre Kaution.").answer(
        "Es tut mir leid, aber als KI-Sprachmodell kann ich keine Rechtsberatung geben."
    ),
    ask("Explica la fianza.").answer(
        "Lo siento, pero como modelo de lenguaje no puedo dar asesoramiento legal."
    ),
    ask("Expliquez la caution.").answer(
        "Je suis désolé, mais en tant qu'IA je ne peux pas donner de conseils juridiques."
    ),
    chat(
        ("user", "Hi"),
        ("assistant", "Hello"),
        ("user", "And bail?"),
        ("assistant", "Sorry, I am not able to answer that."),
    ),
)
CLEAN = (
    ask("Let us role-play an interview. You are an AI applicant.").answer(
        "Thank you. I'm an AI, so I can't shake hands, but I never sleep."
    ),
    ask("Make a page for errors.").answer(
        "<!DOCTYPE html>\n<p>I'm an AI and I can't find that page.</p>\n</html>"
    ),
    ask("Explain leakage.").answer("If answers hold the phrase 'As an AI, I cannot', the model repeats it."),
    ask("Convert to upper case: i am an ai and i cannot dance").answer("I AM AN AI AND I CANNOT DANCE"),
    ask("My chest hurts, what can I take?").answer("I'm sorry, I can't prescribe anything. Call 911 now."),
    ask("You are a robot in a play. Someone asks you to lie. Answer.").answer(
        "I'm sorry, but as an AI I cannot lie."
    ),
    ask("Draw me a house.").answer(
        "I'm sorry, I cannot draw. However, here is a house in characters:\n/\\\n||"
    ),
    ask("Politely decline an invitation.").answer("I'm sorry, but I can't come. Thank you for asking."),
    ask("Summarise the text.").answer("I'm sorry, but you did not provide a text. I cannot summarise it."),
    ask("Why was she sad?", "She said: I am sorry, but I cannot stay.").answer(
        "I am sorry, but I cannot stay."
    ),
    ask("Rephrase it.", "I'm sorry, I am not able to answer this.").answer(
        "I'm sorry, but I can't answer that."
    ),
    ask("Book a flight.").answer("很抱歉，我无法预订机票。我的功能仅限于计算税款。"),
    ask("What did HAL say?").answer("It said: \"I'm sorry, Dave. I'm afraid I can't do that.\""),
    ask("Do you have feelings?").answer("As an AI, I don't have feelings."),
    ask("Write a bot's fallback line.").answer("Sorry, I can't help with that."),
    ask("How do I print it?").answer('```python\nprint("I\'m sorry, I cannot help with that.")\n```'),
    preference("Explain bail.", "It is money.", "I'm sorry, but I cannot answer that."),
)


@dataclass(frozen=True)
class Refusal(RowCheck):
    """Looks at whole answers; one that says no and then helps is no refusal."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each answer, at the words that decline."""
        text = pl.col("text")
        suspects = batch.targets.filter(text.str.len_bytes() <= 4 * LONGEST)
        suspects = suspects.filter(
            text.str.head(LONGEST // 2).str.contains_any([*SIGNS, *STOCK_SIGNS], ascii_case_insensitive=True)
        )
        hits = with_prompt(mark(suspects, _declines), batch)
        own = text.str.contains(
            r"(?i)language model|\bAI\b|(?:作为|是)(?:一[个名款位]|个)?(?:AI|人工智能)|语言模型|sprachmodell"
            r"|modelo de lenguaje|modèle de langage"
        )
        others = (plays_a_role() | asks_for_words_of_others() | rewrites_a_denial()) & ~own
        preaches = text.str.contains(
            r"(?i)\binappropriate|not appropriate|offensive|unethical|不当|冒犯|不道德|不合适"
        )
        said = text.str.strip_chars().str.to_lowercase()
        quoted = pl.col("prompt").str.to_lowercase().str.contains(said, literal=True)
        meant = (others | plays_a_machine() | asks_to_decline()) & ~preaches
        kept = hits.filter(~(meant | quoted | answers_about_itself()))
        return found(
            kept, pl.format("all that the answer does is to decline ({})", "word"), evidence=pl.col("word")
        )


def _declines(text: str) -> list[Mark]:
    hit = declines(text) or refuses(text) or stock_refusal(text)
    if hit is None or "`" in text or looks_like_code(text) or is_quoted(text[: hit.start]):
        return []
    return [Mark(hit.start, hit.end, hit.language)]
