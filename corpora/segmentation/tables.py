"""What each language's writing brings to sentence boundaries: abbreviations, openers, words of speech.

Abbreviations are lower case, without the final full stop; inner stops stay (`u.s`, `т.б`). Four kinds:

- `leading` stand before what they belong to (titles, `им.`, `e.g.`): never a boundary after them;
- `numbering` are leading where a number follows (`No. 5`, `ст. 12`), ordinary words otherwise;
- `trailing` can be followed by a name (`Inc.`, `U.S.`, `Jan.`): a boundary only where the next word opens a
  sentence;
- `closing` end what they belong to (`т.б.`, `тыс.`): a boundary where a capital letter follows, none before
  digits.

`counted` are closing after a number (`2018 г.`, `10 см.`) and leading otherwise (`г. Алматы`, `см. рис. 2`).
`openers` are words that, capitalised, begin sentences and hardly ever continue a name. `speech` matches the
words that report what was just said in quotes, where no capital letter tells whether a sentence goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables of one language; see the module."""

    leading: frozenset[str] = frozenset()
    numbering: frozenset[str] = frozenset()
    trailing: frozenset[str] = frozenset()
    closing: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    speech: re.Pattern[str] | None = None
    speech_after_stop: re.Pattern[str] | None = None
    counted: frozenset[str] = frozenset()


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Sources: The Chicago Manual of Style, ch. 10, and AP usage for titles, months, states, companies.
ENGLISH = Rules(
    leading=_words(
        """mr mrs ms mx messrs mmes dr drs prof rev revd fr sr sra srta st sts ste mt ft gen col lt ltcol maj
        capt cpt cmdr adm sgt cpl pvt brig gov lt.gov sen sens rep reps pres hon amb supt insp det msgr
        assoc asst atty mlle mme abp bp ven
        e.g i.e viz cf vs v ca approx incl esp dept univ assn bros fig eq ed eds"""
    ),
    numbering=_words(
        "no nos p pp ch chap sec sect art arts para paras fig figs vol vols ver ref tel ext op bk pt"
    ),
    trailing=_words(
        """inc ltd co corp plc llc jr sr esq ph.d m.d b.a m.a b.sc m.sc d.c u.s u.s.a u.k u.n e.u u.s.s.r
        p.r.c r.o.c a.m p.m a.d b.c b.c.e c.e etc et.al al est dept min max ave blvd rd ln hwy jan feb mar apr
        jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun ala ariz ark calif colo conn
        del fla ga ill ind kan ky la mass md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash
        wis wyo n.y n.j n.h n.m n.c n.d s.c s.d w.va r.i l.a"""
    ),
    openers=_words(
        """the a an this that these those there here it its he she his her they their we our you your i my but
        and or so yet if in on at by for from with as after before when while where since although though
        because until once during under over between among despite however moreover meanwhile then now today
        yesterday what why how who which whose not no yes some many most several all both each every one two
        three another other such even only just still also according asked earlier later last next"""
    ),
    speech=re.compile(
        r"(?:(?!(?:He|She|They|It|I|We|You)\b)[A-Z][\w’'.-]*\s+){1,4}(?:said|says|asked|asks|told|wrote|"
        r"writes|cried|shouted|replied|answered|added|recalled|exclaimed|whispered)\b"
        # a witness quotes herself; what else she says begins a sentence of its own (I said nothing.)
        r"|I\s+(?:said|asked|told|cried|shouted|replied|answered|added|whispered|thought)"
        r"(?=\s*[.,;:!?]|\s+(?:him|her|them|my|the|a|at|back|again|to|in|with|as|when|and)\b)"
    ),
)

# Sources: Розенталь, Справочник по правописанию, §§ 207-210; ГОСТ 7.0.12-2011 (сокращения).
RUSSIAN = Rules(
    leading=_words(
        """им ул пл просп пр-т пер бул наб оз акад проф доц чл.-корр докт канд инж ген ген.-м ген.-л полк
        подполк кап лейт серж св преп прот архиеп еп г-н г-жа гр тов т.е т.н т.к т.о т.ч напр ср рис табл илл
        изд ред сост пер англ нем фр франц исп итал лат греч рус русск кит каз уйг тур пос дер обл респ р-н
        гос зам дж"""
    ),
    numbering=_words("ст стр с п пп гл разд т тт кн вып №№ рис табл ок д кв корп оф тел абз ч"),
    closing=_words(
        """т.д т.п др пр д п н.э млн млрд трлн тыс руб коп долл мин сек час ч кг км мм га проц чел экз шт
        рт.ст"""
    ),
    counted=_words("г гг в вв см"),
    openers=_words(
        """в во на с со к ко о об от до за из у по при без для но а и или если когда где как что кто это этот
        эта эти тот та те он она они оно его её ее их мы вы я ты мой наш ваш не ни да нет так там тут здесь
        теперь тогда после перед во-первых однако поэтому потом также кроме хотя пока уже ещё еще все всё
        многие некоторые согласно сейчас сегодня вчера затем между несмотря"""
    ),
)

# Sources: Қазақ тілінің орфографиялық анықтағышы (қысқартулар).
KAZAKH = Rules(
    leading=_words(
        """акад проф доц ген инж канд докт т.ғ.к ф.ғ.к т.ғ.д ф.ғ.д п.ғ.к мыс қар яғни м.а ауд обл көш даңғ мкр
        им ул г-н ред құраст ауд басп сур кест дж"""
    ),
    numbering=_words("б бб т тт бап тарм №№ п ст с бет сур кест тел"),
    closing=_words(
        """т.б т.с.с т.с б.з.б б.з б.э.д ш қ млн млрд трлн мың тг долл мин сек сағ кг км см мм га т.д т.п др
        н.э"""
    ),
    counted=_words("ж жж ғ ғғ г гг"),
    openers=_words(
        """бұл ол осы сол олар біз мен сен сіз бірақ ал және алайда сондықтан сонымен содан егер онда мұнда
        осында қазір бүгін кеше кейін дегенмен сондай-ақ тіпті әрі немесе не неге қалай кім қандай қашан
        барлық көп кейбір оның олардың біздің менің бізге оған соған осыдан соңғы жалпы бір екі үш тағы"""
    ),
)

# Uyghur has no capital letters and few abbreviations; what tells is the word of speech after the quotes.
# Source: ھازىرقى زامان ئۇيغۇر ئەدەبىي تىلىنىڭ ئىملا قائىدىسى (تىنىش بەلگىلىرى).
_UYGHUR_SPEECH = re.compile(
    r"(?:دە(?:پ|يدۇ|ۋاتىدۇ)|دې(?:دى|گەن|مەك|يىش|يدى|يتتى)|دەيدىغان|سورىدى|جاۋاب\s+بەردى)"
)
UYGHUR = Rules(
    leading=_words("د دوك پروف ق"),
    speech=_UYGHUR_SPEECH,
    speech_after_stop=_UYGHUR_SPEECH,
)

# After a full stop inside the quotes only a clause that ends with its verb of speech belongs to them.
_CHINESE_VERB = r"(?:说|說|问|問|道|喊|叫|答|写道|告诉)"
CHINESE = Rules(
    speech=re.compile(
        r"[^，。！？；：,.!?“”\"「」『』\s]{0,15}?(?:"
        + _CHINESE_VERB
        + r"|表示|称)(?:道|他|她|我|他们|我们)?[，。：,.:]"
    ),
    speech_after_stop=re.compile(
        r"[^，。！？；：,.!?“”\"「」『』\s]{0,20}?" + _CHINESE_VERB + r"(?:道|他|她|我|他们|我们)?。"
    ),
)

TABLES: dict[str, Rules] = {
    "en": ENGLISH,
    "kk": KAZAKH,
    "ug": UYGHUR,
    "ru": RUSSIAN,
    "zh": CHINESE,
}
