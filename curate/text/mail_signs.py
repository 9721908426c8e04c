"""What lines of a mail are: who wrote what is quoted, headers, farewells, contacts, footers; in seven languages.

English, German, Spanish, French, Italian, Portuguese and Dutch. The wordings are those of the mail programs (Gmail,
Outlook, Apple Mail, Thunderbird, Yahoo, GMX) and of common footers. Each says what it is alone only where nothing
else is written so; the rest needs company (see :mod:`curate.text.mail`).
"""

from __future__ import annotations

import re


def _one_of(*words: str) -> str:
    return f"(?:{'|'.join(words)})"


QUOTED = re.compile(r"\s{0,3}(?:>|\|\s?>)")

_WROTE = _one_of(
    r"On\b.{3,200}\bwrote:",
    r"(?:Am|On)\b.{3,200}\bschrieb(?:en)?\b.{0,120}:",
    r"El\b.{3,200}\bescribi[óo]:",
    r"Le\b.{3,200}\ba [ée]crit\s?:",
    r"(?:Il(?: giorno)?)\b.{3,200}\bha scritto:",
    r"(?:Em|A)\b.{3,200}\bescreveu:",
    r"Op\b.{3,200}\bschreef\b.{0,120}:",
)
WROTE = re.compile(rf"(?s)\s{{0,3}}(?=.{{0,160}}\d){_WROTE}\s*")
"""What stands before a quote; it may be broken over two or three lines."""

WROTE_BEGINS = re.compile(r"\s{0,3}(?:On|Am|El|Le|Il|Em|A|Op)\b")

_ORIGINAL = _one_of(
    *("Original Message", "Original Appointment", "Urspr(?:ü|ue)ngliche Nachricht", "Originalnachricht"),
    *(
        "Mensaje original",
        "Message d'origine",
        "Message original",
        "Messaggio originale",
        "Mensagem original",
    ),
    "Oorspronkelijk bericht",
)
ORIGINAL = re.compile(rf"(?i)\s{{0,3}}[-_]{{2,}}\s?{_ORIGINAL}\s?[-_]{{2,}}\s*")
RULE = re.compile(r"\s{0,3}_{10,}\s*")

_DATE = "Sent|Date|Gesendet|Datum|Enviado(?: el)?|Fecha|Envoyé|Inviato|Data|Enviada(?: em)?|Verzonden"
_SUBJECT = "Subject|Betreff|Asunto|Objet|Oggetto|Assunto|Onderwerp"
_OTHER = "To|Cc|Bcc|Reply-To|Importance|An|Wichtigkeit|Para|À|A|Aan"
HEADER_FIRST = re.compile(r"\s{0,3}\*?(?:From|Von|De|Da|Van)\s?:\*? ?\S.{0,200}")
HEADERS = tuple(
    re.compile(rf"\s{{0,3}}\*?(?:{names})\s?:\*?.{{0,400}}") for names in (_DATE, _SUBJECT, _OTHER)
)
"""When, about what, and the rest; the first two must be there, or "From: Berlin" would be the head of a mail."""

_DEVICES = _one_of(
    *(
        "iPhone",
        "iPad",
        "mobile(?: device| phone)?",
        "phone",
        "Handy",
        "Smartphone",
        "Mobiltelefon",
        "m[óo]vil",
    ),
    *(
        "celular",
        "tel[ée]fono",
        "t[ée]l[ée]phone",
        "telem[óo]vel",
        "cellulare",
        "telefoon",
        "BlackBerry",
        "tablet",
    ),
    *("Android(?:[ -][Hh]andy| device| phone)?", "(?:Samsung|Galaxy|Huawei|Pixel)[\\w ]{0,30}"),
    *("Yahoo Mail(?: (?:for|on) \\w+)?", "Mail for Windows(?: \\d+)?", "ProtonMail(?: mobile)?"),
)
_SENT_FROM = _one_of(
    *("Sent (?:from|via) (?:my |the )?", "Von meinem ", "Gesendet von meinem ", "Enviado desde mi "),
    *("Envoy[ée] (?:de|depuis) mon ", "Inviato dal? mio ", "Enviado do meu ", "Verzonden vanaf mijn "),
)
_PROGRAMS = _one_of(
    r"Get Outlook for (?:iOS|Android|Mac)",
    r"Outlook für (?:iOS|Android) beziehen",
    r"Obtener Outlook para (?:iOS|Android)",
    r"T[ée]l[ée]charger Outlook pour (?:iOS|Android)",
    r"Gesendet mit der (?:GMX|WEB\.DE|Telekom)[\w -]{0,20} App",
)
DEVICE = re.compile(
    rf"(?i)\s{{0,3}}(?:{_SENT_FROM}{_DEVICES}(?: gesendet)?|{_PROGRAMS})[.!]?\s*(?:<https?://\S+>)?\s*"
)

DELIMITER = re.compile(r"--\s?")
STRICT_DELIMITER = re.compile(r"-- ")

_FAREWELLS = _one_of(
    *(
        "(?:with )?(?:best|kind|kindest|warm|warmest|many)(?: (?:regards|wishes|thanks))?",
        "regards",
        "sincerely",
    ),
    *("yours (?:sincerely|faithfully|truly)", "sincerely yours", "cheers", "respectfully", "cordially"),
    *("thanks(?: and regards| again| in advance)?", "thank you(?: in advance| very much)?"),
    *("(?:mit )?(?:freundlichen?|besten?|herzlichen?|lieben?|vielen?) (?:gr(?:ü|ue)(?:ß|ss)en?|dank)", "mfg"),
    *("hochachtungsvoll", "lg", "vg", "(?:un )?(?:cordial(?:es)? )?saludos?(?: cordiales)?", "atentamente"),
    *("muchas gracias", "un abrazo", "(?:bien )?cordialement", "bien à vous", "merci(?: d'avance)?"),
    *("(?:meilleures|sinc[èe]res|cordiales)? ?salutations", "(?:cordiali|distinti) saluti", "grazie"),
    *("atenciosamente", "obrigad[oa]", "met vriendelijke groet(?:en)?", "groeten"),
)
FAREWELL = re.compile(rf"(?i)\s{{0,3}}{_FAREWELLS}\s*[,.!–-]{{0,2}}\s*")

_NUMBER_OF = _one_of(
    *(
        "tel",
        "phone",
        "fon",
        "fax",
        "mob(?:ile?)?",
        "cell",
        "direct",
        "office",
        "handy",
        "telefon",
        "tel[ée]fono",
    ),
    *("t[ée]l[ée]phone", "m[óo]vil", "[ptmf]"),
)
CONTACT = re.compile(
    rf"(?i)\b{_NUMBER_OF}\b\s?[.:]?\s?\(?\+?\d[\d ()/.-]{{5,}}|\+\d[\d ()/.-]{{7,}}\d"
    r"|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,}|\bwww\.[\w-]{1,63}\.|https?://"
)
_END_OF_SENTENCE = re.compile(r"[.!?]\s*$")
_LONGEST_CONTACT, _WORDS_OF_SENTENCE = 90, 6
_ASKS = re.compile(
    r"\?|(?i:\b(?:p\.?\s?s\.?|nb|please|bitte|por favor|s'il vous|veuillez|could you|can you|i|ich|je|we|wir)\b)"
)

_SECRECY = (
    _one_of(
        *(
            "this (?:e-?mail|message|communication|transmission)",
            "the information (?:contained )?in this e-?mail",
        ),
        *(
            "diese (?:e-?mail|nachricht)",
            "este (?:mensaje|correo)",
            "ce (?:message|courriel)",
            "cet? e-?mail",
        ),
        *("(?:questo|il presente) messaggio", "esta mensagem", "dit (?:e-?mail)?bericht"),
    ),
    _one_of(
        *(
            "confidential(?:ity)?",
            "privileged",
            "vertraulich\\w*",
            "confidencial(?:es)?",
            "confidentiel(?:le)?s?",
        ),
        *("riservat\\w+", "vertrouwelijk\\w*"),
    ),
    _one_of(
        *(
            "intended (?:solely |only |exclusively )?for",
            "intended recipient",
            "addressee",
            "richtige[nr]? adressat",
        ),
        *(
            "irrtümlich erhalten",
            "destinatari[oa]s?",
            "destinataires?",
            "exclusivamente",
            "beoogde ontvanger",
        ),
    ),
    _one_of(
        *(
            "(?:notify|contact|inform) the sender",
            "informieren sie bitte",
            "benachrichtigen sie",
            "notifi\\w+ al",
        ),
        *("comun[íi]qu\\w+", "(?:avertir|informer) l'exp[ée]diteur", "delete (?:it|this|the)", "löschen sie"),
        *("destruya", "d[ée]truire", "vernichten sie", "elim[íi]n\\w+", "verwijder", "erase"),
    ),
    _one_of(
        *("unauthori[sz]ed", "prohibited", "unbefugt\\w*", "nicht gestattet", "prohibid\\w+", "interdite?s?"),
        *("non autoris\\w+", "virus(?:es)?", "viren"),
    ),
)
_SIGNS_OF_SECRECY = tuple(re.compile(rf"(?i)\b{words}\b") for words in _SECRECY)
_SIGNS_NEEDED = 3
_OF_NOTICES = re.compile(
    r"(?i)\b(?:e-?mails?|messages?|transmissions?|communications?|attachments?|recipients?|senders?|addressees?|views"
    r"|opinions|author|liab\w+|copy\w*|distribut\w+|dissemin\w+|disclos\w+|confiden\w+|privileged?|viruse?s?|unauthori\w+"
    r"|prohibited|delet\w+|destroy|received|nachricht\w*|absender\w*|anhang|anhänge\w*|empfänger\w*|vertraulich\w*"
    r"|haft\w+|weitergabe|unbefugt\w*|gestattet|lösch\w+|mensaje|correo|archivos|remitente|destinatari\w+|prohibid\w+"
    r"|elim[ií]n\w+|recibido|courriel|jointes|exp[ée]diteur|destinataires?|interdite?s?|d[ée]truire|messaggio|mittente"
    r"|mensagem|bericht|afzender|bijlagen?)\b"
)
_OWN_WORDS = re.compile(r"\?|(?i:\b(?:i|my|me|mine|ich|mein\w*|mir|yo|mi|quiero|je|mon|ma|mes|j'\w+)\b)")
_NEXT_SENTENCE = re.compile(rf"(?<=[.!?])\s+(?=[^\W\d_a-zà-ÿ]|[\"'(¿¡])|\n(?=\s*(?i:{_SECRECY[0]}))")
_OF_SIGNATURE = re.compile(r"\s*(?:[^\W_a-zà-ÿ]|[^\w\s]|i\. ?[AV]\.|ppa\b|von\b|van\b|de\b)")
_FOOTER = re.compile(
    r"(?i)\W{0,4}"
    + _one_of(
        "(?:please )?(?:consider|think of|think about) the environment before (?:you )?print",
        "(?:bitte )?(?:denken sie|prüfen sie).{0,40}(?:umwelt|ausdruck)",
        "antes de imprimir",
        "avant d'imprimer",
        r"(?:virus-?free|virenfrei|libre de virus)\b",
        "this e-?mail has been (?:scanned|checked) ",
    )
)


def is_contact(line: str) -> bool:
    """Whether a line holds a number or an address by which somebody is reached."""
    return CONTACT.search(line) is not None and not is_sentence(line)


def is_sentence(line: str) -> bool:
    """Whether a line may be something that somebody says: long, a question, a postscript, or a full sentence."""
    if len(line) > _LONGEST_CONTACT or _ASKS.search(line):
        return True
    return bool(_END_OF_SENTENCE.search(line)) and len(line.split()) >= _WORDS_OF_SENTENCE


def is_of_signature(line: str) -> bool:
    """Whether a line may be one of a signature: a contact, or it begins as names, titles and addresses do."""
    return is_contact(line) or _OF_SIGNATURE.match(line) is not None


def notices(paragraph: str) -> list[tuple[int, int]]:
    """The spans of a paragraph that are notices, each with the blanks towards the words that stay.

    A sentence that holds no word of notices, asks, or speaks of its writer is the writer's.

    >>> said = "This e-mail is confidential and intended for the addressee. I want my money back."
    >>> [said[start:end] for start, end in notices(said)]
    ['This e-mail is confidential and intended for the addressee. ']
    """
    breaks = [hit.span() for hit in _NEXT_SENTENCE.finditer(paragraph)]
    starts, ends = [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(paragraph)]
    runs: list[list[int]] = []
    for at, (start, end) in enumerate(zip(starts, ends, strict=True)):
        sentence = paragraph[start:end]
        is_notice = _OF_NOTICES.search(sentence) and not _OWN_WORDS.search(sentence)
        if not is_notice and not _FOOTER.match(sentence):
            continue
        if runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    spans = []
    for first, last in runs:
        if is_disclaimer(paragraph[starts[first] : ends[last]]):
            begins = starts[first] if first == 0 else ends[first - 1]
            stops = starts[last + 1] if first == 0 and last + 1 < len(starts) else ends[last]
            spans.append((begins, stops))
    return spans


def is_disclaimer(paragraph: str) -> bool:
    """Whether a paragraph is a notice of confidentiality or a footer of a mail program.

    A notice speaks of "this e-mail" and shows two more of four signs; a footer is worded as nothing else is.
    """
    if _FOOTER.match(paragraph):
        return True
    signs = [bool(sign.search(paragraph)) for sign in _SIGNS_OF_SECRECY]
    return signs[0] and sum(signs) >= _SIGNS_NEEDED
