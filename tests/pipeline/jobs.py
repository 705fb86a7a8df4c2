"""Small jobs for tests: three documents in three formats, translated by replaying recorded drafts."""

from __future__ import annotations

from pathlib import Path

NEWS = """# Names on a list

Aigul Serik waited in **Almaty** for news. Her brother lived in Kashgar.

- He was taken on 3 May 2018.
- Nobody saw the camp from inside.
"""
STORY = """My name is Aigul Serik. I was born in Kashgar.

I left in 2017. I never went back.
"""
TALK = """<html lang="en"><head><title>A talk</title></head><body>
<h1>A talk in Almaty</h1><p>What did you see? I saw the camp.</p>
<p>Thank you, Aigul Serik.</p></body></html>
"""
GLOSSARY = """en,aliases,type,gender,kk,ug,ru,zh
Kashgar,,place,,Қашқар,قەشقەر,Кашгар,喀什
Almaty,,place,,Алматы,ئالمۇتا,Алматы,阿拉木图
camp,,concept,,лагерь,لاگېر,лагерь,营地
"""

DRAFTS: dict[str, dict[str, str]] = {
    "Names on a list": {
        "kk": "Тізімдегі есімдер",
        "ru": "Имена в списке",
        "ug": "تىزىملىكتىكى ئىسىملار",
        "zh": "名单上的名字",
    },
    "Aigul Serik waited in Almaty for news.": {
        "kk": "Айгүл Серік Алматыда хабар күтті.",
        "ru": "Айгуль Серик ждала новостей в Алматы.",
        "ug": "ئايگۈل سېرىك ئالمۇتادا خەۋەر كۈتتى.",
        "zh": "艾古丽·塞里克在阿拉木图等消息。",
    },
    "Her brother lived in Kashgar.": {
        "kk": "Оның ағасы Қашқарда тұрды.",
        "ru": "Её брат жил в Кашгаре.",
        "ug": "ئۇنىڭ ئاكىسى قەشقەردە تۇراتتى.",
        "zh": "她的哥哥住在喀什。",
    },
    "He was taken on 3 May 2018.": {
        "kk": "Оны 2018 жылғы 3 мамырда алып кетті.",
        "ru": "Его забрали 3 мая 2018 года.",
        "ug": "ئۇنى 2018-يىلى 3-ماي ئېلىپ كەتتى.",
        "zh": "他于2018年5月3日被带走。",
    },
    "Nobody saw the camp from inside.": {
        "kk": "Лагерьді іштен ешкім көрген жоқ.",
        "ru": "Никто не видел лагерь изнутри.",
        "ug": "لاگېرنى ھېچكىم ئىچىدىن كۆرمىدى.",
        "zh": "没有人从里面看到过营地。",
    },
    "My name is Aigul Serik.": {
        "kk": "Менің атым Айгүл Серік.",
        "ru": "Меня зовут Айгуль Серик.",
        "ug": "مېنىڭ ئىسمىم ئايگۈل سېرىك.",
        "zh": "我叫艾古丽·塞里克。",
    },
    "I was born in Kashgar.": {
        "kk": "Мен Қашқарда тудым.",
        "ru": "Я родилась в Кашгаре.",
        "ug": "مەن قەشقەردە تۇغۇلغان.",
        "zh": "我出生在喀什。",
    },
    "I left in 2017.": {
        "kk": "Мен 2017 жылы кеттім.",
        "ru": "Я уехала в 2017 году.",
        "ug": "مەن 2017-يىلى كەتتىم.",
        "zh": "我2017年离开了。",
    },
    "I never went back.": {
        "kk": "Мен ешқашан қайтпадым.",
        "ru": "Я никогда не возвращалась.",
        "ug": "مەن ھېچقاچان قايتمىدىم.",
        "zh": "我再也没有回去。",
    },
    "A talk": {"kk": "Әңгіме", "ru": "Разговор", "ug": "سۆھبەت", "zh": "谈话"},
    "A talk in Almaty": {
        "kk": "Алматыдағы әңгіме",
        "ru": "Разговор в Алматы",
        "ug": "ئالمۇتادىكى سۆھبەت",
        "zh": "在阿拉木图的谈话",
    },
    "What did you see?": {
        "kk": "Сіз не көрдіңіз?",
        "ru": "Что вы видели?",
        "ug": "سىز نېمە كۆردىڭىز؟",
        "zh": "你看到了什么？",
    },
    "I saw the camp.": {
        "kk": "Мен лагерьді көрдім.",
        "ru": "Я видела лагерь.",
        "ug": "مەن لاگېرنى كۆردۈم.",
        "zh": "我看到了营地。",
    },
    "Thank you, Aigul Serik.": {
        "kk": "Рақмет, Айгүл Серік.",
        "ru": "Спасибо, Айгуль Серик.",
        "ug": "رەھمەت، ئايگۈل سېرىك.",
        "zh": "谢谢你，艾古丽·塞里克。",
    },
}

REFERENCE = "Менің атым Айгүл Серік. Мен Қашқарда туғанмын.\nМен 2017 жылы кеттім. Содан бері қайтпадым.\n"


def make_job(folder: Path, *, targets: tuple[str, ...] = ("kk", "ug", "ru", "zh"), extra: str = "") -> Path:
    """Write a job into a new folder: three documents, a glossary, recorded drafts, one reference."""
    for name, text in {
        "sources/news/report.md": NEWS,
        "sources/story.txt": STORY,
        "sources/talk.html": TALK,
        "glossary.csv": GLOSSARY,
        "references/story.kk.txt": REFERENCE,
        "drafts.tsv": drafts(DRAFTS),
        "job.toml": job_file(targets, extra),
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def drafts(table: dict[str, dict[str, str]]) -> str:
    """Return recorded drafts: source, hypothesis, language."""
    return "".join(
        f"{source}\t{text}\t{lang}\n" for source, texts in table.items() for lang, text in texts.items()
    )


def job_file(targets: tuple[str, ...], extra: str = "") -> str:
    """Return a job file."""
    names = ", ".join(f'"{lang}"' for lang in targets)
    return f"""sources = ["sources/**/*"]
targets = [{names}]
[translate]
model = "recorded:drafts.tsv"
[glossary]
files = ["glossary.csv"]
[align]
references = "references/{{path}}.{{lang}}.txt"
{extra}
{"" if "[checks]" in extra else "[checks]"}
{"" if "[checks]" in extra else 'encoder = ""'}
"""
