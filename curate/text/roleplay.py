"""Who is to speak, as far as a prompt says it: expressions over a column ``prompt``.

A refusal or an "I am an AI" is a fault where the assistant speaks for itself. It is none where the prompt asks for
the words of somebody else, or asks the assistant what it is.
"""

from __future__ import annotations

import polars as pl

_MACHINE = (
    r"(?i)\b(you are|you're|act as|acting as|play|pretend|imagine|voice of|perspective of|character|roles?)\b[^.\n]{0,80}"
    r"\b(robot|android|cyborg|a\.?i\.?|artificial intelligence|computer|machine|chat ?bot|bot|droid|hologram|hal)\b"
    r"|(扮演|假装|假设你|想象你|角色).{0,30}(机器人|人工智能|AI|电脑|助手)"
)
_PERSONA = (
    r"(?i)\b(act(ing)? (as|like)|pretend|role[- ]?play|play the (part|role)|stay in character|in the (voice|style|persona) of"
    r"|from the (perspective|point of view|viewpoint) of|persona|impersonate|imagine (you|that you|being)|speak as|respond as"
    r"|answer as|(you|your name) (are|is) (now )?called|if you were|simulate"
    r"|stell dir vor|spiele? (die|eine) rolle|imagina que|act[uú]a como|fais comme si|joue le r[oô]le|imagine que)\b"
    r"|扮演|假装|假设你|假如你|如果你是|想象你|角色"
)
_FICTION = (
    r"(?i)\b(dialog(ue)?s?|conversations?|scripts?|plays?|scenes?|screenplays?|stor(y|ies)|novel|poems?|lyrics|songs?|jokes?"
    r"|monolog(ue)?s?|interviews?|transcripts?|skits?|fiction|letters?|e-?mails?|messages?|tweets?|speech|role[- ]?play|utterances?"
    r"|quotes?|sentences?|reply to|replies|excuses?|translat\w*|paraphras\w*|rephras\w*|rewrit\w*|reword\w*|correct the|proofread"
    r"|grammar|summar\w*|complete the|fill in|decline|refus\w*|reject\w*|turn(ing)? down|apolog\w*|say no|invitation"
    r"|dialoge?|gespr[aä]ch|geschichte|gedicht|brief|[uü]bersetze?|di[aá]logo|conversaci[oó]n|cuento|poema|carta|correo|traduc\w*"
    r"|conversation|histoire|po[eè]me|lettre|courriel|traduis\w*|tradui\w*)\b"
    r"|对话|剧本|故事|小说|诗|歌词|邮件|信|演讲|句子|翻译|改写|重写|改述|总结|拒绝|婉拒|道歉|致歉|歉意|采访"
)
_ASSISTANT = (
    r"(?i)\b(who|what|how old|where|when|why|how) (exactly |really )?(are|were|is|was|do|did|made|built|created|trained|developed|designed) (you|your)\b"
    r"|\bwho('s| is)? .{0,20}(made|built|created|trained|developed|designed|owns?|behind) (you|this)\b"
    r"|\b(are|were|aren't) you\b|\byou(r|rs)? (are|as|is)? ?(an? )?(a\.?i|bot|robot|chat ?gpt|language model|gpt|model|assistant|human|name|purpose"
    r"|creator|developer|maker|training|knowledge|limitations?|capabilit\w+|abilit\w+|opinion|feeling|emotion|gender|age|birthday|favou?rite)\b"
    r"|\b(do|can|could|did|have|would|will) you (\w+ )?(have|feel|think|know|like|love|dream|sleep|eat|remember|learn|understand|believe|prefer|enjoy"
    r"|speak|exist|experience|want|get|need|see|hear|ever|been|be)\b"
    r"|\b(introduce|describe|tell me about) yourself\b|\babout you\b|chat ?gpt|open ?ai|\bgpt|language model|large language|\bllms?\b"
    r"|\b(open assistant|alexa|siri|bard|claude|gemini|llama|vicuna)\b|\b(bist|sind|heißt|kannst) (du|sie)\b|\bwer (bist|hat)\b"
    r"|qui[eé]n eres|eres (un|una)|c[oó]mo te llamas|qui (es-tu|êtes-vous)|es-tu|êtes-vous"
    r"|你(是|叫|好|们是|能|会|有|的|为什么|如何|怎么|来自|身份|觉得|认为)|您(是|叫|好|能|会|有|的)|自我介绍|你自己|您自己|谢谢|(上午|下午|晚上|早上)好|再见|人工智能|语言模型|机器人"
)


def plays_a_machine() -> pl.Expr:
    """Whether the prompt asks to speak as a robot, a computer or an AI of a story."""
    return pl.col("prompt").str.contains(_MACHINE)


def plays_a_role() -> pl.Expr:
    """Whether the prompt gives the assistant somebody's part."""
    return pl.col("prompt").str.contains(_PERSONA)


def asks_for_words_of_others() -> pl.Expr:
    """Whether the prompt asks for a text in which somebody else speaks, or for another form of a given text."""
    return pl.col("prompt").str.contains(_FICTION)


def asks_about_assistant() -> pl.Expr:
    """Whether the prompt asks the assistant what it is, made by whom, and what it feels, or only greets it."""
    return pl.col("prompt").str.contains(_ASSISTANT)
