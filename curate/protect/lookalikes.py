"""Words that are taken for each other, with harm: drugs, parties to a contract, and terms that a prefix turns round."""

from __future__ import annotations

from curate.protect.drugs import DRUGS, NO_NAMES
from curate.protect.look import listed

_LEAST = 3
PARTIES = listed(
    "lessor/lessee mortgagor/mortgagee grantor/grantee licensor/licensee assignor/assignee"
    " employer/employee plaintiff/defendant appellant/appellee appellant/respondent"
    " petitioner/respondent creditor/debtor buyer/seller vendor/vendee vendor/purchaser"
    " landlord/tenant lender/borrower obligor/obligee promisor/promisee transferor/transferee"
    " bailor/bailee donor/donee drawer/drawee payor/payee payer/payee indemnitor/indemnitee"
    " franchisor/franchisee guarantor/guarantee pledgor/pledgee settlor/trustee"
    " testator/testatrix trustor/trustee insurer/insured consignor/consignee feoffor/feoffee"
    " devisor/devisee legator/legatee offeror/offeree addressor/addressee principal/agent"
    " complainant/respondent prosecutor/prosecution warrantor/warrantee optionor/optionee"
    " sublessor/sublessee surrenderor/surrenderee relator/relatee covenantor/covenantee"
    " interviewer/interviewee examiner/examinee trainer/trainee"
)
"""Those who stand on the two sides of a contract or a case."""

LAW = listed(
    "libel/slander assault/battery"
    " robbery/burglary murder/manslaughter civil/criminal felony/misdemeanor"
    " affirm/reverse affirmed/reversed grant/deny granted/denied guilty/innocent liable/reliable"
    " legal/illegal lawful/unlawful void/voidable solvent/insolvent enforceable/unenforceable"
    " revocable/irrevocable statue/statute casual/causal perpetrate/perpetuate"
    " prescribe/proscribe prescribed/proscribed persecute/prosecute persecuted/prosecuted"
    " precedent/president judicial/judicious elicit/illicit council/counsel appraise/apprise"
    " ordinance/ordnance tortious/tortuous interment/internment"
)
"""Terms of law that look alike or are each other's opposite."""

TERMS = listed(
    "hypertension/hypotension hyperglycemia/hypoglycemia hyperkalemia/hypokalemia"
    " hypernatremia/hyponatremia hyperthyroidism/hypothyroidism hyperthermia/hypothermia"
    " ileum/ilium ileal/iliac peroneal/perineal peritoneal/perineal prostate/prostrate"
    " dysphagia/dysphasia"
    " abduction/adduction abductor/adductor afferent/efferent arteritis/arthritis"
    " arteriole/artery callus/callous humerus/humorous mucus/mucous malleus/malleolus"
    " palpation/palpitation perfusion/profusion pleural/plural radical/radicle tract/track"
    " vesical/vesicle"
    " aphagia/aphasia apophysis/epiphysis auxiliary/axillary cirrhosis/sclerosis"
    " colonoscopy/colposcopy cystoscopy/colonoscopy enteric/entire facial/fascial fundal/fungal"
    " gavage/lavage glucagon/glucose infection/infarction infarction/infraction infusion/effusion"
    " inflammation/information keratosis/ketosis ketosis/cytosis laryngeal/pharyngeal"
    " larynx/pharynx lymphoma/lipoma macula/macule menorrhagia/menorrhea metastasis/metatarsal"
    " microscopic/macroscopic myelitis/myositis nephrosis/neurosis osteoporosis/osteomyelitis"
    " parotid/carotid thenar/thinner trachea/trachoma tympanic/tympanitic ureter/urethra"
    " ureteral/urethral uvula/vulva varicose/verrucose viral/virile waist/waste acute/chronic"
    " benign/malignant systolic/diastolic proximal/distal medial/lateral anterior/posterior"
    " superior/inferior dorsal/ventral positive/negative maximum/minimum maximal/minimal"
    " increase/decrease increased/decreased increases/decreases increasing/decreasing"
    " supine/prone flexion/extension pronation/supination constriction/dilation"
    " agonist/antagonist antigen/antibody anode/cathode anion/cation aerobic/anaerobic"
    " oxidation/reduction chlorine/chloride chloride/chlorate nitrate/nitrite sulfate/sulfite"
    " sulfate/sulfide sulphate/sulphite phosphate/phosphite arsenate/arsenite fluorine/fluoride"
    " iodine/iodide glycogen/glucagon thymine/thiamine adenine/adenosine cytosine/cysteine"
    " cystine/cysteine glutamate/glutamine asparagine/aspartate uracil/urea creatine/creatinine"
    " bilirubin/biliverdin endogenous/exogenous exogenous/exogamous internal/external"
    " interior/exterior import/export inhale/exhale inhalation/exhalation include/exclude"
    " includes/excludes included/excluded including/excluding inclusive/exclusive"
    " implicit/explicit ascending/descending accept/except ingress/egress immigrate/emigrate"
    " major/minor majority/minority maternal/paternal upper/lower odd/even true/false yes/no"
    " best/worst better/worse north/south east/west western/eastern northern/southern"
    " sender/receiver client/server master/slave encode/decode encrypt/decrypt"
    " upload/download enable/disable enabled/disabled attach/detach allow/disallow"
    " allowed/disallowed approve/disapprove agree/disagree credit/debit asset/liability"
    " assets/liabilities bull/bear bullish/bearish long-term/short-term gross/net"
)
"""Terms that look alike or are each other's opposite."""

OPPOSED = (
    *(
        ("hyper", "hypo"),
        ("inter", "intra"),
        ("pre", "post"),
        ("ante", "anti"),
        ("abduct", "adduct"),
        ("macro", "micro"),
        ("supra", "infra"),
        ("brady", "tachy"),
        ("hetero", "homo"),
        ("endo", "exo"),
        ("endo", "ecto"),
    ),
    *(
        ("over", "under"),
        ("uni", "bi"),
        ("mono", "poly"),
        ("mono", "di"),
        ("maxi", "mini"),
        ("mega", "micro"),
        ("milli", "micro"),
        ("nano", "micro"),
        ("kilo", "milli"),
        ("kilo", "mega"),
        ("mega", "giga"),
        ("centi", "milli"),
    ),
    *(
        ("peri", "para"),
        ("dextro", "levo"),
        ("pro", "anti"),
        ("up", "down"),
        ("in", "out"),
        ("sub", "super"),
        ("ultra", "infra"),
        ("oligo", "poly"),
        ("leuko", "erythro"),
        ("thrombo", "erythro"),
        ("im", "em"),
        ("af", "ef"),
    ),
)
"""Prefixes that turn a word into its opposite or into another measure."""

NEGATIVE = (
    "un",
    "in",
    "im",
    "il",
    "ir",
    "dis",
    "non",
    "mis",
    "a",
    "an",
    "de",
    "anti",
    "counter",
    "contra",
    "under",
    "over",
)
"""Prefixes that, put before a word or taken from it, turn it round."""

SUFFIXES = (
    ("ful", "less"),
    ("or", "ee"),
    ("er", "ee"),
    ("ectomy", "otomy"),
    ("ectomy", "ostomy"),
    ("otomy", "ostomy"),
    ("itis", "osis"),
    ("ate", "ite"),
    ("ite", "ide"),
    ("ate", "ide"),
    ("ine", "ide"),
    ("phagia", "phasia"),
    ("philia", "phobia"),
    ("most", "least"),
)
"""Suffixes that do the same."""

CONFUSED = (DRUGS - NO_NAMES) | frozenset(
    word for pair in (*PARTIES, *LAW, *TERMS) for word in pair.split("/")
) - {
    "long-term",
    "short-term",
}
"""Every word that a look-alike or an opposite exists for."""


def are_opposed(one: str, other: str) -> bool:
    """Whether one of two words, in lower case, is the other with a prefix or suffix that turns it round.

    >>> are_opposed("careful", "careless"), are_opposed("hypoxia", "hyperoxia"), are_opposed("care", "cares")
    (True, False, False)
    """
    long, short = (one, other) if len(one) > len(other) else (other, one)
    if len(short) >= _LEAST and any(long == f"{prefix}{short}" for prefix in NEGATIVE):
        return True
    for first, second in OPPOSED:
        for a, b in ((one, other), (other, one)):
            if a.startswith(first) and b.startswith(second) and _rest(a, first) == _rest(b, second):
                return True
    return any(
        a.endswith(first) and b.endswith(second) and a[: -len(first)] == b[: -len(second)]
        for first, second in SUFFIXES
        for a, b in ((one, other), (other, one))
    )


def _rest(word: str, prefix: str) -> str:
    return word[len(prefix) :].removesuffix("s")
