"""Names of drugs: pairs that were taken for each other, others, and the stems by which names are made.

The pairs are of the kind that the Institute for Safe Medication Practices lists ("ISMP List of Confused Drug Names");
the selection was made for this project. Stems are those that the World Health Organization gives to nonproprietary
names ("The use of stems in the selection of International Nonproprietary Names").
"""

from __future__ import annotations

from functools import lru_cache

from curate.protect.look import listed

DRUG_PAIRS: tuple[tuple[str, str], ...] = tuple(
    (pair.split("/")[0], pair.split("/")[1])
    for pair in listed(
        "acetazolamide/acetohexamide alprazolam/lorazepam alprazolam/clonazepam amantadine/amiodarone"
        " amantadine/rimantadine amiloride/amlodipine amiodarone/amrinone amitriptyline/nortriptyline"
        " amitriptyline/imipramine amlodipine/amiloride"
        " amlodipine/felodipine amoxicillin/ampicillin aripiprazole/rabeprazole"
        " aripiprazole/omeprazole atenolol/metoprolol atorvastatin/rosuvastatin"
        " azacitidine/azathioprine azathioprine/azithromycin azithromycin/erythromycin"
        " baclofen/bactroban"
        " benazepril/benadryl bisoprolol/fosinopril bleomycin/vinblastine bumetanide/budesonide"
        " bupivacaine/ropivacaine buprenorphine/hydromorphone bupropion/buspirone"
        " calcitonin/calcitriol calcitriol/calcium captopril/carvedilol carbamazepine/oxcarbazepine"
        " carboplatin/cisplatin carvedilol/captopril cefazolin/ceftriaxone cefazolin/cefoxitin"
        " cefepime/cefixime cefotaxime/cefoxitin cefotetan/cefoxitin ceftazidime/ceftriaxone"
        " cefuroxime/cefotaxime celecoxib/citalopram cephalexin/ciprofloxacin"
        " cetirizine/sertraline chlorambucil/melphalan chlordiazepoxide/chlorpromazine"
        " chlorpromazine/chlorpropamide chlorpromazine/prochlorperazine chlorpropamide/chlorpromazine"
        " cimetidine/simethicone ciprofloxacin/levofloxacin cisplatin/carboplatin"
        " citalopram/escitalopram"
        " clarithromycin/erythromycin clobazam/clonazepam clomiphene/clomipramine"
        " clomipramine/desipramine clonazepam/clonidine clonazepam/lorazepam clonidine/clozapine"
        " clonidine/klonopin clotrimazole/co-trimoxazole clozapine/olanzapine codeine/cordarone"
        " colchicine/cortisone cyclobenzaprine/cyproheptadine cyclophosphamide/cyclosporine"
        " cycloserine/cyclosporine dabigatran/dasatinib dactinomycin/daptomycin"
        " daunorubicin/doxorubicin daunorubicin/idarubicin desipramine/imipramine"
        " desmopressin/vasopressin"
        " desvenlafaxine/venlafaxine dexamethasone/dexmedetomidine dexmethylphenidate/methadone"
        " diazepam/diltiazem diazepam/lorazepam diclofenac/diflucan dicyclomine/dicycloverine"
        " digoxin/doxepin diltiazem/diazepam dimenhydrinate/diphenhydramine"
        " diphenhydramine/dicyclomine"
        " dobutamine/dopamine docetaxel/paclitaxel dopamine/dobutamine doxazosin/doxepin"
        " doxazosin/terazosin doxepin/doxycycline doxorubicin/idarubicin doxycycline/dicyclomine"
        " dronabinol/droperidol droperidol/dronabinol duloxetine/fluoxetine"
        " dutasteride/finasteride enalapril/anafranil enoxaparin/enoxacin ephedrine/epinephrine"
        " epinephrine/norepinephrine epirubicin/eribulin erlotinib/crizotinib ertapenem/imipenem"
        " escitalopram/citalopram esomeprazole/omeprazole estradiol/estriol"
        " eszopiclone/zopiclone ethambutol/ethionamide etomidate/etidronate everolimus/sirolimus"
        " famotidine/fluoxetine felodipine/nifedipine fentanyl/sufentanil fentanyl/alfentanil"
        " fexofenadine/fesoterodine finasteride/furosemide flavoxate/fluvoxamine"
        " fluconazole/fluorouracil flumazenil/influenza fluocinolone/fluocinonide"
        " fluoxetine/paroxetine fluoxetine/fluvastatin fluphenazine/fluvoxamine"
        " fluticasone/fluconazole fluvoxamine/fluoxetine folate/folinate folic/folinic"
        " fomepizole/omeprazole"
        " furosemide/torsemide furosemide/fluoxetine gabapentin/gemfibrozil ganciclovir/acyclovir"
        " gemcitabine/gemfibrozil gentamicin/gentian glimepiride/glipizide glipizide/glyburide"
        " glyburide/glipizide granisetron/ondansetron guaifenesin/guanfacine guanfacine/guanidine"
        " haloperidol/halothane heparin/hespan hydralazine/hydroxyzine"
        " hydrochlorothiazide/hydralazine hydrochlorothiazide/hydroxychloroquine"
        " hydrocodone/oxycodone hydrocodone/hydrocortisone hydrocortisone/hydroxychloroquine"
        " hydromorphone/morphine hydroxyprogesterone/medroxyprogesterone"
        " hydroxyzine/hydralazine ibuprofen/ketoprofen idarubicin/daunorubicin imatinib/ibrutinib"
        " imipramine/desipramine indapamide/iopamidol infliximab/rituximab insulin/inulin"
        " isotretinoin/tretinoin isosorbide/isoproterenol itraconazole/ketoconazole"
        " ketamine/ketorolac"
        " ketorolac/methadone labetalol/lamotrigine lamivudine/lamotrigine lamotrigine/levetiracetam"
        " lamotrigine/terbinafine leucovorin/levoleucovorin leucovorin/leukeran"
        " levetiracetam/levocarnitine levetiracetam/levofloxacin levocetirizine/cetirizine"
        " levothyroxine/liothyronine"
        " linagliptin/linaclotide lisinopril/fosinopril lisinopril/risperidone lithium/ultram"
        " loperamide/lorazepam loratadine/lovastatin lorazepam/alprazolam losartan/valsartan"
        " lovastatin/atorvastatin lurasidone/lurbinectedin medroxyprogesterone/methylprednisolone"
        " melphalan/myleran"
        " meperidine/morphine mesalamine/methenamine metformin/metronidazole"
        " methadone/methylphenidate methazolamide/methimazole methimazole/metolazone"
        " methotrexate/metolazone methylprednisolone/prednisolone"
        " methyltestosterone/medroxyprogesterone metoclopramide/metolazone"
        " metolazone/methazolamide metoprolol/metoclopramide metoprolol/misoprostol"
        " metronidazole/metformin mifepristone/misoprostol migalastat/miglustat miglustat/miglitol"
        " mirtazapine/mitomycin misoprostol/mifepristone mitoxantrone/mitomycin"
        " morphine/hydromorphone"
        " moxifloxacin/norfloxacin nadolol/naltrexone naloxone/naltrexone neomycin/nelarabine"
        " nicardipine/nifedipine nicardipine/nimodipine nifedipine/nimodipine"
        " nitroglycerin/nitroprusside nizatidine/ranitidine norepinephrine/epinephrine"
        " nortriptyline/amitriptyline"
        " nystatin/nitrostat octreotide/octagam ofloxacin/levofloxacin olanzapine/quetiapine"
        " olanzapine/clozapine omeprazole/esomeprazole oxaliplatin/carboplatin"
        " oxcarbazepine/carbamazepine oxybutynin/oxycontin oxycodone/oxymorphone"
        " oxycodone/hydrocodone oxymetazoline/oxymetholone"
        " oxymorphone/oxycodone oxytocin/pitressin paclitaxel/docetaxel pancuronium/vecuronium"
        " pantoprazole/aripiprazole paroxetine/fluoxetine paroxetine/pyridoxine pazopanib/ponatinib"
        " pemetrexed/pralatrexate penicillamine/penicillin penicillin/penicillamine"
        " pentobarbital/phenobarbital"
        " phenobarbital/pentobarbital phentermine/phentolamine phentolamine/phentermine"
        " phenytoin/fosphenytoin pioglitazone/rosiglitazone pramipexole/pimozide"
        " pravastatin/pantoprazole prazosin/terazosin prednisone/prednisolone prednisolone/prednisone"
        " primidone/prednisone"
        " procainamide/propranolol prochlorperazine/chlorpromazine progesterone/prednisone"
        " promethazine/promazine propranolol/propofol propylthiouracil/purinethol protamine/protonix"
        " quetiapine/olanzapine quinidine/quinine quinine/quinidine rabeprazole/aripiprazole"
        " raloxifene/razoxane"
        " ranitidine/rimantadine ranitidine/amantadine remifentanil/alfentanil"
        " repaglinide/nateglinide ribavirin/riboflavin rifabutin/rifampin rifampin/rifaximin"
        " rifampicin/rifabutin rimantadine/ranitidine risedronate/risperidone risperidone/ropinirole"
        " rituximab/infliximab rivaroxaban/apixaban"
        " ropinirole/risperidone rosuvastatin/atorvastatin saquinavir/sinequan"
        " saxagliptin/sitagliptin sertraline/cetirizine sildenafil/tadalafil simvastatin/pravastatin"
        " sirolimus/tacrolimus sitagliptin/saxagliptin solifenacin/silodosin somatropin/sumatriptan"
        " sorafenib/sunitinib"
        " spironolactone/sulfasalazine streptomycin/streptozocin sufentanil/fentanyl"
        " sulfadiazine/sulfasalazine sulfasalazine/sulfisoxazole sulfisoxazole/sulfasalazine"
        " sumatriptan/zolmitriptan tacrolimus/sirolimus tamoxifen/tamsulosin tamsulosin/tacrolimus"
        " temazepam/flurazepam tenecteplase/alteplase"
        " terazosin/prazosin terbinafine/terbutaline terbutaline/terbinafine"
        " teriflunomide/leflunomide thiamine/tenormin thioridazine/thiothixene tiagabine/tizanidine"
        " ticagrelor/clopidogrel tiotropium/ipratropium tizanidine/tiagabine tobramycin/vancomycin"
        " tolazamide/tolbutamide"
        " tolbutamide/terbutaline tolterodine/tramadol topiramate/torsemide topotecan/irinotecan"
        " torsemide/furosemide tramadol/trazodone tramadol/tapentadol trastuzumab/pertuzumab"
        " trazodone/tramadol triamcinolone/triamterene triamterene/trimipramine"
        " trifluoperazine/trihexyphenidyl"
        " trimethoprim/trimipramine valacyclovir/valganciclovir valganciclovir/valacyclovir"
        " valproate/valacyclovir valsartan/losartan vecuronium/pancuronium vecuronium/rocuronium"
        " venlafaxine/desvenlafaxine verapamil/verelan vinblastine/vincristine"
        " vincristine/vinblastine vinorelbine/vincristine"
        " warfarin/avapro zidovudine/lamivudine ziprasidone/zidovudine zolmitriptan/sumatriptan"
        " zolpidem/zolmitriptan zonisamide/lacosamide"
        " adderall/inderal ambien/amen celebrex/celexa celebrex/cerebyx celexa/cerebyx celexa/zyprexa"
        " cozaar/zocor depakote/depakene effexor/effexorxr humalog/humulin humulin/novolin"
        " keppra/kaletra klonopin/clonidine lamictal/lamisil lantus/lente"
        " lasix/losec lasix/luvox levemir/lovenox lexapro/loxapine lipitor/zyrtec lunesta/neulasta"
        " mucinex/mucomyst neurontin/motrin norvasc/navane novolog/novolin paxil/plavix paxil/taxol"
        " plavix/paxil prilosec/prozac prozac/proscar"
        " purinethol/propylthiouracil relafen/reminyl remeron/zemuron retrovir/ritonavir"
        " rituxan/remicade seroquel/serzone sinequan/singulair symbicort/singulair tegretol/toradol"
        " topamax/toprol toprol/topamax tramadol/toradol tylenol/tylox ultram/lithium"
        " valtrex/valcyte viagra/allegra wellbutrin/warfarin xanax/zantac xanax/tenex zantac/zyrtec"
        " zestril/zetia zocor/zoloft zofran/zosyn zoloft/zyloprim zyprexa/zyrtec zyrtec/zantac"
    )
)
"""Pairs of drugs that were dispensed one for the other, or that look or sound so."""

OTHER_DRUGS = frozenset(
    listed(
        "acetaminophen paracetamol aspirin naproxen diclofenac indomethacin meloxicam clavulanate"
        " tazobactam piperacillin sulbactam trimethoprim sulfamethoxazole nitrofurantoin linezolid"
        " meropenem aztreonam colistin chloramphenicol clindamycin isoniazid pyrazinamide"
        " dapsone ivermectin albendazole mebendazole chloroquine hydroxychloroquine primaquine"
        " artesunate artemether atovaquone mefloquine oseltamivir remdesivir nirmatrelvir ritonavir"
        " tenofovir emtricitabine efavirenz dolutegravir sofosbuvir ledipasvir interferon"
        " albuterol salbutamol salmeterol formoterol budesonide montelukast theophylline ipratropium"
        " epinephrine adrenaline noradrenaline atropine lidocaine lignocaine nitroglycerin"
        " hydralazine clopidogrel prasugrel apixaban edoxaban digoxin amiodarone sotalol flecainide"
        " insulin glargine lispro aspart metformin semaglutide liraglutide empagliflozin"
        " dapagliflozin canagliflozin acarbose levothyroxine carbimazole hydrocortisone cortisone"
        " betamethasone mometasone clobetasol tretinoin adapalene methotrexate leflunomide adalimumab"
        " etanercept"
        " tocilizumab cyclosporine ciclosporin mycophenolate prednisone phenytoin levodopa carbidopa"
        " entacapone selegiline rasagiline donepezil memantine rivastigmine galantamine haloperidol"
        " lithium valproate topiramate pregabalin modafinil melatonin ramelteon"
        " codeine morphine oxycodone heroin naloxone buprenorphine ketamine propofol sevoflurane"
        " isoflurane succinylcholine rocuronium neostigmine sugammadex tamoxifen anastrozole"
        " letrozole bicalutamide leuprolide goserelin fulvestrant bevacizumab pembrolizumab nivolumab"
        " cytarabine capecitabine fluorouracil bortezomib lenalidomide thalidomide hydroxyurea"
        " mercaptopurine alendronate zoledronate denosumab raloxifene allopurinol febuxostat"
        " colchicine probenecid bisacodyl senna lactulose loperamide ondansetron domperidone"
        " sucralfate"
        " cholestyramine ezetimibe fenofibrate niacin colesevelam spironolactone eplerenone"
        " chlorthalidone mannitol acetylcysteine activated dimercaprol deferoxamine warfarin vitamin"
        " botulinum immunoglobulin"
    )
) - {"activated", "vitamin", "heroin", "insulin", "aspirin", "morphine", "interferon", "immunoglobulin"}

DRUGS = frozenset(name for pair in DRUG_PAIRS for name in pair) | OTHER_DRUGS - {
    "calcium",
    "influenza",
    "amen",
}
"""Names of drugs, in lower case."""

NO_NAMES = frozenset(("calcium", "influenza", "amen", "lente", "folic", "insulin"))

STEMS = (
    *(
        "mab",
        "nib",
        "zumab",
        "ximab",
        "pril",
        "sartan",
        "statin",
        "azole",
        "cillin",
        "mycin",
        "micin",
        "floxacin",
        "olol",
        "prazole",
        "dipine",
        "oxetine",
        "azepam",
        "zolam",
        "barbital",
        "cycline",
        "gliptin",
    ),
    *(
        "gliflozin",
        "glutide",
        "parin",
        "xaban",
        "triptan",
        "setron",
        "tidine",
        "thiazide",
        "semide",
        "lukast",
        "profen",
        "coxib",
        "dronate",
        "dronic",
        "afil",
        "vudine",
        "navir",
        "tegravir",
        "ciclovir",
        "cyclovir",
    ),
    *(
        "platin",
        "rubicin",
        "taxel",
        "tecan",
        "poetin",
        "grastim",
        "caine",
        "curium",
        "curonium",
        "fentanil",
        "orphan",
        "oxacin",
        "penem",
        "cef",
        "bactam",
        "fungin",
        "conazole",
        "nidazole",
        "lamide",
        "gatran",
    ),
    *(
        "grel",
        "grelor",
        "fibrate",
        "glitazone",
        "gliclazide",
        "pressin",
        "relin",
        "tide",
        "sone",
        "solone",
        "onide",
        "terol",
        "tropium",
        "pamil",
        "arone",
        "zosin",
        "azosin",
        "triptyline",
        "pramine",
        "idone",
    ),
    *(
        "peridol",
        "perazine",
        "promazine",
        "azine",
        "apine",
        "piprant",
        "racetam",
        "gabalin",
        "bamate",
        "toin",
        "limus",
        "imus",
        "cept",
        "kinra",
        "leukin",
        "lisib",
        "ciclib",
        "parib",
        "rafenib",
        "tinib",
        "zomib",
    ),
)
_LONG = 4
_REMEMBERED = 65_536
_ENDINGS = frozenset(
    stem for stem in STEMS if len(stem) > _LONG or stem in {"pril", "olol", "afil", "umab", "imab"}
)
_SIZES = tuple(sorted({len(stem) for stem in _ENDINGS}, reverse=True))
_LEAST = 3
_ORDINARY = frozenset(
    listed("april cholesterol diethylamide magazine gasoline medicine cocaine pamphlet discipline")
)


@lru_cache(maxsize=_REMEMBERED)
def is_drug(word: str) -> bool:
    """Whether a word, in lower case, is a drug by the list or by its stem."""
    if word in DRUGS:
        return word not in NO_NAMES
    if len(word) < _LONG + _LEAST or word in _ORDINARY:
        return False
    return any(word[-size:] in _ENDINGS and len(word) - size >= _LEAST for size in _SIZES)
