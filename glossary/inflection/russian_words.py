"""Short word lists that Russian inflection needs, each closed and checked by hand.

Sources: А. В. Суперанская, «Словарь русских личных имён» (1998); Л. П. Калакуцкая, «Склонение фамилий и
личных имён в русском литературном языке» (1984); Д. Э. Розенталь, «Справочник по правописанию и
литературной правке», § 149 (names) and § 197 (place names after a generic word); Л. К. Граудина,
В. А. Ицкович, Л. П. Катлинская, «Словарь грамматических вариантов русского языка» (2001).
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words(
    "ван фон де дер ден дю ди да дос ла ле эль аль аш ас ад ан ибн бин бен бинт тен цу и оглы кызы уулу"
)
"""Parts of a name that are written small and never change."""

LINKS = _words("на под над в де дель ди ла ле лез сюр ам дю о оф по за у")
"""Words inside a hyphenated place name after which nothing changes (Ростов-на-Дону)."""

DECLINED_ABBREVIATIONS = _words("МИД ТАСС ГУЛАГ СПИД ОМОН НЭП ВУЗ ЗАГС БАМ ИГИЛ ВИЧ")
"""Abbreviations read as a word that end in a consonant and take endings in common use."""

FRENCH_FINAL_A = _words("дюма золя петипа дега тома фермата люка гамарра труа труайя белафонте")
"""Foreign surnames with the stress on a final -а: they never change."""

FOREIGN_IN = _words(
    "чаплин дарвин кронин дарузин бакстерин грин мартин франклин коллин бюлов гутцков флотов квин остин "
    "болдуин"
)
"""Foreign surnames in -ин and -ов: instrumental in -ом."""

FOREIGN_IKH = _words("рерих рёрих дитрих ульрих эрлих гейдрих фрейндлих мейерих фридрих генрих")
"""Foreign names in -их, which decline, unlike Черных and Долгих."""

STRESSED_ICH = _words("ильич кузьмич лукич фомич")
"""Patronymics with a stressed -ич: instrumental in -ом."""

FLEETING = {"павел": "павл", "лев": "льв", "пётр": "петр", "петр": "петр"}
"""Given names whose stem changes before an ending."""

MEN_IN_A = _words(
    "никита илья фома лука савва кузьма мустафа муса иса яхья закария абдулла насрулла саша женя валя "
    "паша миша гриша витя лёня вова дима коля толя ваня петя алёша юра гена слава зия мурза"
)
"""Men's names in -а and -я."""

APPOSITIVE_PLACES = _words("город село деревня посёлок поселок станица аул")
"""After these a declinable place name may agree (в городе Кашгаре) or stand unchanged (в городе Кашгар)."""

FAMILY_FIRST = _words(
    "ван ли чжан лю чэнь ян хуан чжао у чжоу сюй сунь ма чжу ху го хэ гао линь ло чжэн лян се сун тан "
    "хань фэн дэн цао пэн цзэн сяо тянь дун пань юань цай цзян юй ду е чэн вэй су люй дин жэнь лу яо "
    "шэнь цуй чжун фань ляо ши цзинь цзя ся фу фан цзоу сюн бай мэн цинь цю хоу инь сюэ янь дуань лэй "
    "лун тао мао вань гу лай кан си вэн ао жуй бо чу цзи хун шан шао цян вэнь пу нин чжай пак пэк ким "
    "цой чой чон чо юн лим о син квон хван ан хо но мин мун нгуен чан ле фам фан ву данг буй до нго "
    "зыонг во тэ сыма оуян сыту хуанфу шангуань шэн цзо ци мо ню кун чан лань мяо цюй гэ гун пан ин цяо "
    "тэн сан луань чи ай ань бао би бянь гуань гуй дай доу жун кэ куан лоу мэй не ни пэй синь тань тун фэй "
    "хуа цэнь цюань чай чжань чжо чжэнь шу шуай юэ цзе"
)
"""Chinese (Palladius), Korean and Vietnamese family names: they stand first and do not change."""

PLURAL_WITHOUT = {"лагерь": "лагери"}
"""Plurals the dictionary lists that mean something else: лагери are political blocs, not places."""

ALSO_OV = _words("уйгур туркмен башкир бурят")
"""Peoples with two genitives of the plural: уйгур and уйгуров."""

PREPOSITIONS = _words(
    "в во на по без для из изо к ко о об от до за при про с со у над под против между через ради среди перед"
)
"""No noun behind one is the head of a phrase: пропавшие без вести."""

EITHER_GENDER = _words("сычуань хунань юньнань хэнань")
"""Chinese provinces that are feminine in present usage and masculine in older dictionaries."""

TITLES = _words(
    "доктор президент профессор имам генерал король королева принц принцесса господин госпожа "
    "председатель министр мать отец папа святой шейх султан эмир хан"
)
"""Titles that may stand before a name with a capital and decline as common nouns."""
