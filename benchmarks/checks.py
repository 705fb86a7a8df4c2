"""Reference-free checks: false alarms on human translations, and how much planted damage is found.

    TERJIMAN_EVAL=FOLDER python -m benchmarks.checks [LANG…]

FOLDER holds `ntrex/ntrex.{en,kk,ug,ru,zh}` (NTREX-128, github.com/MicrosoftTranslator/NTREX, CC BY-SA 4.0),
with `terms.tsv` and `term_occurrences.jsonl` of names in it, and `domain/domain.{en,kk,ug,ru,zh}`,
line-parallel. On these the thresholds were set. The others were not looked at for that: `udhr/udhr_*.xml`
(github.com/eric-muller/udhr) and `wmt25-terminology/` (WMT25 Terminology Shared Task, CC BY-NC 4.0) with what
real systems wrote. A set that is not there is told and left out.

Human translations have slips of their own, so a false alarm here is an upper bound. Each kind of damage is
done to up to 200 lines a language, chosen with a fixed seed; damage is found if there is an error or warning
that the undamaged line does not have.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.checks_data import (
    LANGS,
    Lines,
    chinese,
    declaration,
    outputs,
    parallel,
    russian,
)
from benchmarks.checks_names import lost_names
from corpora.records import Flag
from pipeline.quality.checks import check

PLANTS = 200
SEED = 7
Damage = Callable[[str, str, str, Lines, int, random.Random], str | None]
# a loop as a reader would call it: the same four characters or more three times, whatever stands between
_LOOP = re.compile(r"(.{4,200}?)\W*(?:\1\W*){2,}", re.DOTALL)

_CHATTER = {
    "kk": "Міне, аударма: ",
    "ug": "تەرجىمىسى: ",
    "ru": "Вот перевод на русский язык: ",
    "zh": "以下是翻译：",
}
_OTHER = {"kk": "ru", "ru": "kk", "ug": "zh", "zh": "ug"}


def grave(flags: list[Flag]) -> set[tuple[str, str]]:
    """Return what tells flags apart, leaving out information."""
    return {(flag.check, flag.message) for flag in flags if flag.severity != "info"}


def false_alarms(name: str, lines: Lines, lang: str) -> None:
    """Print the share of human translations with an error, and with no worse than a warning."""
    errors = warnings = 0
    kinds: Counter[str] = Counter()
    for source, target in zip(lines["en"], lines[lang], strict=True):
        flags = check(source, target, lang)
        severities = {flag.severity for flag in flags}
        errors += "error" in severities
        warnings += "error" not in severities and "warning" in severities
        kinds.update({f"{flag.check}/{flag.severity}" for flag in flags if flag.severity != "info"})
    total = len(lines["en"])
    print(f"{name} {lang}: error {errors / total:.2%}, warning {warnings / total:.2%} of {total} lines")
    print("    " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))


def drop_number(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Take out one number of two digits or more that both sides have."""
    numbers = [n for n in re.findall(r"(?<![\d.,])\d{2,}(?![\d.,]\d)", target) if n in source]
    return re.sub(rf"(?<!\d){dice.choice(numbers)}(?!\d)", "", target) if numbers else None


def change_number(
    source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random
) -> str | None:
    """Change one digit of a number that both sides have."""
    numbers = [n for n in re.findall(r"(?<![\d.,])\d+(?![\d.,]\d)", target) if n in source and n != "0"]
    if not numbers:
        return None
    number = dice.choice(numbers)
    at = dice.randrange(len(number))
    digit = dice.choice([d for d in "123456789" if d != number[at]])
    return re.sub(rf"(?<!\d){number}(?!\d)", number[:at] + digit + number[at + 1 :], target)


def loop_phrase(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Say a phrase of the line again and again, from its place to the end."""
    if lang == "zh":
        length = dice.randint(2, 8)
        if len(target) < length + 2:
            return None
        start = dice.randrange(len(target) - length)
        return target[: start + length] + target[start : start + length] * dice.randint(3, 40)
    words = target.split()
    length = dice.randint(1, 5)
    if len(words) < length + 2:
        return None
    start = dice.randrange(len(words) - length)
    phrase = words[start : start + length]
    return " ".join(words[: start + length] + phrase * dice.randint(3, 40))


def other_language(
    source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random
) -> str | None:
    """Put the translation into another language in its place, the closest there is."""
    return lines[_OTHER[lang]][i] if _OTHER[lang] in lines else None


def copy_source(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Put the source in place of the translation."""
    return source


def delete_half(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Break off after half of the text."""
    words = list(target) if lang == "zh" else target.split(" ")
    least = 13 if lang == "zh" else 8  # characters, words: about as much text
    return ("" if lang == "zh" else " ").join(words[: len(words) // 2]) if len(words) >= least else None


def drop_sentence(
    source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random
) -> str | None:
    """Two segments in one, the translation of the second, a whole sentence, left out."""
    left_out = lines["en"][i + 1] if i + 1 < len(lines["en"]) else ""
    return target if len(left_out.split()) > 3 and left_out.rstrip('"”’)')[-1:] in ".!?;" else None


def leave_english(
    source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random
) -> str | None:
    """Put four words of the source in place of a fifth of the translation."""
    words = [word for word in source.split() if word.isascii()]
    if len(words) < 8:
        return None
    start = dice.randrange(1, len(words) - 4)
    fragment = " ".join(words[start : start + 4])
    cut = len(target) // 5
    at = dice.randrange(len(target) - cut)
    return f"{target[:at]} {fragment} {target[at + cut :]}"


def mix_script(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Put a word of a third script into the text."""
    donor = {"kk": "ug", "ru": "zh", "ug": "ru", "zh": "ru"}[lang]
    words = re.findall(r"[^\W\d_a-zA-Z]{3,8}", lines[donor][i]) if donor in lines else []
    if not words:
        return None
    at = dice.randrange(len(target))
    return f"{target[:at]} {dice.choice(words)} {target[at:]}"


def chat(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Let a chat model announce its translation."""
    return _CHATTER[lang] + target


def nothing(source: str, target: str, lang: str, lines: Lines, i: int, dice: random.Random) -> str | None:
    """Leave nothing."""
    return ""


DAMAGES: dict[str, Damage] = {
    "number dropped": drop_number,
    "number changed": change_number,
    "phrase repeated": loop_phrase,
    "another language": other_language,
    "source copied": copy_source,
    "second half cut": delete_half,
    "sentence left out": drop_sentence,
    "English left in": leave_english,
    "script mixed": mix_script,
    "chatter": chat,
    "empty": nothing,
}


def planted(lines: Lines, lang: str) -> None:
    """Print, for each kind of damage, how often it is found, and how often as an error."""
    for name, damage in DAMAGES.items():
        dice = random.Random(SEED)
        order = list(range(len(lines["en"])))
        dice.shuffle(order)
        done = found = errors = 0
        for i in order:
            if done == PLANTS:
                break
            source, target = lines["en"][i], lines[lang][i]
            text = damage(source, target, lang, lines, i, dice)
            if text is None or (text == target and damage is not drop_sentence):
                continue
            shown = f"{source} {lines['en'][i + 1]}" if damage is drop_sentence else source
            before = grave(check(source, target, lang))
            flags = [flag for flag in check(shown, text, lang) if (flag.check, flag.message) not in before]
            done += 1
            found += any(flag.severity != "info" for flag in flags)
            errors += any(flag.severity == "error" for flag in flags)
        if done:
            print(f"    {name:18} {found / done:6.1%} found, {errors / done:6.1%} as errors ({done} plants)")


def real_output(root: Path) -> None:
    """Print what is found in the output of real systems, and whether every loop of theirs is."""
    lines: Counter[str] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for system, source, target, lang in outputs(root):
        flags = check(source, target, lang)
        lines[system] += 1
        for severity in ("error", "warning"):
            found[system, severity] += any(flag.severity == severity for flag in flags)
        loop = next((one for one in _LOOP.finditer(target) if any(map(str.isalpha, one[1]))), None)
        if loop and not _LOOP.search(source):
            found[system, "loops"] += 1
            seen = any(flag.check == "repetition" for flag in flags)
            found[system, "seen"] += seen
            if not seen:
                print(f"    missed: {system}: {loop[0][:60]!r}")
    for system, count in lines.items():
        shares = {severity: found[system, severity] / count for severity in ("error", "warning")}
        print(
            f"    {system:18} error {shares['error']:6.1%}, warning {shares['warning']:6.1%} of {count}; "
            f"loops found {found[system, 'seen']} of {found[system, 'loops']}"
        )


def main() -> None:
    """Run on the folder of `TERJIMAN_EVAL`, for the languages given or all."""
    root = Path(os.environ.get("TERJIMAN_EVAL", ""))
    if not (root / "ntrex").is_dir():
        sys.exit("set TERJIMAN_EVAL to the evaluation folder; see the top of this file")
    langs = sys.argv[1:] or list(LANGS)
    there = {name for name in ("domain", "udhr", "wmt25-terminology") if (root / name).is_dir()}
    for name in sorted({"domain", "udhr", "wmt25-terminology"} - there):
        print(f"{name} is not in the folder and is left out")
    news = parallel(root, "ntrex")
    kept = {"udhr": declaration(root)} if "udhr" in there else {}
    if "wmt25-terminology" in there:
        kept |= {"wmt25 en-ru": russian(root), "wmt25 en-zh": chinese(root)}
    print("--- tuned on")
    for lang in langs:
        false_alarms("ntrex", news, lang)
        if "domain" in there:
            false_alarms("domain", parallel(root, "domain"), lang)
        planted(news, lang)
        if (root / "ntrex" / "term_occurrences.jsonl").is_file():
            lost_names(root, news, lang)
    print("--- not tuned on")
    for lang in langs:
        for name, lines in kept.items():
            if lang in lines:
                false_alarms(name, lines, lang)
                planted(lines, lang)
    if "wmt25-terminology" in there:
        print("--- output of real systems")
        real_output(root)


if __name__ == "__main__":
    main()
