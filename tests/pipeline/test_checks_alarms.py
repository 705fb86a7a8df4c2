"""Right translations of testimony and news raise no false alarm; wrong ones of the same kind do."""

from __future__ import annotations

import pytest

from pipeline.quality.checks import check


def _found(source: str, target: str, lang: str) -> dict[str, str]:
    """Return check -> severity of the flags, the gravest kept, information left out."""
    flags = reversed(check(source, target, lang))
    return {flag.check: flag.severity for flag in flags if flag.severity != "info"}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("zh", "The interpreter asked me: “Do you understand?”", "翻译问我：“你明白吗？”"),
        ("zh", "The translator said: “Sign here.”", "翻译说：“在这里签字。”"),
        ("zh", "This is my interpreter.", "这是我的翻译。"),
        (
            "ru",
            "The money transfer took two days: banks were closed.",
            "Перевод занял два дня: банки не работали.",
        ),
        ("ru", "Transfer: 500 yuan", "Перевод: 500 юаней"),
        ("kk", "Here comes the interpreter.", "Міне, аудармашы келді."),
        ("kk", "Warning: the road is closed.", "Ескерту: жол жабық."),
        ("ru", "Comment: the figures are from 2019.", "Примечание: данные за 2019 год."),
        ("ug", "Explanation: he was never tried.", "ئىزاھات: ئۇ سوتلانمىغان."),
    ],
)
def test_interpreters_transfers_and_remarks_are_no_chatter(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("zh", "Sorry, I can't answer that question.", "对不起，我不能回答这个问题。"),
        ("ru", "Sorry, I can't answer that question.", "Извините, я не могу ответить на этот вопрос."),
        ("kk", "Sorry, I can't answer that question.", "Кешіріңіз, мен бұл сұраққа жауап бере алмаймын."),
        ("ug", "Sorry, I can't answer that question.", "كەچۈرۈڭ، مەن بۇ سوئالغا جاۋاب بېرەلمەيمەن."),
        ("kk", "Sorry, I can't come today.", "Кешіріңіз, мен бүгін келе алмаймын."),
        ("ru", "Sorry, I can't take you there.", "Извините, я не могу отвезти вас туда."),
        ("zh", "I cannot answer this question.", "我无法回答这个问题。"),
    ],
)
def test_a_witness_who_cannot_answer_is_no_refusal(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("zh", "你好，这个问题我暂时无法回答，让我们换个话题再聊聊吧。"),
        ("zh", "我无法回答这个问题。"),
        ("ru", "Я не могу выполнить этот запрос."),
        ("kk", "Өкінішке орай, мен бұл сұрауды орындай алмаймын."),
        ("ug", "كەچۈرۈڭ، مەن بۇ تېكىستنى تەرجىمە قىلالمايمەن."),
    ],
)
def test_a_refusal_is_an_error_and_a_warning_where_the_source_is_sorry(lang: str, target: str) -> None:
    assert _found("The guards beat him every day and he cried.", target, lang).get("refusal") == "error"
    assert _found("I cannot forget how they beat him.", target, lang).get("refusal") == "warning"


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("zh", "译文：看守每天打他，他哭了。"),
        ("zh", "翻译如下：看守每天打他，他哭了。"),
        ("ru", "Перевод на русский язык: Охранники каждый день били его, и он плакал."),
        ("kk", "Қазақша аудармасы: Күзетшілер оны күн сайын ұрды, ол жылады."),
        ("ug", "تەرجىمە: قاراۋۇللار ئۇنى ھەر كۈنى ئۇردى، ئۇ يىغلىدى."),
    ],
)
def test_an_announced_translation_is_chatter(lang: str, target: str) -> None:
    assert _found("The guards beat him every day and he cried.", target, lang).get("chatter") == "error"


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("kk", "Some 30 to 40 thousand people came.", "30 мыңнан 40 мыңға дейін адам келді."),
        ("ug", "Some 30 to 40 thousand people came.", "30 مىڭدىن 40 مىڭغىچە ئادەم كەلدى."),
        ("zh", "Some 30 to 40 thousand people came.", "大约3万到4万人来了。"),
        ("zh", "Some 30 to 40 thousand people came.", "大约三四万人来了。"),
        ("zh", "Between 2 and 3 million people fled.", "200万到300万人逃离。"),
        ("ru", "Between 10,000 and 12,000 people came.", "Пришло от 10 до 12 тысяч человек."),
        ("ru", "I spent 2.5 years there.", "Я провёл там два с половиной года."),
        ("kk", "I spent 2.5 years there.", "Мен онда екі жарым жыл болдым."),
        ("zh", "I spent 2.5 years there.", "我在那里待了两年半。"),
        ("zh", "I spent 2.5 years there.", "我在那里待了2年半。"),
        ("kk", "He came at 10:30 p.m.", "Ол кешкі сағат он жарымда келді."),
        ("ru", "He came at 10:30 p.m.", "Он пришёл в половине одиннадцатого вечера."),
        ("zh", "He came at 10:30 p.m.", "他晚上十点半来的。"),
        ("ug", "At half past seven they counted us.", "سائەت 7:30 دا ئۇلار بىزنى سانىدى."),
        ("ru", "They watched us 24/7.", "За нами следили круглосуточно."),
        ("kk", "She has been waiting for 24 hours.", "Ол бір тәулік бойы күтіп отыр."),
        ("ug", "She has been waiting for 24 hours.", "ئۇ بىر كېچە-كۈندۈز ساقلاۋاتىدۇ."),
        ("zh", "She has been waiting for 24 hours.", "她已经等了一天一夜。"),
        ("zh", "A year later he died.", "1年后他去世了。"),
        ("kk", "During Covid-19 nobody could leave.", "Коронавирус кезінде ешкім шыға алмады."),
        ("ru", "We lived there, the 5 of us.", "Мы жили там впятером."),
        ("kk", "They beat 7 of us.", "Біздің жетеуімізді ұрды."),
        ("ug", "In the 1990s many left for Turkey.", "توقسىنىنچى يىللاردا نۇرغۇن كىشى تۈركىيەگە كەتتى."),
        ("kk", "The 21st century began.", "ХХІ ғасыр басталды."),
        ("ug", "It happened at 02:30.", "بۇ ئىش سائەت 02:30 يۈز بەردى."),
        ("ug", "He waited until May.", "ئۇ 5-ئايغىچە ساقلىدى."),
        ("zh", "From March to May he was ill.", "从3月到5月他一直生病。"),
        ("ru", "In the March on Washington he spoke.", "Он выступил на Марше на Вашингтон."),
        ("ug", "Rooms 101 and 102 were empty.", "101،102-ئۆيلەر قۇرۇق ئىدى."),
        ("ug", "Some 40,000 people came.", "تەخمىنەن 40،000 ئادەم كەلدى."),
        ("ug", "Some 1.05 million people watched.", "تەخمىنەن بىر مىليون 50 مىڭ ئادەم كۆردى."),
        ("ru", "He's 1.75 m tall.", "Его рост — 175 см."),
        ("kk", "He's 1.75 m tall.", "Оның бойы — 175 см."),
        ("zh", "She weighed 38 kg when she was released.", "她获释时体重只有76斤。"),
        ("zh", "They live 5 km from the border.", "他们住在距边境10里的地方。"),
        ("zh", "After the July 5 incident the internet was cut.", "“七五”事件后，网络被切断。"),
        ("zh", "After the July 5 incident the internet was cut.", "7·5事件后，网络被切断。"),
    ],
)
def test_numbers_as_people_say_them_are_right(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("kk", "Some 30 to 40 thousand people came.", "50 мыңнан 40 мыңға дейін адам келді."),
        ("zh", "Between 2 and 3 million people fled.", "500万到300万人逃离。"),
        ("ru", "I spent 2.5 years there.", "Я провёл там три с половиной года."),
        ("kk", "I spent 2.5 years there.", "Мен онда екі жыл болдым."),
        ("zh", "She weighed 38 kg in the cell.", "她在牢房里体重只有76公斤。"),
        ("zh", "After the July 5 incident the internet was cut.", "“六四”事件后，网络被切断。"),
        ("ru", "He came at 10:30 p.m.", "Он пришёл в десять вечера."),
        ("ru", "He has been ill since May.", "Он болен с июня."),
        ("ug", "Some 1.05 million people watched.", "تەخمىنەن بىر مىليون 60 مىڭ ئادەم كۆردى."),
        ("ug", "Some 300 people came.", "تەخمىنەن 4 يۈز ئادەم كەلدى."),
        ("ug", "Some 3 million people came.", "تەخمىنەن 2 مىليون ئادەم كەلدى."),
        ("zh", "They raised $500 million.", "他们筹集了4亿美元。"),
        ("ru", "In the second half it was 72.2 percent.", "Во второй половине было 72,7 процента."),
    ],
)
def test_a_number_near_the_right_one_is_wrong(lang: str, source: str, target: str) -> None:
    assert {"number", "date"} & set(_found(source, target, lang))


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("kk", "What happened, my brother?", "Не болды, бауырым?"),
        ("kk", "There are wonderful people in Almaty.", "Алматыда тамаша адамдар бар."),
        (
            "kk",
            "In 2016 Chen Quanguo became party secretary.",
            "2016 жылы Чэнь Цюаньго партия хатшысы болды.",
        ),
        ("ru", "She is Kazakh, and I am Turkish.", "Она казашка, а я турчанка."),
        ("ru", "The German woman left.", "Немка ушла."),
        ("ru", "Happy Labour Day!", "С Днём труда!"),
        ("kk", "1. Name and surname", "1) аты-жөні"),
        ("zh", "1. Name and surname", "1）姓名"),
        ("zh", "He paid 500 yuan.", "他付了500元人民币。"),
        ("zh", "He paid HK$500.", "他付了500港元。"),
    ],
)
def test_right_words_of_other_kinds_raise_no_alarm(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize("target", ["他欠了500元。", "他欠了500块钱。"])
def test_dollars_are_no_yuan(target: str) -> None:
    assert _found("He owed $500.", target, "zh") == {"sign": "warning"}
    assert _found("He owed 500 yuan.", target, "zh") == {}
    assert _found("He owed 500 yuan.", "他欠了500美元。", "zh") == {"sign": "warning"}


@pytest.mark.parametrize(
    "target", ["Они забрали брата утром.", "Я не знаю, куда он ушёл.", "Меня били каждый день."]
)
def test_a_short_russian_sentence_is_still_no_kazakh(target: str) -> None:
    assert _found("I do not know where he went.", target, "kk").get("wrong-language") == "error"


def test_a_bracket_that_opens_no_item_needs_its_partner() -> None:
    assert "brackets" in _found(
        "1. The camp (near Ghulja) was big.", "1) Лагерь (близ Кульджи был большим.", "ru"
    )


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("ru", "В камере было двенадцать человек, иногда восемь."),
        ("kk", "Камерада он екі адам болды, кейде сегіз."),
        ("ug", "كامېردا ئون ئىككى ئادەم بار ئىدى، بەزىدە سەككىز."),
        ("zh", "牢房里有十二个人，有时八个。"),
    ],
)
def test_a_number_in_words_that_changed_is_a_warning(lang: str, target: str) -> None:
    source = "There were twenty-two people in the cell, sometimes twenty-five."
    flags = [flag.message for flag in check(source, target, lang) if flag.severity == "warning"]
    assert [message for message in flags if "22, in words" in message]
    assert [message for message in flags if "25, in words" in message]


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("ru", "He had been there eighteen months.", "Он пробыл там полтора года."),
        ("zh", "He had been there eighteen months.", "他在那里待了一年半。"),
        ("kk", "He was born in nineteen eighty-four.", "Ол 1984 жылы туған."),
        ("ug", "Fourteen women sang.", "14 ئايال ناخشا ئېيتتى."),
        ("zh", "It is a hundred miles away.", "它在160公里外。"),
        ("ru", "They kept him for seven days.", "Его держали неделю."),
        ("ug", "They kept him for fourteen days.", "ئۇلار ئۇنى ئىككى ھەپتە تۇتۇپ تۇردى."),
        ("zh", "It took six months.", "花了半年时间。"),
        ("ru", "About six in ten are women.", "Около шестидесяти процентов — женщины."),
        ("zh", "Nine out of ten agreed.", "90%的人同意。"),
        ("ru", "About three and a half million fled.", "Бежало около 3,5 миллиона."),
        ("zh", "Six million people fled; thousands died.", "六百万人逃离，数千人死亡。"),
        ("kk", "Two thousand three hundred sheep died.", "Екі мың үш жүз қой өлді."),
        ("kk", "It took six months.", "Оған жарты жыл кетті."),
        ("ru", "It took three quarters of an hour.", "На это ушло 45 минут."),
        ("kk", "The third of the three brothers came.", "Үш ағайындының үшіншісі келді."),
        ("kk", "A third of the tenth class was absent.", "Оныншы сыныптың үштен бірі болмады."),
        ("ru", "Five million came to a meeting of two hundred.", "Пять миллионов пришли на встречу двухсот."),
    ],
)
def test_a_number_in_words_said_otherwise_is_right(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "target"),
    [
        ("ru", "Меня не было шесть месяцев."),
        ("kk", "Мен алты ай болмадым."),
        ("ug", "مەن ئالتە ئاي يوق بولدۇم."),
        ("zh", "我离开了六个月。"),
    ],
)
def test_four_months_are_no_six(lang: str, target: str) -> None:
    assert _found("I was away for four months.", target, lang) == {"number": "warning"}
    assert _found("I was away for six months.", target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("ru", "He said: 'The work is in its early stages.", "Он сказал: «Работа только начинается."),
        ("zh", "They may know what we need.'", "他们可能知道我们需要什么。”"),
        (
            "ru",
            "“I told him ‘you will not be there’,” he said.",
            "«Я сказал ему: «Тебя там не будет», — говорит он.",
        ),
        ("zh", "“Never let them see you crying,” she told me.", "她告诉我：“别让他们看到你在哭泣，”"),
        ("kk", "He was on Saturday Night Live.", "Ол Saturday Night Live бағдарламасында болды."),
    ],
)
def test_quotations_and_titles_as_they_are_written(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang) == {}


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("ru", "The workers’ leader said “stop” and left.", "Вождь рабочих сказал «стой и ушёл."),
        ("ru", "He doesn't call it a ‘camp’ now.", "Теперь он не зовёт это «лагерем."),
        ("ug", "“I told him ‘no’,” he said.", "«مەن ئۇنىڭغا «ياق دېدىم» دېدى ئۇ."),
    ],
)
def test_a_quotation_that_does_not_close_is_doubted(lang: str, source: str, target: str) -> None:
    assert _found(source, target, lang).get("quotes") == "warning"


@pytest.mark.parametrize(("lang", "target"), [("ru", "ООН"), ("kk", "БҰҰ"), ("ug", "ب د ت"), ("ug", "ب.د.ت")])
def test_a_name_in_initials_is_not_too_short(lang: str, target: str) -> None:
    assert "length" not in _found("United Nations Organization", target, lang)


def test_a_short_label_is_a_warning_and_a_short_sentence_an_error() -> None:
    assert _found("Ministry of Foreign Affairs", "外交部", "zh") == {"length": "warning"}
    assert _found("The ministry of foreign affairs denied it.", "外交部。", "zh").get("length") == "error"
    assert _found("The ministry of foreign affairs denied it.", "МИД.", "ru").get("length") == "error"


@pytest.mark.parametrize(
    ("lang", "source", "target"),
    [
        ("ru", "Seven weeks later he signed.", "Через девять недель он подписал."),
        ("zh", "Seven weeks later he signed.", "九个星期后，他签了字。"),
        (
            "ru",
            "It was 14 May 2021 and lasted twenty minutes.",
            "Было 14 мая 2021 года, это длилось тридцать минут.",
        ),
        ("ru", "Six million people need help.", "Восемь миллионов человек нуждаются в помощи."),
        ("zh", "Six million people need help.", "八百万人需要帮助。"),
    ],
)
def test_a_changed_number_in_words_is_not_excused_by_its_neighbours(
    lang: str, source: str, target: str
) -> None:
    assert "number" in _found(source, target, lang)


def test_titles_and_characters_of_two_scripts_are_let_be() -> None:
    source = "The newspaper Ana Tili came out."
    assert "wrong-language" not in _found(source, "Вышла газета «Ана тілі».", "ru")
    assert _found(source, "Вышла газета Ана тілі.", "ru").get("wrong-language") == "error"
    assert "wrong-language" not in _found("A man watched from the tower.", "有人在瞭望台上瞭望。", "zh")
    assert _found("A man came from Taiwan.", "有人从臺湾来。", "zh").get("wrong-language") == "warning"
