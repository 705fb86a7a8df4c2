"""Relational adjectives of cities: пекинская полиция for *Beijing police*.

A city in attributive use becomes an adjective in -ский («Русская грамматика», 1980, vol. 1). Which one it is
no rule tells (Алматы: алматинский, Женева: женевский), so there is a table; compare Е. А. Левашов,
«Географические названия: прилагательные, образованные от них, названия жителей» (2000).
"""

from __future__ import annotations

from collections.abc import Iterator

from glossary.inflection import Form, Lemma
from glossary.inflection.russian_endings import CASES, adjective

KIND = "adjective of place"
"""The kind of a lemma that is such an adjective; no glossary can give it."""

_ADJECTIVES = {
    **{"Пекин": "пекинский", "Шанхай": "шанхайский", "Гонконг": "гонконгский", "Тайбэй": "тайбэйский"},
    **{"Урумчи": "урумчийский", "Кашгар": "кашгарский", "Хотан": "хотанский", "Кульджа": "кульджинский"},
    **{"Турфан": "турфанский", "Лхаса": "лхасский", "Нанкин": "нанкинский", "Ухань": "уханьский"},
    **{"Алматы": "алматинский", "Алма-Ата": "алма-атинский", "Астана": "астанинский"},
    **{"Бишкек": "бишкекский", "Ташкент": "ташкентский", "Самарканд": "самаркандский"},
    **{"Москва": "московский", "Санкт-Петербург": "санкт-петербургский", "Киев": "киевский"},
    **{"Минск": "минский", "Варшава": "варшавский", "Прага": "пражский", "Вена": "венский"},
    **{"Берлин": "берлинский", "Мюнхен": "мюнхенский", "Женева": "женевский", "Цюрих": "цюрихский"},
    **{"Париж": "парижский", "Страсбург": "страсбургский", "Брюссель": "брюссельский"},
    **{"Гаага": "гаагский", "Амстердам": "амстердамский", "Стокгольм": "стокгольмский"},
    **{"Лондон": "лондонский", "Рим": "римский", "Мадрид": "мадридский", "Афины": "афинский"},
    **{"Стамбул": "стамбульский", "Тегеран": "тегеранский", "Кабул": "кабульский", "Дели": "делийский"},
    **{"Вашингтон": "вашингтонский", "Нью-Йорк": "нью-йоркский", "Чикаго": "чикагский"},
    **{"Токио": "токийский", "Сеул": "сеульский", "Сингапур": "сингапурский"},
    **{"Сидней": "сиднейский", "Каир": "каирский"},
}
_GENDERS = {"m": "ий", "f": "ая", "n": "ое", "pl": "ие"}


def relational(lemma: Lemma) -> Lemma | None:
    """Return the adjective of a place, None where the table has none."""
    text = _ADJECTIVES.get(lemma.text) if lemma.kind == "place" and not lemma.invariable else None
    return Lemma(text, "ru", KIND) if text else None


def forms(lemma: Lemma) -> Iterator[Form]:
    """Yield the forms of such an adjective, with features as `adj.f.gen`."""
    for gender, ending in _GENDERS.items():
        for animate in (False, True):
            cases = adjective(lemma.text[:-2] + ending, gender, animate=animate) or {}
            for case in CASES:
                for index, text in enumerate(cases.get(case, ())):
                    yield Form(text, f"adj.{gender}.{case}", preferred=not index)
