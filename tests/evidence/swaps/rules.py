"""What is exchanged, and prompts written for it where public data has too few that fit."""

from __future__ import annotations

PAIRS: dict[str, tuple[int, tuple[tuple[str, str], ...]]] = {
    "role": (
        30,
        (
            *(
                ("tenant", "landlord"),
                ("buyer", "seller"),
                ("plaintiff", "defendant"),
                ("employer", "employee"),
            ),
            *(("teacher", "student"), ("doctor", "patient"), ("mother", "father"), ("husband", "wife")),
            *(("brother", "sister"), ("lender", "borrower"), ("boy", "girl"), ("son", "daughter")),
        ),
    ),
    "route": (12, (("oral", "IV"), ("orally", "intravenously"), ("intramuscular", "subcutaneous"))),
    "side": (
        20,
        (
            ("left", "right"),
            ("north", "south"),
            ("east", "west"),
            ("top", "bottom"),
            ("up", "down"),
            ("front", "back"),
        ),
    ),
    "time": (24, (("before", "after"), ("morning", "evening"), ("earlier", "later"), ("first", "last"))),
    "age": (12, (("adult", "paediatric"), ("adults", "children"), ("infant", "elderly"), ("young", "old"))),
    "prefix": (
        14,
        (
            *(
                ("hyperkalemia", "hypokalemia"),
                ("hyperglycemia", "hypoglycemia"),
                ("hypertension", "hypotension"),
            ),
            *(("hyperthyroidism", "hypothyroidism"), ("hypernatremia", "hyponatremia"), ("inhale", "exhale")),
        ),
    ),
    "modal": (
        24,
        (
            ("shall", "may"),
            ("must", "may"),
            ("should", "could"),
            ("can", "cannot"),
            ("will", "might"),
            ("would", "will"),
        ),
    ),
    "drug": (
        14,
        (
            *(("hydroxyzine", "hydralazine"), ("prednisone", "prednisolone"), ("clonidine", "clonazepam")),
            *(("metformin", "metronidazole"), ("bupropion", "buspirone"), ("vinblastine", "vincristine")),
            *(("celecoxib", "citalopram"), ("lamotrigine", "lamivudine")),
        ),
    ),
    "language": (
        16,
        (
            ("C++", "C"),
            ("C#", "C"),
            ("C++", "C#"),
            ("Java", "JavaScript"),
            ("Python", "Perl"),
            ("French", "Spanish"),
        ),
    ),
    "negation": (
        24,
        (
            ("not", ""),
            ("never", "always"),
            ("with", "without"),
            ("is", "is not"),
            ("are", "are not"),
            ("can", "can not"),
        ),
    ),
    "unit": (
        16,
        (
            *(("mg", "mcg"), ("ml", "l"), ("miles", "kilometers"), ("hours", "days"), ("minutes", "hours")),
            *(("inches", "feet"), ("dollars", "cents"), ("pounds", "ounces"), ("weeks", "months")),
        ),
    ),
    "date": (
        16,
        (
            *(
                ("January", "June"),
                ("March", "May"),
                ("Monday", "Friday"),
                ("April", "August"),
                ("July", "June"),
            ),
            *(
                ("September", "December"),
                ("Tuesday", "Thursday"),
                ("Saturday", "Sunday"),
                ("October", "November"),
            ),
        ),
    ),
    "quantity": (
        16,
        (
            ("more", "less"),
            ("all", "some"),
            ("increase", "decrease"),
            ("most", "least"),
            ("many", "few"),
            ("each", "one"),
        ),
    ),
}
"""Of each kind, how many swaps are wanted and which words stand for each other, in both directions."""

NUMBERS = 28
NAMES = 20
SUITS = 14
"""Swaps of a number, of a first name, and of the two sides of a lawsuit; with the pairs above, 300."""

FIRST_NAMES = (
    *(
        "James",
        "Mary",
        "John",
        "Linda",
        "Robert",
        "Susan",
        "Michael",
        "Karen",
        "David",
        "Sarah",
        "Tom",
        "Anna",
    ),
    *(
        "Peter",
        "Laura",
        "Kevin",
        "Julia",
        "Brian",
        "Nina",
        "Weng",
        "Betty",
        "Julie",
        "Natalia",
        "Albert",
        "Ken",
    ),
)

COMPANIES = ("Aldane", "Borwick", "Cresset", "Dunmore", "Elstree", "Farrow", "Galton", "Harcombe")

WRITTEN = {
    "role": "In a furnished flat that was let for {n} months, the boiler broke in the second week and no repair was"
    " made."
    " Set out which duties the {word} has in such a case, which notice is needed, and how long one has to wait before"
    " going to court. Keep it short and name the usual forms of proof.",
    "route": "A patient of {n} years with iron deficiency and chronic kidney disease is to start treatment this week."
    " Explain how {word} iron is given, how the dose is worked out from weight and haemoglobin, which tests come first,"
    " and what the nurse should watch for during the first hour after the dose.",
    "side": "A patient of {n} years feels numbness in the {word} hand since last night and cannot lift the cup that she"
    " holds. List the questions that a triage nurse should ask on the telephone, the signs that mean an ambulance must"
    " be called at once, and what the family should do meanwhile.",
    "time": "A patient of {n} years takes a blood thinner and is to have two teeth pulled next week. Say which drugs"
    " should be taken {word} the operation and which should not, how bleeding is stopped at home, and when the dentist"
    " has to be called. Use short sentences that a layman can follow.",
    "age": "Write a one-page protocol for a clinic with {n} beds on the treatment of severe asthma in the {word} ward."
    " Give the first drug with its dose per kilogram, the signs of a failing patient, the order in which oxygen and"
    " steroids are given, and the point at which intensive care is called.",
    "prefix": "A {n}-year-old patient with chronic kidney disease who takes lisinopril and spironolactone comes to the"
    " emergency department with weakness and palpitations. The laboratory reports severe {word}. Describe the immediate"
    " steps, the findings to expect on the electrocardiogram, the drugs to give in order, and how the patient should be"
    " monitored during the night.",
    "modal": "Explain in plain words, for a reader without legal training, what it means when section {n} of a lease"
    " says"
    " that the tenant {word} give notice in writing at least two months in advance, and what follows for the deposit if"
    " the notice comes too late or is only given by telephone.",
    "drug": "A {n}-year-old patient was given {word} at discharge and asks what it is for. Explain in plain words"
    " what the"
    " drug does, how it is taken, which side effects are common, which of them mean that a doctor must be called, and"
    " which other drugs should not be taken with it.",
    "language": "Write a program in {word} that reads {n} integers from standard input, sorts them without the help"
    " of a"
    " library, and prints the median and the range on one line each. Explain how memory is handled, which errors can"
    " occur while reading, and how the program should be tested.",
    "negation": "A supplier delivered {n} pallets of tiles that were {word} covered by the written contract, and the"
    " buyer"
    " paid the invoice in full. Say who bears the cost of sending them back, which notice is needed, and whether the"
    " answer changes if the tiles were used in part.",
    "unit": "A child who weighs {n} kilograms was given the medicine at home by mistake, about 40 {word} more than last"
    " time. Work out step by step whether the amount is dangerous, name the signs to look for during the first hours,"
    " and say when the poison line has to be called.",
    "date": "A contract for {n} months was signed on the first {word} of the year and gives either side a right to"
    " leave"
    " with a notice of six weeks. Work out the last day on which notice can be given, and explain how holidays and"
    " weekends are counted in this case.",
    "quantity": "A survey of {n} households found that {word} of them had bought bread from the same bakery during"
    " the last"
    " month. Explain in three sentences what can and what cannot be concluded from this about the bakery's share of the"
    " market, and which further figure you would ask for.",
    "name": "{word} has {n} boxes with twelve pencils each and gives a third of all pencils to the school next door,"
    " which"
    " already had forty of its own. Work out step by step how many pencils the school has in the end, and how many are"
    " left over for the class that shared them.",
    "number": "{name} has {word} boxes with twelve pencils each and gives a third of all pencils to the school next"
    " door,"
    " which already had forty of its own. Work out step by step how many pencils the school has in the end, and how"
    " many"
    " are left over for the class that shared them.",
    "suit": "{one} sues {other} over {n} late deliveries under a contract that has no clause on damages. Set out the"
    " claim,"
    " the defences that are open, who has to prove what, and how a court would work out the loss. Assume that both are"
    " companies and that no notice was given before the hearing.",
}
"""One prompt of 30 to 80 words a kind: ``{word}`` is exchanged, ``{n}`` tells the copies apart."""
