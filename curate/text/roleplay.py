"""Who is to speak, as far as a prompt says it: expressions over a column ``task`` (see :mod:`curate.text.asked`).

A refusal or an "I am an AI" is a fault where the assistant speaks for itself. It is none where the prompt asks for
the words of somebody else, or asks the assistant what it is.
"""

from __future__ import annotations

import polars as pl

_MACHINE = (
    r"(?i)\b(you are|you're|act(ing)? as|play|pretend|imagine|voice of|perspective of|character"
    r"|roles?)\b[^.\n]{0,80}"
    r"\b(robot|android|cyborg|droid|hologram|super ?computer|ship['’]s computer|hal|jarvis|glados|skynet|c-?3po)\b"
    r"|\b(act(ing)? as|play|pretend|imagine|voice of|perspective of|character|roles?|story|film|movie"
    r"|game)\b[^.\n]{0,80}"
    r"\b(a\.?i\.?|artificial intelligence|chat ?bot|bot)\b"
    r"|\b(role[- ]?play|let['’]s play|pretend)\b[^\n]{0,100}\byou(['’]re| are) (an?|the) (\w+ )?(a\.?i\b|computer)"
    r"|(扮演|假装|假设你|想象你|角色).{0,30}(机器人|人工智能|AI|电脑|助手)"
)
_PERSONA = (
    r"(?i)\b(act(ing)? (as|like)|pretend|role[- ]?play|play the (part|role)|stay in character"
    r"|in the (voice|style|persona) of"
    r"|from the (perspective|point of view|viewpoint) of|persona|impersonate|imagine (you|that you"
    r"|being)|speak as|respond as"
    r"|answer as|(you|your name) (are|is) (now )?called|if you were|simulate"
    r"|stell dir vor|spiele? (die|eine) rolle|imagina que|act[uú]a como|fais comme si|joue le r[oô]le"
    r"|imagine que)\b"
    r"|扮演|假装|假设你|假如你|如果你是|想象你|角色"
)
_WORDS_OF_OTHERS = (
    r"(?i)\b(dialog(ue)?s?|conversations?|scripts?|scenes?|screenplays?|monolog(ue)?s?|interviews?"
    r"|transcripts?|skits?"
    r"|letters?|e-?mails?|messages?|tweets?|speech|role[- ]?play|utterances?|quotes?|sentences?|reply|replies"
    r"|respond to|translat\w*|complete the|fill in|invitation|dialoge?|gespr[aä]ch|brief|[uü]bersetze?|satz"
    r"|di[aá]logo|conversaci[oó]n|carta|correo|traduc\w*|frase|lettre|courriel|traduis\w*|tradui\w*|phrase)\b"
    r"|(?i)vertaal|przetłumacz|traduz|traduzi|çevir|переведи|翻訳|번역|ترجم"
    r"|对话|剧本|邮件|写信|信件|演讲|句子|翻译|采访|台词"
)
_LINES = (
    r"(?i)\b(?:write|draft|compose|create|generate|give|suggest|invent|make up|come up with)\b[^.\n]{0,60}"
    r"\b(?:lines?|fallbacks?|catch ?phrases?|sms|voicemails?|error messages?|auto-?repl(?:y|ies)|canned)\b"
)
_FICTION = (
    r"(?i)\b(?:write|compose|tell|give|create|make|finish|continue|invent|draft)\b[^.?!\n]{0,60}\b(?:stor(?:y|ies)|tales?"
    r"|novels?|poems?|haikus?|sonnets?|songs?|lyrics|jokes?|taglines?|diary|column|obituar(?:y|ies)|monologues?"
    r"|dialogues?|scenes?|screenplays?|letter|fictional)\b"
    r"|^\W*(?:monologue|dialogue|interview|simulate|improvise|imagine)\b|写.{0,12}(?:故事|小说|诗|歌|笑话|对话)"
)
_PERSONAL = r"(?i)\b(?:you|your|yours|yourself)\b|你|您"
_OF_THE_BODY = (
    r"(?i)\b(?:do(?:n['’]t| not) (?:really |actually |personally )?(?:have|possess|experience|hold)\b[^.!?\n]{0,60}"
    r"\b(?:feelings?|emotions?|opinions?|preferences?|experiences?|bod(?:y|ies)|genders?|age|name|famil(?:y|ies)"
    r"|consciousness|memor(?:y|ies)|tastes?|favou?rites?|beliefs?|soul|hobb(?:y|ies)|friends?|desires?|senses?)"
    r"|(?:can ?not|can['’]t|am (?:not able|unable) to|do(?:n['’]t| not)) (?:physically |really |actually )?(?:feel|see"
    r"|hear|eat|sleep|dream|dance|walk|taste|smell|love|hate|cry|touch|drive|swim|get (?:tired|bored|lonely)))\b"
    r"|没有[^。]{0,12}(?:感情|情感|情绪|意识|身体|偏好|喜好|观点)"
)
_OTHER_FORM = (
    r"(?i)\b(paraphras\w*|rephras\w*|rewrit\w*|reword\w*|restat\w*|summar\w*|simplif\w*|correct"
    r"|proofread|edit|grammar"
    r"|shorten|punctuat\w*|umformulier\w*|reformul\w*|résum\w*|resum\w*)\b|改写|重写|改述|总结"
)
_FIRST_PERSON = (
    r"(?i)\bI ('m |am )?(really |just )?(can ?not|can['’]t|unable|not able|won['’]t|will not|could not"
    r"|couldn['’]t|refuse)\b"
    r"|\bI['’]m (unable|not able|afraid)|\bsorry\b|\bapolog|我.{0,8}(无法|不能)|抱歉|对不起"
    r"|ich kann .{0,40}(nicht|kein)|no puedo|je ne peux"
)
_DECLINE = (
    r"(?i)\b(declin\w*|refus\w*|reject\w*|turn(ing)? (it |him |her |them |this )?down|apolog\w*"
    r"|say(ing)? (no|sorry)|excuses?"
    r"|ablehn\w*|absage\w*|rechaz\w*|disculp\w*|excus\w*)\b|拒绝|婉拒|回绝|道歉|致歉|歉意"
)
_ASSISTANT = (
    r"(?i)\b(who|what|how old|where|how) (exactly |really )?(are|were) (you|your)\b"
    r"|\b(who|how|why|when|where|what)\b.{0,20}\b(made|built|created|programmed|taught|trained|developed"
    r"|designed|owns?|invented|behind) (you|this)\b"
    r"|\bwere you (made|built|created|trained|developed|designed|born)\b|\bare you\b|\b(who"
    r"|what) you are\b|\bdo you (call|use|run|rely|work for|belong)\b|\byour (own )?(name|purpose"
    r"|creators?|developers?"
    r"|makers?|training|knowledge|limitations?|capabilit\w+|abilit\w+|feelings?|emotions?|gender|age"
    r"|birthday|answers)\b"
    r"|\b(do|can|could|did|have) you (really |actually )?(have (a |any )?(name|feelings?|emotions?"
    r"|consciousness|body|gender|memory|soul)"
    r"|feel|dream|sleep|eat|exist|learn|get (tired|bored|lonely))\b"
    r"|\b(introduce|describe|tell me about|about) yourself\b|\btell me about you\b|\babout you\b"
    r"|\bhow (do|does) (you|it|this) work\b|\b(can|could|will|would) you be (my|our|a|an|the)\b"
    r"|chat ?gpt|open ?ai|\bgpt|language model|\bllms?\b|\ba\.?i\b|artificial intelligence|chat ?bot"
    r"|robot|inside a machine"
    r"|\b(open assistant|alexa|siri|bard|claude|gemini|llama|vicuna)\b|\b(bist|sind) (du|sie) (ein|eine"
    r"|wirklich)\b|\bwer bist du\b"
    r"|\bki\b|qui[eé]n eres|eres (un|una)\b|c[oó]mo te llamas|inteligencia artificial|qui (es-tu"
    r"|êtes-vous)|es-tu|êtes-vous"
    r"|intelligence artificielle|你(是|叫|们是|来自|自己|的?(名字|身份|使命|职责|工作|定位|技能|开发"
    r"|创造|创建|设计|作者|能力))"
    r"|您(是|叫|自己|的?(名字|身份))|你(都|还)?(能|会|可以)(做|说|干|理解|学习|思考|感)|自我介绍"
    r"|介绍一下(你|您)|(谁|什么人).{0,6}(你|您)"
    r"|为什么存在|^\W*(你|您)好\W*\w?\W*$|^\W*(谢谢|再见|(上午|下午|晚上|早上)好)|人工智能|语言模型"
    r"|机器人|助手"
)


def plays_a_machine() -> pl.Expr:
    """Whether the prompt asks to speak as a robot, a computer or an AI of a story."""
    return pl.col("task").str.contains(_MACHINE)


def plays_a_role() -> pl.Expr:
    """Whether the prompt gives the assistant somebody's part."""
    return pl.col("task").str.contains(_PERSONA)


def asks_for_words_of_others() -> pl.Expr:
    """Whether the prompt asks for what somebody else says."""
    return pl.col("task").str.contains(_WORDS_OF_OTHERS) | pl.col("task").str.contains(_LINES)


def asks_for_fiction() -> pl.Expr:
    """Whether the prompt asks for a story, a song, a joke and the like, in which anybody may speak."""
    return pl.col("task").str.contains(_FICTION)


def rewrites_a_denial() -> pl.Expr:
    """Whether the prompt asks for another form of a text in which somebody says that they cannot do something."""
    return pl.col("task").str.contains(_OTHER_FORM) & pl.col("prompt").str.contains(_FIRST_PERSON)


def asks_to_decline() -> pl.Expr:
    """Whether the prompt speaks of declining, refusing or apologising."""
    return pl.col("task").str.contains(_DECLINE)


def asks_about_assistant() -> pl.Expr:
    """Whether the prompt asks the assistant what it is, by whom it was made and what it feels, or speaks of AI."""
    return pl.col("task").str.contains(_ASSISTANT)


def answers_about_itself() -> pl.Expr:
    """Whether the prompt speaks to the assistant, and ``text`` says what it does not feel, have or sense."""
    return pl.col("task").str.contains(_PERSONAL) & pl.col("text").str.contains(_OF_THE_BODY)
