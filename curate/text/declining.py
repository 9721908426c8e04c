"""Whether an answer does nothing but decline.

Each sentence is one of four: it declines, it helps (advice, an offer with substance, a question back), it is polite
filling, or it says something else. An answer declines as a whole if one of its first sentences does, none helps, and
what it says beside that is little. Phrases alone are right in two of three cases, because helpful answers hold them, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

LONGEST = 1500
"""Code points beyond which an answer says more than no."""

_MOST_ELSE = 0.34
_FIRST = 2
_SENTENCE = re.compile(r"[^.!?。！？\n]+(?:[.!?。！？]+(?=\s|$|[^\x00-\x7f])|\n|$|[.!?])?")
_CLOSES = re.compile("anything else|something else|other questions|else i can|还有|其他|algo más|autre chose|sonst noch")


class Decline(NamedTuple):
    """The declining words, in code points, and the language."""

    start: int
    end: int
    language: str


@dataclass(frozen=True)
class _Language:
    """What sorts the sentences of one language; all patterns look at lower-case text with straight apostrophes."""

    name: str
    declines: re.Pattern[str]
    marker: re.Pattern[str]  # an apology, or "as an AI": without one, a declining sentence must be ``plain``
    plain: re.Pattern[str]
    helps: re.Pattern[str]
    fills: re.Pattern[str]


_ENGLISH = _Language(
    "English",
    declines=re.compile(
        r"\bi (?:(?:really|simply|just|still|currently|unfortunately|also) )?(?:can ?not(?! help but)|can't(?! help but)|could not|couldn't|won't|will not|must decline"
        r"|must refuse|have to (?:decline|refuse)|refuse to|decline to|do(?:n't| not) (?:have|possess) (?:\w+ ){0,2}(?:ability|capability|capacity"
        r"|access|permission|authority|means|capabilities|feelings|emotions|opinions?|preferences|experiences?|body|information|knowledge)"
        r"|(?:would|'d) (?:prefer|rather) not|do(?:n't| not) feel comfortable)\b"
        r"|\bi(?:'m| am) (?:\w+ )?(?:unable|not able|not allowed|not permitted|not programmed|not capable|not comfortable|not equipped|not authorized"
        r"|not going|incapable|forbidden|prohibited)\b"
        r"|\b(?:request|question|task|content) (?:can ?not|can't) be (?:fulfilled|answered|completed|provided)"
    ),
    marker=re.compile(
        r"\b(?:sorry|apologi[sz]e|apologies|unfortunately|regret(?:fully|tably)?|i'm afraid|i am afraid)\b|\bas an? (?:\w+ ){0,3}(?:ai|a\.i\.|artificial"
        r"|language model|assistant|chatbot|model|machine)\b|\bi(?:'m| am) (?:just |only |merely )?an? (?:\w+ ){0,3}(?:ai|language model|assistant|chatbot)\b"
    ),
    plain=re.compile(
        r"^\W*i (?:can ?not|can't|won't|will not|am unable to|am not able to) (?:help|assist|fulfill?|comply|provide|answer|do that|do this|complete|generate"
        r"|create|produce|engage|participate|support|discuss|share|offer|give you)\b"
    ),
    helps=re.compile(
        r"\byou (?:can|could|may|might|should|will need|would need|need|must|want)\b|\b(?:try|consider)(?:ing)?\b|\b(?:recommend|suggest|advise|encourage)\b"
        r"|\b(?:contact|consult|call|visit|reach out|speak (?:to|with)|talk to|refer to|seek|check)\b|\bplease (?:provide|specify|clarify|give|tell|share"
        r"|include|supply|enter|paste|upload|send|rephrase|use|let me know (?:what|which|the|your|more))\b|\b(?:could|can|would) you (?:please )?(?:provide|share"
        r"|give|clarify|specify|tell|send|rephrase)\b|\bif you (?:can |could )?(?:provide|share|give|tell|send|describe|specify|clarify)|\b(?:here|below) (?:is|are)\b"
        r"|\bhere's\b|\bhowever, (?:i can(?! ?not|'t)|here|it|the|there|in|some|one)\b|\bbut (?:i can(?! ?not|'t)|here|generally)\b|\bi can (?!not)(?:\w+ )?(?:provide|offer|give|share|explain"
        r"|tell|suggest|describe|help you (?:with|to|find|write)|write|create|generate)\b|\bfor (?:example|instance)\b|\bin general\b|\bgenerally\b|\btypically\b"
        r"|\bmore (?:information|context|details)\b|\b(?:available|provided) (?:tools?|functions?)\b|\bmy (?:current )?(?:capabilities|functions?) (?:is|are) (?:currently )?limited"
        r"|\bnone of the\b|\btools?\b|\bexternal tasks?\b|\bdidn't (?:provide|include|specify)|\bdid not (?:provide|include|specify)|\b(?:not|n't) (?:been )?provided\b"
    ),
    fills=re.compile(
        r"^\W*(?:is there |are there |do you have )?(?:any|some)?(?:thing|one|body)? ?(?:else|other (?:questions?|topics?|tasks?))|\b(?:anything|something|any other|other questions?) (?:else )?"
        r"|\blet me know\b|\bfeel free\b|\bi'm here to\b|\bi am here to\b|\bhappy to (?:help|assist|answer)\b|\bglad to (?:help|assist)\b|\bhow (?:else )?(?:can|may) i\b"
        r"|^\W*(?:i'm |i am )?(?:very |so |truly )?(?:sorry|apologi[sz]e|apologies)|\bmy (?:purpose|function|role|goal|programming|guidelines|design|main|primary)\b"
        r"|\b(?:it|this|that|such|doing so|the request|this request|your request|the content|these) (?:\w+ )?(?:is|are|would|goes|could|may|might|can|violates?|promotes?) "
        r"|\b(?:inappropriate|unethical|illegal|harmful|offensive|privacy|ethical|respectful|dangerous|policy|policies|guidelines|violat\w+|hateful|discriminat\w+|safety)\b"
        r"|\bi(?:'m| am) (?:just |only |merely )?an? \b|\bi was (?:created|designed|programmed|trained|built)\b|\bi(?:'m| am) (?:designed|programmed|trained|built|committed|bound)\b"
        r"|\bi (?:only|just|must|strive|aim|understand|have to)\b|\b(?:thank you|thanks|please understand|please refrain|please note|let's|let us)\b|^\W*(?:sure|no|oh|hello|hi)\W*$"
    ),
)

_CHINESE = _Language(
    "Chinese",
    declines=re.compile(
        r"我(?:们)?[^，。！？\n]{0,14}?(?:无法|不能|不可以|没有能力|没办法|没有办法|不具备|没有权限|拒绝|不会提供|不便|没有.{0,8}的(?:能力|权限))"
        r"|^\W*(?:无法|不能)(?:回答|提供|帮助|满足|完成|协助|生成)"
    ),
    marker=re.compile(r"抱歉|对不起|不好意思|遗憾|恕|作为(?:一[个名款位])?[^，。\n]{0,8}(?:ai|人工智能|语言模型|助手|机器人|助理)|我(?:只)?是(?:一[个名款位])?[^，。\n]{0,6}(?:ai|人工智能|语言模型|机器人)"),
    plain=re.compile(r"^\W*我(?:无法|不能)(?:回答|提供|帮助|满足|完成|协助|生成)"),
    helps=re.compile(
        r"请(?:您|你)?(?:先|再|重新)?(?:提供|告诉|告知|咨询|联系|拨打|上传|补充|给出|输入|查|参考|使用|尝试|访问|向|在|将|确认)|麻烦(?:您|你)|(?:您|你)(?:们)?(?:也|还)?(?:可以|应该|可能|需要|不妨|最好)"
        r"|建议|如果(?:您|你)[^。]{0,4}(?:能|可以|提供|希望|想|告诉|给)|我(?:还|也)?可以(?!帮您什么)|可以(?:提供|使用|参考|通过|帮)|能够?帮|不过|但是?[^。]{0,6}(?:可以|通常|一般)|通常|一般来说|例如|比如|以下|如下|能否|能提供|尝试"
        r"|(?:没有|未|并未|没)(?:有)?(?:给|提供|指定|告诉|说明)|没有足够|信息不足|更多(?:的)?(?:信息|细节|上下文)|(?:功能|能力)[^。]{0,4}(?:仅限|是|限于)|外部任务|的功能|提供给我的|工具|取决于"
    ),
    fills=re.compile(
        r"(?:还有|其他|别的|什么)[^。]{0,14}(?:帮|问题|需要)|其他(?:事|的?问题)|随时|(?:很)?(?:乐意|高兴)[^。]{0,12}(?:帮|助|回答)|我的(?:目的|职责|工作|目标|任务)|尊重|不当|冒犯|非法|有害|道德|违反|违法|隐私|伤害|合法|安全|法律|敏感"
        r"|我只(?:能|是)|让我们|^\W*(?:很|非常)?(?:抱歉|对不起)|谢谢|感谢|理解|我是(?:一[个名款位])"
    ),
)

_GERMAN = _Language(
    "German",
    declines=re.compile(
        r"\bich (?:\w+ ){0,6}(?:nicht|kein\w*)\b[^.]{0,120}|\b(?:kann|darf|werde|möchte) ich (?:\w+ ){0,8}(?:nicht|kein\w*)\b|\bbin ich nicht in der lage\b|\bist es mir (?:leider )?nicht möglich\b"
    ),
    marker=re.compile(
        r"\b(?:entschuldigung|leider|tut mir leid|bedaure|verzeihung)\b|\bals (?:\w+ )?(?:ki|künstliche intelligenz|sprachmodell|assistent|chatbot)\b|\bals (?:\w+[- ])?(?:ki|sprach)[-\w]*"
    ),
    plain=re.compile(r"(?!)"),
    helps=re.compile(
        r"\b(?:sie|du) (?:können|kannst|könnten|könntest|sollten|solltest|müssen|musst)\b|\b(?:können|könnten|kannst|könntest) (?:sie|du)\b|\bwenden sie\b|\bbitte (?:geben|teilen|kontaktieren|rufen|stellen|senden|wenden|nennen)"
        r"|\bempfehl|\bversuch|\bkonsultier|\b(?:jedoch|aber) (?:kann ich|hier)\b|\bich kann (?:ihnen|dir) (?:aber|jedoch|gerne)\b|\bhier (?:ist|sind)\b|\bzum beispiel\b|\bim allgemeinen\b|\bwenn (?:sie|du) mir\b"
    ),
    fills=re.compile(
        r"\b(?:sonst noch|weitere fragen|andere fragen|etwas anderes|gerne|jederzeit|entschuldigung|leid|illegal|unethisch|gefährlich|richtlinien|gesetz|verstößt|unangemessen|datenschutz|privatsphäre)\b|\bich bin (?:nur )?ein\w*\b|\bmeine (?:aufgabe|programmierung)\b"
    ),
)

_SPANISH = _Language(
    "Spanish",
    declines=re.compile(
        r"\bno (?:te |le |les )?(?:puedo|podr[ée]|debo)\b|\bno me es posible\b|\bno soy capaz\b|\bno estoy (?:\w+ )?(?:autorizad|programad|capacitad|diseñad)\w+|\bno tengo (?:la )?(?:capacidad|acceso|habilidad|permiso)"
    ),
    marker=re.compile(
        r"\b(?:lo siento|lamento|disculp\w+|perd[oó]n\w*|desafortunadamente|lamentablemente)\b|\bcomo (?:un |una )?(?:modelo|ia|inteligencia artificial|asistente)\b|\bsoy (?:solo |s[oó]lo )?(?:un|una) (?:modelo|ia|inteligencia|asistente)\b"
    ),
    plain=re.compile(r"(?!)"),
    helps=re.compile(
        r"\b(?:puede|puedes|podr[ií]as?|debes?|deber[ií]as?|necesitas?) \b|\bte (?:recomiendo|sugiero|aconsejo)|\ble (?:recomiendo|sugiero|aconsejo)|\brecom[ie]+nd|\bpor favor,? (?:proporcion|indi|envi|consult|contact|llam|dime|comparte)"
        r"|\bconsult|\bllam[ae]\b|\bcontact|\b(?:sin embargo|pero),? (?:puedo|aqu[ií]|te puedo)|\baqu[ií] (?:tienes?|est[aá])|\bpor ejemplo\b|\ben general\b|\bsi me\b|(?<!no )\bpuedo (?:ofrecer|dar|explicar|ayudar)"
    ),
    fills=re.compile(
        r"\b(?:algo m[aá]s|otra (?:cosa|pregunta)|otras? preguntas?|otro tema|encantad[oa]|con gusto|ilegal|inapropiad\w+|[eé]tic\w+|ofensiv\w+|peligros\w+|dañin\w+|privacidad|pol[ií]ticas?|normas)\b|\bmi (?:prop[oó]sito|funci[oó]n|objetivo)\b|\bsoy (?:un|una)\b|^\W*lo siento"
    ),
)

_FRENCH = _Language(
    "French",
    declines=re.compile(
        r"\bje ne (?:vous |te |le |la |les )?(?:peux|suis|pourrai|saurais|dois) (?:\w+ )?(?:pas|malheureusement)|\bil m'est impossible\b|\bje n'ai (?:malheureusement )?pas (?:acc[eè]s|la capacit[eé]|la possibilit[eé]|le droit)|\bje ne suis pas (?:en mesure|autoris|programm|capable)"
    ),
    marker=re.compile(
        r"\b(?:d[eé]sol[eé]e?|m'excuse|malheureusement|regrette|pardon)\b|\ben tant qu(?:e |')(?:\w+ )?(?:ia|intelligence|mod[eè]le|assistant)|\bje (?:ne )?suis (?:qu')?une? (?:simple )?(?:ia|intelligence|mod[eè]le|assistant)"
    ),
    plain=re.compile(r"(?!)"),
    helps=re.compile(
        r"\b(?:vous|tu) (?:pouvez|peux|pourriez|pourrais|devriez|devrais|devez)\b|\b(?:pouvez|pourriez)-vous\b|\bje (?:vous |te )?(?:recommande|sugg[eè]re|conseille)|\bveuillez (?:fournir|contacter|consulter|pr[eé]ciser|indiquer|appeler)"
        r"|\bconsult|\bcontact|\bappel|\b(?:cependant|mais),? je peux|\bvoici\b|\bpar exemple\b|\ben g[eé]n[eé]ral\b|\bsi vous (?:me|pouvez)\b|\bje peux (?:vous |te )?(?:proposer|donner|expliquer|aider [aà])"
    ),
    fills=re.compile(
        r"\b(?:autre chose|autres? questions?|avec plaisir|ill[eé]gal\w*|inappropri[eé]\w*|[eé]thique\w*|offensant\w*|dangereu\w+|vie priv[eé]e|r[eè]gles|nuisible\w*)\b|\bmon (?:but|r[oô]le|objectif)\b|\bje suis une?\b|^\W*(?:je suis )?d[eé]sol"
    ),
)

_LANGUAGES = (_ENGLISH, _CHINESE, _GERMAN, _SPANISH, _FRENCH)

SIGNS = (
    *("cannot", "can not", "can't", "can’t", "unable", "not able", "won't", "won’t", "will not", "decline", "refuse", "not allowed", "not permitted"),
    *("not programmed", "not capable", "not comfortable", "do not have", "don't have", "don’t have", "could not", "couldn't", "couldn’t", "rather not"),
    *("prefer not", "not authorized", "incapable", "prohibited", "be fulfilled", "be answered"),
    *("无法", "不能", "不可以", "没有能力", "没办法", "没有办法", "不具备", "没有权限", "拒绝", "不会提供", "不便"),
    *("nicht", "kein", "no puedo", "no te puedo", "no le puedo", "no podr", "no debo", "no me es", "no soy capaz", "no estoy", "no tengo"),
    *("je ne", "impossible", "je n'ai", "je n’ai"),
)
"""Cheap literals, to be compared without regard to ASCII case, of which every declining answer holds one."""


def declines(text: str) -> Decline | None:
    """The declining words, if that is all that the text does."""
    if len(text) > LONGEST:
        return None
    plain = text.lower().replace("’", "'")
    if len(plain) != len(text):
        return None
    return next((hit for language in _LANGUAGES if (hit := _declines(plain, language))), None)


def _declines(text: str, language: _Language) -> Decline | None:
    sentences = [match for match in _SENTENCE.finditer(text) if match[0].strip()]
    hit = _first_no(sentences[:_FIRST], language)
    if hit is None:
        return None
    other = 0
    for number, sentence in enumerate(sentences):
        said = sentence[0]
        no = language.declines.search(said) is not None
        polite = language.fills.search(said) is not None
        if language.helps.search(said) and not (polite and not no and number and _CLOSES.search(said)):
            return None
        if not (no or polite or language.marker.search(said)):
            other += len(said)
    return hit if other <= _MOST_ELSE * len(text) else None


def _first_no(sentences: list[re.Match[str]], language: _Language) -> Decline | None:
    """Where one of the sentences declines, beside an apology or so plainly that it needs none."""
    marked = False
    for sentence in sentences:
        said = sentence[0]
        no = language.declines.search(said)
        marked = marked or language.marker.search(said) is not None
        if no and (marked or language.plain.search(said)):
            return Decline(sentence.start() + no.start(), sentence.start() + no.end(), language.name)
    return None
