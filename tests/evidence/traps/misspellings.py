"""Well-known misspellings, and sentences that speak of one."""

MISSPELLINGS = dict(
    pair.split(">")
    for pair in """
recieve>receive teh>the acommodate>accommodate definately>definitely seperate>separate occured>occurred
untill>until wich>which adress>address begining>beginning beleive>believe calender>calendar cemetary>cemetery
concious>conscious embarass>embarrass enviroment>environment existance>existence foriegn>foreign freind>friend
goverment>government gaurd>guard happend>happened harrass>harass humourous>humorous immediatly>immediately
independant>independent knowlege>knowledge liason>liaison libary>library lisence>license maintainance>maintenance
millenium>millennium mispell>misspell neccessary>necessary noticable>noticeable occassion>occasion
ocurrence>occurrence paralel>parallel pasttime>pastime persistant>persistent posession>possession
prefered>preferred priviledge>privilege probaly>probably publically>publicly reccomend>recommend refered>referred
relevent>relevant religous>religious rember>remember resistence>resistance responsability>responsibility
rythm>rhythm sieze>seize succesful>successful supercede>supersede suprise>surprise tommorow>tomorrow
tounge>tongue truely>truly unforseen>unforeseen unfortunatly>unfortunately upto>up vaccum>vacuum vegtable>vegetable
visable>visible wether>whether wierd>weird writting>writing yeild>yield acheive>achieve accross>across
agressive>aggressive apparant>apparent appearence>appearance arguement>argument assasination>assassination
basicly>basically buisness>business catagory>category changable>changeable cheif>chief collegue>colleague
comming>coming commitee>committee completly>completely curiousity>curiosity dissapear>disappear
dissapoint>disappoint ecstacy>ecstasy familar>familiar finaly>finally flourescent>fluorescent forteen>fourteen
fourty>forty futher>further glamourous>glamorous gratefull>grateful hygeine>hygiene incidently>incidentally
interupt>interrupt irresistable>irresistible lenght>length medecine>medicine miniscule>minuscule
""".split()  # noqa: SIM905 (a list to be read)
)
"""Wrong and right, written from memory of many lists; independent of what the fixer knows."""

MENTIONS = (
    "The word *{wrong}* is misspelled.",
    "The correct spelling is {right}, not {wrong}.",
    'Many learners write "{wrong}" when they mean "{right}".',
    "People often type {wrong} instead of {right}.",
    "A frequent typo is {wrong}.",
    "{wrong} is wrong; write {right}.",
    "Misspelling: {wrong}. Correct: {right}.",
    "It is spelled {right}. Writing {wrong} is a mistake that even editors make.",
    "No, `{wrong}` is not how you spell it.",
    "In his letter he wrote {wrong} (sic), which the editor left as it was.",
    "Search for {wrong} in the old files, because the misspelled form was used until last year.",
    "The list of common errors contains {wrong}, among others.",
    "1. {wrong} -> {right}",
    "Wrong: {wrong}\nRight: {right}",
    "The spell checker should underline {wrong} in red.",
    "The typed query was {wrong} and the search engine asked whether {right} was meant.",
    "You spelled it as {wrong} in your essay.",
    "How is {wrong} spelled correctly? It is {right}.",
    "The sign over the door said {wrong}, and everybody laughed at the spelling.",
    "Change {wrong} to {right} in the second line.",
)

EXTRACT_SENTENCES = (
    "The tenant must {0} the keys before the end of the month.",
    "Our office will be closed {0} further notice, which is {1}.",
    "Please send the {0} of the new building to the manager.",
    "It was {0} that the committee met twice in the spring.",
    "He said the {0} was not in the contract at all.",
    "A {0} answer was given by the landlord in March.",
    "They found the old {0} behind the shelf in the cellar.",
    "She had {0} the letter that came with the invoice.",
    "Nobody could {0} that the roof would leak again.",
    "The nurse wrote {0} and {1} on the same page.",
    "We were {0} by how quickly the river rose.",
    "The board will decide {0} the plan goes ahead.",
)
"""What the words mean does not matter: a passage is copied as it stands."""
