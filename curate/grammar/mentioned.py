"""Where a text speaks of words, or is asked to be wrong: an error may stand there on purpose.

A misspelling that is an example, a name or a password must stay as it is, and no engine tells it from a slip. So lists
are silent where anything says so, at the price of slips that stay.
"""

from __future__ import annotations

import re

from curate.protect.names import FUNCTION_WORDS


def _cues(stems: str, words: str, patterns: str) -> re.Pattern[str]:
    """What finds the cues.

    Args:
        stems: beginnings of words, with blanks between; ``_`` is a blank.
        words: whole words, or plurals with an *s*.
        patterns: what needs more.
    """
    begins = "".join(f"{one}|" for one in stems.split())
    wholes = "|".join(words.split())
    found = rf"\b(?:{begins}(?:{wholes})s?\b)".replace("_", " ")
    return re.compile(rf"{found}|{patterns}", re.IGNORECASE)


_OF_WORDS = _cues(
    "misspel mis-spel mispel spell typograph orthograph proofread apostrophe grammatical pronounc syllab "
    "ungrammatical autocorrect auto-correct mistyp miswrit misprint",
    "spelt typo grammar dialect slang the_word this_word a_word these_word anagram palindrome cipher scrabble "
    "lowercase sic homophone",
    r"\bletters\b",
)
"""In the whole of a text with one of these any word may be an example."""

_ASKED = _cues(
    "misspel mis-spel spell proofread grammatical errone incorrect illiterate uneducated drunk phonetic "
    "transcri imitat mimic parod impersonat shakespear chaucer pronounc perturb augment corrupt synthetic "
    "distort scrambl jumbl autocorrect style_of voice_of in_the_voice in_the_manner in_the_tone careless sloppy "
    "text-speak lyric",
    "spelt typo grammar dialect accent slang vernacular colloquial pidgin creole patois noise noisy error "
    "mistake slip faulty flawed broken_english poor_english bad_english wrong hasty hastily verbatim "
    "word_for_word ocr raw lolcat leet text_speak textspeak texting people_text teen_text chat sms tweet "
    "informal in_the_style in_character non-native learner beginner archaic old_english middle_english "
    "early_modern elizabethan medieval homophone anagram palindrome cipher password passphrase passcode "
    "username nonsense gibberish made-up invented meaning_of define definition_of quote inscription unedited "
    "uncorrected as-is adversarial robustness chat_log the_word",
    r"\bwhat (?:does|do|did|is meant by|is|are) [^\n]{1,60}\bmean|\byears?[- ]old\b"
    r"|\b(?:as|like|by|play|talk\w*) an? (?:\w+ )?(?:toddler|child|kid|pirate)\b"
    r"|\bas (?:it|they) (?:is|are) written\b",
)
"""A prompt with one of these may ask for words as words, or for text that is not written with care."""

_LINE = _cues(
    "incorrect config inscri engrav scribbl scrawl tattoo etymolog translates translation_of dictionar "
    "vocabular nicknam shakespear chaucer synonym obsolete older_form historical_form",
    "mistake error erroneous password passphrase passcode passwd username user_name login "
    "parameter settings_file keyword hashtag filename file_name column_name identifier env option_named payload "
    "schema json yaml class_name domain_name url pronoun verb noun adjective adverb conjunction preposition "
    "plural singular idiom archaic old_form elizabethan middle_english old_english manuscript gravestone "
    "crossword lyric verbatim typed typing search_for searched_for gate operator boolean logic brand slogan "
    "trademark startup start-up surname first_name last_name maiden_name handle_is codename code_name acronym "
    "in_french in_german in_spanish in_latin loi",
    r"\b(?:corrected|correction|correct|wrong|right|before|after|original|draft|bad|good|noisy|input|avoid|never)\W{0,3}:"
    r"|(?:^|\n)\W{0,4}[xX✗❌✘✓✔✅]\W",
)
"""In a line with one of these any word may be an example, a value or a name."""

_BEFORE = _cues(
    "confus carv swap substitut exchang mistyp",
    "instead_of rather_than in_place_of mixed_up mixes_up mix_up mistaken_for turn turned turning changes "
    "replace replaces name_is names_is named naming call called calling titled entitled known_as dubbed "
    "labelled labeled baptised baptized stands_for says said noted bears_the_text engraved header code_is field "
    "label caption headline variable flag database directory folder token attribute google band album song logo "
    "endpoint graffiti wrong writes wrote written reads rename enter entered versus vs",
    r"\b(?:set|changed?|replaced|write) (?=$)|\bmeans? (?=$)|\banswers?\b[^.\n]{0,20}\b(?:is|was|are|were) |[=→⇒]|->",
)
"""Shortly behind one of these a word may be an example or a name."""

_BEHIND = _cues(
    "",
    "instead_of rather_than in_place_of for_short into means meant stands_for versus vs is_known_as wrong wrongly",
    r"^[^\w\n]*(?:is|was|are|were) (?:common|usual|standard|accepted|acceptable|correct|right|fine|non-?standard)\b"
    r"|[=→⇒]|->",
)
"""Shortly before one of these it may be as well."""

_VALUE = re.compile(r":\W*$")
"""Before a word with which a line ends: it may be the value of a key."""

NEAR = 26
"""Characters before and behind an error in which a word like "called" tells something."""

ASKS = 200
"""Characters of a line of a prompt that may ask for something; longer ones are passages, which only tell."""

_LONG = 5
"""Letters of a function word that does not stand near everything."""

BESIDE = 55
"""Characters before and behind a misspelling in which its correction makes it an example."""

_CONDITION = re.compile(r"\b(?:if|when|whenever|once|unless|until|should|as soon as)\b", re.IGNORECASE)


def mentions(text: str) -> bool:
    """Whether a text speaks of words as words, so that a misspelling may be there on purpose."""
    return _OF_WORDS.search(text) is not None


def asks_for_errors(given: str) -> bool:
    """Whether a prompt speaks of words, or asks for text with errors, in a dialect, or in a style: in a short line."""
    return any(len(line) <= ASKS and _ASKED.search(line) is not None for line in given.splitlines())


def is_on_purpose(text: str, start: int, end: int, after: str) -> bool:
    """Whether anything around an error says that it may be an example, a value or a name.

    Args:
        text: what holds it.
        start: where the error begins, in code points.
        end: where it ends.
        after: what would stand there.
    """
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    last = len(text) if last < 0 else last
    if _LINE.search(text, first, last):
        return True
    before, behind = text[max(first, start - NEAR) : start], text[end : min(last, end + NEAR)]
    is_value = _VALUE.search(before) is not None and not any(map(str.isalpha, behind))
    return (
        is_value
        or bool(_BEFORE.search(before) or _BEHIND.search(behind))
        or _has_beside(text, start, end, after)
    )


def _has_beside(text: str, start: int, end: int, after: str) -> bool:
    """Whether the correction stands near the error; a short function word stands near everything."""
    if not after or (len(after) < _LONG and after.lower() in FUNCTION_WORDS):
        return False
    near = f"{text[max(0, start - BESIDE) : start]}\0{text[end : end + BESIDE]}"
    return re.search(rf"(?<!\w){re.escape(after)}(?!\w)", near, re.IGNORECASE) is not None


def is_condition(text: str, start: int) -> bool:
    """Whether the sentence sets a condition before a place: "if the pain gets worse then stop" means what it says."""
    first = max(text.rfind(stop, 0, start) for stop in (". ", "! ", "? ", "\n"))
    return _CONDITION.search(text, max(first, 0), start) is not None
