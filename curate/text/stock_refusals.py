"""Refusals in stock words: short answers of which every sentence is one with which assistants decline or take leave.

They need no weighing of help against denial (see :mod:`curate.text.declining`), because nothing else is said. So a few
certain sentences are enough for a language, and a sentence that is not among them makes the answer something else.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from curate.text.declining import Decline

LONGEST = 320
"""Code points beyond which an answer is not looked at."""

_END = r"\W*$"
_SENTENCE = re.compile(r"[^.!?。！？؟\n]+[.!?。！？؟\n]*")


class _Stock(NamedTuple):
    """What a whole sentence must be, in lower case with straight apostrophes: one that declines, or a polite one."""

    language: str
    no: re.Pattern[str]
    polite: re.Pattern[str]


_THAT = (
    r"(?: (?:you|to|with|on|about|in|at|for|regarding|any|legal|medical|financial|such|this|that|these"
    r"|it|the|your|a|an"
    r"|question|questions|request|requests|topic|matter|advice|information|time|moment|here|task|query"
    r"|subject|further"
    r"|opinion|kind|of|sort|one|due|because))*"
)
_OH = r"(?:(?:no|oh|well|hi|hello)[,.!]? )?"
_SORRY = (
    r"(?:(?:i'?m|i am|we are|we're)? ?(?:very |so |really |truly |terribly )?(?:sorry|afraid)"
    r"|(?:my|our) apologies|apologies|i (?:do )?apologi[sz]e|unfortunately|regrettably)[,:;.]? ?(?:but"
    r"|that)?,? ?"
)
_AS_MACHINE = (
    r"(?:(?:as|i'?m|i am) (?:just |only |merely |simply )?an? (?:\w+ ){0,2}"
    r"(?:ai|language model|assistant|chatbot|bot|model)(?: (?:language )?model| assistant)?,? ?(?:and|so"
    r"|but)?,? ?)"
)
_CANNOT = (
    r"(?:(?:(?:i|we) )?(?:really |simply |just )?(?:can ?not|can't|cant|won't|will not|must decline to"
    r"|have to decline to|would (?:rather|prefer) not(?: to)?|refuse to|decline to)"
    r"|i'd (?:rather|prefer) not(?: to)?|(?:i'?m|i am|we are|we're) (?:not able|unable) to)"
)
_PLAIN = r"(?:help|assist|answer|comply|respond|discuss|talk about|engage with|fulfill?)"
_SERVE = rf"(?:{_PLAIN}|do|share|provide|give|offer|speak about|continue|complete|process)"
_ENGLISH = _Stock(
    "English",
    re.compile(
        rf"^\W*{_OH}{_CANNOT} {_PLAIN}{_THAT}{_END}"
        rf"|^\W*{_OH}(?:{_SORRY}{_AS_MACHINE}?|{_AS_MACHINE}){_CANNOT} {_SERVE}{_THAT}{_END}"
        rf"|^\W*{_OH}(?:{_SORRY})?it (?:is|'s) not possible for me to {_SERVE}{_THAT}{_END}"
        rf"|^\W*{_OH}(?:{_SORRY})?(?:that|this|it|your request|this request)(?:'s| is| goes"
        rf"| would be)? against my "
        rf"(?:guidelines|programming|policy|policies|rules|principles){_END}"
    ),
    re.compile(
        r"^\W*(?:i'?m |i am )?(?:very |so |really )?sorry(?: about that| for the inconvenience)?\W*$"
        r"|^\W*(?:my )?apologies\W*$"
        r"|^\W*(?:thank you|thanks)(?: for (?:your )?understanding)?\W*$|^\W*i (?:do )?apologi[sz]e"
        r"(?: for (?:the|any) inconvenience)?\W*$|^\W*(?:is there )?any(?:thing"
        r"| other \w+) else (?:i can|you)[^.]{0,40}\W*$"
        r"|^\W*(?:please )?(?:ask|let me know if)[^.]{0,60}(?:else|other)[^.]{0,30}\W*$|^\W*no\W*$"
    ),
)
_CHINESE = _Stock(
    "Chinese",
    re.compile(
        r"^\W*(?:(?:很|非常|真的|实在)?(?:抱歉|对不起|不好意思|遗憾)[，,]?(?:但是?|不过)?[，,]?)?"
        r"(?:作为(?:一[个名款])?(?:ai|人工智能)?(?:语言模型|助手|助理|模型)?[，,]?)?我?(?:们)?(?:暂时"
        r"|目前|现在|恐怕)?"
        r"(?:不能|无法|没法|没办法|不便|不可以|不方便)(?:为您|为你|给您|给你|帮您|帮你|向您)?"
        r"(?:回答|帮助|帮|提供|协助|满足|回应|完成|讨论)(?:您|你|这个|这样|该|此|这类|任何|相关|的|问题"
        r"|请求|要求"
        r"|帮助|建议|信息|服务|内容|话题|法律|医疗|了|到)*\W*$"
    ),
    re.compile(
        r"^\W*(?:很|非常)?(?:抱歉|对不起|不好意思)\W*$|^\W*(?:谢谢|感谢|请谅解|谢谢理解"
        r"|请见谅)[^。]{0,8}\W*$"
    ),
)
_JAPANESE = _Stock(
    "Japanese",
    re.compile(
        r"^\W*(?:(?:大変|誠に)?(?:申し訳(?:ありません|ございません)|すみません|ごめんなさい"
        r"|恐れ入ります)(?:が|、|けど)*)?"
        r"[^。、]{0,24}?(?:に(?:は)?|を|は|が|こと(?:は|が)?)?(?:お?[答応]え(?:する|る)?(?:こと(?:は|が))?"
        r"|お?手伝い(?:する)?(?:こと(?:は|が))?|回答(?:する)?(?:こと(?:は|が))?"
        r"|対応(?:する)?(?:こと(?:は|が))?)"
        r"(?:は)?(?:できません|できかねます|いたしかねます|出来ません)\W*$"
    ),
    re.compile(r"^\W*(?:大変|誠に)?(?:申し訳(?:ありません|ございません)|すみません|ごめんなさい)\W*$"),
)
_KOREAN = _Stock(
    "Korean",
    re.compile(
        r"^\W*(?:죄송(?:합니다|하지만|해요)|미안(?:합니다|하지만|해요)|유감(?:입니다|이지만"
        r"|스럽지만))?(?:만)?[,. ]*"
        r"(?:저는 |이 |그 |해당 |그런 |이러한 |귀하의 |질문에 |질문은 |요청에 |요청은 |요청을 |질문에는 "
        r"|ai로서 |인공지능으로서 |법률 |대해 |대한 |조언을 )*"
        r"(?:답변(?:을|해)? ?(?:드릴|할)|대답(?:을|해)? ?(?:드릴|할)|도와 ?(?:드릴|줄)|도움을 ?(?:드릴"
        r"|줄)|제공(?:해 드릴|할)|응할) 수(?:가)? 없습니다\W*$"
    ),
    re.compile(r"^\W*(?:죄송합니다|미안합니다|양해 부탁드립니다|감사합니다)\W*$"),
)
_RUSSIAN = _Stock(
    "Russian",
    re.compile(
        r"^\W*(?:(?:извините|простите|к сожалению|прошу прощения|мне (?:очень )?жаль)[,.]? ?(?:но )?)?"
        r"(?:как (?:ии|искусственный интеллект|языковая модель),? ?)?я (?:не могу|не в состоянии"
        r"|не смогу|отказываюсь)"
        r"(?: (?:вам|тебе|с|на|этим|это|этот|эту|этого|ответить|отвечать|помочь|помогать|выполнить"
        r"|обсуждать"
        r"|предоставить|давать|дать|вопрос|запрос|просьбу|юридические|советы|консультации))+\W*$"
    ),
    re.compile(r"^\W*(?:извините|простите|мне (?:очень )?жаль|спасибо за понимание|прошу прощения)\W*$"),
)
_PORTUGUESE = _Stock(
    "Portuguese",
    re.compile(
        r"^\W*(?:(?:desculpe|desculpa|lamento|sinto muito|perdão|infelizmente)[,.]? ?(?:mas )?)?"
        r"(?:como (?:um |uma )?(?:ia|modelo de linguagem|assistente)[^,]{0,20}, ?)?(?:eu )?não (?:posso"
        r"|consigo|poderei) "
        r"(?:lhe |te |o |a )?(?:ajudar|ajudá-lo|ajudá-la|responder|fornecer|dar|atender|discutir|cumprir)"
        r"(?: (?:a|à|com|isso|isto|essa|esta|esse|este|pergunta|pedido|solicitação|sua|seu|o"
        r"|aconselhamento|conselhos"
        r"|jurídicos?|nisso|nessa))*\W*$"
    ),
    re.compile(r"^\W*(?:desculpe|desculpa|lamento|sinto muito|obrigad[oa](?: pela compreensão)?)\W*$"),
)
_ITALIAN = _Stock(
    "Italian",
    re.compile(
        r"^\W*(?:(?:mi dispiace|mi spiace|spiacente|scusa|scusi|purtroppo|sono spiacente)[,.]? ?(?:ma )?)?"
        r"(?:come (?:ia|modello linguistico|assistente)[^,]{0,20}, ?)?(?:io )?non (?:posso"
        r"|sono in grado di|riesco a) "
        r"(?:rispondere|aiutarti|aiutarla|aiutare|fornire|dare|soddisfare|discutere|farlo)"
        r"(?: (?:a|alla|alle|con|in|su|questa|questo|tua|sua|domanda|domande|richiesta|consulenza"
        r"|consulenze|consigli"
        r"|legale|legali|ciò|questo))*\W*$"
    ),
    re.compile(r"^\W*(?:mi (?:di)?spiace|scusa|scusi|grazie(?: per la comprensione)?)\W*$"),
)
_DUTCH = _Stock(
    "Dutch",
    re.compile(
        r"^\W*(?:(?:sorry|het spijt me|helaas|excuses)[,.]? ?(?:maar )?)?"
        r"(?:als (?:ai|taalmodel)[^,]{0,20},? ?)?(?:(?:daar|hier|dat|dit|daarmee|hiermee) )?(?:ik kan"
        r"|kan ik|ik mag) (?:u |je |jou |hier |daar |daarmee |hiermee |die "
        r"|deze |dat |dit |vraag |verzoek |op |met |mee |bij |hierbij |daarbij |geen |juridisch "
        r"|advies )*niet? ?"
        r"(?:mee |bij |op )?(?:helpen|beantwoorden|antwoorden|geven|voldoen|assisteren)\W*$"
        r"|^\W*(?:(?:sorry|het spijt me|helaas)[,.]? ?(?:maar )?)?(?:ik kan|kan ik) geen (?:juridisch "
        r"|medisch )?"
        r"(?:advies|antwoord|hulp) geven\W*$"
    ),
    re.compile(r"^\W*(?:sorry|het spijt me|excuses|bedankt(?: voor uw begrip)?)\W*$"),
)
_POLISH = _Stock(
    "Polish",
    re.compile(
        r"^\W*(?:(?:przepraszam|przykro mi|niestety)[,.]? ?(?:ale )?)?"
        r"(?:jako (?:ai|model językowy|sztuczna inteligencja)[^,]{0,20},? ?)?nie (?:mogę|jestem w stanie"
        r"|potrafię) "
        r"(?:ci |panu |pani |w tym |z tym |na to |tego )*(?:pomóc|odpowiedzieć|odpowiadać|udzielić"
        r"|spełnić|zrealizować"
        r"|zrobić|udzielać)(?: (?:ci|w|z|na|to|tym|tego|pytanie|pytania|prośby|porady|porad|prawnej"
        r"|prawnych|odpowiedzi))*\W*$"
    ),
    re.compile(r"^\W*(?:przepraszam|przykro mi|dziękuję(?: za zrozumienie)?)\W*$"),
)
_TURKISH = _Stock(
    "Turkish",
    re.compile(
        r"^\W*(?:(?:üzgünüm|özür dilerim|maalesef|kusura bakmayın)[,.]? ?(?:ama |ancak |fakat )?)?"
        r"(?:bir (?:yapay zeka|dil modeli)[^,]{0,20}olarak,? ?)?(?:bu |size |sana |bunu |soruya |soruyu "
        r"|soruyla |konuda "
        r"|talebi |isteği |isteğe |sorunuza |hukuki |tavsiye )*(?:yardımcı olamam|yardımcı olamıyorum"
        r"|yardım edemem"
        r"|cevap veremem|cevaplayamam|yanıtlayamam|yanıt veremem|yerine getiremem|veremem|yapamam)\W*$"
    ),
    re.compile(r"^\W*(?:üzgünüm|özür dilerim|anlayışınız için teşekkürler|teşekkür ederim)\W*$"),
)
_ARABIC = _Stock(
    "Arabic",
    re.compile(
        r"^\W*(?:(?:عذرا|عذرًا|عذراً|آسف|أنا آسف|أعتذر|للأسف|المعذرة)[،,.]? ?(?:و?لكن(?:ني)? ?)?)?(?:أنا )?"
        r"(?:لا (?:أستطيع|يمكنني|أقدر على)|لست قادر[اً]* على|لن أتمكن من) "
        r"(?:الإجابة|الاجابة|مساعدتك|المساعدة|تقديم|الرد|تلبية|القيام)"
        r"(?: (?:على|عن|في|هذا|هذه|ذلك|السؤال|سؤالك|الطلب|طلبك|بذلك|بهذا|المشورة|المساعدة|نصيحة|نصائح"
        r"|قانونية|القانونية))*\W*$"
    ),
    re.compile(r"^\W*(?:عذرا|عذرًا|عذراً|آسف|أنا آسف|أعتذر|شكرا(?: لتفهمك)?)\W*$"),
)

_STOCK = (
    *(_ENGLISH, _CHINESE, _JAPANESE, _KOREAN, _RUSSIAN, _PORTUGUESE, _ITALIAN, _DUTCH, _POLISH, _TURKISH),
    _ARABIC,
)

SIGNS = (
    *("cant ", "guidelines", "my programming", "my polic", "my rules", "not possible for me", "rather not"),
    *("没法", "不方便", "かねます", "できません", "出来ません", "수 없습니다", "수가 없습니다"),
    *("не могу", "не смогу", "не в состоянии", "отказываюсь", "não posso", "não consigo", "não poderei"),
    *(
        "non posso",
        "non sono in grado",
        "non riesco",
        "kan ik",
        "ik kan",
        "ik mag",
        "nie mogę",
        "nie jestem w",
    ),
    *("nie potrafię", "edemem", "olamam", "olamıyorum", "veremem", "layamam", "yapamam", "getiremem"),
    *("لا أستطيع", "لا يمكنني", "لا أقدر", "لست قادر", "لن أتمكن"),
)
"""Cheap literals; with those of :mod:`curate.text.declining`, every stock refusal holds one in its own spelling."""


def stock_refusal(text: str) -> Decline | None:
    """The sentence that declines, if no sentence does anything else than that and being polite."""
    if len(text) > LONGEST:
        return None
    plain = text.lower().replace("’", "'")
    if len(plain) != len(text):
        return None
    sentences = [hit for hit in _SENTENCE.finditer(plain) if re.search(r"\w", hit[0])]
    return next((hit for stock in _STOCK if (hit := _of(stock, sentences))), None)


def _of(stock: _Stock, sentences: list[re.Match[str]]) -> Decline | None:
    denied = [hit for hit in sentences if stock.no.search(hit[0])]
    if not denied or not all(hit in denied or stock.polite.search(hit[0]) for hit in sentences):
        return None
    start = denied[0].start() + len(denied[0][0]) - len(denied[0][0].lstrip())
    return Decline(start, start + len(denied[0][0].strip()), stock.language)
