"""The words with which assistants decline, language by language.

All patterns look at one sentence in lower case with straight apostrophes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives))


def _word(*alternatives: str) -> str:
    """One of the alternatives, between word boundaries."""
    return rf"\b(?:{'|'.join(alternatives)})\b"


_ALWAYS = re.compile("")
_NEVER = re.compile("(?!)")


@dataclass(frozen=True)
class Language:
    """What sorts the sentences of one language.

    Attributes:
        name: of the language.
        declines: says that something cannot or will not be done.
        apology: says sorry.
        machine: says "as an AI".
        helps: advises, offers something of substance, asks back, or says what is missing.
        fills: is polite, or gives a reason.
        serves: names the service that is denied; an apology alone does not make a denial a refusal.
        plain: declines so plainly that it needs no apology.
        refers: sends on to a professional.
    """

    name: str
    declines: re.Pattern[str]
    apology: re.Pattern[str]
    machine: re.Pattern[str]
    helps: re.Pattern[str]
    fills: re.Pattern[str]
    serves: re.Pattern[str] = field(default=_ALWAYS)
    plain: re.Pattern[str] = field(default=_NEVER)
    refers: re.Pattern[str] = field(default=_NEVER)


_LACKS = (
    r"do(?:n't| not) (?:have|possess) (?:\w+ ){0,2}(?:ability|capability|capacity|capabilities|access"
    r"|permission|authority"
    r"|means|feelings|emotions|opinions?|preferences|experiences?|body|information|knowledge)"
)
_SERVICE = (
    *(
        "help",
        "assist",
        "aid",
        "fulfill?",
        "comply",
        "provide",
        "answer",
        "do (?:that|this|so)",
        "complete",
        "generate",
    ),
    *(
        "create",
        "produce",
        "engage",
        "participate",
        "support",
        "discuss",
        "share",
        "offer",
        "give",
        "respond",
    ),
)
_MORE_SERVICE = (
    *(
        "write",
        "draw",
        "process",
        "perform",
        "access",
        "browse",
        "search",
        "retrieve",
        "view",
        "predict",
        "diagnose",
    ),
    *(
        "prescribe",
        "recommend",
        "promote",
        "condone",
        "encourage",
        "endorse",
        "translate",
        "summari[sz]e",
        "explain",
    ),
    *(
        "describe",
        "advise",
        "comment",
        "speculate",
        "judge",
        "determine",
        "satisfy",
        "carry out",
        "execute",
        "ability",
    ),
    *("capability", "capabilities", "permission", "programmed", "designed", "request", "question"),
)
_ENGLISH = Language(
    "English",
    declines=_any(
        r"\bi (?:(?:really|simply|just|still|currently|unfortunately|also) )?(?:can ?not(?! help but)"
        r"|can't(?! help but)"
        r"|could not|couldn't|won't|will not|must decline|must refuse|have to (?:decline|refuse)"
        r"|refuse to|decline to"
        rf"|{_LACKS}|(?:would|'d) (?:prefer|rather) not|do(?:n't| not) feel comfortable)\b",
        r"\bi(?:'m| am) (?:\w+ )?(?:unable|not (?:able|allowed|permitted|programmed|capable|comfortable"
        r"|equipped|authorized|going)"
        r"|incapable|forbidden|prohibited)\b",
        r"\b(?:request|question|task|content) (?:can ?not|can't) be (?:fulfilled|answered|completed"
        r"|provided)",
        r"\bi(?:'m| am) (?:just |only )?an? [^.!?\n]{0,20}\b(?:ai|model|assistant|chatbot|bot),? and (?:can ?not"
        r"|can't|am (?:unable|not able))\b",
    ),
    apology=_any(
        _word(
            "sorry",
            "apologi[sz]e",
            "apologies",
            "unfortunately",
            "regret(?:fully|tably)?",
            "i(?:'m| am) afraid",
        )
    ),
    machine=_any(
        r"\bas an? (?:\w+ ){0,3}(?:ai|a\.i\.|artificial|language model|assistant|chatbot|model|machine)\b",
        r"\bi(?:'m| am) (?:just |only |merely )?an? (?:\w+ ){0,3}(?:ai|language model|assistant|chatbot)\b",
    ),
    helps=_any(
        _word(
            r"you (?:can|could|may|might|should|will need|would need|need|must|want)",
            "try(?:ing)?",
            "consider(?:ing)?",
        ),
        _word(
            "recommend",
            "suggest",
            "advise",
            "encourage",
            "contact",
            "consult",
            "call",
            "visit",
            "reach out",
            "seek",
            "check",
        ),
        _word(
            "speak (?:to|with)",
            "talk to",
            "refer to",
            "for (?:example|instance)",
            "in general",
            "generally",
            "typically",
        ),
        r"\bplease (?:provide|specify|clarify|give|tell|share|include|supply|enter|paste|upload|send"
        r"|rephrase|use)\b",
        r"\b(?:could|can|would) you (?:please )?(?:provide|share|give|clarify|specify|tell|send|rephrase)\b",
        r"\bif you (?:can |could )?(?:provide|share|give|tell|send|describe|specify|clarify)",
        r"\b(?:here|below) (?:is|are)\b|\bhere's\b",
        r"\bhowever, (?:i can(?! ?not|'t)|here|it|the|there|in|some|one)\b|\bbut (?:i can(?! ?not|'t)"
        r"|here|generally)\b",
        r"\bi can (?!not)(?:\w+ )?(?:provide|offer|give|share|explain|tell|suggest|describe|write|create"
        r"|generate)\b",
        r"\bi can help you (?:with|to|find|write)\b|\bi'll (?:provide|give|offer|describe)\b",
        r"\bmore (?:information|context|details)\b|\b(?:available|provided) (?:tools?|functions?)\b"
        r"|\btools?\b|\bexternal tasks?\b",
        r"\bmy (?:current )?(?:capabilities|functions?) (?:is|are) (?:currently )?limited|\bnone of the\b",
        r"\b(?:didn't|did not) (?:provide|include|specify)|\b(?:not|n't) (?:been )?provided\b|\?",
    ),
    fills=_any(
        r"^\W*(?:is there |are there |do you have )?(?:any|some)?(?:thing|one|body)? ?(?:else"
        r"|other (?:questions?|topics?|tasks?))",
        _word(
            "anything",
            "something",
            "any other",
            "other questions?",
            "let me know",
            "feel free",
            "i(?:'m| am) here to",
        ),
        _word("happy to (?:help|assist|answer)", "glad to (?:help|assist)", "how (?:else )?(?:can|may) i"),
        r"^\W*(?:i'm |i am )?(?:very |so |truly )?(?:sorry|apologi[sz]e|apologies)",
        r"\bmy (?:purpose|function|role|goal|programming|guidelines|design|main|primary)\b",
        r"\b(?:it|this|that|such|doing so|the request|your request|the content|these) (?:\w+ )?"
        r"(?:is|are|would|goes|could|may|might|can|violates?|promotes?) ",
        _word(
            "inappropriate",
            "unethical",
            "illegal",
            "harmful",
            "offensive",
            "privacy",
            "ethical",
            "respectful",
            "dangerous",
        ),
        _word("polic(?:y|ies)", "guidelines", r"violat\w+", "hateful", r"discriminat\w+", "safety"),
        r"\bi(?:'m| am) (?:just |only |merely )?an? \b|\bi was (?:created|designed|programmed|trained"
        r"|built)\b",
        r"\bi(?:'m| am) (?:designed|programmed|trained|built|committed|bound)\b|\bi (?:only|just|must"
        r"|strive|aim|understand|have to)\b",
        _word("thank you", "thanks", "please understand", "please refrain", "please note", "let's", "let us"),
        r"^\W*(?:sure|no|oh|hello|hi)\W*$",
    ),
    serves=_any(_word(*_SERVICE, *_MORE_SERVICE)),
    plain=_any(
        r"^\W*(?:i (?:can ?not|can't|won't|will not)|i(?:'m| am) (?:unable|not able) to) "
        + _word(*_SERVICE[:16], "give you"),
        r"^\W*i (?:must|have to) (?:decline|refuse)\b",
    ),
    refers=_any(
        r"\b(?:consult|seek|contact|speak (?:to|with)|talk to|see|reach out to"
        r"|visit)\b[^.]{0,60}\b(?:professionals?|experts?"
        r"|attorneys?|lawyers?|doctors?|physicians?|specialists?|advis[oe]rs?|counsel|provider"
        r"|therapists?|accountants?)\b"
    ),
)
_CHINESE = Language(
    "Chinese",
    declines=_any(
        r"我(?:们)?[^，。！？\n]{0,14}?(?:无法|不能|不可以|没有能力|没办法|没有办法|不具备|没有权限|拒绝"
        r"|不会提供|不便|没有.{0,8}的(?:能力|权限))",
        r"^\W*(?:无法|不能)(?:回答|提供|帮助|满足|完成|协助|生成)",
    ),
    apology=_any("抱歉", "对不起", "不好意思", "遗憾", "恕"),
    machine=_any(
        r"作为(?:一[个名款位])?[^，。\n]{0,8}(?:ai|人工智能|语言模型|助手|机器人|助理)",
        r"我(?:只)?是(?:一[个名款位])?[^，。\n]{0,6}(?:ai|人工智能|语言模型|机器人)",
    ),
    helps=_any(
        r"请(?:您|你)?(?:先|再|重新)?(?:提供|告诉|告知|咨询|联系|拨打|上传|补充|给出|输入|查|参考|使用"
        r"|尝试|访问|向|在|将|确认)",
        r"麻烦(?:您|你)|(?:您|你)(?:们)?(?:也|还)?(?:可以|应该|可能|需要|不妨|最好)|建议|我(?:还|也)?可以",
        r"如果(?:您|你)[^。]{0,4}(?:能|可以|提供|希望|想|告诉|给)|可以(?:提供|使用|参考|通过|帮)|(?<!不)能够?帮"
        r"|能否|能提供|尝试",
        r"不过|但是?[^。]{0,6}(?:可以|通常|一般)|通常|一般来说|例如|比如|以下|如下|取决于"
        r"|更多(?:的)?(?:信息|细节|上下文)",
        r"(?:没有|未|并未|没)(?:有)?(?:给|提供|指定|告诉|说明)|没有足够|信息不足",
        r"(?:功能|能力)[^。]{0,4}(?:仅限|是|限于)|外部任务|的功能|提供给我的|工具|？",
    ),
    fills=_any(
        r"(?:还有|其他|别的|什么)[^。]{0,14}(?:帮|问题|需要)|其他(?:事|的?问题)|随时|(?:很)?(?:乐意"
        r"|高兴)[^。]{0,12}(?:帮|助|回答)",
        r"我的(?:目的|职责|工作|目标|任务)|我只(?:能|是)|让我们|^\W*(?:很|非常)?(?:抱歉|对不起)|谢谢"
        r"|感谢|理解|我是(?:一[个名款位])",
        "尊重|不当|冒犯|非法|有害|道德|违反|违法|隐私|伤害|合法|安全|法律|敏感",
    ),
    serves=_any(
        "回答|提供|帮助|帮你|帮您|满足|完成|协助|生成|访问|执行|处理|请求|要求|问题|能力|权限|看到|评估"
        "|评价|给出|描述"
    ),
    plain=_any(r"^\W*我(?:无法|不能)(?:回答|提供|帮助|满足|完成|协助|生成)"),
    refers=_any(r"(?:咨询|联系|寻求|请教)[^。]{0,16}(?:专业|律师|医生|专家|顾问|医师)"),
)
_GERMAN = Language(
    "German",
    declines=_any(
        r"\bich (?:\w+ ){0,6}(?:nicht|kein\w*)\b|\b(?:kann|darf|werde|möchte) ich (?:\w+ ){0,8}(?:nicht"
        r"|kein\w*)\b",
        r"\bbin ich nicht in der lage\b|\bist es mir (?:leider )?nicht möglich\b",
    ),
    apology=_any(_word("entschuldigung", "leider", "tut mir leid", "bedaure", "verzeihung")),
    machine=_any(r"\bals (?:\w+[- ])?(?:ki|künstliche intelligenz|sprachmodell|assistent|chatbot)\b"),
    helps=_any(
        _word(
            "(?:sie|du) (?:können|kannst|könnten|könntest|sollten|solltest|müssen|musst)",
            "wenden sie",
            "wenn (?:sie|du) mir",
        ),
        _word(
            "(?:können|könnten|kannst|könntest) (?:sie|du)",
            "zum beispiel",
            "im allgemeinen",
            "hier (?:ist|sind)",
        ),
        r"\bbitte (?:geben|teilen|kontaktieren|rufen|stellen|senden|wenden|nennen)|\bempfehl|\bversuch"
        r"|\bkonsultier",
        r"\b(?:jedoch|aber) (?:kann ich (?!\w* ?nicht)|hier\b)|\bich kann (?:ihnen|dir) (?:aber|jedoch"
        r"|gerne)\b|\?",
    ),
    fills=_any(
        _word(
            "sonst noch",
            "weitere fragen",
            "andere fragen",
            "etwas anderes",
            "gerne",
            "jederzeit",
            "entschuldigung",
            "leid",
        ),
        _word(
            "illegal",
            "unethisch",
            "gefährlich",
            "richtlinien",
            "gesetz",
            "verstößt",
            "unangemessen",
            "datenschutz",
        ),
        r"\bich bin (?:nur )?ein\w*\b|\bmeine (?:aufgabe|programmierung)\b",
    ),
    serves=_any(
        r"beantwort|helfen|hilf|anfrage|frage|bereitstell|geben|erstell|durchführ|zugriff|unterstütz"
        r"|lage|möglich"
    ),
)
_SPANISH = Language(
    "Spanish",
    declines=_any(
        r"\bno (?:te |le |les )?(?:puedo|podr[ée]|debo)\b|\bno me es posible\b|\bno soy capaz\b",
        r"\bno estoy (?:\w+ )?(?:autorizad|programad|capacitad|diseñad)\w+",
        r"\bno tengo (?:la )?(?:capacidad|acceso|habilidad|permiso)",
    ),
    apology=_any(
        _word("lo siento", "lamento", r"disculp\w+", r"perd[oó]n\w*", "desafortunadamente", "lamentablemente")
    ),
    machine=_any(
        r"\bcomo (?:un |una )?(?:modelo|ia|inteligencia artificial|asistente)\b",
        r"\bsoy (?:solo |s[oó]lo )?(?:un|una) (?:modelo|ia|inteligencia|asistente)\b",
    ),
    helps=_any(
        r"\b(?:puede|puedes|podr[ií]as?|debes?|deber[ií]as?|necesitas?) \b|\b[tl]e (?:recomiendo|sugiero"
        r"|aconsejo)|\brecom[ie]+nd",
        r"\bpor favor,? (?:proporcion|indi|envi|consult|contact|llam|dime|comparte)|\bconsult"
        r"|\bllam[ae]\b|\bcontact|\bsi me\b",
        r"\b(?:sin embargo|pero),? (?:puedo|aqu[ií]|te puedo)|\baqu[ií] (?:tienes?|est[aá])"
        r"|\bpor ejemplo\b|\ben general\b",
        r"(?<!no )\bpuedo (?:ofrecer|dar|explicar|ayudar)|\?",
    ),
    fills=_any(
        _word(
            "algo m[aá]s",
            "otra (?:cosa|pregunta)",
            "otras? preguntas?",
            "otro tema",
            "encantad[oa]",
            "con gusto",
            "ilegal",
        ),
        _word(
            r"inapropiad\w+",
            r"[eé]tic\w+",
            r"ofensiv\w+",
            r"peligros\w+",
            r"dañin\w+",
            "privacidad",
            "pol[ií]ticas?",
            "normas",
        ),
        r"\bmi (?:prop[oó]sito|funci[oó]n|objetivo)\b|\bsoy (?:un|una)\b|^\W*lo siento",
    ),
    serves=_any(
        r"ayud|respond|proporcion|ofrec|dar|cumpl|complet|gener|acced|realiz|solicitud|pregunta"
        r"|capacidad|acceso|eso"
    ),
)
_FRENCH = Language(
    "French",
    declines=_any(
        r"\bje ne (?:vous |te |le |la |les )?(?:peux|pourrai|saurais|dois) (?:\w+ )?(?:pas"
        r"|malheureusement)|\bil m'est impossible\b",
        r"\bje n'ai (?:malheureusement )?pas (?:acc[eè]s|la capacit[eé]|la possibilit[eé]|le droit)",
        r"\bje ne suis (?:\w+ )?pas (?:en mesure|autoris|programm|capable)",
    ),
    apology=_any(_word("d[eé]sol[eé]e?", "m'excuse", "malheureusement", "regrette", "pardon")),
    machine=_any(
        r"\ben tant qu(?:e |')(?:\w+ )?(?:ia|intelligence|mod[eè]le|assistant)",
        r"\bje (?:ne )?suis (?:qu')?une? (?:simple )?(?:ia|intelligence|mod[eè]le|assistant)",
    ),
    helps=_any(
        r"\b(?:vous|tu) (?:pouvez|peux|pourriez|pourrais|devriez|devrais|devez)\b|\b(?:pouvez"
        r"|pourriez)-vous\b|\bvoici\b",
        r"\bje (?:vous |te )?(?:recommande|sugg[eè]re|conseille)|\bconsult|\bcontact|\bappel"
        r"|\bpar exemple\b|\ben g[eé]n[eé]ral\b",
        r"\bveuillez (?:fournir|contacter|consulter|pr[eé]ciser|indiquer|appeler)|\b(?:cependant"
        r"|mais),? je peux|\?",
        r"\bsi vous (?:me|pouvez)\b|\bje peux (?:vous |te )?(?:proposer|donner|expliquer|aider [aà])",
    ),
    fills=_any(
        _word(
            "autre chose",
            "autres? questions?",
            "avec plaisir",
            r"ill[eé]gal\w*",
            r"inappropri[eé]\w*",
            r"[eé]thique\w*",
        ),
        _word("offensant\\w*", r"dangereu\w+", "vie priv[eé]e", "r[eè]gles", r"nuisible\w*"),
        r"\bmon (?:but|r[oô]le|objectif)\b|\bje suis une?\b|^\W*(?:je suis )?d[eé]sol",
    ),
    serves=_any(
        r"r[eé]pond|aid|fourni|donn|satisfai|g[eé]n[eé]r|acc[eè]|effectu|demande|question|capacit|conseil"
    ),
)

LANGUAGES = (_ENGLISH, _CHINESE, _GERMAN, _SPANISH, _FRENCH)
