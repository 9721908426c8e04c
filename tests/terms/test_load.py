from __future__ import annotations

import json
from pathlib import Path

import pytest

from curate.core.errors import ConfigError, CurateError, UnreadableError, UsageError
from curate.core.finding import Severity
from curate.terms.load import load_glossary
from curate.terms.term import Boundary, Case, Hyphen, Inflection

YAML = """\
defaults:
  severity: error
terms:
  - preferred: email
    variants: [e-mail, electronic mail]
    unless: [e-mail standard]
    hyphen: fold
  - preferred: HbA1c
    case: fold
    severity: info
    declares: [acronym]
    fields: [target, prompt]
  - preferred: criterion
    variants: [benchmark mark]
    plural: {criterion: criteria}
    boundary: hyphen
  - forbidden: [blood sugar thing]
    inflection: none
"""


def saved(folder: Path, text: str, name: str = "terms.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refused(folder: Path, text: str, name: str = "terms.yaml") -> str:
    with pytest.raises(ConfigError) as error:
        load_glossary(saved(folder, text, name))
    return error.value.what.replace(str(folder) + "/", "")


def test_yaml(tmp_path: Path) -> None:
    email, hba1c, criterion, thing = load_glossary(saved(tmp_path, YAML)).terms
    assert (email.preferred, email.variants, email.unless) == (
        "email",
        ("e-mail", "electronic mail"),
        ("e-mail standard",),
    )
    assert (email.severity, email.hyphen, email.place) == (
        Severity.ERROR,
        Hyphen.FOLD,
        f"{tmp_path}/terms.yaml:4",
    )
    assert (hba1c.case, hba1c.severity, hba1c.declares) == (Case.FOLD, Severity.INFO, frozenset({"acronym"}))
    assert hba1c.fields == ("target", "prompt")
    assert criterion.plurals == (("criterion", "criteria"),)
    assert criterion.boundary is Boundary.HYPHEN
    assert (thing.name, thing.inflection) == ("blood sugar thing", Inflection.NONE)


def test_yaml_takes_words_as_they_stand(tmp_path: Path) -> None:
    text = "terms:\n  - preferred: yes\n    variants: [on, 1.10]\n    case: exact\n"
    assert "changes a number" in refused(tmp_path, text)
    (term,) = load_glossary(saved(tmp_path, text.replace(", 1.10", ""))).terms
    assert (term.preferred, term.variants) == ("yes", ("on",))


def test_csv(tmp_path: Path) -> None:
    text = (
        "preferred;variants;plural\nemail;e-mail|electronic mail;\ncriterion;bench mark;criterion=criteria\n"
    )
    email, criterion = load_glossary(saved(tmp_path, text, "terms.csv")).terms
    assert email.variants == ("e-mail", "electronic mail")
    assert criterion.plurals == (("criterion", "criteria"),)
    assert criterion.place.endswith("terms.csv:3")


TBX = """\
<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><text><body>
<termEntry id="1"><langSet xml:lang="en-GB">
<tig><term>email</term><termNote type="administrativeStatus">preferredTerm-admn-sts</termNote></tig>
<tig><term>e-mail</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
<tig><term>mail</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote></tig>
</langSet><langSet xml:lang="de"><tig><term>Mail</term></tig><tig><term>Gift</term>
<termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig></langSet></termEntry>
<termEntry id="2"><langSet xml:lang="en"><tig><term>alone</term></tig></langSet></termEntry>
</body></text></martif>
"""


def test_tbx(tmp_path: Path) -> None:
    path = saved(tmp_path, TBX, "terms.tbx")
    (term,) = load_glossary(path).terms
    assert (term.preferred, term.variants, term.admitted) == ("email", ("e-mail",), ("mail",))
    (german,) = load_glossary(path, language="de").terms
    assert (german.preferred, german.variants) == ("Mail", ("Gift",))
    with pytest.raises(ConfigError, match="no terms in 'fr'; there are: de, en, en-gb"):
        load_glossary(path, language="fr")


def test_tbx_3(tmp_path: Path) -> None:
    text = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" xmlns:min="x" xml:lang="en"><text><body><conceptEntry>
<langSec xml:lang="en"><termSec><term>email</term>
<min:administrativeStatus>preferredTerm-admn-sts</min:administrativeStatus>
</termSec><termSec><term>e-mail</term><min:administrativeStatus>supersededTerm-admn-sts</min:administrativeStatus></termSec>
</langSec></conceptEntry></body></text></tbx>"""
    (term,) = load_glossary(saved(tmp_path, text, "terms.tbx")).terms
    assert (term.preferred, term.variants) == ("email", ("e-mail",))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><martif>&b;</martif>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><martif>&a;</martif>',
        '<!DOCTYPE x [<!ENTITY % a SYSTEM "http://host.example/a.dtd"> %a;]><martif/>',
    ],
)
def test_tbx_with_entities_is_refused(tmp_path: Path, declared: str) -> None:
    assert refused(tmp_path, declared, "terms.tbx") == (
        "terms.tbx:1: declares an entity, which is not read; write its text where it is used"
    )


MISTAKES = [
    json.loads(line) for line in Path(__file__).with_name("mistakes.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: case["told"])
def test_mistakes_are_named_with_their_line(tmp_path: Path, case: dict[str, str]) -> None:
    assert case["told"] in refused(tmp_path, case["glossary"])


def test_all_mistakes_are_told_together(tmp_path: Path) -> None:
    text = "terms:\n  - preferred: a1\n    variant: b\n  - preferred: c\n    variants: [d]\n    case: x\n"
    assert [line.split(":")[1] for line in refused(tmp_path, text).splitlines()] == ["2", "3", "6"]


def test_csv_mistakes(tmp_path: Path) -> None:
    assert refused(tmp_path, "preferred,variant\nemail,e-mail\n", "t.csv").startswith(
        "t.csv:1: unknown column 'variant'; did you mean 'variants'?"
    )
    assert "t.csv:2: 3 cells under 2 columns" in refused(
        tmp_path, "preferred,variants\nemail,e-mail,mail\n", "t.csv"
    )


def test_files_that_are_no_glossary(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no glossary by its name"):
        load_glossary(saved(tmp_path, "x", "terms.txt"))
    with pytest.raises(UnreadableError):
        load_glossary(tmp_path / "none.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes("terms:\n  - preferred: café".encode("latin-1"))
    with pytest.raises(CurateError, match=r"latin\.yaml:2: the glossary is not UTF-8"):
        load_glossary(path)


def test_a_glossary_is_known_by_its_terms(tmp_path: Path) -> None:
    one = load_glossary(saved(tmp_path, YAML))
    other = load_glossary(saved(tmp_path, YAML, "copy.yml"))
    changed = load_glossary(saved(tmp_path, YAML.replace("criteria", "criterions"), "third.yml"))
    assert one == other
    assert one != changed


@pytest.mark.parametrize(
    ("form", "preferred"),
    [
        *(
            ("alive", "dead"),
            ("permitted", "prohibited"),
            ("indicated", "contraindicated"),
            ("lessor", "lessee"),
        ),
        *(("is barred from", "is allowed to"), ("manages to", "fails to"), ("tolerant", "allergic")),
        *(("compliant", "non-compliant"), ("insured", "uninsured"), ("hypertension", "hypotension")),
        *(("the optional field", "the mandatory field"), ("Recommended", "Required")),
        *(("high-dose", "low-dose"), ("long-term", "short-term"), ("insured", "non insured")),
    ],
)
def test_what_turns_a_text_round_is_refused(tmp_path: Path, form: str, preferred: str) -> None:
    for one, other in ((form, preferred), (preferred, form)):
        told = refused(tmp_path, f"terms:\n  - preferred: {other}\n    variants: [{one}]\n")
        assert f"terms.yaml:2: '{one}' → '{other}' turns round what is said" in told
        load_glossary(saved(tmp_path, f"terms:\n  - forbidden: [{one}, {other}]\n"))


@pytest.mark.parametrize(
    ("form", "preferred"),
    [
        *(("inflammable", "flammable"), ("irregardless", "regardless"), ("imbed", "embed")),
        *(("banned substance", "doping agent"), ("high blood pressure", "hypertension"), ("e-mail", "email")),
        *(("co-operate", "cooperate"), ("life insurance policy", "policy"), ("on-line", "online")),
        *(("anti-body", "antibody"), ("in patient", "inpatient"), ("monoclonal anti-body", "antibody")),
    ],
)
def test_what_only_looks_like_an_opposite_loads(tmp_path: Path, form: str, preferred: str) -> None:
    text = f"terms:\n  - preferred: {preferred}\n    variants: [{form}]\n    hyphen: exact\n"
    (term,) = load_glossary(saved(tmp_path, text)).terms
    assert term.variants == (form,)
