"""The prompt asks about something that is not in the row.

Why     A link, a picture, an attachment or "the text below" is spoken of and not given, and an answer follows:
        the model learns to make up what it has not seen.
Mend    Put the text into the row, or set the rows aside:
        `curate drop {files} --select prompt.missing-input -o {out}`.
Limits  Only what is asked first in a row, and only prompts of up to 300 bytes: a longer one may hold what it
        speaks of. English, Chinese, German, French and Spanish; pictures and links in the first two. An answer that
        asks for what is missing is right, and spared. Precision on real data: 4 of 4 hits in 73,735 rows of 26
        public files were right (95 % bounds .51 to 1): alpaca_zh_demo 2, dpo_en_demo 1, v1_sft_demo 1. That is too
        few to block.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.marks import Mark, mark
from curate.text.sift import sift

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOUN = (
    r"(?:[a-z-]+ ){0,2}?(?:text|passage|paragraph|article|sentence|excerpt|snippet|stor(?:y|ies)|essay|poem"
    r"|document|report|clause|contract|agreement"
    r"|letter|e-?mail|message|review|tweet|conversation|dialogue|transcript|abstract|table|list|code|data"
    r"|note|complaint|ticket|web ?site|web ?page|song|painting|picture|image)s?"
)
_FOLLOWING = re.compile(
    rf"\bthe following {_NOUN}\b(?! (?:about|on|that|which|of|in which|for|to|with|topics?|types?)\b)"
    rf"|\b(?:the|this|these) {_NOUN} (?:(?:given|provided|shown|quoted|written|pasted|set out) )?below\b",
    re.IGNORECASE,
)
_AT_END = re.compile(
    r"(?: (?:in|into|to|as|using|by|with|and|so that|if|or)\b[^\n.:\"'“‘’?!]{0,60})?[.:!?\s]*\Z"
)
_ABOVE = re.compile(
    rf"\b(?:the|this) (?:{_NOUN} (?:(?:given|provided|shown|quoted) )?above|above {_NOUN})\b", re.IGNORECASE
)
_ATTACHED = re.compile(
    r"\b(?:the|my|this|our|an?) (?:attached|enclosed) (?:[a-z-]+ ){0,2}?(?:files?|documents?|pdfs?|images?"
    r"|pictures?|photos?|photographs?|screenshots?|spreadsheets?|csv|recordings?|videos?|contracts?"
    r"|leases?|letters?|reports?|scans?|x-rays?|invoices?|resumes?|cvs?)\b"
    r"|\b(?:files?|documents?|pdfs?|images?|pictures?|photos?|screenshots?|spreadsheets?|contracts?|leases?"
    r"|reports?|invoices?) (?:I|we)(?:'ve| have)? (?:just )?(?:attached|uploaded|enclosed)\b"
    r"|\b(?:I|we)(?:'ve| have)? (?:just )?(?:attached|uploaded) (?:the|my|a|an|our|it)\b"
    r"|\bsee (?:the )?attach(?:ment|ed)\b",
    re.IGNORECASE,
)
_PICTURE = re.compile(
    r"(?:\A|[.?!:] )(?:please |can you |could you )?(?:describe|caption|explain|analy[sz]e|interpret"
    r"|look at|identify|transcribe)\b[^.?!:\n]{0,50}? (?:the|this) {picture}(?= *[.?!:\n]|\Z| and\b)"
    r"|(?:\A|[.?!:] )(?:what|who|where|which|how many|is|are|do|does|can)\b[^.?!:\n]{0,60}? (?:in|on"
    r"|from) (?:the|this) {picture}(?= *\?)"
    r"|\b(?:the|this) {picture} (?:below|above|shown|provided|attached)\b".replace(
        "{picture}", "(?:image|picture|photo|photograph|screenshot|diagram|figure|chart|graph|x-ray)"
    ),
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b(?:summari[sz]e|read|open|visit|review|translate|analy[sz]e|watch|check out|look at|describe"
    r"|proofread|explain|go to|based on|according to|from)\b"
    r"[^.\n]{0,60}?(https?://[^\s)>\]]+)"
    r"|\b(?:this|the|following) (?:web ?)?(?:article|page|site|website|post|video|paper|blog|study"
    r"|link)[: (]*(https?://[^\s)>\]]++)(?! (?:says|shows|is|was|gives|returns|loads|displays|tells|does|has)\b)",
    re.IGNORECASE,
)
_GERMAN_NOUN = (
    r"(?:[a-zäöüß]+ )?(?:text|abschnitt|absatz|artikel|satz|sätze|auszug|auszüge|aufsatz|gedicht|dokument|bericht"
    r"|klausel|vertrag|verträge|mietvertrag|arbeitsvertrag|vereinbarung|brief|e-?mail|nachricht|bescheid|urteil|gutachten"
    r"|arztbrief|befund|protokoll|gespräch|tabelle|liste|code|notiz|beschwerde|ticket|bild|foto|geschichte|passage)"
    r"(?:e[ns]?|n|s)?"
)
_ROMANCE_NOUN = (
    r"(?:texte|passage|paragraphe|article|phrase|extrait|document|rapport|clause|contrat|lettre|courriel|e-?mail|message"
    r"|avis|tableau|liste|image|photo|texto|pasaje|párrafo|artículo|frase|oración|extracto|documento|informe|cláusula"
    r"|contrato|carta|correo|mensaje|tabla|lista|imagen|foto|sentencia|jugement)s?"
)
_EUROPEAN_BELOW = re.compile(
    rf"\b(?:de[nrms]|die|das) (?:(?:nach)?folgenden?|(?:unten|nach)stehenden?) {_GERMAN_NOUN}\b"
    rf"|\b(?:de[nrms]|die|das|diese[nrms]?) {_GERMAN_NOUN} (?:hier )?unten\b"
    rf"|\b(?:les? |la |l['’]|cet |cette |ce )(?:{_ROMANCE_NOUN}) (?:suivante?s?|ci-dessous)\b"
    rf"|\b(?:el|la|los|las|este|esta) (?:siguientes? {_ROMANCE_NOUN}|{_ROMANCE_NOUN} (?:siguientes?|a continuación))\b",
    re.IGNORECASE,
)
_EUROPEAN_END = re.compile(
    r"(?! (?:über|zum thema|der|die|das|sur|qui|que|sobre) )(?: [^\n.:;,\"„“«»‘’?!()]{1,60})?[.:!?\s]*\Z",
    re.IGNORECASE,
)
_EUROPEAN_ATTACHED = re.compile(
    r"\b(?:im anhang|in der anlage|anbei) (?:finden sie|findest du|sende ich|schicke ich|senden wir|übersende ich"
    r"|erhalten sie|erhältst du)\b|\b(?:im anhang|anbei) (?:ist|sind|liegt|liegen)\b|\banbei (?:der|die|das|meine?)\b"
    r"|\b(?:de[nrms]|die|das|meinen?|unseren?) (?:angehängten?|beigefügten?|beiliegenden?|angefügten?|hochgeladenen?)"
    rf" (?:\w*{_GERMAN_NOUN}|dateien?|schreiben|rechnung|lebenslauf|unterlagen|scans?|pdf|screenshots?|entwurf)\b"
    r"|\b(?:siehe|s\.) (?:anhang|anlage)\b"
    rf"|\b(?:{_ROMANCE_NOUN}|facture|factura|bail|fichier|archivo) (?:ci-jointe?s?|en pièce jointe|adjunt[oa]s?)\b"
    r"|\b(?:vous trouverez|voici|veuillez trouver) (?:ci-joint|en pièce jointe|en annexe)\b"
    r"|\badjunto (?:encontrará|le envío|te envío|envío|mi|el|la)\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"\A[^。！？\n：:，“”\"「」]{0,16}(?:以下|下面|下列|下述)(?:的|这)?(?:[一二两三这\d]?[段篇个句条封则首])?[^。！？\n：:，“”\"「」]{0,8}?(?:文章"
    r"|段落|文本|句子|代码|文字|短文|文段|对话|邮件|评论|故事|诗歌?"
    r"|陈述|条款|材料|合同|图表?|gif图|图片|照片)[^。！？\n：:“”\"「」?]{0,30}[。！!？?\s]*\Z"
    r"|\A[^。！？\n：:“”\"「」]{0,16}(?:(?:这张|此|附件中?的?|下面的?|上面的?|以下)(?:图片|图像|照片|截图|附件)|(?:这段|此段|上述|上面的?)(?:文字|文本"
    r"|文章|对话|代码))[^。！？\n：:“”\"「」?]{0,30}[。！!？?\s]*\Z"
)
_SIGNS = (
    *(
        "the following",
        "below",
        "above",
        "attached",
        "enclosed",
        "uploaded",
        "image",
        "picture",
        "photo",
        "screenshot",
    ),
    *(
        "diagram",
        "figure",
        "chart",
        "graph",
        "x-ray",
        "://",
        "attachment",
        "以下",
        "下面",
        "下列",
        "下述",
        "这段",
        "此段",
        "上述",
        "上面",
        "图",
        "照片",
        "附件",
    ),
    *("folgende", "stehende", "unten", "anhang", "anlage", "anbei", "angehängt", "beigefügt", "beiliegend"),
    *(
        "angefügt",
        "hochgeladen",
        "suivant",
        "ci-dessous",
        "ci-joint",
        "pièce jointe",
        "en annexe",
        "siguiente",
    ),
    *("a continuación", "adjunt"),
)
_CANDIDATE = (
    rf"(?i)\bthe following {_NOUN}\b[a-z -]{{0,90}}[.:!?\s]*$|\bthe(?:se)? {_NOUN} (?:[a-z]+ )?(?:below|above)\b"
    rf"|\bthis {_NOUN} (?:[a-z]+ )?(?:below|above)\b|\babove {_NOUN}\b|\b(?:attached|attachment|enclosed|uploaded)\b"
    r"|\b(?:the|this) (?:image|picture|photo|screenshot|diagram|figure|chart|graph|x-ray)|://"
    r"|\bfolgende|stehende|\bunten\b|\b(?:anhang|anlage|anbei)\b|angehängt|gefügt|beiliegend|hochgeladen"
    r"|\b(?:suivante?s?|ci-dessous|ci-joint|pièce jointe|annexe|siguientes?|a continuación|adjunt[oa]s?)\b"
    r"|[以下][下面列述]|图|照片|附件|[这此]段|上[述面]"
)
_MEDIA = (
    r'"(?:images?|image_url|images_url|audios?|videos?|files?|media|picture|image_path'
    r'|attachments?)"\s*:\s*(?:"[^"]|\[\s*["{\d]|\{)|<(?:image|video|audio|img)\b|!\[|\[(?:image|img)\]'
)
_LONGEST = 300
"""Bytes of a prompt beyond which it may hold what it speaks of."""

_ASKS_BACK = (
    r"(?i)\b(?:provide|share|send|paste|attach|upload|include|supply|post)\b|\b(?:don['’]t|do not|can['’]?t"
    r"|cannot|can not|could not|couldn['’]t|unable to|not able to) (?:actually )?(?:see|view|open"
    r"|access|find|read|have|browse|visit|perceive)\b"
    r"|\b(?:no|not|isn['’]t|missing)\b.{0,30}\b(?:attached|attachment|provided|given|included|image|picture"
    r"|text|passage|link|input)\b"
    r"|\b(?:bitte|könn\w+ sie|kannst du)\b.{0,60}\b(?:send|schick|einfüg|füg|teil|bereitstell|übermittel|hochlad|kopier"
    r"|zeig|gib|geben|nenn)|\b(?:sehe|finde|habe|kann|fehl\w*|liegt|wurde|ist)\b.{0,40}\b(?:kein|nicht|fehlt)|\bfehlt\b"
    r"|\b(?:veuillez|pouvez-vous|pourriez-vous|merci de)\b|\b(?:je ne (?:vois|peux|trouve)|aucune?|manque)\b"
    r"|\b(?:por favor|podrías?|puedes?|proporcion\w+|compart\w+)\b|\bno (?:veo|puedo|encuentro|hay|se)\b"
    r"|请提供|(?:没有|并未|未|没)(?:提供|给出|指定|附上)|请(?:您|你)?(?:把|将|给|发送|上传|粘贴)|无法(?:访问"
    r"|打开|查看|看到)|没有(?:看到|收到)"
)

FLAGGED = (
    ask("Summarise the following passage.").answer("It is about a king.").at("the following passage"),
    ask("Summarise the following passage:\n\n").answer("It is about a king."),
    ask("Translate the sentence below into French.").answer("Le chat dort.").at("the sentence below"),
    ask("Who is the tenant in the contract above?").answer("Ms Bell.").at("the contract above"),
    ask("Based on the above text, is the roof insured?").answer("Yes."),
    ask("Please review the attached lease and list its risks.")
    .answer("The rent is not capped.")
    .at("the attached lease"),
    ask("What is the man doing in this picture?").answer("He rides a horse."),
    ask("Summarise this article: https://news.example/roof-falls").answer("A roof fell."),
    chat(("user", "Describe the image."), ("assistant", "A dog on a lawn.")).at("Describe the image"),
    ask("总结以下文章。").answer("这篇文章讲的是气候变化。"),
    ask("Fasse den folgenden Vertrag zusammen:").answer("Er regelt die Miete.").at("den folgenden Vertrag"),
    ask("Übersetze den Text unten ins Englische.").answer("The tenant pays the rent.").at("den Text unten"),
    ask("Im Anhang finden Sie den Bescheid. Bitte prüfen Sie, ob er korrekt ist.").answer("Er ist korrekt."),
    ask("Bitte prüfen Sie den beigefügten Vertrag.").answer("Er ist wirksam.").at("den beigefügten Vertrag"),
    ask("Résume le contrat suivant :").answer("Il règle le loyer.").at("le contrat suivant"),
    ask("Vérifie le contrat ci-joint.").answer("Il est valable.").at("contrat ci-joint"),
    ask("Resume el siguiente contrato:").answer("Regula el alquiler.").at("el siguiente contrato"),
    ask("Revise el contrato adjunto.").answer("Es válido.").at("contrato adjunto"),
    preference("Describe this photo.", "A dog on a lawn.", "A cat."),
)
CLEAN = (
    ask("The page https://status.example.com says all is green, but I cannot log in. Why?").answer(
        "Try again."
    ),
    ask("Summarise the following passage.", context="Once upon a time there was a king.").answer(
        "It is about a king."
    ),
    ask("Translate the sentence below into French.\nThe cat sleeps.").answer("Le chat dort."),
    ask("The cat sleeps.\n\nTranslate the sentence above into French.").answer("Le chat dort."),
    ask("Write a story with the following words: dog, lawn.").answer("A dog lay on a lawn."),
    ask("Summarise the following passage.").answer(
        "Please provide the passage that you would like me to summarise."
    ),
    ask("Fasse den folgenden Vertrag zusammen: Der Mieter zahlt die Miete.").answer("Der Mieter zahlt."),
    ask("Fasse den folgenden Vertrag zusammen:", context="Der Mieter zahlt.").answer("Er regelt die Miete."),
    ask("Schreibe den folgenden Artikel über Miete: kurz und klar.").answer("Miete ist Geld."),
    ask("Wie füge ich den angehängten Ordner in Outlook ein?").answer("Mit der Büroklammer."),
    ask("Wo steht die Norm im Anhang der Verordnung?").answer("In Nummer 3."),
    ask("In der Anlage sind Pumpen verbaut. Wie werden sie gewartet?").answer("Jährlich."),
    ask("Darf ich den beigefügten Beutel mitnehmen?").answer("Ja."),
    ask("Was bedeutet „anbei der Vertrag“?").answer("Der Vertrag liegt bei."),
    ask("Fasse den folgenden Vertrag zusammen:").answer("Bitte senden Sie mir den Vertrag."),
    ask("Résume le contrat suivant : Le locataire paie.").answer("Il paie."),
    ask("Resume el siguiente texto: El inquilino paga.").answer("Paga."),
    ask("How do I attach a file in Outlook?").answer("Press the paper clip."),
    ask("How does a picture of Monet differ from one of Manet?").answer("In its light."),
    ask("Is the style of https://www.python.org/ responsive?").answer("Yes, it is."),
    ask("What is the difference between the figure in the carpet and an allegory?").answer("Subtlety."),
    chat(
        ("user", "The roof leaks."),
        ("assistant", "Since when?"),
        ("user", "Summarise the text above."),
        ("assistant", "A leak."),
    ),
    chat(
        ("user", [{"type": "text", "text": "Describe the image."}, {"type": "image_url", "image_url": {}}]),
        ("assistant", "A dog."),
    ),
    row(
        {
            "messages": [
                {"role": "user", "content": "Describe this image."},
                {"role": "assistant", "content": "A dog."},
            ],
            "images": ["1.jpg"],
        }
    ),
    row({"instruction": "<image>Describe the picture.", "output": "A dog."}),
    ask("总结以下文章。", context="气候正在变化，海平面正在上升。").answer("气候变化。"),
)


@dataclass(frozen=True)
class MissingInput(RowCheck):
    """Looks at what is asked first in each row, if it is so short that it cannot hold what it speaks of."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for a row, at the words that speak of what is not there."""
        text = pl.col("text")
        short = batch.prompts.filter(
            pl.col("part") == "prompt", pl.col("role") == "user", text.str.len_bytes() <= _LONGEST
        )
        signs = text.str.contains_any(list(_SIGNS), ascii_case_insensitive=True)
        hits = mark(sift(short, signs, text.str.contains(_CANDIDATE)), lambda said: list(_missing(said))[:1])
        if hits.is_empty():
            return no_findings()
        hits = self._alone(hits, batch)
        answered = batch.targets.join(hits.select("row"), on="row", how="semi", maintain_order="left")
        answered = answered.group_by("row").agg(pl.col("text").first().str.head(300).alias("answer"))
        kept = hits.join(answered, on="row", how="inner", maintain_order="left")
        kept = sift(kept, ~pl.col("answer").str.contains(_ASKS_BACK))
        kept = kept.join(self._with_media(batch, kept), on="row", how="anti", maintain_order="left")
        return found(
            kept,
            pl.format("the prompt speaks of {} that the row does not hold", "word"),
            evidence=pl.col("word"),
        )

    def _alone(self, signs: pl.DataFrame, batch: Batch) -> pl.DataFrame:
        """The lines that are all that their row's model is given before its first answer."""
        rows = batch.texts.join(signs.select("row").unique(), on="row", how="semi", maintain_order="left")
        short_system = (pl.col("role") == "system") & (pl.col("text").str.len_bytes() <= _LONGEST)
        given = rows.filter(~short_system & (pl.col("text").str.strip_chars() != ""))
        before = pl.col("part").is_in(["target", "rejected"]).cast(pl.Int32).cum_sum().over("row") == 0
        alone = given.filter(before).group_by("row").agg(pl.len(), pl.col("at").first())
        return signs.join(
            alone.filter(pl.col("len") == 1), on=["row", "at"], how="semi", maintain_order="left"
        )

    def _with_media(self, batch: Batch, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows among them that hold media as parts, as a field, or as a sign in the text, or that use tools."""
        some = rows.select("row").unique()
        parts = batch.turns.join(some, on="row", how="semi").filter(
            pl.col("kind").is_in(["media", "call"]) | (pl.col("role") == "tool")
        )
        fields = batch.rows.join(some, on="row", how="semi").filter(
            pl.col("raw").cast(pl.String, strict=False).fill_null("").str.contains(_MEDIA)
        )
        return pl.concat([parts.select("row"), fields.select("row")]).unique()


def _missing(text: str) -> Iterator[Mark]:
    """What the prompt speaks of, where nothing that could be it stands before or after it."""
    low = text.lower()
    for hit in _FOLLOWING.finditer(text) if "the following" in low or "below" in low else ():
        if _AT_END.match(text, hit.end()) and not _has_body(text[: hit.start()]):
            yield Mark(*hit.span(), "a text below")
    for hit in _ABOVE.finditer(text) if "above" in low else ():
        if not _has_body(text[: hit.start()]):
            yield Mark(*hit.span(), "a text above")
    in_line = "\n" not in text.strip()
    for pattern, word in ((_ATTACHED, "an attachment"), (_PICTURE, "a picture")):
        seen = pattern.search(text) if in_line else None
        if seen and not _is_about(text):
            yield Mark(*seen.span(), word)
    link = _LINK.search(text) if "://" in text else None
    if link and len(text) - len(link[link.lastindex or 0]) < _BESIDE_LINK:
        yield Mark(*link.span(link.lastindex or 0), "a link")
    yield from _missing_abroad(text)
    chinese = None if text.isascii() else _CHINESE.search(text)
    if chinese:
        yield Mark(*chinese.span(), "a text or picture")


def _missing_abroad(text: str) -> Iterator[Mark]:
    """The same in German, French and Spanish."""
    below = _EUROPEAN_BELOW.search(text)
    if below and _EUROPEAN_END.match(text, below.end()) and not _has_body(text[: below.start()]):
        yield Mark(*below.span(), "a text below")
    attached = _EUROPEAN_ATTACHED.search(text) if "\n" not in text.strip() else None
    if attached and not _is_about(text) and not _IS_ABOUT_ABROAD.search(text):
        yield Mark(*attached.span(), "an attachment")


_IS_ABOUT_ABROAD = re.compile(
    r"(?i)\bwie (?:kann|füg|häng|öffn|lad|mach|schreib|send|versend|geh)|\b(?:schreib|entwirf|verfass|formulier|erstell"
    r"|übersetze?:|korrigier\w*:|code|skript)|\bbedeutet\b|\bheißt\b|\bcomment\b|\b(?:rédig|écri[st]|tradui\w+ ?:"
    r"|signifie)|\bcómo\b|\b(?:escrib|redact|traduce:|significa)|[„«»“\"]"
)
_BESIDE_LINK = 160
_BODY = 40


def _has_body(before: str) -> bool:
    """Whether what stands before is more than the sentence that goes on."""
    head = re.split(r"[.!?:\n]\s", before)
    return sum(map(len, head[:-1])) > _BODY or "\n" in before.strip() or '"' in before


def _is_about(text: str) -> bool:
    """Whether the prompt asks how to do something with a file or picture, or asks to write something with one."""
    return (
        re.search(
            r"(?i)\bhow (?:do|can|to|should|would)\b|\bwrite\b|\bcompose\b|\bdraft\b|\bgenerate\b"
            r"|\bcreate\b|\bimagine\b|\bcode\b|\bhtml\b|\blatex\b|\bscript\b|[\"“]",
            text,
        )
        is not None
    )
