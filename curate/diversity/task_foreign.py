"""What instructions in some other languages open with, and the kind that it means; the rest of a language is not known.

Roots, looked for at the beginning of a word, within the first words of an instruction; anywhere in its first clause
where there are no spaces between words. The order decides: the first that fits is the kind.
"""

from __future__ import annotations

import re

from curate.diversity.words import UNSPACED

ROOTS = {
    "translate": "übersetz tradui traduc traduz tradur traduisez przetłumacz перевед переведи vertaal"
    " 翻译 翻譯 訳 번역",
    "summarise": "fass fasse zusammenfass résum resum riassum podsumuj резюмир кратко"
    " 总结 總結 概括 摘要 要約 まとめ 요약",
    "code": "programmier programme-moi 编程 代码 函数 程序 コード プログラム 코드",
    "classify": "klassifizier ordne classe classifi clasific classific wähle choisis elige escolha"
    " 分类 分類 判断 选择 選択 분류",
    "extract": "extrahier finde extrai extrae extraia extraire estrai trouve encuentra 提取 找出 抽出 추출",
    "rewrite": "formulier korrigier verbesser umschreib reformul corrig réécri reescrib reescrev riscriv"
    " 改写 修改 润色 改正 书き換え 수정",
    "calculate": "berechne rechne löse calcul résou resuelv resolv risolv вычисли реши 计算 計算 求解 계산",
    "brainstorm": "nenne liste énumère enumer elenc listar 列出 列举 举例 建议 挙げ 나열",
    "explain": "erklär beschreib vergleich expliqu décri explic describ descrev compar spieg descriv объясни опиши"
    " 解释 解釋 描述 介绍 说明 比较 説明 설명",
    "generate": "schreib erstell verfass écri rédig génèr escrib escrev crea scrivi genera напиши создай"
    " 写 撰写 创作 编写 生成 寫 書い 작성",
    "question": "beantworte wer wie was warum wo wann welche welcher qui que quel quelle comment pourquoi où quand"
    " quién qué cuál cómo por dónde cuándo quem qual quais chi che cosa quale come perché dove кто что как почему"
    " где когда какой 什么 什麼 怎么 怎樣 如何 为什么 哪 谁 吗 嗎 多少 何 誰 どう なぜ 무엇 어떻게 왜",
}
"""Kinds and roots, the surest first."""

POLITE = (
    "bitte kannst könntest können könnten du sie mir s'il te vous plaît peux pouvez por favor puedes podrías"
    " você pode per favore puoi пожалуйста est ce"
)
"""Words that are passed over."""

FIRST_WORDS = 3
_APART = re.compile(f"[{UNSPACED}\uac00-\ud7af]")
_WORD = re.compile(r"[^\W\d_]+")
_PASSED = frozenset(POLITE.split())
_BESIDE = {kind: tuple(filter(_APART.search, roots.split())) for kind, roots in ROOTS.items()}
_SPACED = {
    kind: tuple(root for root in roots.split() if not _APART.search(root)) for kind, roots in ROOTS.items()
}
_WHOLE = 4
"""Letters up to which a root is a whole word."""


def foreign_kind(clause: str) -> str:
    """The kind that a clause opens with, in the languages that are listed; empty if none is told."""
    if _APART.search(clause):
        return next((kind for kind, roots in _BESIDE.items() if any(root in clause for root in roots)), "")
    opening = [word for word in _WORD.findall(clause.lower()) if word not in _PASSED][:FIRST_WORDS]
    for word in opening:
        for kind, roots in _SPACED.items():
            if any(word == root if len(root) <= _WHOLE else word.startswith(root) for root in roots):
                return kind
    return ""
