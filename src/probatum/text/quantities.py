"""The quantities that stand in a text, English or Chinese: numbers, ranges and bounds with units, and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isclose

from probatum.text import dates


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range, in the first unit of what is measured; a date has its day in `unit`."""

    low: float
    high: float
    unit: str  # mg, ml, day, month, %, /7 (of seven), times/day, mg/kg ...; empty: a bare number
    bound: str  # >, <, or empty
    start: int
    end: int
    written: float  # the first number as it stands there


# What a unit is written like -> (the first unit of its kind, how many of those it is).
_UNITS: dict[str, tuple[str, float]] = {
    **dict.fromkeys(("kg", "kilogram", "kilograms", "千克", "公斤"), ("mg", 1e6)),
    **dict.fromkeys(("g", "gram", "grams", "克"), ("mg", 1e3)),
    **dict.fromkeys(("mg", "milligram", "milligrams", "毫克"), ("mg", 1.0)),
    **dict.fromkeys(("mcg", "ug", "µg", "μg", "microgram", "micrograms", "微克"), ("mg", 1e-3)),
    **dict.fromkeys(("ng", "nanogram", "nanograms", "纳克"), ("mg", 1e-6)),
    **dict.fromkeys(("l", "liter", "liters", "litre", "litres", "升"), ("ml", 1e3)),
    **dict.fromkeys(("dl", "分升"), ("ml", 100.0)),
    **dict.fromkeys(("ml", "milliliter", "milliliters", "millilitre", "millilitres", "cc", "毫升"), ("ml", 1.0)),
    **dict.fromkeys(("iu", "u", "unit", "units", "国际单位", "单位"), ("U", 1.0)),
    **dict.fromkeys(("mol", "摩尔"), ("mmol", 1e3)),
    **dict.fromkeys(("mmol", "毫摩尔"), ("mmol", 1.0)),
    **dict.fromkeys(("umol", "µmol", "μmol", "微摩尔"), ("mmol", 1e-3)),
    **dict.fromkeys(("meq", "毫当量"), ("meq", 1.0)),
    **dict.fromkeys(("%", "percent", "per cent"), ("%", 1.0)),
    **dict.fromkeys(("second", "seconds", "sec", "秒"), ("day", 1 / 86400)),
    **dict.fromkeys(("minute", "minutes", "min", "mins", "分钟"), ("day", 1 / 1440)),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "h", "小时"), ("day", 1 / 24)),
    **dict.fromkeys(("day", "days", "d", "天", "日"), ("day", 1.0)),
    **dict.fromkeys(("week", "weeks", "wk", "周", "星期"), ("day", 7.0)),
    **dict.fromkeys(("month", "months", "mo", "个月", "月"), ("month", 1.0)),
    **dict.fromkeys(("year", "years", "yr", "yrs", "年", "岁"), ("month", 12.0)),
    **dict.fromkeys(("mm", "毫米"), ("cm", 0.1)),
    **dict.fromkeys(("cm", "centimeter", "centimeters", "centimetre", "centimetres", "厘米"), ("cm", 1.0)),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres", "米"), ("cm", 100.0)),
    **dict.fromkeys(("mmhg", "毫米汞柱"), ("mmHg", 1.0)),
    **dict.fromkeys(("kpa", "千帕"), ("mmHg", 7.500616827)),
    **dict.fromkeys(("°c", "℃", "degrees celsius", "摄氏度"), ("Cel", 1.0)),
    **dict.fromkeys(("°f", "degrees fahrenheit", "华氏度"), ("degF", 1.0)),
    **dict.fromkeys(("kcal", "千卡"), ("kcal", 1.0)),
    **dict.fromkeys(("ms", "毫秒"), ("ms", 1.0)),
    **dict.fromkeys(("bpm",), ("bpm", 1.0)),
    **dict.fromkeys(("times", "time", "次"), ("times", 1.0)),
    **dict.fromkeys(("fold", "-fold", "倍"), ("fold", 1.0)),
    **dict.fromkeys(("型",), ("type", 1.0)),
    **dict.fromkeys(("期",), ("stage", 1.0)),
    **dict.fromkeys(("级",), ("grade", 1.0)),
}
_HAN_UNIT = re.compile("[\u4e00-\u9fff]")
_LATIN = sorted((each for each in _UNITS if not _HAN_UNIT.search(each)), key=len, reverse=True)
_CHINESE = sorted((each for each in _UNITS if _HAN_UNIT.search(each)), key=len, reverse=True)
_UNIT = f"(?:(?:{'|'.join(map(re.escape, _LATIN))})(?![a-zµμ])|{'|'.join(_CHINESE)})"
_DIGITS = r"(?:(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*(?:hundred|thousand|million|billion|万|亿))?)"
_POWERS = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "万": 1e4, "亿": 1e8}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split()
)
_TENS = {
    word: 10 * place for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_WORDS = {word: float(place) for place, word in enumerate(_SMALL)} | {word: float(ten) for word, ten in _TENS.items()}
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_SMALL[1:10])})|{'|'.join(sorted(_WORDS, key=len, reverse=True))})\b"
)
_HAN_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_HAN_NUMBER = (
    r"[零〇一二两三四五六七八九十百千万]+(?=\s*(?:" + "|".join(_CHINESE) + r"|个|例|名|人|片|粒|种|分之|至|到|-|~))"
)
_NUMBER = rf"(?:{_DIGITS}|{_WORD}|{_HAN_NUMBER})"
_BEFORE = r"(?<![A-Za-z0-9_.:])(?<![A-Za-z][-–])"  # no part of a name: GBA1, IL-6, HP:0001250
_MORE = (
    r"at least|more than|over|above|greater than|no less than|minimum of|≥|>=|>|至少|不少于|不低于|超过|大于|高于|多于"
)
_LESS = r"at most|less than|under|below|fewer than|no more than|up to|maximum of|≤|<=|<|至多|最多|不超过|少于|小于|低于|不到|以内"  # noqa: E501
_AFTER_MORE = r"or (?:more|older|over|above|higher|longer|greater)|and (?:over|older|above)|以上|及以上"
_AFTER_LESS = r"or (?:less|younger|under|below|lower|fewer)|and (?:under|younger)|以下|及以下|以内"
_PER = r"(?:/|\bper\b|\ba\b|\bevery\b|\beach\b|每)\s*"
_QUANTITY = re.compile(
    rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS}))?\s*{_BEFORE}(?P<low>{_NUMBER})"
    rf"(?:\s*(?P<first>{_UNIT})?\s*(?:-|–|—|~|～|to|至|到|and(?=\s*{_NUMBER}\s*{_UNIT}))\s*(?P<high>{_NUMBER}))?"
    rf"(?:\s*-?\s*(?P<unit>{_UNIT}))?(?P<per>(?:\s*{_PER}(?:{_UNIT}|m2|m²|body weight))*)"
    rf"(?:\s*(?P<daily>daily|weekly|monthly))?(?:\s*(?:of age)?,?\s*(?:(?P<older>{_AFTER_MORE})|(?P<younger>{_AFTER_LESS})))?",  # noqa: E501
    re.IGNORECASE,
)
_RATIO = re.compile(
    rf"{_BEFORE}(?P<n>{_NUMBER})\s*(?:/|\bof(?: the)?\b|\bout of\b|\bin\b)\s*(?P<m>{_DIGITS}|{_WORD})(?![\d,]*\d)(?!\s*(?:{_UNIT}|/|-))",  # noqa: E501
    re.IGNORECASE,
)
_HAN_RATIO = re.compile(
    rf"(?P<m>\d+|{_HAN_NUMBER})\s*(?:例|名|个|位)[^0-9，。；,;]{{0,6}}?中[^0-9，。；,;]{{0,3}}?(?P<n>\d+|{_HAN_NUMBER})\s*(?:例|名|个|位|人)"
)
_PERCENT = re.compile(r"百分之\s*(?P<n>\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百]+)")
_FRACTION = re.compile(r"(?P<m>\d+|[二三四五六七八九十百]+)分之(?P<n>\d+|[一二两三四五六七八九十百]+)")
_TIMES = re.compile(
    r"\b(?P<n>once|twice|thrice)\b(?:\s*(?:(?P<per>daily|weekly|monthly)|(?:a|per|every|each)\s+(?P<unit>day|week|month|year)))?",
    re.IGNORECASE,
)
_HAN_TIMES = re.compile(r"(?:每|一)(?P<per>日|天|周|月|年)\s*(?P<n>\d+|[一二两三四五六七八九十])\s*次")
_LABEL = re.compile(
    r"\b(?P<what>type|stage|grade|class|phase|group|factor)\s+(?P<n>[IVX]{1,4}|\d{1,2})(?!\w|\.\d)", re.IGNORECASE
)
_ROMAN_HAN = re.compile(r"(?P<n>[IVX]{1,4}|[Ⅰ-Ⅻ])\s*(?P<what>型|期|级)")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}(?:st|nd|rd|th)?\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s+\d{4}"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?:\d{1,2}(?:st|nd|rd|th)?,?\s+)?\d{4}"
)
_HAN_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_CURIE = re.compile(r"\b[A-Za-z][A-Za-z0-9]*:[A-Za-z0-9_.]*\d\b")
_ROMAN = {roman: place for place, roman in enumerate("I II III IV V VI VII VIII IX X XI XII".split(), 1)}
_FULL = str.maketrans("０１２３４５６７８９．％／，～", "0123456789.%/,~")
_OFTEN = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "日": "day",
    "天": "day",
    "周": "week",
    "月": "month",
    "年": "year",
}
_TIMES_OF = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_LABELS = {"型": "type", "期": "stage", "级": "grade", "phase": "stage", "class": "grade", "group": "type"}
_NEAR = 1e-6


@lru_cache(maxsize=1 << 12)
def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text in its order; numbers within names and identifiers are none.

    What is listed before one unit ("250, 500 or 750 mg") has that unit. A mass is in mg, a volume in ml, a time up to
    weeks in days and above in months, a share of people as /m, a label ("type II", "Ⅱ型") as type, stage or grade.
    """
    plain = text.translate(_FULL)
    blank = _CURIE.sub(lambda found: " " * len(found[0]), plain)
    found: list[Quantity] = []
    for reader in (_dated, _labelled, _counted, _repeated):
        for each in reader(blank):
            found.append(each)
            blank = blank[: each.start] + " " * (each.end - each.start) + blank[each.end :]
    found += _measured(blank)
    found.sort(key=lambda each: each.start)
    return tuple(_among(list(_listed(found, plain)), plain))


def agrees(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities say the same amount: after conversion, or a count of people as its percentage.

    A bare number agrees with the same number with a unit; bounds are not looked at.
    """
    if one.unit == other.unit:
        return isclose(one.low, other.low, rel_tol=_NEAR) and isclose(one.high, other.high, rel_tol=_NEAR)
    if "%" in {one.unit, other.unit} and "/" in {one.unit[:1], other.unit[:1]}:
        counted, share = (one, other) if one.unit.startswith("/") else (other, one)
        whole = float(counted.unit[1:])
        return share.low == share.high and whole > 0 and abs(100 * counted.low / whole - share.low) <= 0.5
    return not one.unit and one.low == one.high and one.written == other.written and other.low == other.high


def opposed(one: Quantity, other: Quantity) -> bool:
    """Whether one is a lower bound and the other an upper one."""
    return {one.bound, other.bound} == {"<", ">"}


def _value(written: str) -> float:
    text = written.strip().lower()
    if text[:1].isdigit():
        digits = re.match(r"[\d,.]+", text)
        power = _POWERS.get(text[digits.end() :].strip(), 1.0) if digits else 1.0
        return float(digits[0].replace(",", "")) * power if digits else 0.0
    if text in _WORDS:
        return _WORDS[text]
    if all(letter in _HAN_DIGITS or letter in _HAN_POWERS for letter in text):
        return float(_chinese(text))
    ten, _, one = text.replace("-", " ").partition(" ")
    return _WORDS.get(ten, 0.0) + _WORDS.get(one, 0.0)


def _chinese(text: str) -> int:
    """The value of a Chinese numeral up to the ten thousands."""
    if not any(letter in _HAN_POWERS for letter in text):
        return int("".join(str(_HAN_DIGITS[letter]) for letter in text))
    total = digit = 0
    for letter in text:
        if letter in _HAN_DIGITS:
            digit = _HAN_DIGITS[letter]
        elif _HAN_POWERS[letter] == 10_000:
            total, digit = (total + digit) * 10_000, 0
        else:
            total, digit = total + (digit or 1) * _HAN_POWERS[letter], 0
    return total + digit


def _dated(text: str) -> list[Quantity]:
    found = []
    for each in _DATE.finditer(text):
        if day := dates.iso(each[0]):
            found.append(Quantity(0.0, 0.0, f"date {day}", "", each.start(), each.end(), 0.0))
    for each in _HAN_DATE.finditer(text):
        year, month, day = each[1], each[2], each[3]
        if month:
            iso = f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
            found.append(Quantity(0.0, 0.0, f"date {iso}", "", each.start(), each.end(), 0.0))
        else:
            found.append(_exact(float(year), "", each))
    return found


def _labelled(text: str) -> list[Quantity]:
    found = []
    for each in [*_LABEL.finditer(text), *_ROMAN_HAN.finditer(text)]:
        written, what = each["n"].upper(), each["what"].lower()
        value = float(written) if written.isdigit() else _ROMAN.get(written) or ord(written[0]) - ord("Ⅰ") + 1
        if 0 < value < 100:
            found.append(_exact(float(value), _LABELS.get(what, what), each))
    return found


def _counted(text: str) -> list[Quantity]:
    """Counts of people: 3 of 7, 3/7, 7例患者中3例, 百分之五, 三分之一."""
    found = []
    for each in _HAN_RATIO.finditer(text):
        found.append(_exact(_value(each["n"]), f"/{_value(each['m']):g}", each))
    for each in _PERCENT.finditer(text):
        found.append(_exact(_value(each["n"]), "%", each))
    for each in _FRACTION.finditer(text):
        if each["m"] != "百":
            found.append(_exact(_value(each["n"]), f"/{_value(each['m']):g}", each))
    for each in _RATIO.finditer(text):
        n, m = _value(each["n"]), _value(each["m"])
        if 0 <= n <= m and m > 0:
            found.append(_exact(n, f"/{m:g}", each))
    return found


def _repeated(text: str) -> list[Quantity]:
    found = []
    for each in _TIMES.finditer(text):
        if each["n"].lower() == "once" and not (each["per"] or each["unit"]):
            continue  # "at once", "once it is diagnosed"
        per = (each["per"] or "").lower()
        unit = _OFTEN.get(per) or (each["unit"] or "").lower()
        found.append(_exact(_TIMES_OF[each["n"].lower()], f"times/{unit}" if unit else "times", each))
    for each in _HAN_TIMES.finditer(text):
        found.append(_exact(_value(each["n"]), f"times/{_OFTEN[each['per']]}", each))
    return found


def _exact(value: float, unit: str, found: re.Match[str]) -> Quantity:
    return Quantity(value, value, unit, "", found.start(), found.end(), value)


def _measured(text: str) -> Iterator[Quantity]:
    for each in _QUANTITY.finditer(text):
        first = _value(each["low"])
        last = _value(each["high"]) if each["high"] else first
        unit, factor = _UNITS.get((each["unit"] or "").lower(), ("", 1.0))
        if not each["unit"] and each["low"].lower() == "one":
            continue  # "one of the causes"
        of_first = _UNITS.get((each["first"] or "").lower(), (unit, factor))
        if each["first"] and of_first[0] != unit:  # "between six weeks and six months" is two numbers
            start = each.start("low")
            yield Quantity(first * of_first[1], first * of_first[1], of_first[0], "", start, each.end("first"), first)
            yield Quantity(last * factor, last * factor, unit, "", each.start("high"), each.end(), last)
            continue
        low, high = sorted((first * (of_first[1] if of_first[0] == unit else factor), last * factor))
        bound = ">" if each["more"] or each["older"] else "<" if each["less"] or each["younger"] else ""
        unit = _with_per(unit, each["per"] or "", (each["daily"] or "").lower())
        yield Quantity(low, high, unit, bound, each.start("low"), each.end(), first)


def _with_per(unit: str, per: str, often: str) -> str:
    """The unit with what it is taken by, sorted: mg/day/kg."""
    parts = []
    for written in re.findall(rf"{_PER}({_UNIT}|m2|m²|body weight)", per, re.IGNORECASE):
        plain = written.lower()
        if plain in {"m2", "m²"}:
            parts.append("m2")
        elif plain in {"kg", "kilogram", "千克", "公斤", "body weight"}:
            parts.append("kg")
        else:
            kind, factor = _UNITS[plain]
            parts.append(kind if factor == 1.0 else plain.rstrip("s"))
    if often and unit:
        parts.append(_OFTEN[often])
    named = {
        "周": "week",
        "星期": "week",
        "hr": "hour",
        "h": "hour",
        "小时": "hour",
        "yr": "year",
        "年": "year",
        "岁": "year",
    }
    return "/".join([unit, *sorted({named.get(part, part) for part in parts})])


_LISTED = re.compile(r"\s*(?:[,、/]|,?\s*(?:or|and|或|和))\s*", re.IGNORECASE)


def _listed(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Bare numbers that stand in a list before one with a unit take that unit."""
    behind: Quantity | None = None
    kept: list[Quantity] = []
    for each in reversed(found):
        joined = behind is not None and behind.unit and _LISTED.fullmatch(text[each.end : behind.start])
        if not each.unit and joined and behind is not None and behind.written:
            factor = behind.low / behind.written
            behind = replace(each, low=each.low * factor, high=each.high * factor, unit=behind.unit)
        else:
            behind = each
        kept.append(behind)
    yield from reversed(kept)


_WHOLE = re.compile(
    r"(?:(?:^|[.,;:]\s*)of|\bamong)\s+(?:the\s+|all\s+)?(?P<m>\d+)\s+(?:\w+\s+)?"
    r"(?:patients?|people|persons?|child(?:ren)?|adults?|men|women|cases?|individuals?|subjects?|participants?|infants?)\b"
    r"|(?P<n>\d+)\s*(?:例|名|位)[^，。；,;]{0,8}中",
    re.IGNORECASE,
)


def _among(found: list[Quantity], text: str) -> Iterator[Quantity]:
    """Bare numbers behind "of 50 patients" count people of those: 20 becomes 20 of 50."""
    whole = _WHOLE.search(text)
    m = float(whole["m"] or whole["n"]) if whole else 0.0
    for each in found:
        counts = whole is not None and each.start >= whole.end() and not each.unit and each.low == each.high <= m
        yield replace(each, unit=f"/{m:g}") if counts else each
