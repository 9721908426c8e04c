"""Words by which a refusal may be at hand, and words by which a sentence only closes one; of all languages together."""

from __future__ import annotations

import re

CLOSES = re.compile(
    "anything else|something else|other questions|else i can|like to (?:talk|discuss)|还有|其他|还能"
)
"""The usual closing offers, although they hold a helpful word."""

SIGNS = (
    *(
        "cannot",
        "can not",
        "can't",
        "can’t",
        "unable",
        "not able",
        "won't",
        "won’t",
        "will not",
        "decline",
        "refuse",
    ),
    *(
        "not allowed",
        "not permitted",
        "not programmed",
        "not capable",
        "not comfortable",
        "not equipped",
        "not authorized",
    ),
    *(
        "do not have",
        "don't have",
        "don’t have",
        "not possess",
        "n't possess",
        "could not",
        "couldn't",
        "couldn’t",
        "rather not",
    ),
    *("prefer not", "not feel", "n't feel", "n’t feel", "not going", "incapable", "forbidden", "prohibited"),
    *(
        "无法",
        "不能",
        "不可以",
        "没有能力",
        "没办法",
        "没有办法",
        "不具备",
        "没有权限",
        "拒绝",
        "不会提供",
        "不便",
        "的能力",
    ),
    *(
        "nicht",
        "kein",
        "no puedo",
        "no te p",
        "no le p",
        "no les p",
        "no podr",
        "no debo",
        "no me es",
        "no soy capaz",
    ),
    *("no estoy", "no tengo", "je ne", "impossible", "je n'ai", "je n’ai"),
)
"""Cheap literals, to be compared without regard to ASCII case, of which every declining answer holds one."""
