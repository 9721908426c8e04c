"""Spellings of the same word: British and American forms, contractions, listed compounds, common slips.

A form is listed only where no reading of either spelling is another word: ``programme``, ``storey``, ``tyre``,
``cheque``, ``draught``, ``metre`` are not, since program, story, tire, check, draft and meter have uses of their
own. No hyphen is folded that is not listed: ``re-sign`` is not ``resign``, a ``man-eating fish`` not a man eating fish.
"""

from __future__ import annotations

_OUR = """
    behaviour colour favour favourite flavour harbour honour humour labour neighbour neighbourhood odour rumour
    savour splendour tumour vapour vigour endeavour glamour armour parlour rigour colourful favourable honourable
    behavioural colouring coloured favoured flavoured labourer
"""
_ISE = """
    analyse apologise authorise categorise characterise civilise criticise customise emphasise equalise finalise
    generalise hospitalise hypnotise initialise itemise legalise localise maximise memorise minimise modernise normalise
    optimise organise penalise personalise polarise popularise prioritise randomise realise recognise revolutionise
    specialise stabilise standardise summarise symbolise synchronise tokenise utilise vaporise visualise paralyse
    catalyse immunise sterilise neutralise mobilise oxidise fertilise monetise digitise anonymise serialise
"""
_PAIRS = """
    anaemia anemia|anaemic anemic|anaesthesia anesthesia|anaesthetic anesthetic|anaesthetist anesthetist
    haemoglobin hemoglobin|haemorrhage hemorrhage|haemorrhagic hemorrhagic|haematology hematology|haemophilia hemophilia
    haematoma hematoma|haemorrhoids hemorrhoids|leukaemia leukemia|ischaemia ischemia|ischaemic ischemic
    hypoglycaemia hypoglycemia|hyperglycaemia hyperglycemia|hypokalaemia hypokalemia|hyperkalaemia hyperkalemia
    hyponatraemia hyponatremia|hypernatraemia hypernatremia|septicaemia septicemia|uraemia uremia|bacteraemia bacteremia
    oesophagus esophagus|oesophageal esophageal|oestrogen estrogen|oedema edema|foetus fetus|foetal fetal|coeliac celiac
    diarrhoea diarrhea|dyspnoea dyspnea|apnoea apnea|paediatric pediatric|paediatrics pediatrics
    paediatrician pediatrician
    orthopaedic orthopedic|gynaecology gynecology|gynaecologist gynecologist|caesarean cesarean|manoeuvre maneuver
    faeces feces|faecal fecal|palaeontology paleontology|archaeology archeology|encyclopaedia encyclopedia
    centre center|theatre theater|fibre fiber|litre liter|litres liters|calibre caliber|sombre somber|lustre luster
    defence defense|offence offense|pretence pretense|licence license|practise practice|catalogue catalog
    dialogue dialog
    analogue analog|grey gray|judgement judgment|acknowledgement acknowledgment|ageing aging|aluminium aluminum
    artefact artifact|jewellery jewelry|sceptical skeptical|sceptic skeptic|sceptics skeptics|sulphur sulfur
    mould mold|moustache mustache|plough plow|pyjamas pajamas|cosy cozy|enrol enroll|fulfil fulfill|skilful skillful
    instalment installment|wilful willful|travelling traveling|travelled traveled|traveller traveler
    travellers travelers
    cancelled canceled|cancelling canceling|labelled labeled|labelling labeling|modelling modeling|modelled modeled
    signalling signaling|fuelled fueled|levelled leveled|counselling counseling|counsellor counselor
    marvellous marvelous
    woollen woolen|mum mom|maths math|whilst while|amongst among|learnt learned|burnt burned|dreamt dreamed
    colonisation colonization|grey-haired gray-haired
    okay ok|e-mail email|e-mails emails|on-line online|web-site website|web-sites websites|co-operate cooperate
    co-operation cooperation|co-ordinate coordinate|co-ordination coordination|well-being wellbeing|world-wide worldwide
    non-fiction nonfiction|non-profit nonprofit|health-care healthcare|child-care childcare
    per-cent percent|e-commerce ecommerce|multi-tasking multitasking|pre-requisite prerequisite
    cyber-security cybersecurity
    teh the|recieve receive|recieved received|seperate separate|seperately separately|definately definitely
    occured occurred
    occurence occurrence|untill until|wich which|becuase because|beleive believe|accomodate accommodate|acheive achieve
    arguement argument|begining beginning|calender calendar|comming coming|diffrent different|embarass embarrass
    enviroment environment|existance existence|explaination explanation|freind friend|goverment government
    grammer grammar
    happend happened|immediatly immediately|independant independent|knowlege knowledge|neccessary necessary
    noticable noticeable|ocurred occurred|persistant persistent|posession possession|prefered preferred|probaly probably
    publically publicly|recomend recommend|refered referred|relevent relevant|responsability responsibility
    succesful successful
    successfull successful|suprise surprise|tommorow tomorrow|tommorrow tomorrow|truely truly|unfortunatly unfortunately
    wierd weird|writting writing|langauge language|summerize summarize|exmaple example|sentance sentence
    sentances sentences
    diference difference|differance difference|paragragh paragraph|artical article
"""

PHRASES: dict[tuple[str, ...], tuple[str, ...]] = {
    tuple(pair.replace(" the ", " ").split()): (pair.replace(" ", "-"),)
    for pair in (
        *(
            "real time",
            "long term",
            "short term",
            "step by step",
            "up to date",
            "full time",
            "part time",
            "well known",
        ),
        *(
            "machine learning",
            "deep learning",
            "decision making",
            "problem solving",
            "open source",
            "ice cream",
        ),
        *(
            "first aid",
            "follow up",
            "high school",
            "high quality",
            "low cost",
            "large scale",
            "small scale",
            "high level",
        ),
        *(
            "low level",
            "object oriented",
            "end to end",
            "state of the art",
            "power sharing",
            "climate change",
            "day to day",
        ),
        *(
            "face to face",
            "user friendly",
            "eco friendly",
            "cost effective",
            "critical thinking",
            "time consuming",
        ),
    )
}
PHRASES |= {tuple(verb): tuple("转换成") for verb in ("兑换成", "换算成", "转换为", "兑换为", "换算为")}
"""Runs of words, and what stands for them: compounds that may be joined by hyphens or spaces, verbs for converting."""


def _split(words: str) -> list[str]:
    return words.split()


_CONTRACTIONS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "i'm": "i am",
    "let's": "let us",
    **{
        f"{word}n't": f"{word} not"
        for word in _split("do does did is are was were has have had could would should must need")
    },
    **{f"{word}'s": f"{word} is" for word in _split("what where who how when why that there it he she here")},
    **{f"{word}'re": f"{word} are" for word in _split("you we they what")},
    **{f"{word}'ve": f"{word} have" for word in _split("i you we they")},
    **{f"{word}'ll": f"{word} will" for word in _split("i you we they he she it that")},
}
_BARE = (
    "can't don't doesn't didn't isn't aren't wasn't weren't couldn't wouldn't shouldn't haven't hasn't what's"
)
"""Contractions that are also listed without their apostrophe; ``wont``, ``its``, ``were``, ``well`` are words of
their own."""


def _spellings() -> dict[str, str]:
    """Every listed spelling, in lower case, with the words it stands for."""
    table = {word: word.replace("our", "or", 1) for word in _OUR.split()}
    table |= {f"{word}s": f"{plain}s" for word, plain in list(table.items())}
    for word in _ISE.split():
        stem, american = word[:-2], word[:-2] + "ze"
        table[word] = american
        table |= {f"{stem}sed": f"{stem}zed", f"{stem}sing": f"{stem}zing", f"{stem}ser": f"{stem}zer"}
        if not stem.endswith(("analy", "paraly", "cataly")):
            table |= {f"{stem}ses": f"{stem}zes", f"{stem}sation": f"{stem}zation"}
    for line in _PAIRS.strip().split("\n"):
        table |= dict(pair.split() for pair in line.strip().split("|"))
    table |= _CONTRACTIONS
    table |= {word.replace("'", ""): _CONTRACTIONS[word] for word in _BARE.split()}
    return table


SPELLINGS = _spellings()
"""From a listed form to the words it stands for, all in lower case; a contraction stands for two words."""
