"""The words that may differ between two texts which ask the same: the allow-list behind near duplicates.

Whatever is not listed here is meaning. Each table says why its words are harmless and where they are not.

Case          An initial capital, and words in capitals that are emphasis or listed names. Not: words of ``CASED``,
              whose capital makes another word (Polish, May), unlisted words in capitals (US, WHO, AIDS), single
              letters (x, X), any German word within a sentence (sie, Sie), and quoted words.
Punctuation   ``. , ; : !`` at the end of a word, the question mark of a sentence that begins as a
              question or a polite order, the shape of quotation marks and bullets. Not: brackets, quotation marks as
              such, operators, marks within or between numbers, dots that stand for something left out.
Spacing       Runs of white space, spaces before punctuation, between a number and its listed unit, between Han
              characters, line breaks after a full line. Not: breaks between short lines (lists, verse, tables).
Articles      ``a``, ``an``, ``the`` before a word that does not need them. Not: ``a few``, ``a number``, ``vitamin A``,
              ``The Who``. English only: in German or French the article tells who does what to whom, and in many
              languages it is also the number one.
              Chinese 一个 and 个 are one where no other number stands before.
Politeness    ``please``, ``could you`` before an order, thanks or a plea for help at the end, a greeting at the start,
              and their like in Chinese, German, French, Spanish, Portuguese, Italian and Dutch. Not: ``can you take
              aspirin with wine?``, ``how do you say please?``, 你能游泳吗.
Spelling      British and American forms, contractions, listed compounds and slips (``wording_spelling``), a hyphen or a
              space between two words of five letters or more that are no numbers.
Verbs         True synonyms of the verb that opens the text; Chinese verbs for converting an amount.

In texts that hold code, and in those whose task is their form (grammar, case, punctuation, spelling, translation),
nothing is folded but politeness at the very start.
"""

from __future__ import annotations

import re


def words(table: str) -> frozenset[str]:
    """A table of words, written as text."""
    return frozenset(table.split())


ORDERS = words(
    """
    add advise analyse analyze answer apply arrange assess assign assume brainstorm build calculate categorize change
    check choose cite clarify classify combine come comment compare complete compose compute consider construct continue
    contrast convert correct count create criticize debug decide define deliver derive describe design determine develop
    diagnose differentiate discuss distinguish divide draft draw edit elaborate enumerate estimate evaluate examine
    expand explain explore express extract fill find finish fix form formulate generate give go guess guide help
    highlight identify illustrate imagine implement improve include indicate infer insert interpret introduce invent
    investigate judge justify keep label let list look make map match mention modify name offer optimize order
    organize outline paraphrase perform pick plan point predict prepare present produce proofread propose prove
    provide put rank rate read recommend reduce refer rephrase replace reply report respond return review revise
    reword rewrite say search select share show simplify sketch solve sort specify state structure suggest summarize
    take talk teach tell think transform translate try turn use verify visualize walk write
    """
)
"""Verbs that open an order."""

SYNONYMS = {
    "provide": "give",
    "compute": "calculate",
    "compose": "write",
    "generate": "create",
    "select": "choose",
    "pick": "choose",
    "categorize": "classify",
    "enumerate": "list",
    "reword": "rephrase",
    "paraphrase": "rephrase",
}
"""Verbs that order the same when they open a text. Explain and describe, find and determine, suggest and recommend
do not."""

ASKING = words(
    """
    what which who whom whose when where why how is are am was were do does did can could will would shall should may
    might must has have had isn't aren't
    """
)
"""Words that open a question in English, so that its mark adds nothing."""

WH = frozenset(["what", "which", "who", "whom", "whose", "when", "where", "why", "how"])
"""Question words that also open a question after a comma: "In French, what is ...?"."""

ASKING_HAN = frozenset("吗呢谁哪怎几什")
"""Characters that make a Chinese sentence a question wherever they stand."""

COURTESIES = frozenset(["please", "kindly", "pls", "plz"])
OFFERS = frozenset(["could", "can", "would", "will"])
"""Before "you" and an order: "could you explain" asks what "explain" asks. With a courtesy before any order, otherwise
only before ``TELLING``, or before an order and "me": "can you take aspirin with wine?" asks about anybody."""

TELLING = words(
    """
    explain describe summarize suggest recommend provide elaborate clarify outline rephrase paraphrase rewrite define
    compare generate discuss analyze
    """
)
"""Orders that only the one who is spoken to can carry out; as a question they ask the same."""

POLITER = words("list write create draft compose calculate identify name find")
"""Orders that "could you" and "would you" make polite; "can you write a will alone?" asks about anybody."""

TO_ME = frozenset(["me", "us", "yourself"])

THANKS = frozenset(
    {
        "thanks",
        "thank you",
        "thanks in advance",
        "thank you in advance",
        "thank you very much",
        "thank you so much",
        "thanks very much",
        "thanks so much",
        "many thanks",
        "danke",
        "vielen dank",
        "danke im voraus",
        "merci",
        "merci beaucoup",
        "merci d'avance",
        "gracias",
        "muchas gracias",
        "grazie",
        "grazie mille",
        "obrigado",
        "obrigada",
        "bedankt",
        "谢 谢",
        "can you help me",
        "can you help me with that",
        "can you help me with this",
        "could you help me",
        "could you help me with that",
        "please help",
        "please help me",
    }
)
"""Whole sentences at the end of a text that has asked or told something before."""

GREETINGS = frozenset(
    [
        *("hi", "hello", "hey", "hi there", "hello there", "good morning", "good afternoon", "good evening"),
        *("hallo", "guten tag", "bonjour", "hola", "buenos días", "ciao", "buongiorno", "olá", "goedendag"),
        *("你 好", "嘿", "嗨", "哈 喽", "早 上 好"),
    ]
)
"""At the very start, before a comma or stop, with at least three words after it."""

FOREIGN_COURTESIES = (
    ("bitte",),
    ("s'il", "vous", "plaît"),
    ("s'il", "te", "plaît"),
    ("por", "favor"),
    ("per", "favore"),
    ("per", "piacere"),
    ("alstublieft",),
    ("alsjeblieft",),
)
"""Please in German, French, Spanish, Portuguese, Italian and Dutch: at the start or the end of a sentence."""

HAN_ORDERS = frozenset("解说描写列给告用根将把生提分总回帮你介推设创找比对为从编改计判续完简详选")
"""First characters of what follows 请 as "please" (请解释, 请用), not as part of a word (请客, 请假, 请求)."""

HAN_OFFER = re.compile(
    "你?(?:能不能|可不可以|能否|可否|可以|能)请?"
    "(?:帮我|帮忙|(?=介绍|解释|说明|描述|告诉|推荐|提供|列出|总结|举例|给我|为我))"
    "|你(?:能不能|可不可以|能否|可否|可以|能)请?(?=生成|分析|写一|翻译|创建|设计|计算|比较|检查|查找|搜索|查询)"
)
"""Could you (help me), before an order or with 帮我; not 你能游泳吗, which asks for an ability."""

HAN_SAME = {"您": "你"}
"""The polite pronoun and the plain one."""

HAN_PARTICLES = frozenset("吗么嘛吧")
"""They end a sentence that an offer opens; elsewhere 么 at the end of a question is 吗."""

HAN_SPOKEN = frozenset("什怎那这多要")
"""Before 么, these make another word."""

HAN_ONE = frozenset("第十百千万零〇一二三四五六七八九每同另哪这那某唯几")
"""After these, 一 is not the article that 一个 may do without (订一个, 订个)."""

METALINGUISTIC = words(
    "say says said saying spell word words phrase term mean means meaning pronounce define"
)
"""Where one of these is in the sentence, a courtesy at its end may be what is spoken of (how do you say please?)."""

BEFORE_SPOKEN = words("with of the a an and or to as in by for is are be from on at not than")
"""Directly before a courtesy at the end, these make it part of the sentence (reply with please)."""

WISHES = (
    ("i", "would", "like", "you", "to"),
    ("i'd", "like", "you", "to"),
    ("i", "want", "you", "to"),
    ("i", "need", "you", "to"),
    ("i", "was", "wondering", "if", "you", "could"),
)
"""Before an order at the start of a sentence, they ask what the order asks."""

ARTICLES = frozenset(["a", "an", "the"])

AFTER_A = words(
    """
    few little lot lots bit couple number majority minority handful first second third fourth fifth last
    and or nor is are was were has had does did can could will would may must to from in on of by with for at than plus
    minus times equals not be been it
    """
)
"""Before these, "a" and "the" are not the same as no article (a few, few; a number, the number), or "a" is a name."""

AFTER_THE = words(
    """
    few little number majority minority first second third fourth fifth last most least one ones
    who what which when where why how
    """
)

BEFORE_A = words(
    """
    vitamin hepatitis influenza option type group class grade plan part section figure column row point letter team
    variable factor choice answer item list box case level schedule appendix exhibit annex table note string
    chapter unit model set matrix vector event node person player side angle line company party city car train worker
    """
)
"""After these, "a" is a name: vitamin A, hepatitis a, option a."""

LOUD = words(
    """
    not must only always never exactly any and cannot very the more than each every both least should most is are best
    correct true false incorrect important note please
    """
)
"""Words that are written in capitals for emphasis and make no other word so (unlike ALL, NO, DO, OR, IN)."""

FOLDING_NAMES = words(
    """
    dna rna mrna html css sql xml json api apis url http https cpu gpu pdf csv hiv nasa nato fbi cia covid usb
    gdp ceo faq php ascii wifi tv dvd bmi adhd ptsd mri ibm ibs copd ecg
    javascript typescript youtube github linkedin mysql postgresql chatgpt powerpoint wordpress ebay iphone ipad macos
    ios tensorflow pytorch numpy openai bitcoin whatsapp tiktok paypal nodejs
    c++ c#
    """
)
"""Acronyms and trade names whose lower-case form is no other word, so that capitals only spell them."""

CASED = words(
    """
    may march august polish turkey china japan chile jordan jersey guinea nice reading bath cork hull derby buffalo
    phoenix mobile mercury pole finn swede dane scotch cologne lent job mass catholic orthodox democratic republican
    liberal conservative labour house congress god lord titan
    mark bill will rose frank grace hope faith joy dawn jack rob sue pat drew gene chip art ray cliff grant guy hunter
    mason miles nick norm peg penny rich rusty sandy skip stew victor wade woody summer baker cook miller smith brown
    white black green gray grey young long short king bishop pope price stone wood
    apple oracle word access office outlook teams edge shell target gap visa ford sprint orange delta meta alphabet
    go rust swift basic pandas spark hive flask node express scheme dart crystal elixir lisp racket
    the a an it
    string boolean integer float double object list dict true false none null cancer aries leo eagles
    """
)
"""Words that a capital makes into another word: kept as written, except at the start of a sentence."""

ENGLISH = words(
    "the of to is in and what for you are how that with on it this from be as your my do does which who when"
)
FOREIGN = words(
    """
    que de la el los las en un una uno il lo gli le les des du est et pour dans che di per con por um uma da em os
    der das und ist ein eine den dem für auf mit van het een voor
    """
)
"""Where a text has more of these than of the English ones, "a" and "an" are not articles (Scrivi a Maria)."""

SMALL = (ENGLISH | ASKING | ORDERS) - {"the"}
"""Where a text has none of these, "a", "an" and "the" are not taken for articles: the is tea in Danish."""

DENIALS = words("no not never yes don't do doesn't stop none nothing neither")
"""Behind these a mark decides what is denied."""

BEFORE_THE = words("take takes took taking")
"""Take the place is not take place."""

TWO = words("is it in he we do no my at on to of as an am be by go hi if me or so up us")
"""Words of two letters that may open a sentence; others in capitals are symbols (Mg, Co, Aa)."""

ABBREVIATIONS = words("mr mrs ms dr prof st vs e.g i.e cf approx dept jr sr")
"""Their dot ends no sentence."""

GERMAN = words("der das und ist nicht eine einen ein ich wie für wird auf den dem sie mit")
"""Two of these make a text German, where a capital tells a noun or a polite pronoun from another word."""

NUMBERS = words(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half twice
    double first second third fourth fifth once
    """
)

LONG = 5
"""Letters that both sides of a hyphen need for a space to say the same (power-sharing; not man-eating, re-sign)."""

UNITS = {
    **{
        u: u
        for u in ("mg", "ml", "kg", "km", "cm", "mm", "%", "°C", "°F", "GB", "MB", "KB", "kHz", "MHz", "GHz")
    },
    **{u: u for u in ("mmHg", "mmol/L", "mg/dL", "mg/kg", "µg", "μg", "mcg", "km/h", "mph", "lbs", "kcal")},
}
"""Units that may touch their number or not: "10mg", "10 mg". One-letter units are left out (5 m, 5m)."""

FORM = words(
    """
    capitalize capitalized capitalise capitalised capitalization capitalisation capitals uppercase lowercase upper-case
    lower-case titlecase camelcase
    punctuate punctuation comma commas apostrophe apostrophes hyphen hyphens semicolon semicolons quotation
    grammar grammatical grammatically ungrammatical spell spelled spelling misspelled misspelling typo typos proofread
    proofreading indent indentation whitespace regex substring palindrome anagram tokenize tokenise lemmatize
    translate translated translation translating contraction contractions polite politely politeness politer courteous
    impolite verbatim transliterate
    übersetze übersetzen übersetzung traduis traduire traduisez traduce traduzca traducir traduci tradurre traduza
    traduzir vertaal groß großschreibung grammatik rechtschreibung orthographe ortografía gramática grammaire
    """
)
"""One of these in a text, and its task may be about the form of words: it is compared verbatim."""

FORM_HAN = ("翻译", "语法", "标点", "错别字", "大写", "小写", "拼写", "译成", "译为")

FORM_PAIRS = (
    (
        frozenset(
            [
                "correct",
                "fix",
                "edit",
                "revise",
                "improve",
                "mistakes",
                "errors",
                "error",
                "acceptable",
                "incorrect",
            ]
        ),
        frozenset(["sentence", "sentences", "phrase", "english"]),
    ),
    (
        frozenset(
            [
                "letter",
                "letters",
                "character",
                "characters",
                "words",
                "spaces",
                "syllables",
                "vowels",
                "consonants",
            ]
        ),
        frozenset(["count", "number", "many", "first", "last", "reverse", "position", "index"]),
    ),
    (frozenset(["upper", "lower", "title", "camel", "snake"]), frozenset(["case"])),
    (frozenset(["british", "american", "uk", "us"]), frozenset(["english"])),
    (
        frozenset(["rewrite", "make", "convert", "change", "rephrase"]),
        frozenset(["formal", "informal", "casual", "tone"]),
    ),
    (
        frozenset(["article", "articles", "determiner"]),
        frozenset(["definite", "indefinite", "fill", "insert"]),
    ),
)
"""A word of each set in a text, and its task may be about form."""
