"""A blank of a template was left open in the answer.

Why     The model learns to say "[Your Name]" and "{{name}}" where a name belongs.
Mend    Fill the blanks before training, or set the rows aside: `curate drop {files} --select answer.unfilled -o
        {out}`.
Limits  "[insert ...]", "[Your ...]", "[Company Name]", "{{name}}", "${NAME}", "%%NAME%%", "<<First_Name>>",
        "DD.MM.YYYY" behind "on", and their Chinese, German, French and Spanish forms; single braces and guillemets
        only around words such as "name" in a sentence. Blanks that stand in the prompt, prompts that ask for a
        letter, a form, a template or code, code itself, "[DATE]", "[Datum]", "____" and the "[**Name**]" of clinical
        texts are spared. Precision on real data: all 224 findings (identity, v1_sft, dpo_zh)
        are open blanks, 86 of 86 read; none in T0 or MedQuAD. Two of these sets are meant to be filled in before use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.marks import Mark, mark, outside_code
from curate.text.sift import sift

SIGNS = (
    "[insert",
    "[enter",
    "[add ",
    "[your",
    "[recipient",
    "[company",
    "[customer",
    "[client",
    "[name",
    "{{",
    "<your",
    "<insert",
    "{answer",
    "{response",
    "{your",
    "[您",
    "[你",
    "[插入",
    "[公司",
    "[姓名",
    "[客户",
    "[填写",
    "${",
    "%%",
    "<<",
    "{name}",
    "{vorname}",
    "{nachname}",
    "{datum}",
    "{date}",
    "{nom}",
    "{nombre}",
    "«vorname",
    "«nachname",
    "«name",
    "[ihr",
    "[firmenname",
    "[vorname",
    "[nachname",
    "[votre",
    "[nom d",
    "[su ",
    "[tu ",
    "[nombre d",
    "einfügen",
    "eintragen",
    "einsetzen",
    "insérer",
    "insertar",
    "tt.mm.jjjj",
    "jj/mm/aaaa",
    "dd/mm/aaaa",
    "dd.mm.yyyy",
    "dd/mm/yyyy",
    "mm/dd/yyyy",
    "xx/xx/",
    "xx.xx.",
)
"""Cheap literals, compared without regard to ASCII case, of which every blank begins with one."""

_BRACKETS = (
    r"\[(?:(?i:insert|enter|add|fill in|your)\s(?!own\b)[^\]\[\n(){}=]{1,60}|(?:Recipient|Company"
    r"|Customer|Client|Sender|Manager|Employee|Candidate)(?:['’]s)? (?:Name|Address|Title|Email)"
    r"|Name(?: of [^\]\n]{1,40})?)\](?![(\[])"
)
_CHINESE = r"\[(?:您|你)的?[^\]\n]{1,15}\]|\[插入[^\]\n]{1,20}\]|\[(?:公司|客户|填写)[^\]\n]{0,15}\]|\[姓名\]"
_CURLY = (
    r"(?<![\\\w$}^_{#%])\{\{ ?[A-Za-z_][\w .-]{0,40} ?\}\}(?![}_^])"
    r"|(?<![\\\w$}^_{#%\"'])\{(?:answer|response|your[_ ]\w{1,20})\}"
)
_ANGLES = r"<(?i:insert|your) [^<>\n=/]{1,40}>"
_FIELD = (
    r"(?i:(?:[a-z]{2,12}[_ .]?)?(?:name|vorname|nachname|anrede|titel|datum|date|adresse|address|anschrift|firma"
    r"|company|kunde|customer|client|email|telefon|phone|betrag|amount|nom|prenom|nombre|apellidos?|fecha|empresa))"
)
"""Names of the fields of form letters."""

_BARE = r"(?<![\w/=\"'`$:.\\-])"
_MERGED = (
    rf"{_BARE}\$\{{{_FIELD}\}}(?![\w/=\"'`-])|{_BARE}%%{_FIELD}%%(?![\w/=])|{_BARE}<<{_FIELD}>>(?![\w/=])"
    r"|(?<=[^\W\d_] )\{(?i:(?:first_|last_|full_|vor|nach)?name|datum|date|nom|prenom|nombre|fecha)\}(?=[ ,.!?;]|$)"
    r"|(?:(?<=Herr )|(?<=Frau )|(?<=Herrn )|(?<=Hallo )|(?<=Dear ))«\w{0,12}[Nn]ame»"
)
"""The fields of mail merges."""

_EUROPEAN = (
    r"\[(?:Ihre?n? (?:Name|Vorname|Nachname|Firma|Unternehmen|Adresse|Anschrift|Telefonnummer|E-Mail-Adresse)"
    r"|Firmenname|Vorname(?: und)? Nachname|Name (?:des|der|Ihre[rs]|vom) [^\]\[\n]{1,40}"
    r"|(?i:votre) (?i:nom|prénom|adresse|entreprise|société|numéro)[^\]\[\n]{0,30}|Nom d(?:e|u|es|e la) [^\]\[\n]{1,40}"
    r"|(?i:su|tu) (?i:nombre|apellido|dirección|empresa|teléfono)[^\]\[\n]{0,30}|Nombre de(?:l| la)? [^\]\[\n]{1,40}"
    r"|(?i:insérer|indiquer|insertar) [^\]\[\n]{1,40})\](?![(\[])"
    r"|\[[^\]\[\n]{1,40} (?:einfügen|eintragen|einsetzen)\]|<[^<>\n=/]{1,40} (?:einfügen|eintragen|einsetzen)>"
    r"|<(?i:insérer|insertar) [^<>\n=/]{1,40}>"
)
_BLANK = re.compile(f"{_BRACKETS}|{_CHINESE}|{_CURLY}|{_ANGLES}|{_MERGED}|{_EUROPEAN}")
_DATE = re.compile(
    r"\b(?:am|vom|zum|bis|ab|on|by|from|until|le|du|el|al|del) "
    r"(TT\.MM\.JJJJ|JJ/MM/AAAA|DD[./]MM[./](?:YYYY|AAAA)|MM/DD/YYYY|XX([./])XX\2(?:XX){1,2})\b"
)
_OF_DATES = re.compile(r"(?i)\bforma|\bschreibweise|\bmuster")
"""Words of an answer that shows how dates are written."""

_TEMPLATES = (
    r"(?i)\b(templates?|letters?|e-?mails?|forms?|samples?|drafts?|resumes?|cv|invitations?|contracts?"
    r"|agreements?|memos?|press release|scripts?|notices?"
    r"|invoices?|receipts?|polic(y|ies)|proposals?|announcements?|newsletters?|placeholders?|blanks?"
    r"|certificates?|speech|message|post|bio|review|pitch|complaint"
    r"|jinja2?|handlebars|mustache|angular|vue|django|liquid|ansible|helm|github actions|html|latex"
    r"|bibtex|yaml|code|program|function|sql|prompt)\b"
    r"|\b\w*(?:vorlagen?|muster|musterschreiben|entwurf|entwürfe|formulare?|brief|schreiben|platzhaltern?|vertrag|skript"
    r"|rundmail|einladung|rechnung|rede)\b|\b(?:entwirf|entwerfen|erstell|verfass|formulier|schreib|programm)"
    r"|\b(?:modèles?|lettres?|courriels?|formulaires?|contrats?|brouillon|gabarit|discours|rédige\w*|écri[st]\w*)\b"
    r"|\b(?:plantillas?|cartas?|correos?|formularios?|contratos?|borrador|modelos?|redact\w*|escrib\w*|código)\b"
    r"|邮件|信|模板|表格|合同|简历|通知|收据|发票|新闻稿|演讲|话术|电话|代码|程序|协议|提案|宣传"
)
_CODE = (
    r"(?m)^\s*(def |class |import |from \w+ import|function |const |let |var |#include|public |<\?php|\w+ = |SELECT )"
    r"|[;{]\s*$|</\w+>"
)

FLAGGED = (
    ask("Who are you?").answer("I am {{name}}, built by {{author}}.").at("{{name}}"),
    ask("Introduce the company.").answer("Founded in 1990, [Company Name] makes bread.").at("[Company Name]"),
    ask("Where is the court?").answer("It is in [insert city] and opens at nine.").at("[insert city]"),
    ask("介绍一下这家公司。").answer("[公司名称]成立于1990年。").at("[公司名称]"),
    ask("Wann?").answer("Sehr geehrter Herr ${NACHNAME}, der Antrag ist geprüft.").at("${NACHNAME}"),
    ask("Wann?").answer("Lieber %%VORNAME%%, der Antrag ist geprüft.").at("%%VORNAME%%"),
    ask("When?").answer("Dear <<First_Name>>, it is on Monday.").at("<<First_Name>>"),
    ask("When?").answer("Your hearing is on XX/XX/XXXX at nine.").at("XX/XX/XXXX"),
    ask("Wann?").answer("Die Frist endet am TT.MM.JJJJ.").at("TT.MM.JJJJ"),
    ask("Wo?").answer("Bei [Name des Sachbearbeiters] im Rathaus.").at("[Name des Sachbearbeiters]"),
    ask("Wo?").answer("Guten Tag <Name einfügen>, im Rathaus.").at("<Name einfügen>"),
    ask("Wann?").answer("Hallo {name}, bald.").at("{name}"),
    ask("Wann?").answer("Sehr geehrte Frau «Nachname», bald.").at("«Nachname»"),
    ask("Quand ?").answer("Bonjour [Votre nom], lundi.").at("[Votre nom]"),
    ask("¿Cuándo?").answer("Hola [Nombre del cliente], el lunes.").at("[Nombre del cliente]"),
    chat(("user", "Sum it up."), ("assistant", "The result is {answer}, as shown.")).at("{answer}"),
    row({"prompt": "Thank him.", "completion": "Thanks, <your name here>"}).at("<your name here>"),
)
CLEAN = (
    ask("Write an email template.").answer("Dear [Name],\n\nThank you.\n\n[Your Name]"),
    ask("Entwirf ein Musterschreiben mit Platzhaltern.").answer("Guten Tag,\n\n[Name der Firma] kündigt."),
    ask("Rédige un modèle de lettre.").answer("Madame,\n\nmerci.\n\n[Votre nom]"),
    ask("Redacta una carta.").answer("Señora:\n\ngracias.\n\n[Su nombre]"),
    ask("Wie zeige ich den Pfad?").answer("Mit echo ${HOME} oder `${NAME}` im Terminal."),
    ask("How is a date written?").answer("The format on the form: on DD/MM/YYYY."),
    ask("Wer wohnt dort?").answer("Frau [Nachname], geboren am [Datum] in [Ort]."),
    ask("What do the operators do?").answer("They shift: 1 << n >> 2, cout<<name>>x."),
    ask("Que signifie ce mot ?").answer("Le mot « Nom » désigne «Nom»."),
    ask("Fill in: Dear [Your Name]").answer("Dear [Your Name], hello."),
    ask("When was he admitted?").answer("On [**2101-1-2**] by Dr. [**Name**], see [DATE] ____."),
    ask("How do I greet in Jinja?").answer("Write `{{name}}`."),
    ask("Simplify.").answer("\\frac{{a}}{{b}} is x^{{y}}"),
    ask("Where is it?").answer("See [your profile page](https://example.org)."),
    ask("How do I read a list item?").answer("x = items[your_index]"),
    ask("Sum it up.").answer("[insert summary here]"),
    preference("Thank him.", "Thank you, Jo.", "Thank you, [Your Name]."),
)


@dataclass(frozen=True)
class Unfilled(RowCheck):
    """Looks in answers for blanks that do not stand in the prompt, where no template and no code was asked for."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each blank."""
        text = pl.col("text")
        signs = text.str.contains_any(list(SIGNS), ascii_case_insensitive=True)
        suspects = mark(sift(batch.targets, signs, ~text.str.contains(_CODE)), _blanks)
        if suspects.is_empty():
            return no_findings()
        hits = with_prompt(suspects, batch)
        hits = hits.filter(~pl.col("task").str.contains(_TEMPLATES))
        given = mark(hits.select("row", text="prompt").unique(), _blanks).select("row", "fix")
        hits = hits.join(given, on=["row", "fix"], how="anti", maintain_order="left")
        return found(hits, "a blank was left open in the answer", evidence=pl.col("word"), fix=None)


def _blanks(text: str) -> list[Mark]:
    """The blanks beside which something is said; ``fix`` carries the blank itself, to be looked for in the prompt."""
    hits = [hit for hit in outside_code(text, _BLANK) if hit[0] != text.strip()]
    marks = [Mark(*hit.span(), f"{hit[0][0]}…{hit[0][-1]}", hit[0]) for hit in hits]
    dates = [] if _OF_DATES.search(text) else outside_code(text, _DATE)
    return sorted([*marks, *(Mark(*hit.span(1), "a date", hit[1]) for hit in dates)])
