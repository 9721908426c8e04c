"""What ``curate fix`` is asked for, and what it says: kinds of edit, policies, suggestions, pages and mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from curate.cli.fix import command
from curate.cli.main import main
from curate.config.load import load_plan
from curate.core.errors import ConfigError, MissingExtraError, UsageError
from curate.core.fix_plan import FixPlan
from curate.core.ledger import read_ledger, restore
from curate.engines import editors as making
from curate.engines import repairing
from curate.engines.editors import Equipped
from curate.fixing.classes import classes
from tests.editors_lab import GrammarWords

if TYPE_CHECKING:
    from collections.abc import Sequence

SPELLING = ("grammar.spelling", r"\brecieve\b", "receive")
ROWS = [
    {"prompt": "Did it come?", "completion": "We recieve it, jane@example.org."},
    {"prompt": "Is it <b>so</b>?", "completion": "Say `recieve` to </script> them."},
]


def run(*words: object) -> Result:
    return CliRunner().invoke(
        command, [str(word) for word in words], standalone_mode=False, catch_exceptions=False
    )


def curate(*words: object) -> int:
    """The exit code of the whole program."""
    with pytest.raises(SystemExit) as stop:
        main([str(word) for word in words])
    return int(stop.value.code or 0)


def write(path: Path, rows: Sequence[dict[str, Any]] = ROWS) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Grammar is one misspelling; a text with an x cannot be looked at."""
    editor = GrammarWords((SPELLING,), unable="xyzzy")
    monkeypatch.setattr(repairing, "equip", lambda _: Equipped((editor,), ("dictionaries were not opened",)))


@pytest.mark.usefixtures("words")
def test_a_dry_run_shows_why(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl")
    said = run(path, "--dry-run", "-q").output
    assert r"grammar.spelling  (\brecieve\b, words/1)" in said
    assert "[-recieve-]{+receive+}" in said
    assert "another word is meant" in said
    assert "held back: protected: code" in said
    assert (
        "Held back, and suggested:\n          1  grammar.spelling: 1 edit in 1 row, protected: code" in said
    )
    assert "dictionaries were not opened" in said
    assert "jane" not in said
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("words")
def test_as_many_edits_are_shown_as_asked(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ROWS[0]] * 30)
    assert run(path, "--dry-run", "-q").output.count("[-recieve-]") == 10
    assert run(path, "--dry-run", "-q", "--show", 15).output.count("[-recieve-]") == 15
    assert run(path, "-o", tmp_path / "out.jsonl", "-q", "--show", 2).output.count("[-recieve-]") == 2
    assert "[-recieve-]" not in run(path, "-o", tmp_path / "b.jsonl", "-q").output


@pytest.mark.usefixtures("words")
def test_what_was_not_looked_at_is_not_clean(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [*ROWS, {"prompt": "Hm", "completion": "xyzzy"}])
    result = run(path, "-o", tmp_path / "out.jsonl", "-q")
    assert result.return_value == 1
    assert "Not checked, and so not known to be clean:" in result.output
    assert "1  grammar: 1 text in 1 row, it could not be read" in result.output
    assert run(write(tmp_path / "b.jsonl"), "-o", tmp_path / "c.jsonl", "-q").return_value == 0


@pytest.mark.usefixtures("words")
def test_the_page_shows_edits_by_class_and_hides_what_is_private(tmp_path: Path) -> None:
    path, page = write(tmp_path / "in.jsonl"), tmp_path / "fix.html"
    run(path, "-o", tmp_path / "out.jsonl", "-q", "--html", page)
    shown = page.read_text("utf-8")
    assert "default-src &#39;none&#39;" in shown
    assert "<script" not in shown
    assert "&lt;/script&gt;" in shown
    assert re.search(r"<del[^>]*>.*?recieve.*?</del>", shown)
    assert re.search(r"<ins[^>]*>.*?receive.*?</ins>", shown)
    assert "held back: protected: code" in shown
    assert "jane" not in shown
    with pytest.raises(UsageError, match="exists already"):
        run(path, "--dry-run", "-q", "--html", page)
    with pytest.raises(UsageError, match="is an input"):
        run(path, "--dry-run", "-q", "--html", path, "--force")
    with pytest.raises(UsageError, match="written twice"):
        run(path, "-o", tmp_path / "x.jsonl", "-q", "--html", tmp_path / "x.jsonl")
    run(path, "--dry-run", "-q", "--no-text", "--force", "--html", page)
    assert "recieve" not in page.read_text("utf-8").replace(r"\brecieve\b", "")
    run(path, "--dry-run", "-q", "--show-pii", "--force", "--html", page)
    assert "jane@example.org" in page.read_text("utf-8")


def test_the_same_run_gives_the_same_page(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": f"It\u200b ends {n}.</s>"} for n in range(9)]
    )
    pages = []
    for name in ("a", "b"):
        run(path, "--only", "text", "--dry-run", "-q", "--html", tmp_path / name)
        pages.append((tmp_path / name).read_text("utf-8"))
    assert pages[0] == pages[1]
    assert pages[0].count('<section class="row gone" aria-label="Before">') == 10


def test_mistakes_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "in.jsonl")
    for words, what in (
        (("--only", "speling"), "no kind of edit 'speling'"),
        (("--fields", "target=maybe"), "no policy for a part"),
        (("--fields", "answer=auto"), "no policy for a part"),
        (("--only", "terms"), "needs a glossary"),
        (("--only", "grammar", "--grammar", "off"), "asked for and off"),
    ):
        with pytest.raises(UsageError, match=what):
            run(path, "--dry-run", "-q", *words)
    monkeypatch.setattr(making, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="grammar needs packages"):
        run(path, "--dry-run", "-q", "--only", "grammar")
    result = run(path, "--dry-run", "-q")
    assert 'grammar was not looked at; to look at it: pip install "curate-data[grammar]"' in result.output
    assert result.return_value == 0


def test_a_plan_says_the_same(tmp_path: Path) -> None:
    plan = load_plan(
        '[fix]\nonly = ["text", "pii"]\nknown = "names.csv"\nunsafe = "grammar.consensus"\nlanguage-tool = "http://127.0.0.1:1"\n'
        'fields = {prompt = "report"}\n[fix.options.text]\nunicode = "off"\n',
        "curate.toml",
    )
    assert plan.fix == FixPlan(
        only=("text", "pii"),
        known=("names.csv",),
        unsafe=("grammar.consensus",),
        language_tool="http://127.0.0.1:1",
        fields={"prompt": "report"},
        options={"text": {"unicode": "off"}},
    )
    assert plan.fix.kinds == ("text", "pii")
    with pytest.raises(ConfigError) as mistakes:
        load_plan(
            '[fix]\nonly = ["txt"]\nglosary = "a"\nunsafe = "gramar.x"\ngrammar = "harpr"\n'
            'fields = {prompt = "of", answer = "off"}\n[fix.options]\npi = {}\n',
            "curate.toml",
        )
    told = str(mistakes.value)
    for line, what in (
        (2, "'txt'"),
        (3, "'glosary'"),
        (4, "'gramar.x'"),
        (5, "'harpr'"),
        (6, "'of'"),
        (8, "'pi'"),
    ):
        assert re.search(rf"curate\.toml:{line}: .*{re.escape(what)}", told), (line, what, told)
    assert "did you mean 'harper'?" in told
    (tmp_path / "curate.toml").write_text('[fix.options.text]\nunicod = "off"\n', "utf-8")
    path = write(tmp_path / "in.jsonl")
    with pytest.raises(ConfigError, match="unknown option 'unicod'"):
        run(path, "--dry-run", "-q", "--only", "text", "--plan", tmp_path / "curate.toml")
    (tmp_path / "curate.toml").write_text('[fix.options.pii]\nscope = "file"\n', "utf-8")
    with pytest.raises(ConfigError, match="unknown option 'scope'") as wrong:
        run(path, "--dry-run", "-q", "--only", "pii", "--plan", tmp_path / "curate.toml")
    assert wrong.value.hint == "they stand in [pii]"


GLOSSARY = """\
terms:
  - preferred: email
    variants: [e-mail]
"""


def test_terminology_of_a_glossary(tmp_path: Path) -> None:
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    rows = [
        {"prompt": "How do I write?", "completion": "Send an e-mail to us, with `e-mail` as code."},
        {"prompt": "Is it e-mail?", "completion": "Yes: e-mail."},
    ]
    path, out = write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    words = ("--only", "terms", "--glossary", tmp_path / "terms.yaml", "-q")
    said = run(path, "-o", out, *words).output
    fixed = [json.loads(line)["completion"] for line in out.read_text("utf-8").splitlines()]
    assert fixed == ["Send an email to us, with `e-mail` as code.", "Yes: e-mail."]
    assert "1  terms.variant: 1 edit in 1 row, copy" in said
    assert run(out, "-o", tmp_path / "again.jsonl", *words).return_value == 0
    assert (tmp_path / "again.jsonl").read_bytes() == out.read_bytes()


def test_personal_data_of_a_row_goes_under_one_name(tmp_path: Path) -> None:
    rows = [
        {
            "prompt": "Write to jane@acmelegal.com.",
            "chosen": "jane@acmelegal.com it is.",
            "rejected": "JANE@acmelegal.com?",
        }
    ]
    path, out = write(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    run(path, "-o", out, "--only", "pii", "-q")
    written = out.read_text("utf-8")
    assert "acmelegal" not in written.lower()
    assert written.count("[EMAIL_1]") == 3
    ledger = read_ledger(tmp_path / "out.jsonl.ledger.jsonl")
    assert restore(ledger, out.read_bytes()) == path.read_bytes()


def test_personal_data_in_the_arguments_of_tool_calls(tmp_path: Path) -> None:
    def row(arguments: object) -> dict[str, Any]:
        call = {"id": "1", "type": "function", "function": {"name": "mail", "arguments": arguments}}
        return {
            "messages": [
                {"role": "user", "content": "Write to jane@acmelegal.com."},
                {"role": "assistant", "content": None, "tool_calls": [call]},
                {"role": "tool", "tool_call_id": "1", "content": "sent to jane@acmelegal.com"},
                {"role": "assistant", "content": "Done."},
            ]
        }

    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    write(path, [row('{"to": "jane@acmelegal.com"}')])
    assert run(path, "-o", out, "--only", "pii", "-q").return_value == 0
    written = out.read_text("utf-8")
    assert (written.count("[EMAIL_1]"), written.count("jane")) == (3, 0)
    write(path, [row({"to": "jane@acmelegal.com"})])
    result = run(path, "-o", out, "--only", "pii", "-q", "--force")
    assert result.return_value == 1
    assert "1  pii: 1 text in 1 row, the arguments of a tool call are no text" in result.output
    assert out.read_text("utf-8").count("[EMAIL_1]") == 2


def test_kept_verdicts_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "terms.yaml").write_text(GLOSSARY, "utf-8")
    path = write(
        tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": f"An e-mail, {n}."} for n in range(20)]
    )
    written = []
    for name, more in (
        ("a", ()),
        ("b", ("--cache", tmp_path / "kept")),
        ("c", ("--cache", tmp_path / "kept")),
    ):
        out = tmp_path / f"{name}.jsonl"
        run(path, "-o", out, "--only", "terms", "--glossary", tmp_path / "terms.yaml", "-q", *more)
        written.append(out.read_bytes())
    assert written[0] == written[1] == written[2]
    assert written[0].count(b"email") == 20
    assert any((tmp_path / "kept").iterdir())


def test_what_an_edit_takes_out_is_masked_wherever_it_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No shape gives a name of the list away."""
    path = write(
        tmp_path / "in.jsonl",
        [{"prompt": "I am Rosa Kilgore.", "completion": "Dear Rosa Kilgore, it was sent on Monday."}],
    )
    (tmp_path / "known.csv").write_text("name\nRosa Kilgore\n", "utf-8")
    out, page = tmp_path / "out.jsonl", tmp_path / "fix.html"
    asked = (path, "--only", "pii", "--known", tmp_path / "known.csv", "-q", "--show", 5, "--html", page)
    said = [run(*asked, "--dry-run").output, page.read_text("utf-8")]
    said.append(run(*asked, "-o", out, "--force").output)
    for words in (("why", f"{out}.ledger.jsonl", "1"), ("diff", path, out)):
        curate(*words)
        said.append(capsys.readouterr().out)
    for text in said:
        assert "[NAME_1]" in text
        assert "Rosa" not in text
        assert "Kilgore" not in text
    assert run(*asked, "--dry-run", "--force", "--show-pii").output.count("Rosa Kilgore") == 2
    curate("why", f"{out}.ledger.jsonl", "1", "--show-pii")
    curate("diff", path, out, "--show-pii")
    assert capsys.readouterr().out.count("Rosa Kilgore") == 4


def test_what_is_masked_and_stays_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": "It is password: hunter2Xy!9."}])
    result = run(path, "--only", "pii", "-o", tmp_path / "out.jsonl", "-q")
    assert "1  pii.masked: 1 place in 1 row, masked on the screen and left in the text" in result.output
    assert (tmp_path / "out.jsonl").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("words", "what", "hint"),
    [
        (("--known", "names.csv"), "--known is given", "--only text,terms,grammar,pii"),
        (("--glossary", "g.yaml", "--only", "text"), "--glossary is given", "--only text,terms"),
        (("--grammar", "harper", "--only", "text"), "--grammar is given", "--only text,grammar"),
        (("--language-tool", "http://localhost:1"), "--language-tool is given", "--grammar languagetool"),
        (("--allow-remote",), "--allow-remote is given", "--grammar languagetool"),
        (("--only", ""), "no kind of edit is named", "one of: text"),
        (("--unsafe", "-q"), "no class of edits is named", "--unsafe all"),
        (("--unsafe", "gramar.x"), "no class of edits 'gramar.x'", "--unsafe all"),
    ],
)
def test_what_would_do_nothing_is_a_mistake(
    tmp_path: Path, words: tuple[str, ...], what: str, hint: str
) -> None:
    with pytest.raises(UsageError, match=what) as wrong:
        run(write(tmp_path / "in.jsonl"), "--dry-run", *words)
    assert hint in (wrong.value.hint or "")


def test_only_the_classes_that_are_named_are_unsafe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": "We recieve teh box."}])
    teh = GrammarWords((("grammar.teh", r"\bteh\b", "the"),), safety="suggest")
    editors = (GrammarWords((SPELLING,), safety="suggest"), teh)
    monkeypatch.setattr(repairing, "equip", lambda _: Equipped(editors))
    for words, made in (
        ((), "We recieve teh box."),
        (("--unsafe", "grammar.teh"), "We recieve the box."),
        (("--unsafe", "terms.teh"), "We recieve teh box."),
        (("--unsafe", "grammar"), "We receive the box."),
        (("--unsafe", "all"), "We receive the box."),
    ):
        run(path, "-o", tmp_path / "out.jsonl", "-q", "--force", *words)
        assert json.loads((tmp_path / "out.jsonl").read_text("utf-8"))["completion"] == made


def test_examples_are_told_apart_and_in_the_order_of_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["teh one", "We recieve it", "Say `recieve`", "We recieve teh box", "a wierd box"]
    path = write(tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": text} for text in rows])
    wierd = GrammarWords((("grammar.wierd", r"\bwierd\b", "weird"),), safety="suggest")
    editor = GrammarWords((SPELLING, ("grammar.teh", r"\bteh\b", "the")))
    monkeypatch.setattr(repairing, "equip", lambda _: Equipped((editor, wierd)))
    said = run(path, "--dry-run", "-q", "--show", 2).output
    order = [
        "Edits that would be made:",
        "in.jsonl:1  ",
        "in.jsonl:2  ",
        "in.jsonl:4  ",
        "in.jsonl:4  ",
        "Suggestions, which are not made:",
        "in.jsonl:5  ",
        "Held back by a lock, and so not made:",
        "in.jsonl:3  ",
        "because of ‘`recieve`’",
    ]
    at = 0
    for text in order:
        assert text in said[at:], (text, said)
        at = said.index(text, at) + len(text)
    once = run(path, "--dry-run", "-q", "--show", 1).output
    assert once.count("in.jsonl:") == 4


@pytest.mark.usefixtures("words")
def test_a_word_that_begins_a_line_is_shown_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": "Write again.\nrecieve it"}])
    assert "Write again.⏎[-recieve-]{+receive+} it" in run(path, "--dry-run", "-q").output


@pytest.mark.usefixtures("words")
def test_a_card_of_the_page_shows_one_edit(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [{"prompt": "Hm", "completion": "We recieve it and recieve more."}])
    run(path, "--dry-run", "-q", "--html", tmp_path / "fix.html")
    shown = (tmp_path / "fix.html").read_text("utf-8")
    cards = re.findall(r'aria-label="Before">.*?</section>', shown, re.DOTALL)
    assert [card.count("<del") for card in cards] == [1, 1]
    assert cards[0] != cards[1]


def test_every_class_of_edits_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "fix.md").read_text("utf-8")
    for name, said in classes().items():
        assert f"| `{name}` | {said} |" in page
        assert curate("explain", name) == 0
        assert name in capsys.readouterr().out
    for name in ("grammar", "terms", "ticket", "pii"):
        assert curate("explain", name) == 0
        assert f"\n  {name}." in capsys.readouterr().out
    assert curate("explain", "grammar.word-choice") == 0
    assert "'word-choice'" in capsys.readouterr().out
    assert curate("explain", "pii.emial") != 0
    assert "did you mean 'pii.email'" in capsys.readouterr().err
