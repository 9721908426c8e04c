"""Errors that people make, written down for this project: what is injected to measure a grammar fixer.

None of this is known to the fixer. The misspellings are well-known ones of common words (doubled and single letters,
ie and ei, silent letters, -ance and -ence, -able and -ible), written from general knowledge and taken from no list.
"""

from __future__ import annotations

MISSPELLINGS: dict[str, tuple[str, ...]] = {}
"""The ways to misspell a word, by the word."""

_WRITTEN = """
abbreviation:abreviation abdominal:abdominel ability:abilty absence:absense,abscence absolutely:absolutly
absorption:absorbtion abundance:abundence accept:acept acceptable:acceptible access:acess
accessible:accessable accident:accidant accidentally:accidently accommodate:accomodate,acommodate
accommodation:accomodation accompanied:acompanied accompany:acompany according:acording accordingly:acordingly
account:acount accumulate:accummulate accurate:acurate,accurrate achieve:acheive achieved:acheived
achievement:acheivement acknowledge:aknowledge acquire:aquire acquired:aquired across:accross
activities:activites activity:activty actually:actualy,acutally addition:additon
additional:aditional,additonal address:adress addressed:adressed adequate:adaquate adolescent:adolesent
advantage:advantege advertisement:advertisment affect:afect affected:afected afternoon:afternon again:agian
against:agianst aggressive:agressive agreement:agreeement,agrement allow:alow allowed:alowed almost:allmost
already:allready,alredy also:aslo although:altough,allthough always:allways,alwasy amateur:amature
among:amoung amount:ammount analysis:anaylsis,analisis analyze:analize and:adn annual:anual
another:anohter,annother answer:anwser,awnser anxiety:anxeity apparent:apparant apparently:apparantly
appear:apear appearance:appearence appears:appers,apears application:aplication appointment:apointment
approach:aproach,approch appropriate:apropriate,appropiate approval:aproval
approximately:approximatly,aproximately argument:arguement arrangement:arrangment article:artical
assessment:assesment,assessement assistance:assistence associated:asociated,assoicated association:assocation
attempt:atempt attention:attension,atention attitude:attidude available:availible,avaliable,availabe
average:avarage awareness:awarness bacteria:bacterias basically:basicly,basicaly
because:becuase,becasue,beacuse becoming:becomming before:befor,beofre beginning:begining
behavior:behavoir,behavour being:bieng believe:beleive,belive believed:beleived beneficial:benificial
benefit:benifit benefits:benifits,benefites between:bewteen,beetween biological:bilogical breathing:breating
business:buisness,bussiness calendar:calender cancer:cancar cannot:cannnot careful:carefull carefully:carefuly
category:catagory cause:casue caused:casued causes:casues cemetery:cemetary center:centre certain:certian
challenge:challange change:chagne changes:chagnes,chnages character:charachter characteristic:charateristic
characteristics:charactersitics characterized:charaterized chemical:chemcial children:childern
chromosome:chromosone clinical:clincal coming:comming commission:comission commitment:committment
committee:commitee,comittee common:comon,commmon communicate:comunicate communication:comunication
community:comunity company:comapny comparison:comparision,comparsion completely:completly,completley
complicated:complicatd complications:complicatons component:componant concentration:concentraton
concern:concren condition:condtion,conditon conditions:condtions,conditons confidence:confidance
conscious:concious consequence:consequense consider:consdier consistent:consistant contain:contian
contains:contians continue:contine continuous:continous contrast:contarst control:controll
controlled:controled convenient:convienient correct:corect could:coudl,cuold country:countrey,coutnry
course:corse create:creat criticism:critisism curiosity:curiousity current:curent currently:currenlty,curently
decision:decison,desicion decrease:decrese decreased:decresed deficiency:deficency,defficiency define:defin
definite:definate definitely:definately,definitly degree:degre dependent:dependant depending:dependin
describe:decribe,discribe described:decribed,discribed description:discription desperate:desparate
determine:determin determined:determind develop:devlop,develope developed:devloped,developped
development:developement,devlopment diabetes:diabetis diagnosed:diagnosd diagnosis:diagnosys
difference:diffrence,differance differences:diffrences different:diffrent,differnt,diferent
difficult:dificult,difficlut difficulties:dificulties difficulty:dificulty disappear:dissapear,disapear
disappoint:dissapoint disappointed:dissapointed discipline:disipline discover:dicover discuss:dicuss
discussion:discusion disease:diesease,desease diseases:dieseases,deseases disorder:disoder,disorer
disorders:disoders doctor:docter during:durring,druing early:erly easily:easilly effect:efect
effective:efective,effectiv effects:efects efficient:efficent either:eihter embarrass:embarass
embarrassment:embarassment emergency:emergancy employee:employe encourage:encourge enough:enought,enuogh
entirely:entirley environment:enviroment,enviornment environmental:enviromental equipment:equiptment
especially:especialy,expecially essential:essental,essencial establish:estabilish evaluation:evalution
even:evne eventually:eventualy every:evrey everyone:eveyrone evidence:evidance exaggerate:exagerate
examination:examinaton example:exmaple,exemple examples:exmaples excellent:excelent,exellent except:exept
exercise:excercise,exercize existence:existance expect:exepct expected:exepcted expensive:expencive
experience:experiance,expereince experienced:experianced experiment:experimant explain:explane
explanation:explaination exposure:exposue extremely:extremly,extreamly factor:facter factors:facters
familiar:familar families:familes family:famliy favorite:favorate feature:feture features:fetures field:feild
finally:finaly first:frist focus:foucs follow:folow following:folowing,follwing foreign:foriegn forty:fourty
forward:foward found:foudn frequency:frequancy frequently:frequenty,frequentley friend:freind friends:freinds
from:fomr function:funtion,fucntion functions:funtions further:futher,furthur future:futrue gauge:guage
generally:generaly,genrally genetic:gentic government:goverment,govenment gradually:gradualy grammar:grammer
grateful:greatful guarantee:garantee,gaurantee guidance:guidence guide:giude happened:happend
happiness:happyness harass:harrass having:haveing health:helath,heatlh healthy:heathly height:heigth help:hlep
helpful:helpfull hereditary:heriditary hierarchy:heirarchy high:hihg higher:higer history:histroy
hospital:hosptial,hopsital however:howver,howerver humorous:humourous hygiene:hygeine hypothesis:hypothisis
identical:indentical identified:identifed,indentified identify:identifiy,indentify imagine:imagin
immediate:imediate immediately:immediatly,imediately importance:importence
important:importent,improtant,imporant improve:imporve improved:imporved improvement:improvment
incidence:incidance include:inlcude,incude included:inlcuded includes:inlcudes
including:inculding,includng,incuding increase:increse,incraese increased:incresed,incraesed
increases:increses independent:independant indicate:indciate indicated:indciated
individual:indivdual,individaul individuals:indivduals,indviduals infection:infecton infections:infectons
inflammation:inflamation influence:infulence information:infomation,informaton,infromation
inheritance:inheritence inherited:inherted initial:inital initially:intially,initialy injury:injurey
instead:insted intelligence:inteligence intelligent:inteligent interest:intrest interested:intrested
interesting:intresting interfere:interfer interference:interferance intermediate:intermediete
interrupt:interupt intervention:intervension investigate:investigat involve:invlove involved:invloved
irrelevant:irrelevent irritable:iritable island:iland issue:isue issues:isues itself:itsself,itslef
jewelry:jewelery judgment:judgemnt knowledge:knowlege known:konwn laboratory:labratory
language:langauge,languge later:laterr learning:learing legitimate:legitamate length:lenght level:levle
levels:levles liaison:liason library:libary license:lisence likely:likley limited:limted literature:litrature
little:littel,litle local:loacl location:locaton loneliness:lonelyness maintain:maintian
maintenance:maintainance,maintenence major:marjor management:managment,mangement manufacturer:manufaturer
many:mnay marriage:marrage material:materal maximum:maximun measure:mesure measured:mesured
measurement:measurment medical:medcial medication:medicaton medications:medicatons medicine:medecine
medicines:medecines memory:memmory mention:menton method:mehtod might:mgiht millennium:millenium
minimum:minumum minutes:mintues misspell:mispell mortality:mortailty movement:movment
multiple:mutliple,multipe muscle:mucsle muscles:mucsles mutation:muation mutations:muations myself:mysef
national:natioanl naturally:naturaly necessarily:necessarly necessary:neccessary,necesary negative:negitive
neighbor:nieghbor neither:niether nervous:nervious neurological:nuerological normal:noraml
noticeable:noticable number:nubmer,numebr obstacle:obsticle obviously:obviosly occasion:ocassion,occassion
occasionally:ocasionally,occassionally occur:ocur,occure occurred:occured,ocurred
occurrence:occurence,occurance occurring:occuring occurs:ocurs offered:offerred official:offical often:oftern
operation:opertion opinion:opinon opportunity:oppurtunity,oportunity opposite:oposite ordinary:ordinery
organization:orginization organs:orgnas original:orginal originally:orginally other:ohter others:ohters
otherwise:otherwize outcome:outocme outcomes:outocmes outside:outisde overall:overal paid:payed pain:pian
parallel:paralell,parrallel parents:partents particular:particuliar,paticular
particularly:particulary,particularily patient:pateint patients:pateints,patinets pattern:pattren
peculiar:pecular people:poeple,peopel percent:precent performance:performence performed:perfomed
perhaps:perhpas period:peroid permanent:permenant permission:permision persistent:persistant person:preson
personal:personel personnel:personell phenomenon:phenomonon physical:phsyical physician:physican
physicians:physicans piece:peice pleasant:plesant point:piont politician:politican population:populaton
populations:populatons portion:porton possess:posess possession:posession possibility:posibility,possiblity
possible:posible,possable possibly:possibley potential:potental,potencial potentially:potentialy
practical:pratical practice:pratice precede:preceed preference:preferance preferred:prefered
pregnancy:pregnacy prepare:perpare presence:presense,precence present:persent pressure:presure
prevalence:prevelance prevent:prevnet prevention:prevension previous:previus previously:previosly,previouly
primarily:primarly primary:primay privilege:priviledge,privelege probably:probaly,probabaly
problem:probelm,porblem problems:probelms,porblems procedure:proceedure procedures:proceedures proceed:procede
process:proccess processes:proccesses produce:prodcue produced:prodcued professional:proffesional,profesional
professor:proffesor program:progam programs:progams progress:progess progressive:progresive
prominent:prominant pronunciation:pronounciation proper:propper protect:portect protein:protien
proteins:protiens provide:provdie,porvide provided:provdied,porvided provides:porvides
psychological:pyschological,psycological psychology:pyschology publicly:publically purchase:purchse
purpose:purpos pursue:persue quality:qualty quantity:quanity question:quesiton,questoin questions:quesitons
quickly:quikly quite:qutie rather:rahter reaction:reacton really:realy,realyl reason:raeson,reasn
reasons:raesons receive:recieve received:recieved receiving:recieving recognize:reconize,recognise
recommend:recomend,reccomend recommendation:recomendation recommended:recomended,reccomended records:reocrds
reduce:reduse reduced:redcued reference:refrence referred:refered region:reigon regular:reguler
regularly:regulary related:realted relationship:realtionship relatively:relativly relevant:relevent,relavant
relief:releif relieve:releive religious:religous remember:rember,remeber repetition:repitition report:reprot
reported:reproted reports:reprots representative:representive require:requier,reqiure
required:requried,reqired requires:requries research:reserach,reasearch researchers:reserachers
resistance:resistence resource:resourse respectively:respectivly response:responce,resposne
responsibility:responsability responsible:responsable,responsibile restaurant:restaraunt result:reuslt,resutl
results:reuslts,resutls retrieve:retreive review:reveiw rhythm:rythm,rythym risk:rsik safety:saftey same:smae
satisfied:satisifed schedule:shedule,schedual science:sceince scientific:scientifc scientists:scientits
secondary:secondery secretary:secratary seizure:siezure seizures:siezures sense:sence sensitive:senstive
sentence:sentance separate:seperate separated:seperated separately:seperately separation:seperation
sequence:sequance serious:seroius,serius several:severl,sevral severe:sevre severity:severty
should:shoudl,shuold shoulder:sholder significance:significence
significant:signficant,significent,siginificant significantly:signficantly,significanty
similar:similiar,simmilar similarly:similarily since:sicne sincerely:sincerly single:signle
situation:sitution,situaton size:szie skeletal:skeletel skin:sikn slightly:slighty social:soical
society:socity software:sofware sometimes:somtimes,someitmes soon:sooon source:sorce species:speices
specific:speficic,specifc specifically:specificly,specificaly speech:speach standard:standrad,standart
statement:statment stomach:stomache strength:strenght,stregnth structure:sturcture,strucutre
structures:sturctures student:studnet students:studnets studied:studyed studies:studeis,studys study:stduy
subject:subejct subjects:subejcts substance:substence success:sucess,succes successful:succesful,sucessful
successfully:succesfully,sucessfully such:shuch sudden:suden suddenly:suddently sufficient:sufficent
suggest:sugest suggested:sugested suggests:sugests supersede:supercede support:suport,supprot suppose:supose
surgery:surgrey surgical:sugrical surprise:suprise surprised:suprised surrounding:surounding survival:survial
survive:survie susceptible:suseptible symptom:symtom,sypmtom symptoms:symtoms,sypmtoms,symptons
syndrome:syndrom,sydrome system:sytem,systme systems:sytems technique:tecnique,techinque techniques:tecniques
technology:tecnology temperature:temperture,temprature temporary:temporery tendency:tendancy than:thna
that:taht,thta the:teh,hte their:thier,theri themselves:themselfs,themselvs then:hten therefore:therfore
these:theese,tehse they:tehy,thye things:thigns,thnigs think:thnik thorough:thourough those:thsoe
though:thuogh thought:thougth,tought thousand:thousend through:throught,thorugh throughout:throughtout
time:tiem times:tiems tissue:tisue tissues:tisues today:todya together:togehter,togather
tomorrow:tommorow,tommorrow tongue:tounge toward:towrad traditional:traditonal transferred:transfered
treatment:treatement,treatmnet,tratment treatments:treatements truly:truely twelfth:twelth type:tpye
types:tpyes typical:typcial typically:typicaly,typcially unable:unabel uncommon:uncomon under:udner
understand:undestand,undertsand understanding:understading unfortunately:unfortunatly,unfortunatley
unique:unqiue university:univeristy,universty unknown:unkown unless:unles until:untill,unitl
unusual:unusal,unsual usage:useage used:uesd useful:usefull,usful using:usign,useing usually:usualy,usally
vaccine:vacine vacuum:vaccum,vacuumm valuable:valueable variable:varible variety:vareity,variaty
various:vairous,varios vegetable:vegtable vehicle:vehical version:verison very:vrey vessels:vessles view:veiw
visible:visable vision:vison vitamin:vitamine volume:volumne weakness:weekness,weaknes weather:wether
website:webiste week:wek weeks:weks weight:wieght,weigth weird:wierd were:wre when:wehn where:wehre,whre
whether:wether,wheather which:wich,whihc while:whiel,wihle whole:hwole whose:whos,whoose will:wiull
with:wiht,wtih within:withing,wihtin without:wihtout,withuot woman:womna women:womens wonderful:wonderfull
work:wrok working:workign world:wolrd would:woudl,wuold writing:writting written:writen years:yeras,yaers
yield:yeild young:yuong your:yuor
"""


def _read() -> None:
    for entry in _WRITTEN.split():
        right, _, ways = entry.partition(":")
        wrong = tuple(way for way in ways.split(",") if way != right)
        if wrong:
            MISSPELLINGS[right] = wrong


_read()
