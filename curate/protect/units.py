"""Units of measure, money, dosing and the calendar, as they are written after or around numbers."""

from __future__ import annotations

from curate.protect.look import listed

ABBREVIATED = listed(
    "mmol/L mmol/l µmol/L μmol/L umol/L nmol/L pmol/L mol/L mEq/L mOsm/kg mg/dL mg/dl g/dL g/dl"
    " g/L mg/L µg/L μg/L ug/L ng/mL ng/ml ng/dL pg/mL µg/mL μg/mL mcg/mL IU/mL IU/L U/L mIU/L"
    " mIU/mL"
    " mg/kg/day mg/kg/dose mcg/kg/min µg/kg/min mg/kg g/kg mcg/kg µg/kg μg/kg mL/kg ml/kg mg/m2"
    " mg/m² mg/mL mg/ml mcg/h mL/h ml/h mL/min ml/min mL/min/1.73 L/min kg/m2 kg/m² kg/m3 kg/m³"
    " g/mol g/cm3 g/cm³"
    " kcal/day cells/mL cells/µL copies/mL mmHg cmH2O mm³ cm³ m³ mm² cm² m² km² mm2 cm2 m2 km2"
    " mm3 cm3 m3 m/s m/s² m/s2 km/h km/s mi/h ft/s rad/s Mbit/s Mbps Gbps Kbps kbps MB/s GB/s"
    " kB/s"
    " kilograms mg mcg µg μg ug ng pg kg g lb lbs oz mL ml µL μL uL dL dl cL cl L l mm cm dm km m"
    " nm µm μm um pm mi ft yd"
    " mEq mmol µmol nmol mol IU U mIU kIU MIU kcal cal kJ MJ J eV keV MeV GeV kPa MPa GPa hPa Pa"
    " bar psi atm torr N kN Nm W kW MW GW kWh Wh MWh V kV mV A mA µA Ω kΩ MΩ F µF nF pF H mH T mT"
    " Hz kHz MHz GHz THz dB dBm lm lx cd Bq kBq MBq Gy mGy Sv mSv µSv Ci mCi s sec secs ms µs μs"
    " us ns ps min mins h hr hrs d wk wks mo mos yr yrs y"
    " B kB KB MB GB TB PB KiB MiB GiB TiB bit bits byte bytes kb Mb Gb bp kbp px pt em rem rpm"
    " fps dpi ppi mph kph knots kn ha gal qt pt tsp tbsp tbs fl cc gtt M mM µM μM nM pM % ‰ ppm"
    " ppb ppt"
    " °C °F °K ° ºC K k rad deg ′ ″ bpm CFU cfu PFU cP cSt pH x × X fold"
)

NAMED = listed(
    "nanogram microgram milligram centigram gram kilogram tonne ton metric-ton pound ounce stone"
    " grain microliter microlitre milliliter millilitre centiliter centilitre deciliter decilitre"
    " liter litre gallon quart pint cup teaspoon tablespoon"
    " nanometer nanometre micrometer micrometre millimeter millimetre centimeter centimetre"
    " decimeter decimetre meter metre kilometer kilometre mile yard foot feet inch acre hectare"
    " nanosecond microsecond millisecond second minute hour day night week fortnight month year"
    " decade century centuries millennium millennia"
    " millimole micromole mole milliequivalent unit joule kilojoule calorie kilocalorie watt"
    " kilowatt megawatt gigawatt volt millivolt kilovolt ampere amp milliamp ohm farad henry"
    " tesla hertz kilohertz megahertz gigahertz pascal kilopascal newton"
    " kelvin celsius fahrenheit degree radian decibel lumen lux becquerel gray millisievert"
    " sievert curie kilobyte megabyte gigabyte terabyte petabyte pixel"
    " percent per-cent percentage-point dollar cent euro pence rupee yen yuan peso franc rouble"
    " ruble tablet capsule pill drop puff dose spray patch ampoule vial"
    " hundred thousand million billion trillion dozen"
)
"""In the singular; a regular plural counts as well. Compared wherever they stand once they are long enough."""

SPELLINGS = {
    "litre": "liter",
    "metre": "meter",
    "gramme": "gram",
    "feet": "foot",
    "inche": "inch",
    "rouble": "ruble",
}
"""British and irregular forms that name the same unit, as endings."""

SYMBOLS = "$€£¥₹₩₽¢%‰°§"

ROUTES = listed(
    "po p.o. PO iv IV i.v. im IM i.m. sc SC s.c. sq SQ subq sl SL pr PR pv PV ng NG top topically"
    " orally intravenously intramuscularly subcutaneously sublingually rectally inhaled nasally"
)
FREQUENCIES = listed(
    "qd QD od OD bd BD bid BID b.i.d. tid TID t.i.d. tds TDS qid QID q.i.d. qds QDS qod QOD qhs"
    " QHS hs HS ac AC pc PC prn PRN p.r.n. stat STAT nocte mane daily nightly hourly weekly"
    " monthly"
)

MONTHS = listed("January February March April May June July August September October November December")
WEEKDAYS = listed("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")

NUMBER_WORDS = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty"
    " ninety hundred thousand million billion trillion"
    " first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
    " thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
    " thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
    " hundredth thousandth millionth half halves quarter quarters thirds fourths fifths tenths"
    " hundredths dozen dozens once twice thrice double triple quadruple single couple"
    " hundreds thousands millions billions twenties thirties forties fifties sixties seventies"
    " eighties nineties halved doubled tripled"
)
