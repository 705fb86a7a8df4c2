"""How the characters sound that Chinese spells foreign names with, and how like a name a run of them is.

The table was made by hand from the characters of the usual transcription tables (Xinhua, Names of the
World's Peoples) and frequent surnames, in the phonetic spelling of `glossary.sounds`. Good enough to see
that 特朗普 stands for Trump; a name that Chinese reads otherwise is not heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product

from glossary.chinese_script import SIMPLIFIED, converted
from glossary.sounds import closeness, sounds

_PAIR = re.compile(r"([a-zJCX]+) ([\u4e00-\u9fff]+)")
# of several sounds of a character, the first is the likeliest
_TABLE = """
zi 孜 tu 吐 sun 逊 u 吾 re 热 mai 买 bu 不 mu 木 be 别 ro 肉 zai 再 nai 乃 han 汗 mon 孟 tie 铁 h 合 Jian 坚
ha 哈 ti 提 a 阿亚娅雅 ai 艾埃爱 an 安恩昂 ao 奥敖欧 e 厄俄 er 尔而耳 i 伊易依 u 乌武 o 沃 in 因英 ia 雅
io 约尤 iu 尤 ie 耶叶 ba 巴芭 be 贝 bi 比毕碧 bo 波博伯 bu 布 b 卜 ban 班本彬 bei 北 bai 拜白 bao 鲍保包
ben 本 bin 宾 ban 邦 pa 帕 pe 佩 pi 皮匹 po 波珀 pu 普浦 pan 潘 pen 彭 pei 裴 pin 平 pai 派 pao 保 da 达
de 德 di 迪蒂第 do 多朵 du 杜都 dan 丹 den 登邓 din 丁 dai 戴黛 don 东顿敦 dao 道 ta 塔 te 特忒 ti 蒂提
to 托陀 tu 图 tan 坦 ten 滕 tin 廷 tai 泰 ton 通 tao 陶 ga 加迦 ge 格 gi 吉 go 戈 gu 古谷 gan 甘 gen 根
gao 高 gai 盖 ka 卡喀 ke 克科 ki 基奇 ko 科柯 ku 库 kan 坎康 ken 肯 kin 金 kai 凯恺 kon 孔 kao 考 ha 哈
he 赫 hi 希 ho 霍 hu 胡 han 汉翰 hai 海 hen 亨 hon 洪 huan 黄 hua 华 hui 惠 va 瓦 ve 维韦 vi 维威 vo 沃
van 万文 ven 文 vin 温 vai 怀 vu 武 va 华 fa 法 fe 费菲 fi 菲费 fo 福 fu 弗福夫富 fan 范方 fen 芬 za 扎
ze 泽 zi 齐兹 zo 佐 zu 祖 zan 赞 s 兹茨 zen 曾 sa 萨莎 se 塞色 si 西希锡 so 索 su 苏 s 斯丝思 san 桑 sen 森
sin 辛 sai 赛 sun 孙 son 松宋 Xa 沙莎夏 Xe 舍 Xi 希什 Xo 肖 Xu 舒修 Xan 尚香 Xen 申 Xin 辛 Xao 肖 Xiu 休
Ja 贾扎 Je 杰 Ji 吉季基 Jo 乔若 Ju 朱 Jan 詹简 Jen 真珍 Jao 赵 Jin 金京晋 Jian 江 Jun 军俊 Ca 查恰 Ce 切
Ci 奇齐 Co 乔 Cu 丘楚 Can 钱昌陈 Cen 陈程 Cin 秦钦 Can 强 la 拉 le 勒莱 li 利里莉丽力李理立黎 lo 洛罗
lu 卢鲁路露 lan 兰朗蓝 len 伦 lin 林琳 lai 莱赖来 lao 劳 lun 伦 lon 隆龙 liu 柳刘 lian 良连 ra 拉 re 雷
ri 里 ro 罗 ru 鲁 ran 兰 ren 伦 rin 林 rai 赖莱 l 尔 r 尔 rui 瑞 rei 雷 ma 马玛麦 me 梅默 mi 米密 mo 莫摩
mu 穆姆 man 曼蒙 men 门 min 明敏 mai 迈麦 mao 毛 na 纳娜 ne 内讷 ni 尼妮 no 诺 nu 努 nan 南楠 nen 嫩 nin 宁
nai 奈 n 恩 ia 亚雅 van 王汪 u 吴 u 伍 e 埃 iu 于余 ian 杨 ian 延 iun 云 Xie 谢 Xu 徐许 Jan 张章 Jou 周
Ju 祝 gao 郜 go 郭 ho 何 Cao 曹 Cai 蔡 ku 夸 kui 奎 gui 圭 gua 瓜 Xue 薛雪 vei 卫魏 Jon 钟忠中 Jen 郑正
Jiu 究 tian 田天 bo 勃 kun 昆 gon 贡 sa 撒 ru 茹 Jo 卓 ne 涅 mi 弥 fe 斐 dai 代 go 哥 va 娃洼 pen 蓬 pan 庞
dan 当 tan 汤唐 gan 冈干 un 翁 fo 佛 zi 济 zin 津 zon 宗 Ca 察 ce 策 co 措 Can 灿 sao 绍 son 颂 Xin 欣 ri 日
Jao 焦 Jan 姜 Jon 琼 Cin 琴 hao 豪 he 黑 man 芒 nao 瑙 go 果 iao 尧 ian 扬 ion 永 iu 裕幼 fu 甫芙 ko 阔
nu 奴 hu 乎 na 那拿 ren 仁 Je 洁 Xi 茜 ro 萝 vi 薇 e 娥 da 妲 van 婉凡梵 Ci 琪绮 pin 萍 Ju 珠 se 瑟 lian 莲
re 蕾 be 蓓 me 玫湄 la 剌腊 Ja 嘉 ga 伽 po 坡 bo 泊 bao 堡 kan 堪 ka 咖 dun 盾 ti 逖 liao 辽 niu 纽 zo 左
zai 宰 mo 谟墨 mian 缅 mu 牟慕 tai 太台 ta 他 lin 玲
"""
# of these characters, the ones that running text is full of: a piece of a name has others too
_ORDINARY = frozenset(
    "不合再而因平本保高根金海文万东西中天田王毛江北南门明何云林多通武华军德约比别买热肉木提基若"
    "马张陈程黄汉里理力利立黎特真钱强正忠福夫富安恩恰切楚雪卫维方班布包毕路露连良柳龙隆内宁努敏"
    "来加第达都科尚简究余于延祝希色休修普奇代曾乃坚登迈谢法俄诺辛当汤唐济宗策措日洁果永裕幼那拿"
    "白黑乎太台他堡左宰慕墨珠干"
)
MARKS = "·・•‧"
"""Marks that stand between the parts of a foreign name."""
_MOST_READINGS = 48


@lru_cache(maxsize=1)
def readings() -> dict[str, tuple[str, ...]]:
    """Return the sounds of each character of the table, the likeliest first."""
    found: dict[str, tuple[str, ...]] = {}
    for sound, characters in _PAIR.findall(_TABLE):
        for character in characters:
            found[character] = (*found.get(character, ()), sound)
    return found


def is_sounding(character: str) -> bool:
    """Tell whether a character of either script is in the table, or a mark between the parts of a name."""
    return character in MARKS or character in readings() or _simple(character) in readings()


@lru_cache(maxsize=1 << 12)
def _simple(character: str) -> str:
    return converted(character, SIMPLIFIED) if len(character) == 1 and ord(character) > 0x2E80 else ""


def telling(text: str) -> bool:
    """Tell whether a run has a character that seldom stands in anything but foreign names."""
    return any(character not in _ORDINARY for character in text)


@lru_cache(maxsize=1 << 14)
def spelling(name: str) -> str:
    """Return how a Latin name sounds to Chinese ears: as `sounds` has it, l and r one sound."""
    return _single(sounds(name))


@lru_cache(maxsize=1 << 14)
def spellings(text: str) -> tuple[str, ...]:
    """Return how a run of characters of the table may sound, l and r one sound; marks are silent."""
    table = readings()
    choices = [table[character] for character in text if character not in MARKS]
    joined = ("".join(choice) for choice in islice(product(*choices), _MOST_READINGS))
    return tuple(dict.fromkeys(map(_single, joined)))


def _single(spelt: str) -> str:
    even = spelt.replace("l", "r")
    return "".join(letter for index, letter in enumerate(even) if not index or letter != even[index - 1])


def alike(name: str, text: str) -> float:
    """Return how much like a name, a `spelling`, a run of characters sounds, 0 to 1."""
    return max((closeness(name, one) for one in spellings(text)), default=0.0)


def alike_in_part(names: Sequence[str], text: str, *, end: bool) -> float:
    """Return how much a run sounds like the beginning of one of some names, or like its `end`, 0 to 1."""
    best = 0.0
    for name in names:
        for size in range(1, len(name) + 1):
            part = name[-size:] if end else name[:size]
            best = max(best, alike(part, text))
    return best
