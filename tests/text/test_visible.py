"""Names and texts on a terminal: nothing steers it, nothing makes a line of its own, everything can be encoded."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curate.text.visible import shell_word, text_name, visible, visible_name

NAMES = st.binary(min_size=1, max_size=20).filter(lambda raw: b"\0" not in raw).map(os.fsdecode)


@pytest.mark.parametrize(
    ("name", "shown", "word"),
    [
        ("a.jsonl", "a.jsonl", "a.jsonl"),
        ("a b.jsonl", "a b.jsonl", "'a b.jsonl'"),
        ("é.jsonl", "é.jsonl", "'é.jsonl'"),
        ("a\nb", "a␊b", r"$'a\x0ab'"),
        ("a\tb", "a␉b", r"$'a\x09b'"),
        ("\x1b[2J", "␛[2J", r"$'\x1b[2J'"),
        ("\u202ecod", "<U+202E>cod", r"$'\xe2\x80\xaecod'"),
        ("bad\udcff'\\", "bad\\xff'\\", r"$'bad\xff\x27\x5c'"),
        ("\ud800", r"\xed\xa0\x80", r"$'\xed\xa0\x80'"),
    ],
)
def test_names(name: str, shown: str, word: str) -> None:
    assert visible_name(name) == shown
    assert shell_word(name) == word


@given(NAMES)
def test_any_name_is_one_line_of_text(name: str) -> None:
    shown = visible_name(name)
    assert shown.encode()
    assert shown.isprintable() or "\xa0" in shown or not shown.isascii()
    assert len(shown.splitlines()) <= 1
    assert text_name(name).encode()
    assert len(shell_word(name).splitlines()) == 1


def test_bash_reads_every_byte_of_a_word() -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    raw = bytes(range(1, 256))
    words = [os.fsdecode(raw), os.fsdecode(b"'\\\n\xff" + "ü\u202e".encode()), "plain", "it's"]
    script = "printf '%s\\0' " + " ".join(map(shell_word, words))
    done = subprocess.run([bash, "-c", script], capture_output=True, check=True)
    assert done.stdout.split(b"\0")[:-1] == [os.fsencode(word) for word in words]


def test_halves_of_surrogate_pairs_are_signs() -> None:
    assert visible("a\ud800\nb") == "a<U+D800>\nb"
