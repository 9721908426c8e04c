r"""Escape sequences stand in the answer instead of what they mean.

Why     The answers were escaped twice: the model learns to write \\n instead of a line break.
Mend    Unescape them where the rows come from, or set the rows aside:
        `curate drop {files} --select answer.escaped -o {out}`.
Limits  Looks for line breaks, tabs, \\u escapes, quotation marks and apostrophes in prose. Answers that hold lines of
        code, LaTeX or JSON are passed over, and so are prompts that speak of such things. Precision on real data:
        6 of 6 hits in 73,735 rows of 26 public files were right (95 % bounds .61 to 1), all of them in
        data-juicer's demo-dataset-deduplication. That is too few to block.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.codelike import looks_like_code, looks_like_latex
from curate.text.marks import Mark, mark, outside_code
from curate.text.sift import sift

_BREAK = (
    r"(?<![\\:/\w(\[{|])\\n\\n|(?<=[\w.!?:;,)\]。！？：，；”\"'])(?<![A-Z]:)\\n(?:\\n)*(?=[A-Z0-9*•#-]"
    r"|[^\x00-\x7f]|\\t|\s*\Z|[a-z]+ [a-z]+ )"
)
_KINDS = {
    "a line break": _BREAK,
    "a tab": r"(?<=[\w.)])(?<![A-Z]:)\\t(?=[A-Z0-9])",
    "a character": r"(?<![\\\w])\\u[0-9a-fA-F]{4}(?![0-9a-fA-F])|(?<=[a-zA-Z])\\u00[0-9a-fA-F]{2}(?![0-9a-fA-F])",
    "a quotation mark": r"(?<![\w\\=(\[{])\\\"[^\"\\\n]{1,200}\\\"(?!\w)|\b\w+\\'(?:s|t|re|ll|ve|d|m)\b",
}
_ANY = {word: re.compile(pattern) for word, pattern in _KINDS.items()}
_SIGN = r"\\[nt\"']|\\u[0-9a-fA-F]{4}"
_ASKED = (
    r"(?i)\\[nrtux\"']|\b(?:escap|regex|java|code|program|backslash|delimit|encod|decod)"
    r"|\b(?:newlines?|line ?breaks?|regular expressions?|python|c\+\+|c#|php|ruby|rust|golang|perl|bash"
    r"|shell|sql|json|csv|latex|tex|unicode|coding|function|script|string|printf?|tabs?|windows|path"
    r"|directory|folder|yaml|toml)\b|代码|函数|编程|换行|转义|字符串|程序|编码"
)

FLAGGED = (
    ask("Who repairs the roof?").answer("The landlord.\\nThe tenant pays.").at("\\n"),
    ask("Who repairs the roof?").answer("It is clear:\\n\\n1. The landlord\\n2. The tenant").at("\\n\\n"),
    ask("List them.").answer("Name\\tAge").at("\\t"),
    ask("Where is it?").answer("In the caf\\u00e9.").at("\\u00e9"),
    ask("解释保释。").answer("保释是一种制度。\\n法院可以决定保释。").at("\\n"),
    ask("What did she say?").answer('She said \\"no\\" to it.').at('\\"no\\"'),
    ask("Is it due?").answer("It isn\\'t due.").at("isn\\'t"),
    chat(("user", "Hi"), ("assistant", "Hello!\\n\\nHow can I help?<|im_end|>")),
)
CLEAN = (
    ask("How do I break a line in C?").answer('Write printf("one\\nTwo");'),
    ask("Where is the file?").answer("In C:\\new\\tables\\n1, on the second disk."),
    ask("What is it?").answer("It is $\\nu$, and \\theta is \\neq 0; see \\nabla f and \\tau."),
    ask("Which sign ends a line?").answer("It is `\\n`."),
    ask("Give the record.").answer('{"text": "One.\\nTwo.", "city": "Orl\\u00e9ans"}'),
    ask("Write the umlaut in TeX.").answer('Schr\\"odinger and M\\"obius'),
    ask("What was it?").answer("54*10 = 540\n66*5 = 330"),
    ask("Which share is it?").answer("It is on \\\\server\\news\\today."),
    preference("Who?", "The landlord.", "The landlord.\\nThe tenant pays."),
    row({"instruction": "Split the string at \\n.", "output": "One\\nTwo"}),
)


@dataclass(frozen=True)
class Escaped(RowCheck):
    """Looks at answers outside code, LaTeX and JSON, unless the prompt speaks of strings, code, paths or escapes."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, at the first of them."""
        text = pl.col("text")
        suspects = sift(batch.targets, text.str.contains("\\", literal=True), text.str.contains(_SIGN))
        hits = mark(suspects, _escaped)
        if hits.is_empty():
            return no_findings()
        kept = with_prompt(hits, batch).filter(~pl.col("prompt").str.contains(_ASKED))
        return found(kept, pl.format("{} is written as an escape sequence", "word"), evidence=pl.col("word"))


def _escaped(text: str) -> list[Mark]:
    if looks_like_latex(text) or looks_like_code(text) or _is_json(text):
        return []
    marks = []
    for word, pattern in _ANY.items():
        hits = (hit for hit in outside_code(text, pattern) if not _in_path(text, hit.start()))
        marks += [Mark(*hit.span(), word) for hit in list(hits)[:1]]
    return sorted(marks)[:1]


def _in_path(text: str, at: int) -> bool:
    """Whether the word before a place begins like a path of Windows."""
    begin = max(text.rfind(sign, 0, at) for sign in " \n") + 1
    return re.match(r"[\"'(]?(?:[A-Za-z]:\\|\\\\|%\w+%\\)", text[begin:at]) is not None


def _is_json(text: str) -> bool:
    """Whether the text is a JSON value, or lines of them."""
    body = text.strip()
    if body[:1] not in '{["':
        return False
    try:
        json.loads(body.splitlines()[0] if body[:1] == "{" and body.splitlines()[0].endswith("}") else body)
    except (ValueError, RecursionError):
        return body[:1] in "{["
    return True
