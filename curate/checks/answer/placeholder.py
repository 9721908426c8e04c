"""The whole answer is a placeholder.

Why     The answer was never written; the model learns to answer with the placeholder.
Mend    Write the answer, or set the rows aside: `curate drop {files} --select answer.placeholder -o {out}`.
Limits  A fixed vocabulary in English, German, French, Spanish and Chinese, compared as a whole: "TODO", "k. A.",
        "siehe Anhang", "à compléter", what an export leaves behind ("NaN", "null", "#REF!", "#NV"), blanks in
        brackets. "-", "?", "???", "Erledigt." and "closed" are answers and not in it; "None" is only where the
        prompt is not English or asks to explain. Words that stand in the prompt ("say N/A if there is none") are
        spared, and so are prompts to which such a word is an answer ("what does WIP stand for?", "which value does
        the variable have?", "where is it?"). Precision on real data: unmeasured, for none of 74,570 answers in 26
        public files (T0 and MedQuAD among them) is flagged. Blocks by decision although unmeasured: the placeholder
        is the whole answer, and nothing else can be learnt from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.ends import without_end
from curate.text.sift import sift


class Kind(NamedTuple):
    """A kind of placeholder: what the whole answer must be, without regard to case, and prompts that ask for it."""

    pattern: re.Pattern[str]
    asked: re.Pattern[str]


def _kind(pattern: str, asked: str = "(?!)") -> Kind:
    return Kind(re.compile(pattern, re.IGNORECASE), re.compile(asked, re.IGNORECASE))


_MEANING = (
    r"\bstands? for\b|\bmean(?:s|ing)?\b|\babbreviat|\bacronym|\bspell|\bexpand|\bfull form\b|\bsynonym|\btranslat"
    r"|\b(?:which|what)\b[^.?\n]{0,60}\b(?:comments?|keywords?|tags?|marks?|markers?|labels?|words?|phrases?|"
    r"abbreviations?|acronyms?|symbols?|strings?|letters)\b|意思|缩写|全称"
    r"|\bbedeute|\bheißt\b|\bsteh(?:t|en)\b.{0,40}\bfür\b|\w*abkürz|\bkürzel|\bübersetz|\bsynonym|\bbuchstab"
    r"|\bsignifi|\bveut dire\b|\babr[ée]viat|\btradu|\bsiglas?\b|\bsigles?\b"
)
_VALUE = (
    r"\b(?:missing|values?|variables?|fields?|columns?|cells?|symbol|element|chemical|chemistry|codes?|country|json"
    r"|sql|java|javascript|js|python|pandas|excel|spreadsheet|formula|database|function|print|prints|returns?|logs?"
    r"|console|output of|hypothesis|pointer|keyword|query|parse[sd]?|api|zero|german|applicable|empty|unset"
    r"|undefined)\b|空值|代码"
    r"|\b(?:feld|wert|spalte|zelle|tabelle|formel|fehler|variable|datenbank|datei|eintrag|formular|fragebogen|akte"
    r"|angabe|leer|null|champs?|valeur|colonne|cellule|tableau|formule|erreur|vide|campos?|valor|columna|celda|tabla"
    r"|f[óo]rmula|vac[íi]o|ficha|dossier)(?:e?[ns])?\b"
)
_SUM = (
    r"\bwie ?viele?\b|\bergebnis|rechne|\bsumme|\bergibt\b|\bminus\b|\bgrad\b|\bpunkt|\bspiel|\bzahl\b"
    r"|\d\s*[-+*/=:]\s*\d"
)
"""Prompts to which "null" is an answer, being the German word for zero."""

_MARKUP = r"\b(?:tags?|elements?|html|xml|markup|tokens?|placeholders?|variables?|templates?|format)\b|标签"
_WHERE = (
    r"\bwhere\b|\bwo\b|\bwohin\b|\bo[ùu]\b|\bd[óo]nde\b|\battach|\benclos|\banh[aä]ng|\banlage|\banne[x]|\banexo"
    r"|\bpi[èe]ce|\badjunt|\bfiles?\b|\bdatei|\bsource|\bquelle|\breference|\bverweis|\bfichier|\barchivo"
)
"""Prompts that ask where something stands."""

_STATUS = (
    r"\bstatus\b|\bstand\b|\bwas (?:ist|wird|passiert|geschieht|fehlt)\b|\bfehl|\bunterlage|nachreich|nachweis"
    r"|\b[ée]tat\b|\bestado\b|\bwhen\b|\bwann\b|\bquand\b|\bcu[áa]ndo\b"
)
_NO_ENGLISH = re.compile(
    r"(?i)\b(?:wie|wann|warum|welche[rsmn]?|erkläre?|nenne|bitte|combien|pourquoi|quand|quelles?|cómo|qué|cuál|cuándo"
    r"|cuánto|dónde)\b|\A[^A-Za-z]*[\u3040-\u30ff\u3400-\u9fff][^A-Za-z]*\Z"
)
"""Prompts of languages in which "none" is no word."""

_OPEN_TASK = re.compile(
    r"(?i)\A(?:please |can you |could you )?(?:explain|summari[sz]e|how (?:do|does|did|can|could"
    r"|to|should|would)\b|why\b)"
)
"""Prompts to which "none" is no answer."""


_OPEN = r"(?:[<\[({\"'`“‘«「]|&lt;)*\s*"
_CLOSE = r"\s*/?(?:[>\])}\"'`”’»」.]|&gt;)*"
_LEFT, _RIGHT = r"[\[<({*]+\s*", r"\s*[\]>)}*]+\.?"

KINDS = {
    "noinput": _kind(
        rf"{_OPEN}no[ _-]?input(?: (?:provided|given|available))?{_CLOSE}"
        r"|(?:<no[ _-]?input ?/?>\s*){2,}|[(（<\[]?无输入[)）>\]]?"
    ),
    "nooutput": _kind(
        rf"{_OPEN}no[ _-]?output{_CLOSE}|(?:<no[ _-]?output ?/?>\s*){{2,}}",
        r"\b(?:print|output|program|code|command|function|script|stdout|display|run|execut|return|query)",
    ),
    "to do": _kind(
        r"\W*(?:to[ -]?do|fixme|tb[da]|t\.b\.[da]\.|to be (?:done|determined|added|written|filled|completed"
        r"|announced)|coming soon|work in progress|wip|à (?:compléter|définir|renseigner|rédiger)"
        r"|por (?:completar|definir|rellenar|redactar)|noch (?:zu ergänzen|auszufüllen)"
        r"|wird (?:noch )?(?:ergänzt|ausgefüllt|nachgetragen))\W*",
        _MEANING,
    ),
    "TODO: ...": _kind(
        r"[\[<({*#/ ]*(?-i:TODO|FIXME)[:：]\s?[^\n]{1,80}|\[(?:todo|fixme|to do)[:：-]?\s[^\]\n]{1,80}\]",
        rf"{_MEANING}|\b(?:comments?|codes?|program|script|function|list|task|note|ticket|commit)\b",
    ),
    "to follow": _kind(
        r"\W*(?:(?:wird|werden) (?:noch )?nachgereicht|(?:antwort|text|inhalt) folgt(?: noch)?)\W*",
        f"{_MEANING}|{_STATUS}",
    ),
    "N/A": _kind(
        r"(?-i:n/a|N/A|N/a|n\.a\.|N\.A\.|NA)\.?|\[n/a\]|#n/a|(?-i:N/D|n/d|n\.d\.|s/o|S/O|k\. ?A\.|k/A)"
        r"|[(\[]?(?:keine|ohne) angaben?[)\]]?\.?|[(\[]?(?:non renseignée?|sin especificar)[)\]]?\.?",
        f"{_MEANING}|{_VALUE}",
    ),
    "null": _kind(r"(?-i:null|NULL|\[null\]|<null>|\(null\))|\[object object\]", f"{_VALUE}|{_SUM}"),
    "NaN": _kind(r"(?-i:nan|NaN|NaT|<NA>)", rf"{_MEANING}|{_VALUE}|\bbread|\bbrot|\bgrand|\bnumber|\bzahl"),
    "None": _kind(r"(?-i:none|None)\.?", rf"{_MEANING}|{_VALUE}|\benglis[ch]|\banglais|\bingl[ée]s"),
    "an error of a spreadsheet": _kind(
        r"#(?:ref|value|name|num|div/0|null|bezug|wert|zahl|leer|valeur|nom|nombre|nul)[!?]"
        r"|#(?:nv|n/d)|#[¡¿](?:ref|valor|num|div/0|nombre|nulo)[!?]",
        f"{_MEANING}|{_VALUE}",
    ),
    "removed": _kind(
        r"\[(?:removed|deleted|redacted|blank|empty)\]|<(?:empty|blank)>",
        rf"{_MEANING}|{_MARKUP}|\b(?:remov|delet|reddit|comment|empty|blank)",
    ),
    "see elsewhere": _kind(
        r"[(\[]?(?:(?:please )?(?:see|refer to) (?:the )?(?:attach(?:ment|ments|ed)|enclosed|above|below)"
        r"|(?:bitte )?siehe (?:(?:im |in der |den |die )?(?:anhang|anlagen?|beilage)|oben|unten)|s\. ?[ou]\.|s\. anlage"
        r"|(?:voir|cf\.?) (?:la |l['’]|en )?(?:pi[èe]ces? jointes?|annexe|ci-(?:dessus|dessous|joint))"
        r"|(?:ver|véase) (?:el |la )?(?:archivo )?(?:adjunto|anexo|arriba|abajo))[)\]]?\.?"
        r"|\[[^\]\n]{1,40}\.(?:png|jpe?g|gif|pdf|docx?|xlsx?)\]",
        f"{_MEANING}|{_WHERE}|{_MARKUP}",
    ),
    "insert here": _kind(
        rf"{_LEFT}(?:please )?(?:insert|enter|add|type|write|put|fill in|provide|your"
        rf"|the|insérer|indiquer|insertar|escriba)\b[^\]>)}}\n]{{0,60}}{_RIGHT}"
        rf"|{_LEFT}[^\]>)}}\n]{{0,60}}\b(?:einfügen|eintragen|ergänzen|einsetzen|ausfüllen){_RIGHT}"
    ),
    "answer goes here": _kind(
        r"\W*(?:insert|enter|type|write|put|add) (?:your |the |an )?(?:answer|response"
        r"|output|text)s? here\W*|\W*(?:your |the )?(?:answer|response|output|text) (?:goes |is )?here\W*"
        r"|\W*(?:hier )?(?:bitte )?(?:ihren? |deinen? |den |die )?(?:text|antwort|inhalt)(?: hier)?"
        r" (?:einfügen|eingeben|eintragen|ergänzen)\W*"
        r"|\W*(?:insérer |insérez |saisir |saisissez )?(?:le |la |votre )?(?:texte|réponse) ici\W*"
        r"|\W*(?:insertar |inserte |escriba )?(?:el |la |su )?(?:texto|respuesta) aquí\W*"
    ),
    "answer": _kind(
        r"[\[{(]+\s*(?:[a-z]+ ){0,3}(?:answer|response|reply|output|completion|placeholder"
        r"|summary)s?(?: here)?\s*[\]})]+"
        r"|<your (?:answer|response|output)>|<?placeholder>?"
        r"|[\[{(<]+\s*(?:(?:ihre|deine|votre|su|tu) )?(?:platzhalter|antwort|réponse|respuesta|marcador)\s*[\]})>]+"
    ),
    "<answer>": _kind(r"<(?:answer|response|completion)>", _MARKUP),
    "lorem ipsum": _kind(r"lorem ipsum\b(?s:.*)"),
    "xxx": _kind(r"(?!(?-i:XXX)\Z)x{3,}"),
    "...": _kind(r"[\s.]*\.{3,}[\s.]*|[\s…]*…[\s…]*|_{3,}|\[\s*(?:\.{3,}|…)\s*\]"),
    "待补充": _kind(
        r"\W*(?:待补充|待填写|待完善|待定|此处填写(?:答案)?|在此(?:处)?(?:插入|填写"
        r"|输入)[^\]】\n]{0,20}|请(?:在此)?(?:填写|输入)(?:答案|内容))\W*",
        _MEANING,
    ),
}

_FIRST = "[<({*&\"'`“‘«「（#._…"
"""Characters with which many placeholders begin."""

SIGNS = (
    *(
        "noinput",
        "no input",
        "no-input",
        "no_input",
        "无输入",
        "nooutput",
        "no output",
        "no-output",
        "no_output",
    ),
    *(
        "todo",
        "to do",
        "to-do",
        "fixme",
        "tbd",
        "tba",
        "t.b.",
        "to be ",
        "coming soon",
        "work in progress",
        "wip",
    ),
    *(
        "à compléter",
        "à définir",
        "à renseigner",
        "à rédiger",
        "por completar",
        "por definir",
        "por rellenar",
    ),
    *(
        "por redactar",
        "noch zu",
        "noch auszu",
        "wird ",
        "werden ",
        "folgt",
        "n/a",
        "n.a.",
        "n/d",
        "n.d.",
        "s/o",
    ),
    *(
        "k.a.",
        "k. a.",
        "k/a",
        "angabe",
        "non renseign",
        "sin espec",
        "null",
        "removed",
        "deleted",
        "see ",
        "refer to",
    ),
    *(
        "siehe ",
        "s.o.",
        "s. o.",
        "s.u.",
        "s. u.",
        "s. anl",
        "voir ",
        "cf ",
        "cf. ",
        "ver ",
        "véase ",
        "answer",
    ),
    *(
        "response",
        "output",
        "text here",
        "text goes",
        "text is",
        "placeholder",
        "einfüg",
        "eingeb",
        "eintrag",
        "ergänz",
        " ici",
        " aqu",
        "antwort",
        "inhalt",
        "réponse",
    ),
    *("respuesta", "lorem", "xxx", "..", "待", "填写", "插入", "输入"),
)
"""Cheap literals, compared without regard to ASCII case, of which every other longer one holds one."""

_LONGEST = 120
_TINY = r"^\s*(?i:na|nan|nat|none)\.?\s*(?:<|$)"
"""The placeholders of a few letters."""

_LOREM = "lorem ipsum"
_DOTS = re.compile(r"\b(?:three|3) dots\b|\bellips", re.IGNORECASE)
_ASKED = re.compile(
    r"(?i)lorem|ipsum|placeholder|dummy text|filler text|roman|numeral|ellips|punctuation|dots|blank|variable"
    r"|regular expression|regex|platzhalter|blindtext|fülltext|römisch|faux[- ]texte|texto de relleno"
)

FLAGGED = (
    ask("Explain bail.").answer("TODO").at("TODO"),
    ask("Explain bail.").answer("[agent reply]"),
    ask("Explain bail.").answer("<noinput>"),
    ask("Explain bail.").answer("No Input"),
    ask("Explain bail.").answer("< no input >"),
    ask("Explain bail.").answer("[insert answer here]"),
    ask("Explain bail.").answer("Lorem ipsum dolor sit amet, consectetur adipiscing elit."),
    ask("Explain bail.").answer("xxx"),
    ask("Explain bail.").answer("..."),
    ask("Explain bail.").answer("N/A<|endoftext|>"),
    ask("解释保释。").answer("待补充"),
    ask("Explain bail.").answer('"noinput"'),
    ask("Explain bail.").answer("&lt;noinput&gt;"),
    ask("Explain bail.").answer("No input provided."),
    ask("Explain bail.").answer("TODO: write the summary"),
    ask("Explain bail.").answer("[object Object]"),
    ask("Explain bail.").answer("null"),
    ask("Explain bail.").answer("[deleted]"),
    ask("Wie lange dauert es?").answer("k. A."),
    ask("Wie lange dauert es?").answer("keine Angabe"),
    ask("Wie lange dauert es?").answer("Siehe Anhang."),
    ask("Wie lange dauert es?").answer("s.o."),
    ask("Wie lange dauert es?").answer("wird nachgereicht"),
    ask("Wie lange dauert es?").answer("[Platzhalter]"),
    ask("Wie lange dauert es?").answer("Hier Text einfügen"),
    ask("Wie lange dauert es?").answer("[Antwort hier einfügen]"),
    ask("Wie lange dauert es?").answer("#BEZUG!<|endoftext|>"),
    ask("Wie lange dauert es?").answer("#NV"),
    ask("Wie lange dauert es?").answer("nan"),
    ask("Wie lange dauert es?").answer("None"),
    ask("How long does it take?").answer("NaN<|im_end|>"),
    ask("How does bail work?").answer("None"),
    ask("How long does it take?").answer("See attachment."),
    ask("How long does it take?").answer("[Screenshot 1.png]"),
    ask("Combien de temps ?").answer("à compléter"),
    ask("Combien de temps ?").answer("Voir pièce jointe"),
    ask("¿Cuánto tarda?").answer("Por completar."),
    ask("¿Cuánto tarda?").answer("N/D"),
    chat(("user", "Explain bail."), ("assistant", "[Your answer]")),
    row({"prompt": "Explain bail.", "completion": "Your answer here"}),
)
CLEAN = (
    ask("Which of them fit?").answer("None"),
    ask("Which sign is it?").answer("-"),
    ask("What does it show?", "While it loads, it shows three dots.").answer("..."),
    ask("Write 30 in Roman numerals.").answer("XXX"),
    ask("Give the code, or N/A.").answer("N/A"),
    ask("Write dummy text.").answer("Lorem ipsum dolor sit amet."),
    ask("Name a tag.").answer("<output>"),
    ask("What follows?").answer("{}"),
    ask("What is the chemical symbol for sodium?").answer("Na"),
    ask("Which field is missing a value?").answer("NA"),
    ask("What does WIP stand for?").answer("Work in progress"),
    ask("What comment marks open work?").answer("TODO"),
    ask("What does JavaScript print for an object?").answer("[object Object]"),
    ask("Who is there?").answer("???"),
    ask("Ist das Ticket offen?").answer("Erledigt."),
    ask("What is its state?").answer("closed"),
    ask("Wo steht die Preisliste?").answer("Siehe Anhang."),
    ask("Was ist mit dem Attest?").answer("Wird nachgereicht."),
    ask("Welche Angabe macht sie zu Allergien?").answer("keine Angabe"),
    ask("Wie viele sind es?").answer("null"),
    ask("Was ist drei minus drei?").answer("Null"),
    ask("Was bedeutet k. A.?").answer("keine Angabe"),
    ask("What does the cell show when the lookup fails?").answer("#N/A"),
    ask("What is it called in India, this bread?").answer("nan"),
    ask("How many are left?").answer("None"),
    ask("Which of them plays in Los Angeles?").answer("None"),
    ask("Wie heißt „keiner“ auf Englisch?").answer("None"),
    ask("Is it done?").answer("To be sure, yes."),
    preference("Explain bail.", "It is money.", "TODO"),
)


@dataclass(frozen=True)
class Placeholder(RowCheck):
    """Compares whole answers, without the special tokens that may end them."""

    severity: Severity = Severity.ERROR

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each answer; the prompt must not ask for such a thing."""
        suspects = self._suspects(batch)
        words = [_kind_of(text) for text in suspects["text"]]
        hits = suspects.with_columns(pl.Series("word", words, pl.String)).drop_nulls("word")
        if hits.is_empty():
            return no_findings()
        hits = with_prompt(hits, batch)
        cells = hits.select("text", "word", "prompt", "task").iter_rows()
        kept = hits.filter(pl.Series([not _is_asked_for(*cell) for cell in cells], dtype=pl.Boolean))
        return found(
            kept, pl.format("the whole answer is a placeholder ({})", "word"), evidence=pl.col("word")
        )

    def _suspects(self, batch: Batch) -> pl.DataFrame:
        """Short answers that hold a sign, and whatever begins with the filler of printers."""
        text = pl.col("text")
        short = text.str.len_bytes() <= _LONGEST
        return sift(
            batch.targets,
            short | text.str.head(40).str.contains_any([_LOREM], ascii_case_insensitive=True),
            text.str.strip_chars_start().str.head(1).is_in(list(_FIRST))
            | text.str.contains_any(list(SIGNS), ascii_case_insensitive=True)
            | text.str.contains(_TINY),
        )


def _kind_of(text: str) -> str | None:
    """The kind of placeholder that the text is, special tokens at its end aside."""
    said = without_end(text).strip()
    return next((name for name, kind in KINDS.items() if kind.pattern.fullmatch(said)), None)


def _is_asked_for(text: str, kind: str, prompt: str, task: str) -> bool:
    """Whether the prompt holds the answer, or asks for a thing that looks like a placeholder.

    Dots stand in many a prompt and tell nothing, unless it speaks of them.
    """
    said = without_end(text).strip().lower()
    if kind == "None" and not (_OPEN_TASK.search(task) or _NO_ENGLISH.search(task)):
        return True
    held = _DOTS.search(prompt) is not None if kind == "..." else said in prompt.lower()
    return held or bool(KINDS[kind].asked.search(task) or _ASKED.search(task))
