"""The words of chat models: preambles, refusals, notes and alternatives, in the five languages.

Each function returns the words it found in an answer, empty where there are none or where the source says
such a thing itself.
"""

from __future__ import annotations

import regex

_I = regex.IGNORECASE

# a whole line that announces a translation; it ends in a colon, or is a bare pleasantry with an end mark
_OPENER = (
    r"(?:(?:sure|certainly|of course|okay|ok|absolutely|конечно|хорошо|әрине|жарайды|ئەلۋەتتە|ماقۇل|当然|好的"
    r"|没问题)(?:\s+thing)?[!,.،，！。]?\s*)"
)
_LANGUAGE = (
    r"(?:kazakh|uyghur|uighur|russian|(?:simplified )?chinese|английск\w*|русск\w*|казахск\w*|уйгурск\w*|"
    r"китайск\w*|қазақ\w*|орыс\w*|ұйғыр\w*|қытай\w*|哈萨克[语文]|维吾尔[语文]|俄[语文]|中文|简体中文|汉语|"
    r"ئۇيغۇرچە|قازاقچە|رۇسچە|خەنزۇچە)"
)
_ANNOUNCEMENT = (
    rf"(?:here(?:'s|’s| is| are) (?:the|your|a|my) (?:{_LANGUAGE} )?translat(?:ion|ed)\b[^\n:]{{0,60}}"
    rf"|(?:the )?(?:{_LANGUAGE} )?translat(?:ion|ed text)(?: (?:in|into|to) {_LANGUAGE})?"
    rf"|(?:вот|ниже) (?:ваш |мой )?перевод\b[^\n:]{{0,60}}|перевод(?: на {_LANGUAGE}(?: язык)?)?"
    r"|(?:міне|төменде)\b[^\n:]{0,30}аударма[^\n:]{0,30}"
    rf"|(?:{_LANGUAGE} )?(?:тіліне? )?аударма(?:сы)?"
    r"|(?:以下|下面|这)是?[^\n:：]{0,20}(?:翻译|译文)[^\n:：]{0,12}"
    rf"|(?:{_LANGUAGE})?(?:翻译|译文)(?:如下|结果)?"
    rf"|(?:{_LANGUAGE} )?(?:تەرجىمىسى|تەرجىمە)(?: تۆۋەندىكىچە)?"
    r"|تۆۋەندە[^\n:：]{0,40}تەرجىم[^\n:：]{0,20})"
)
_PREAMBLE_LINE = regex.compile(
    rf"\s*[*_#]{{0,3}}\s*(?:{_OPENER}?{_ANNOUNCEMENT}\s*[*_]{{0,3}}\s*[:：]\s*[*_]{{0,3}}|{_OPENER})\s*", _I
)
_PREAMBLE = regex.compile(rf"\A\s*[*_#]{{0,3}}\s*{_OPENER}?{_ANNOUNCEMENT}\s*[*_]{{0,3}}\s*[:：]", _I)
_SOURCE_PREAMBLE = regex.compile(
    r"\b(?:translat|interpret|transfer|remit)|\A\W*(?:sure|certainly|of course|okay|ok|absolutely|well|fine|"
    r"good|right|yes|no problem|all right|alright)\b",
    _I,
)

_REFUSAL = regex.compile(
    r"\bas an? (?:AI|artificial intelligence|(?:large )?language model)\b"
    r"|\AI(?:'m|’m| am) (?:sorry|afraid)?[,.]?\s*(?:but )?(?:I )?(?:(?:am )?(?:unable|not able) to"
    r"|can(?:no|['’])t)\b"
    r"|\A(?:sorry|my apologies|I apologi[sz]e)\b.{0,20}\b(?:I|we) (?:can(?:no|['’])t|am unable|won['’]t)"
    r"|\AI (?:can(?:no|['’])t|won['’]t|will not) (?:assist|help|translat|provide|fulfil|comply"
    r"|answer|discuss|generate|create|engage|continue)"
    r"|\A.{0,30}как (?:языковая модель|искусственный интеллект|ИИ)\b"
    r"|\A(?:(?:извините|простите|к сожалению|сожалею)[,.]? (?:но )?)?я не (?:могу|в состоянии|буду) "
    r"(?:помо|перев|выполн|отве|предост|обсужд|продолж)"
    r"|\A.{0,40}тілдік модель ретінде"
    r"|\A(?:кешіріңіз|өкінішке орай)[,.]? (?:бірақ )?.{0,60}(?:алмаймын|мүмкін емес)"
    r"|\A(?:мен )?(?:бұл )?.{0,30}аудар(?:а|ып бере) алмаймын"
    r"|\A.{0,12}作为(?:一个|一名)?(?:AI|人工智能|语言模型|大语言模型)"
    r"|\A(?:很|非常)?(?:抱歉|对不起)?[，,]?\s*我?(?:无法|不能|不便)(?:翻译|协助|提供|帮助|完成|回答|讨论|满足|处理)"
    r"|\A(?:你好|您好)[，,].{0,20}(?:无法|不能)(?:回答|翻译|提供|讨论)"
    r"|\A(?:كەچۈرۈڭ|ئەپسۇس|ئەپسۇسكى).{0,60}(?:ئالمايمەن|بولمايدۇ|مۇمكىن ئەمەس)"
    r"|\Aمەن .{0,40}(?:تەرجىمە قىلالمايمەن|ياردەم قىلالمايمەن|جاۋاب بېرەلمەيمەن)",
    _I,
)
_SOURCE_REFUSAL = regex.compile(
    r"\b(?:can ?not|can['’]t|unable|not able|sorry|apolog|afraid|regret|unfortunately|pardon|excuse|forgive|"
    r"won['’]t|will not|decline|refuse|couldn['’]t|could not|hello|language model|AI|artificial)",
    _I,
)

_NOTE = regex.compile(
    r"(?:\A|\n|[(（\[*])\s*[*_]{0,2}(?:(?:translator['’]s )?note|explanation|commentary|примечани[ея]"
    r"(?: переводчика)?|пояснени[ея]|объяснение|译注|译者注|注|注释|说明|解释|备注"
    r"|ескерту|түсініктеме|түсіндірме"
    r"|ئىزاھات|ئەسكەرتىش|چۈشەندۈرۈش)[*_]{0,2}\s?[:：].{0,40}",
    _I,
)
_SOURCE_NOTE = regex.compile(
    r"\bnote|\bexplan|\bexplain|\bcomment|\bremark|\bwarning|\battention|\bN\.?B\b", _I
)

_ALTERNATIVES = regex.compile(
    r"(?:\A|\n)\s*[*_#]{0,3}(?:option|alternative|version|variant|вариант|нұсқа|选项|译法|版本|ۋارىيانت|نۇسخا)"
    r"\s*(?:\d|[A-C]\b|一|二)[^\n]{0,30}"
    r"|(?:\A|\n)\s*[(（]?(?:alternatively|or alternatively|другой вариант"
    r"|немесе былай|或者(?:也可以)?(?:译为|翻译为|说)?|يەنە بىر خىل)\b?\s*[:：,，][^\n]{0,30}"
    r"|\A\s*1[.)、]\s[^\n]+\n\s*2[.)、]\s",
    _I,
)
_SOURCE_ALTERNATIVES = regex.compile(r"\boption|\balternativ|\bversion|\bvariant|\b1[.)]\s", _I)


def is_preamble_line(line: str) -> bool:
    """Tell whether a line announces a translation and says nothing else."""
    return _PREAMBLE_LINE.fullmatch(line) is not None


def source_has_preamble(source: str) -> bool:
    """Tell whether the English text itself speaks of a translation, or begins as a preamble does."""
    return _SOURCE_PREAMBLE.search(source) is not None


def preamble(text: str, source: str) -> str:
    """Return an announcement that begins an answer."""
    return "" if source_has_preamble(source) else _found(_PREAMBLE, text)


def refusal(text: str, source: str) -> str:
    """Return a refusal that begins an answer."""
    return "" if _SOURCE_REFUSAL.search(source) else _found(_REFUSAL, text)


def note(text: str, source: str) -> str:
    """Return the beginning of a note or an explanation."""
    return "" if _SOURCE_NOTE.search(source) else _found(_NOTE, text)


def alternatives(text: str, source: str) -> str:
    """Return what shows that an answer offers several translations."""
    return "" if _SOURCE_ALTERNATIVES.search(source) else _found(_ALTERNATIVES, text)


def _found(pattern: regex.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return " ".join(match[0].split()) if match else ""
