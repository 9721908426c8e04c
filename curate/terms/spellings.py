"""British and American spellings of the same words: a closed list, and the endings that its words take."""

from __future__ import annotations

from functools import cache

_OUR = (
    "armo behavio colo endeavo favo flavo harbo hono humo labo neighbo odo rumo savo splendo tumo vapo "
    "vigo ardo cando clamo dolo fervo ranco rigo valo"
)
_RE = "cent fib goit lit lust meag met scept spect theat kilomet centimet millimet millilit"
_IZE = (
    "agon anaesthet anonym apolog author capital categor central character civil color colon computer "
    "critic crystal custom destabil disorgan econom emphas equal familiar fertil final formal fossil "
    "general harmon hospital hypothes ideal immun individual initial institutional ion item jeopard "
    "legal lateral local marginal material maxim mechan memor metabol metastas minim mobil modern "
    "monopol national neutral normal optim organ oxid polar popular priorit private public random "
    "rational real recogn reorgan revolution scrutin sensit social special stabil standard steril "
    "summar symbol sympath synchron synthes util vapor victim visual vocal"
)
_YZE = "anal catal paral dial hydrol electrol"
_LL = (
    "cance counse labe leve marsha mode pane quarre signa trave tota tunne fue due dia equa spira "
    "channe ape initia mede peda riva revea"
)
_AE = (
    "anaemia/anemia anaemic/anemic anaesthesia/anesthesia anaesthetic/anesthetic anaesthetist/anesthetist "
    "aetiology/etiology aetiological/etiological caesarean/cesarean diarrhoea/diarrhea dyspnoea/dyspnea "
    "encyclopaedia/encyclopedia faeces/feces faecal/fecal foetus/fetus foetal/fetal gynaecology/gynecology "
    "gynaecologist/gynecologist gynaecological/gynecological haematology/hematology haematologist/hematologist "
    "haematoma/hematoma haemoglobin/hemoglobin haemophilia/hemophilia haemorrhage/hemorrhage haemorrhoid/hemorrhoid "
    "haemostasis/hemostasis haemodialysis/hemodialysis haematuria/hematuria haemolytic/hemolytic haemolysis/hemolysis "
    "ischaemia/ischemia ischaemic/ischemic leukaemia/leukemia leucocyte/leukocyte oedema/edema oesophagus/esophagus "
    "oesophageal/esophageal oestrogen/estrogen orthopaedic/orthopedic orthopaedics/orthopedics paediatric/pediatric "
    "paediatrics/pediatrics paediatrician/pediatrician septicaemia/septicemia uraemia/uremia apnoea/apnea "
    "amenorrhoea/amenorrhea coeliac/celiac homoeopathy/homeopathy manoeuvre/maneuver toxaemia/toxemia "
    "hypoglycaemia/hypoglycemia hyperglycaemia/hyperglycemia bacteraemia/bacteremia caecum/cecum paedophile/pedophile"
)
_OTHER = (
    "ageing/aging aluminium/aluminum artefact/artifact catalogue/catalog cheque/check defence/defense dialogue/dialog "
    "disc/disk draught/draft enrol/enroll enrolment/enrollment fulfil/fulfill fulfilment/fulfillment grey/gray "
    "instalment/installment jewellery/jewelry judgement/judgment licence/license mould/mold offence/offense "
    "plough/plow pretence/pretense programme/program pyjamas/pajamas sceptical/skeptical skilful/skillful "
    "smoulder/smolder sulphate/sulfate sulphur/sulfur sulphide/sulfide tonne/ton tyre/tire wilful/willful "
    "woollen/woolen acknowledgement/acknowledgment practise/practice storey/story kerb/curb analogue/analog"
)
_TWO_MEANINGS_WORDS = (
    "cheque disc draught licence practise programme storey tonne tyre kerb analogue catalogue dialogue "
    "judgement"
)
_TWO_MEANINGS = frozenset(_TWO_MEANINGS_WORDS.split())
"""Words whose other spelling is also another word, or a matter of sense: they are not proposed."""


@cache
def american() -> dict[str, str]:
    """British spellings, in lower case, and the American ones."""
    pairs = {
        word + "ur" + end: word + "r" + end
        for word in _OUR.split()
        for end in _ends("|s|ed|ing|able|ful|ite|less")
    }
    pairs |= {word + "re" + end: word + "er" + end for word in _RE.split() for end in ("", "s")}
    pairs |= {
        w + "is" + e: w + "iz" + e for w in _IZE.split() for e in _ends("e|es|ed|ing|ation|ations|er|ers")
    }
    pairs |= {
        word + "ys" + end: word + "yz" + end for word in _YZE.split() for end in _ends("e|ed|ing|er|ers")
    }
    pairs |= {word + "ll" + end: word + "l" + end for word in _LL.split() for end in _ends("ed|ing|er|ers")}
    for pair in (*_AE.split(), *_OTHER.split()):
        british, _, other = pair.partition("/")
        if british not in _TWO_MEANINGS:
            pairs |= {british: other, british + "s": other + "s"}
    return pairs


def _ends(text: str) -> list[str]:
    return text.split("|")
