"""A blank of a template was left open in the answer.

Why     The model learns to say "[Your Name]" and "{{name}}" where a name belongs.
Mend    Fill the blanks before training, or set the rows aside: `curate drop {files} --select answer.unfilled -o
        {out}`.
Limits  "[insert ...]", "[Your ...]", "[Company Name]", "{{name}}" and their Chinese forms. Blanks that stand in the
        prompt, prompts that ask for a letter, a form, a template or code, code itself, "[DATE]", "____" and the
        "[**Name**]" of clinical texts are spared. Precision on real data: all 224 findings (identity, v1_sft, dpo_zh)
        are open blanks, 86 of 86 read; none in T0 or MedQuAD. Two of these sets are meant to be filled in before use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import with_prompt
from curate.text.marks import Mark, mark, outside_code

SIGNS = (
    "[insert",
    "[enter",
    "[add ",
    "[your",
    "[recipient",
    "[company",
    "[customer",
    "[client",
    "[name",
    "{{",
    "<your",
    "<insert",
    "{answer",
    "{response",
    "{your",
    "[您",
    "[你",
    "[插入",
    "[公司",
    "[姓名",
    "[客户",
    "[填写",
)
"""Cheap literals, compared without regard to ASCII case, of which every blank begins with one."""

_BRACKETS = (
    r"\[(?:(?i:insert|enter|add|fill in|your)\s(?!own\b)[^\]\[\n(){}=]{1,60}|(?:Recipient|Company"
    r"|Customer|Client|Sender|Manager|Employee|Candidate)(?:['’]s)? (?:Name|Address|Title|Email)"
    r"|Name(?: of [^\]\n]{1,40})?)\](?![(\[])"
)
_CHINESE = r"\[(?:您|你)的?[^\]\n]{1,15}\]|\[插入[^\]\n]{1,20}\]|\[(?:公司|客户|填写)[^\]\n]{0,15}\]|\[姓名\]"
_CURLY = (
    r"(?<![\\\w$}^_{#%])\{\{ ?[A-Za-z_][\w .-]{0,40} ?\}\}(?![}_^])"
    r"|(?<![\\\w$}^_{#%\"'])\{(?:answer|response|your[_ ]\w{1,20})\}"
)
_ANGLES = r"<(?i:insert|your) [^<>\n=/]{1,40}>"
_BLANK = re.compile(f"{_BRACKETS}|{_CHINESE}|{_CURLY}|{_ANGLES}")

_TEMPLATES = (
    r"(?i)\b(templates?|letters?|e-?mails?|forms?|samples?|drafts?|resumes?|cv|invitations?|contracts?"
    r"|agreements?|memos?|press release|scripts?|notices?"
    r"|invoices?|receipts?|polic(y|ies)|proposals?|announcements?|newsletters?|placeholders?|blanks?"
    r"|certificates?|speech|message|post|bio|review|pitch|complaint"
    r"|jinja2?|handlebars|mustache|angular|vue|django|liquid|ansible|helm|github actions|html|latex"
    r"|bibtex|yaml|code|program|function|sql|prompt)\b"
    r"|邮件|信|模板|表格|合同|简历|通知|收据|发票|新闻稿|演讲|话术|电话|代码|程序|协议|提案|宣传"
)
_CODE = (
    r"(?m)^\s*(def |class |import |from \w+ import|function |const |let |var |#include|public |<\?php|\w+ = |SELECT )"
    r"|[;{]\s*$|</\w+>"
)

FLAGGED = (
    ask("Who are you?").answer("I am {{name}}, built by {{author}}.").at("{{name}}"),
    ask("Introduce the company.").answer("Founded in 1990, [Company Name] makes bread.").at("[Company Name]"),
    ask("Where is the court?").answer("It is in [insert city] and opens at nine.").at("[insert city]"),
    ask("介绍一下这家公司。").answer("[公司名称]成立于1990年。").at("[公司名称]"),
    chat(("user", "Sum it up."), ("assistant", "The result is {answer}, as shown.")).at("{answer}"),
    row({"prompt": "Thank him.", "completion": "Thanks, <your name here>"}).at("<your name here>"),
)
CLEAN = (
    ask("Write an email template.").answer("Dear [Name],\n\nThank you.\n\n[Your Name]"),
    ask("Fill in: Dear [Your Name]").answer("Dear [Your Name], hello."),
    ask("When was he admitted?").answer("On [**2101-1-2**] by Dr. [**Name**], see [DATE] ____."),
    ask("How do I greet in Jinja?").answer("Write `{{name}}`."),
    ask("Simplify.").answer("\\frac{{a}}{{b}} is x^{{y}}"),
    ask("Where is it?").answer("See [your profile page](https://example.org)."),
    ask("How do I read a list item?").answer("x = items[your_index]"),
    ask("Sum it up.").answer("[insert summary here]"),
    preference("Thank him.", "Thank you, Jo.", "Thank you, [Your Name]."),
)


@dataclass(frozen=True)
class Unfilled(RowCheck):
    """Looks in answers for blanks that do not stand in the prompt, where no template and no code was asked for."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each blank."""
        suspects = batch.targets.filter(
            pl.col("text").str.contains_any(list(SIGNS), ascii_case_insensitive=True)
        )
        suspects = with_prompt(suspects.filter(~pl.col("text").str.contains(_CODE)), batch)
        suspects = suspects.filter(~pl.col("task").str.contains(_TEMPLATES))
        given = mark(suspects.select("row", text="prompt"), _blanks).select("row", "fix")
        hits = mark(suspects, _blanks).join(given, on=["row", "fix"], how="anti")
        return found(hits, "a blank was left open in the answer", evidence=pl.col("word"), fix=None)


def _blanks(text: str) -> list[Mark]:
    """The blanks beside which something is said; ``fix`` carries the blank itself, to be looked for in the prompt."""
    hits = [hit for hit in outside_code(text, _BLANK) if hit[0] != text.strip()]
    return [Mark(*hit.span(), f"{hit[0][0]}…{hit[0][-1]}", hit[0]) for hit in hits]
