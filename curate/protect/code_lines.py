"""Whether a line is code of any common kind: Python, JavaScript, Java, C, SQL, shell, configuration, logs, traces.

A line is judged by itself, so that a text costs a few tests a line. ``CODE`` is what nobody writes in prose; ``MAYBE``
is what belongs to the code around it, if there is any: a comment, a closing bracket, ``return value``.
"""

from __future__ import annotations

import re
from enum import Enum

from curate.protect.look import listed


class Kind(Enum):
    """What a line looks like; ``DEEP`` is indented by four columns or more and says nothing else."""

    CODE = "code"
    MAYBE = "maybe"
    DEEP = "deep"
    PROSE = "prose"
    BLANK = "blank"


_NAME = r"[A-Za-z_$][\w$]*"
_DOTTED = rf"{_NAME}(?:\.{_NAME}|\[[^\]\n]*\])*"
_TOOLS = (
    "sudo|apt|apt-get|yum|dnf|brew|pip3?|npm|npx|yarn|pnpm|git|docker|docker-compose|kubectl|curl"
    "|wget|mkdir|rmdir|chmod"
    "|chown|grep|egrep|sed|awk|gawk|python3?|ssh|scp|rsync|systemctl|journalctl|helm|terraform|aw"
    "s|gcloud|conda|cargo"
    "|rustc|javac|gcc|clang|cmake|psql|mysql|sqlite3|redis-cli|mongod?|nginx|vim|nano|unzip|gzip|"
    "gunzip|netstat|ifconfig"
    "|ping|traceroute|nslookup|nmap|iptables|crontab|xargs|mvn|gradle|dotnet|composer|php|perl|rs"
    "pec|pytest|jupyter|bash|zsh"
)
_WORDY_TOOLS = (
    "make|find|cat|source|service|go|head|tail|kill|touch|node|export|cp|mv|rm|ls|cd|echo|ps|tar|"
    "az|java|ruby|sort|cut|tr"
    "|top|df|du|ln|set|env|alias|man|sh|unset|exec|sleep|wc|diff|date|which"
)

_PYTHON = (
    rf"(?:async )?def {_NAME}\s*\(|class {_NAME}\s*[(:{{]"
    rf"|import {_DOTTED}(?: as {_NAME})?(?:, {_DOTTED}(?: as {_NAME})?)*;?$"
    rf"|from \.*[\w.]* ?import [\w*({{ ]|@{_DOTTED}(?:\(.*\))?$|(?:try|else|finally|do)\s*[:{{]$"
    rf"|for {_NAME}(?:\s*,\s*{_NAME})* in (?=.*(?:[()\[\]_.]|\w+:$)).+:(?:\s*#.*)?$"
    rf"|(?:if|elif|while|with)\b(?=.*(?:[=<>()\[\]_]|\bnot \w+:$| in \w+:$|^\w+ \w+:$)).*:(?:\s*#.*)?$"
    rf"|(?:if|elif|while) (?:not )?{_DOTTED}(?: (?:and|or|in|is|is not|not in) (?:not )?{_DOTTED})*:$"
    rf"|except(?: [\w.()]+(?: as {_NAME})?)?:$"
    rf"|return(?: -?\d[\d.]*| (?:None|True|False|self)\b.*| .*(?:[()\[\]=+*/<>_%{{}}\"';]| - "
    rf"| (?:and|or|if|in|is|not)\b.*[^.])|)$"
    rf"|(?:raise {_NAME}(?:\(|$)|assert .*[=(<>\[]|yield .+[()\[\]_]|del {_DOTTED}[\[_.]"
    rf"|global {_NAME}$|pass$|break$|continue$)"
)
_ASSIGNED = (
    rf"(?:{_DOTTED}|\*?{_NAME}(?:\s*,\s*\*?{_NAME})+)(?::\s*[\w\[\], .]+)?\s*(?:[-+*/%|&^]|//"
    rf"|\*\*|<<|>>|:)?=(?!=)\s*(?P<value>\S.*)$"
)
_CURLY = (
    rf"(?:export |default |async )*function\b\s*\*?\s*{_NAME}?\s*\(|(?:export )?(?:const|let"
    rf"|var) [\w${{\[][^.]*=|(?:export|import)\b.*[{{}}*\"'].*"
    rf"|(?:public|private|protected|static|final|abstract|virtual|inline|extern|unsigned|pub|fn"
    rf"|impl|struct|enum|interface|trait|namespace|type)\b.*[({{;=]"
    rf"|#\s?(?:include|define|ifdef|ifndef|endif|pragma|if|else)\b.*|using [\w.:=\s]+;"
    rf"|package [\w.]+;?$|module [\w.]+$|func (?:\([^)]*\) )?{_NAME}\s*\("
    rf"|(?:if|for|while|switch|catch|foreach|elseif|else if)\s*\(.*(?:\)|{{|;)\s*$|(?:case .+"
    rf"|default):$|\}}\s*(?:else|catch|finally|while)?.*[{{;)]?$"
    rf"|(?:int|float|double|char|void|long|bool|boolean|string|String|auto|size_t|byte"
    rf"|short)\b[\s*&\[\]<>]*\s{_NAME}\s*(?:[=;(\[,]|$)"
    rf"|(?:return|throw|new|delete|goto|break|continue|int|require|use)\b[^.]*;$|//.*|/\*.*|\*/.*"
    rf"|<\?(?:php|xml|=)?.*|\?>$|<!DOCTYPE.*|<!--[^\n]*-->$"
    rf"|{_DOTTED}(?:->|::){_NAME}.*|(?:System|console|Math|document|window|std|np|pd|plt|os|sys"
    rf"|self|this|cout|cin)(?:\.|::|\s*<<|->)\w.*"
)
_CALL = (
    rf"(?!\w+\((?:s|es|ies|a|an)\)\s*$)(?:await )?{_DOTTED}\([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*"
    rf")*\)[^()]*)*\)(?:\.{_NAME}(?:\([^)]*\))?)*[;:{{,]?(?:\s*(?:#|//|--).*)?$"
)
_SQL = (
    r"(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (?:OR REPLACE )?(?:TABLE|VIEW|INDEX"
    r"|DATABASE|FUNCTION|PROCEDURE|TRIGGER|USER|SCHEMA)|ALTER TABLE|DROP (?:TABLE|VIEW|DATABASE"
    r"|INDEX)"
    r"|FROM|WHERE|GROUP BY|ORDER BY|HAVING|(?:LEFT|RIGHT|INNER|OUTER|FULL"
    r"|CROSS)? ?(?:OUTER )?JOIN|UNION(?: ALL)?|VALUES|GRANT|REVOKE|TRUNCATE TABLE|PRIMARY KEY"
    r"|FOREIGN KEY|WITH \w+ AS)\b.*"
    r"|(?:select|delete|insert into|update|create table|alter table|drop table)\b(?=.*(?:\*|;\s*$"
    r"|=|\bwhere\b.*[=<>]|\()).*(?:;|\b(?:from|set|values|add|table)\b.*)$"
)
_SAID = (
    "is|are|was|were|and|or|can|will|has|had|to|for|does|may|should|must|uses?|helps?|provides?|a"
    "llows?|lets|supports?|makes?|the|a|an|in|on|of|as|at|by|from|with|script|scripts|code|functi"
    "on|functions|command|commands"
    "|programs?|programming|version|users?|developers?|it|you|they|we|also|repository|files?|imag"
    "e|images|container|containers|cluster"
)
_PROMPTS = (
    r"(?:\$|%|>>>|\.\.\.|PS [A-Z]:[^>]*>|[A-Z]:\\[^>\n]*>|[\w.-]+@[\w.-]+:[^\s$#]*[$#]"
    r"|In \[\d*\]:|Out\[\d*\]:|mysql>|sqlite>|irb.*>) ?\S.*|>>>$"
    rf"|(?:{_TOOLS}) (?!(?:{_SAID})\b)(?!.*[a-z]{{2}}[.!?]$)\S.*|#!/.*"
)
_SHELL = (
    rf"(?:{_WORDY_TOOLS}) (?:\S+ ){{0,4}}?(?:-{{1,2}}\w|[~./$\"*]|\S*[/=|]|\S+\.\w{{1,4}}\b).*"
    rf"|(?:if|while|until) \[.*|(?:then|fi|done|esac|do)$|(?:for|case) \w+ in .*(?:;|do|\$).*"
    rf"|[A-Z_][A-Z0-9_]*=\S*$"
)
_RECORDS = (
    r"\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?.*|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov"
    r"|Dec) +\d{1,2} \d\d:\d\d:\d\d .*"
    r"|\[?(?:INFO|DEBUG|WARN|WARNING|ERROR|FATAL|TRACE|CRITICAL|SEVERE|NOTICE)\]?(?:[:\]]"
    r"|\s+[\[\w.]*[.:\[\]_]).*|\d+\.\d+\.\d+\.\d+ - .*"
    r"|Traceback \(most recent call last\):|File \".*\", line \d+.*|at [\w.$<>/]+\(.*\)$"
    r"|(?:[\w.]+\.)?\w*(?:Error|Exception|Warning)(?:: .*|$)|Caused by: .*"
    r"|thread '.*' panicked at.*|goroutine \d+.*"
    r"|@@ -\d.*|(?:\+\+\+|---) [ab]/.*|diff --git .*|index [0-9a-f]{7,}\.\..*"
)
_CONFIGURED = (
    r"\[[\w.-]+\]$|[\"'][\w .@/-]+[\"']\s*:\s*(?:[\"\[{\d-]|true|false|null).*|[\[{(]$"
    r"|[\]})]+[;,]?$|[\w.#*:@ ,>+-]+\s*\{$"
    r"|[\w-]+:\s*[^;]+;$(?<=[\w)%#\"'];)(?<!\w\w\w\w \w\w\w\w;)|\[?[{\[]\s*[\"'{].*"
    r"|[\"'].*[\"'],?$(?<=[\"'],)|---$|- ?\w+: \S.*"
    r"|(?:</?[A-Za-z!][^<>]*>\s*)+$|<[A-Za-z][^<>]*>[^<>]{0,60}</[^<>]*>$|\{%.*%\}$"
    r"|.*=> ?[\w{(\[].*|.*(?:&&|\|\|) .*[;{)]$"
)
_ENDED = r".*(?:[\w)\"'\]] ?\{|^\}|\)\s*=>.*|(?:\)|\]|\"|'|\+\+|--|\d|=\s*\S+)\s*;)$"
_CERTAIN = re.compile(
    rf"{_RECORDS}|{_PROMPTS}|{_SQL}|import {_DOTTED}(?: as {_NAME})?(?:, {_DOTTED}(?: as {_NAME})"
    rf"?)*;?$|from \.*[\w.]+ import (?:{_NAME}(?: as {_NAME})?(?:, {_NAME}(?: as {_NAME})?)*|\*"
    rf"|\(.*)$"
    rf"|for {_NAME}(?:,\s*{_NAME})* in [\w.()\[\]'\", ]+:$"
)
_STRONG = re.compile(f"{_PYTHON}|{_CURLY}|{_CALL}|{_SHELL}|{_CONFIGURED}|{_ENDED}")
TOOLS = frozenset(re.sub(r"[^a-z|-]", "", f"{_TOOLS}|{_WORDY_TOOLS}").split("|")) | {
    "import",
    "pip",
    "mongod",
}
"""Words with which a line of shell or Python may begin that holds no sign of code."""

_ASSIGNMENT = re.compile(_ASSIGNED)
_WEAK = re.compile(
    r"#|//|--|\*(?!\*)|[)\]}]|return\b|raise\b|print\b|[\w.-]+\s*[:=]\s*\S*$|- \w+"
    r"|[a-z_][\w-]*: \S|.*(?:\w\(\)|\w_\w|[;{}\\]$|[=!<>]=|\+=)"
    r"|[A-Z_]{3,}\b|\||[+-] ?\d"
)
_PROSE = re.compile(
    r"\s*[\"'(“]?[A-Z][a-z']*[,]? (?:[\w'’,;:()\"“”/-]+ ){2,}[\w'’()\"“”-]+[.!?:,]?[\"')”]*\s*$"
)
_FUNCTION_WORDS = frozenset(
    listed(
        "the a an of to and is are was were be that this it you your i we they he she with as on for"
        " in by can may will from"
    )
)
_FEW_WORDS = 4
_CODE_SIGN = re.compile(r"[{}=<>;$\\|@#_`\[\]*]|\w\(|^[A-Z]+\b[^a-z]{4}")
_LONG_LINE = 400


def kind_of(line: str) -> Kind:
    """What a line looks like by itself."""
    bare = line.strip()
    if not bare:
        return Kind.BLANK
    if bare[-1] in ".?!" and bare[0].isupper() and line[0] == bare[0] and not _CODE_SIGN.search(bare):
        return Kind.PROSE
    indent = len(line) - len(line.lstrip())
    deep = indent >= 4 or line[0] == "\t"  # noqa: PLR2004 (CommonMark 4.4)
    if is_code(bare):
        return Kind.CODE
    if deep:
        return Kind.DEEP
    weak = indent > 0 or (len(bare) < _LONG_LINE and _WEAK.match(bare) is not None)
    return Kind.MAYBE if weak and not reads_like_prose(bare) else Kind.PROSE


def is_code(bare: str) -> bool:
    """Whether nobody writes such a line in prose; without blanks around it."""
    if len(bare) > _LONG_LINE and _is_sentence(bare[:_LONG_LINE]):
        return False
    if _CERTAIN.match(bare[: 4 * _LONG_LINE]):
        return True
    if _STRONG.match(bare[: 4 * _LONG_LINE]):
        return not _is_sentence(bare)
    hit = _ASSIGNMENT.match(bare) if "=" in bare else None
    return hit is not None and not _is_sentence(hit["value"])


def _is_sentence(text: str) -> bool:
    """Whether words make up a text, several of them function words, with no sign that only code has."""
    words = text[:_LONG_LINE].split()
    if len(words) < _FEW_WORDS or _SIGNED.search(text):
        return False
    common = sum(word.strip(",.;:()\"'").lower() in _FUNCTION_WORDS for word in words)
    return common * 6 >= len(words)


_SIGNED = re.compile(
    r"[{}\\`$]|\w\(\S*\)|\w\[|[=!<>+*/-]=|=>|->|::|;$|^[\"'].*[\"'],$|\w_\w|(?<!\S)--?\w+(?: |$)"
    r"|^\W*(?:SELECT|INSERT|UPDATE|DELETE)\b|^#!|=\S|\d;"
)


def reads_like_prose(line: str) -> bool:
    """Whether an indented line goes on like a sentence."""
    return _PROSE.match(line) is not None or _is_sentence(line.strip())
