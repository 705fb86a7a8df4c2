"""English words that tell names from other words with a capital, and one kind of name from another."""

from __future__ import annotations

from glossary.common_words import COMMON_WORDS


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# words of grammar and adverbs that begin sentences, beside the common words
FUNCTION = COMMON_WORDS | _set(
    """according accordingly actually additionally although amid amongst anybody anyone apart aside beneath
    beside besides beyond cannot certainly clearly consequently currently despite did does doing during
    each either elsewhere especially eventually everybody everyone everything everywhere except finally
    first formerly fortunately furthermore further generally given hence here herself himself his
    hopefully how however i'd i'll i'm i've i indeed initially instead itself lastly later least less
    likewise many maybe meanwhile moreover mostly myself namely neither nevertheless nobody none
    nonetheless nor nothing notably obviously otherwise ourselves perhaps please presumably previously
    probably rather recently regarding several shortly similarly somebody someone something sometimes
    somewhere soon still subsequently suddenly therefore thereafter these they thus till together
    tomorrow towards ultimately unfortunately unless unlike until usually various versus whatever
    whenever whereas wherever whether whichever whoever whose whom within without yesterday yet yourself
    themselves were was been being am is are has had having should would could might must shall will can
    may did doing don't didn't doesn't isn't wasn't won't can't couldn't wouldn't let's that's there's
    what's it's he's she's we're they're you're asked says dear hello yeah okay ok sir madam both editor
    photo image caption video source read listen share subscribe follow comments advertisement breaking
    chapter appendix figure table question answer"""
)
CALENDAR = _set(
    """january february march april may june july august september october november december jan feb mar
    apr jun jul aug sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday mon
    tue tues wed thu thurs fri sat sun"""
)
# common words that nevertheless begin names
OPENERS = _set(
    """united new north south east west northern southern eastern western northeastern northwestern
    southeastern southwestern central great greater upper lower inner outer middle human world
    international national state people's saint st san los las el la mount lake fort port cape red radio
    free black white green old big high supreme federal royal democratic islamic communist global
    european african asian american british foreign public security general first second third amnesty
    women's children's workers' the house voice department ministry office university"""
)
# what ministries and offices are for, and so may stand behind an "and" in their names
DOMAINS = _set(
    """affairs agriculture civil commerce communications culture customs defence defense development economic
    economy education emergency employment energy environment finance food health housing human humanitarian
    immigration industry information innovation interior intelligence investment justice labor labour legal
    political public refugees religion religious research rights science security social society sport sports
    strategic technology telecommunications tourism trade transport welfare women youth"""
)
# between the capitalised words of one name
PARTICLES = _set(
    """al el ul bin ibn ben bint van von der den de da del della di du dos das la le ter uly qyzy kyzy uulu
    oglu ogly"""
)
# possessives that stand inside names
KEPT_POSSESSIVES = _set(
    "people's women's children's men's workers' teachers' doctors' king's queen's mother's"
)
TITLES = _set(
    """mr mrs ms miss dr prof professor president chairman chairwoman chairperson premier minister
    secretary governor mayor senator congressman congresswoman representative ambassador general colonel
    major captain lieutenant sergeant commander judge justice chief commissioner director king queen
    prince princess emperor khan pope bishop father imam sheikh mullah akhun haji hajji sultan sir lord
    lady dame comrade officer spokesman spokeswoman spokesperson attorney lawyer activist journalist
    reverend saint leader deputy vice foreign prime party high former sen sens gov rep reps
    sister brother uncle aunt grandfather grandmother"""
)
# of these, the ones that part a name from what stands before it: Arizona Senator Jeff Flake
MIDDLE_TITLES = _set(
    """president premier minister secretary senator sen sens gov rep reps congressman congresswoman chairman
    chairwoman commissioner governor mayor ambassador professor prof dr mr mrs ms spokesman spokeswoman"""
)
DIRECTIONS = _set("north south east west northern southern eastern western central upper lower inner outer")
ORGANISATION_HEADS = _set(
    """office ministry department bureau government administration party commission committee council court
    congress senate parliament assembly agency authority association organisation organization
    federation confederation union league alliance movement front army force forces corps police guard
    university institute academy college school hospital bank company corporation corp inc ltd group
    fund foundation trust society centre center club network press news times post radio television
    journal magazine tribunal board secretariat bureaux embassy consulate mission service services watch
    congress coalition initiative project workshop university museum library mosque church temple
    monastery airlines nations international amnesty brigade regiment battalion panel team committee
    prosecutor observatory"""
)
PLACE_HEADS = _set(
    """region province prefecture county district city town village township oblast rayon republic kingdom
    emirates states state islands island peninsula mountains mountain mount hills range river lake sea
    ocean gulf bay strait canal desert basin valley steppe plateau coast street avenue road square park
    bridge airport station port border prison camp asia africa europe america antarctica territory
    territories pass gate oasis corridor zone isles turkestan kong"""
)
CONCEPT_HEADS = _set(
    """act law bill code convention covenant declaration treaty agreement accord protocol pact charter
    constitution resolution report reports campaign war wars battle massacre genocide revolution
    uprising riots incident crisis protocol day week month year festival games cup prize award olympics
    road initiative plan policy program programme project famine purge holocaust era age dynasty empire
    study survey database papers files cables leaks archive statement language rights"""
)
HEADS = ORGANISATION_HEADS | PLACE_HEADS | CONCEPT_HEADS
PLACE_ENDINGS = ("stan", "burg", "grad", "abad", "land", "shire", "ville", "sk", "tau", "orda", "polis")
LOCATIVE = _set(
    "in from near at to into across inside outside throughout toward towards around within via through"
)
PERSON_VERBS = _set(
    """said says say told tells testified recalled recalls asked asks answered replied added adds wrote
    writes explained explains believes believed thinks thought knew knows spoke speaks fled escaped died
    married lived worked works insisted noted argued argues warned denied confirmed complained remembers
    remembered smiled nodded laughed cried whispered born"""
)
KIN = _set(
    """brother sister mother father son daughter wife husband uncle aunt cousin nephew niece grandmother
    grandfather friend neighbour neighbor colleague named called"""
)
_PEOPLES = """
    afghan albanian algerian american arab arabic argentine armenian australian austrian azerbaijani
    bangladeshi belarusian belgian bosnian brazilian british bulgarian cambodian canadian chilean
    chinese colombian croatian cuban czech danish dutch egyptian english estonian ethiopian european
    filipino finnish french georgian german greek hindi hungarian indian indonesian iranian iraqi irish
    israeli italian japanese jordanian kenyan korean kuwaiti latvian lebanese libyan lithuanian malay
    malaysian mexican mongolian moroccan nepali nigerian norwegian pakistani palestinian persian polish
    portuguese romanian russian saudi scottish serbian slovak somali soviet spanish sudanese swedish
    swiss syrian taiwanese tatar thai tibetan tunisian turk turkish ukrainian vietnamese welsh yemeni
    african asian latin african-american slavic jewish jew hebrew yiddish kurd kurdish chechen kazakh
    kazak kazakhstani qazaq uyghur uighur uygur uigur kyrgyz kirgiz kirghiz uzbek uzbekistani tajik
    turkmen turkic hui han dungan manchu mongol oirat kalmyk sibe xibe daur salar bashkir karakalpak
    mandarin cantonese farsi dari pashto pashtun urdu muslim islamic christian buddhist hindu sikh
    catholic orthodox protestant sunni shia shiite sufi communist marxist maoist leninist stalinist nazi
    western eastern central-asian
"""
PEOPLES = _set(_PEOPLES)
PLACE_ACRONYMS = _set("US USA UK UAE USSR PRC DRC DPRK ROK ROC XUAR XAR UAR NYC LA HK")
# in capitals, and no names
NO_ACRONYMS = _set(
    "OK TV AM PM CEO DVD PDF URL FAQ ID GPS DNA AD BC BCE CE VIP PR IT HR IQ GDP PIN SMS PC MP MPS QA SIM"
)


def is_people(word: str) -> bool:
    """Tell whether a word names a people, faith or language: Kazakh, Kazakhs, Uyghurs."""
    low = word.lower()
    return low in PEOPLES or (low.endswith("s") and low[:-1] in PEOPLES)


def is_ordinary(word: str) -> bool:
    """Tell whether a word is plain English, so that a capital at the beginning of a sentence says nothing."""
    low = word.lower()
    return low in FUNCTION or low.removesuffix("s") in FUNCTION or low in CALENDAR
