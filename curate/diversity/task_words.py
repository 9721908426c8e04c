"""The closed lists by which an instruction is told: verbs, question words, nouns that decide, politeness.

They are judgement, drawn from the instructions of public collections (Super-NaturalInstructions, self-instruct, P3).
A word that is not listed is never guessed at.
"""

from __future__ import annotations


def _table(*lines: str) -> dict[str, str]:
    """Words to what stands before the colon of their line."""
    pairs = [line.partition(":") for line in lines]
    return {word.replace("_", " "): kind for kind, _, listed in pairs for word in listed.split()}


def _set(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


KINDS = {
    "classify": "put into one of several classes, judge, choose among answers",
    "extract": "find in a given text and give it back as it stands",
    "summarise": "say a given text in fewer words",
    "rewrite": "say a given text in other words; correct, complete or reorder it",
    "translate": "say it in another language",
    "generate": "write a new text",
    "brainstorm": "give ideas, names, lists of examples",
    "explain": "explain, describe, define, compare",
    "question": "answer a question",
    "calculate": "compute or solve",
    "code": "write or mend a program or a query",
    "plan": "plan, design, recommend",
    "other": "none of these is said",
}
"""The kinds of task, and what each asks for."""

VERBS = _table(
    "classify: classify categorize label choose select pick decide determine judge rate rank grade score assess"
    " verify detect predict guess check match evaluate tag assign infer validate link",
    "extract: extract find identify parse locate retrieve copy quote highlight recognize spot underline",
    "summarise: summarize condense shorten abridge recap outline sum_up boil_down",
    "rewrite: rewrite rephrase paraphrase reword edit correct fix improve simplify revise proofread convert transform"
    " change modify reorder rearrange sort replace remove add fill complete continue finish expand format combine"
    " merge reverse adapt polish restate turn capitalize insert substitute unscramble split fill_in",
    "translate: translate transliterate",
    "generate: put write generate create compose produce draft formulate construct craft invent prepare ask respond"
    " reply make pose form make_up",
    "brainstorm: brainstorm list suggest name enumerate propose come_up think_of",
    "explain: explain describe define compare contrast discuss elaborate illustrate clarify justify interpret analyze"
    " tell show argue state specify teach examine differentiate distinguish",
    "question: answer",
    "calculate: calculate compute solve count sum multiply divide subtract estimate prove derive integrate",
    "code: code program implement debug refactor",
    "plan: plan design organize recommend advise develop build devise schedule arrange",
    "other: give provide output return present offer supply share act pretend roleplay",
)
"""Verbs that lead an instruction, and the kind that each means by itself."""

SPELLINGS = {
    "summarise": "summarize",
    "categorise": "categorize",
    "recognise": "recognize",
    "capitalise": "capitalize",
    "organise": "organize",
    "analyse": "analyze",
}
"""British spellings, so that one verb is counted once."""

NOUNS = _set(
    "answer name list score plan design program code change rate rank label tag quote outline draft estimate count"
    " reply show guess format form link match check sum copy grade split form schedule state present offer share act"
    " help build produce return output review complete correct finish order select present project"
)
"""Verbs that are as often nouns: a mark, the end, or one of ``BEHIND_NOUNS`` behind them says so."""

BEHIND_NOUNS = _set("is are was were will has have of and or for in on at with by")

TELLING = _set("tell say identify detect determine decide find check see state output predict judge verify")
"""Verbs that classify where ``if`` or ``whether`` follows."""

SETTING = _set(
    "use using read consider given based considering assume suppose imagine look see take refer following according"
    " think keep note start begin go"
)
"""Words that open a clause which says with what; the task may follow behind a comma, ``and`` or ``to``."""

AROUND = _set("in to for as if with from after when here you this by without once because since while at")
"""Words that open a clause in which the task may follow behind a comma, or ``and``."""

POLITE = _set(
    "please kindly can could would will i we i'd you your the help let's try go hi hello hey ok okay so now then first"
    " next finally also and task tasks instruction instructions question q problem prompt"
)
"""Words that may open politeness."""

OBJECTS = _table(
    "summarise: summary summaries summarization synopsis abstract recap gist highlights points tldr",
    "translate: translation translations",
    "code: code function functions program programs script scripts query queries regex sql algorithm class method html"
    " css unit-test unit-tests loop snippet",
    "brainstorm: idea ideas suggestion suggestions name names list lists example examples ways tips reasons synonyms"
    " antonyms keywords slogans titles topics",
    "classify: category categories label labels class classes sentiment rating score stars verdict",
    "rewrite: paraphrase rewording",
    "explain: explanation description definition overview difference differences comparison",
    "plan: plan itinerary schedule recommendation recommendations recipe advice",
    "question: answer",
    "calculate: sum product average mean total",
)
"""What a verb acts on, where that decides: to write a summary is to summarise."""

OPEN_VERBS = _set(
    "give provide output return present offer supply share write generate create compose produce make prepare draft"
    " develop build design construct tell show state formulate"
)
"""Verbs whose object decides."""

QUESTION_WORDS = _set("what which who whom whose when where why how")
AUXILIARIES = _set(
    "is are was were am do does did can could will would shall should may might must has have had isn't aren't wasn't"
    " don't doesn't didn't can't couldn't won't wouldn't"
)
"""Words that open a question to be answered by yes or no."""

YES_NO = "yes/no"

DETERMINERS = _set(
    "a an the this that these those my your his her its our their some any each every all both one two three four five"
    " six seven eight nine ten several many few more another following given above below provided new own me us him"
    " them it they he she you up out down in on only very most no please"
)
"""Words before a noun that are not it; objects like ``me`` are passed over, too."""

STOPS = _set(
    "of for to in on at by with from about as into onto that which who whom whose where when if whether and or but so"
    " because based using given is are was were be been has have had can could will would should may might must does do"
    " did between among without within according like than then such not while during after before under over"
    " below above around down up out in back"
)
"""Words at which the noun phrase after a verb ends."""
