"""Chinese names of seas, peninsulas and mountains hold the name of a country as it is: 朝鲜半岛, 台湾海峡.

Other languages form an adjective (Корейский полуостров), so that only Chinese has the hazard. The words are
the generic terms for natural features of GB/T 18521-2001, Classification and codes of geographical names.
"""

from __future__ import annotations

from collections.abc import Sequence

from glossary.renderings import Token

_LANDFORMS = (
    *("半岛", "海峡", "群岛", "列岛", "海", "湾", "海湾", "洋", "海域", "海沟", "大陆架"),
    *("山脉", "高原", "平原", "盆地", "丘陵", "沙漠", "草原", "峡谷", "水道"),
    *("半島", "海峽", "群島", "列島", "灣", "海灣", "海溝", "山脈", "丘陵", "峽谷"),
)
_LONGEST = max(map(len, _LANDFORMS))


def before_landform(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a Chinese word for a landform begins at the token `index`, joined to the one before."""
    here = ""
    for token in tokens[index : index + _LONGEST]:
        if not token.joined:
            return False
        here += token.plain
        if here in _LANDFORMS:
            return True
    return False
