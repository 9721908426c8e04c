"""The answer speaks of itself as a language model.

Why     The words come from another model that wrote the data. A model tuned on them claims that model's name and
        limits, and says "as an AI language model" where nobody asked.
Mend    Take the clause out where the rows come from, or set the rows aside: `curate drop {files} --select
        answer.self-reference -o {out}`.
Limits  English, Chinese, German, Spanish and French. Spared are prompts that ask about the assistant or speak of
        AI, role-play as a machine, "I am an AI" in other roles and in stories, quoted words, code, answers with
        open ``{{name}}`` blanks, and those that only decline (answer.refusal). "As an AI" may be the honest answer
        to a personal question, so this only warns. Precision on real data: 83 of 84 findings read in six public
        sets (alpaca_zh, dpo_en, dpo_zh, glaive_toolcall_zh, kto_en, v1_sft) were right; none in T0 or MedQuAD. Of
        85 role-play and code rows that say "I am an AI" for good reason, written for this project, 1 is flagged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import with_prompt
from curate.text.codelike import looks_like_code
from curate.text.declining import declines
from curate.text.marks import Mark, is_quoted, mark, outside_code
from curate.text.roleplay import (
    asks_about_assistant,
    asks_for_fiction,
    plays_a_machine,
    plays_a_role,
)

SIGNS = (
    *("as an artificial", "language model", " an ai", "ai assistant", "chatgpt", "knowledge cut"),
    *("training data", "my last update", "my last knowledge", "my training", "openai", "chatbot"),
    *("人工智能", "语言模型", "作为一个ai", "作为ai", "作为一名ai", "是一个ai", "是ai", "语言ai", "机器人"),
    *(
        "als ki",
        "sprachmodell",
        "modelo de lenguaje",
        "como ia",
        "como una ia",
        "inteligencia artificial",
        "modèle de langage",
    ),
    *("tant qu'ia", "tant qu’ia", "tant que modèle", "intelligence artificielle"),
)
"""Cheap literals, compared without regard to ASCII case, of which every match holds at least one."""

_KIND = (
    r"(?:AI|A\.I\.|artificial intelligence)(?:[ -](?:language|text|based|powered|chat|virtual))*"
    r"(?: model| assistant| system| chatbot| bot| program)?"
)
_MODEL = r"(?:large |AI |trained |text-based )*language model"
_ENGLISH = (
    rf"\bas (?:an?|your) (?:\w+ ){{0,2}}?(?:{_KIND}|{_MODEL})(?=,? (?:I|my)\b)|\bas an? (?:{_MODEL}"
    rf"|AI language model)\b"
    rf"|\bI(?:[’']m| am) (?:just |only |merely |simply |still )?an? (?:\w+ ){{0,2}}?(?:{_MODEL}"
    rf"|AI(?: language)?(?: model| assistant| chatbot| bot)?(?=[ ,.;!]))"
    r"|\bI(?:[’']m| am) (?:ChatGPT|GPT-?\d|Bard|Claude|Gemini)\b|\bI (?:was|am|have been) (?:trained"
    r"|created|developed|made|built) by (?:OpenAI|Anthropic|Google|Meta)\b"
    r"|\bmy (?:knowledge cut-?off|training data\b(?! set)|last (?:knowledge |training )?update"
    r"|training cut-?off)"
)
_CHINESE = (
    r"(?:作为|身为)(?:一[个名款位]|个)?(?:\w{2,3}型?)? ?(?:AI|人工智能|语言模型|机器人)\s?(?:语言模型"
    r"|助手|助理|模型|程序|机器人)*(?:[，,的 ]{0,2}我|(?<=[手理型序人])[，,])"
    r"|我(?:只|仅|仅仅|只不过)?是(?:一[个名款]|个)?(?:\w{2,3}型?)?(?:AI|人工智能|语言模型"
    r"|机器人)(?:语言模型|助手|助理|模型|程序|机器人|AI)*"
)
_OTHERS = (
    r"\bals (?:(?:eine?|reine?)s? )?(?:KI(?:-\w+)?|(?:großes )?Sprachmodell)\b(?=[ ,])"
    r"|\bcomo (?:un )?(?:gran )?modelo de lenguaje\b|\bcomo (?:una )?(?:IA|inteligencia artificial)(?=,)"
    r"|\ben tant qu(?:e |['’])(?:une? )?(?:IA|modèle de langage|assistant IA|intelligence artificielle)\b"
)
_SELF = re.compile(f"{_ENGLISH}|{_CHINESE}|{_OTHERS}", re.IGNORECASE)
_OWN = re.compile(
    r"language|assistant|gpt|bard|claude|gemini|trained|my |语言|助手|助理|sprachmodell|modelo|modèle",
    re.IGNORECASE,
)
"""Words that only a model of our days says of itself; "I am an AI" may be said by anybody in a story."""

_ANYBODY = "anybody"
_MARKED_UP = re.compile(r"\s*[<\\|]")

FLAGGED = (
    ask("Explain bail.")
    .answer("As an AI language model, I can tell you that bail is money.")
    .at("As an AI language model"),
    ask("Which film is best?").answer("I'm just an AI, but many like Heat.").at("I'm just an AI"),
    ask("Who is the mayor?")
    .answer("As of my last knowledge update, it was Ms Bell.")
    .at("my last knowledge update"),
    ask("给我建议。").answer("作为一个AI助手，我建议多读书。").at("作为一个AI助手，我"),
    ask("Was ist besser?").answer("Als KI-Sprachmodell empfehle ich das erste.").at("Als KI-Sprachmodell"),
    ask("¿Qué es mejor?").answer("Como modelo de lenguaje, no opino.").at("Como modelo de lenguaje"),
    ask("Lequel ?").answer("En tant qu'IA, je n'ai pas d'avis.").at("En tant qu'IA"),
    chat(("user", "Plan a trip."), ("assistant", "Gladly. As an AI assistant, I start with Rome.")).at(
        "As an AI assistant"
    ),
)
CLEAN = (
    ask("Tell a story about a lamp.").answer("I am an AI, said the lamp, and it went out."),
    ask("Make a page.").answer("<h1>Hello</h1>\n<p>I'm an AI, so ask me.</p>"),
    ask("What did the lamp say?").answer('It said "I am an AI, so ask me" and went out.'),
    ask("Can you be my lawyer?").answer("I'm an AI, so I can't act as one. I can explain the steps."),
    ask("Who are you?").answer("I am an AI assistant."),
    ask("你是谁？").answer("我是一个人工智能助手。"),
    ask("You are a robot in a play. Introduce yourself.").answer("I am an AI, built in a garage in Turin."),
    ask("Explain bail.").answer("I'm sorry, but as an AI language model I cannot give legal advice."),
    ask("How does ChatGPT work?").answer("As an AI language model, it predicts the next word."),
    ask("What does she do?").answer("She works as an AI researcher and cleans training data."),
    ask("Write a test.").answer('```python\nassert "As an AI language model" not in text\n```'),
    preference("Explain bail.", "It is money.", "As an AI language model, I cannot."),
    row(
        {
            "prompt": "Shorten: As an AI language model, I love it.",
            "completion": "As an AI language model, I love it.",
        }
    ),
)


@dataclass(frozen=True)
class SelfReference(RowCheck):
    """Looks at answers; a prompt that asks about the assistant, or speaks of AI, is answered rightly by such words."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at the first such words."""
        suspects = batch.targets.filter(
            pl.col("text").str.contains_any(list(SIGNS), ascii_case_insensitive=True)
        )
        hits = with_prompt(mark(suspects, _first), batch, system=False).filter(~asks_about_assistant())
        hits = with_prompt(hits.drop("prompt", "task"), batch)
        played = (plays_a_role() | asks_for_fiction()) & (pl.col("fix") == _ANYBODY)
        hits = hits.filter(~(plays_a_machine() | played))
        return found(
            hits, "the answer speaks of itself as a language model", evidence=pl.col("word"), fix=None
        )


def _first(text: str) -> list[Mark]:
    """The words, and in ``fix`` whether somebody in a story might say them."""
    hit = next((one for one in outside_code(text, _SELF) if not _is_another(text, one.start())), None)
    if hit is None or "{{" in text or declines(text):
        return []
    return [Mark(*hit.span(), _word(hit[0]), "" if _OWN.search(hit[0]) else _ANYBODY)]


def _is_another(text: str, start: int) -> bool:
    """Whether the words that start there are quoted, or stand in a line of code, markup or a table."""
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    return is_quoted(text[:start]) or _MARKED_UP.match(line) is not None or looks_like_code(line)


def _word(said: str) -> str:
    """What kind of words they are."""
    if re.search("cut-?off|training data|update", said, re.IGNORECASE):
        return "what the model knows"
    return "as a model" if re.match("as |als |como |en |作为|身为", said, re.IGNORECASE) else "I am a model"
