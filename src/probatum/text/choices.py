"""Which option a written answer chooses, in English and Chinese; none where it does not say."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from probatum.text.chinese import is_han
from probatum.text.normal import fold

Pairs = tuple[tuple[str, str], ...]  # (letter, text) of the options


@dataclass(frozen=True, slots=True)
class Choice:
    """What was read out of an answer."""

    letter: str = ""  # the letter of the option, several sorted and joined ("ACD"); empty where none was chosen
    confidence: float = 0.0  # how sure the reading is, 0 to 1, by its way alone; for likelihoods the chance itself
    # structured, told (the answer is B), boxed, alone, leading, last, text; without a letter: abstained, conflicting,
    # outside (a letter that is no option), unparsed
    how: str = "unparsed"


def choice(text: str, options: Pairs) -> Choice:
    """The option that the text chooses: structured output, "the answer is B", boxed, a letter alone, option text.

    Of several statements the last counts, since reasoning goes before its result. Never a letter where there is
    none: a letter that names something else (E. coli, vitamin B, 维生素B), options that are only discussed, "A or B", a
    letter beside the text of another option, and an answer that declines give no letter, and `how` says why.
    """
    said = _THOUGHT.sub("", unicodedata.normalize("NFKC", text)).strip()
    if "<think>" in said or not said:
        return Choice()
    reader = _Reader(tuple((letter.upper(), fold(each)) for letter, each in options))
    if (found := _structured(said, reader)) is not None:
        return found
    plain = re.sub(r"[*_`#]+", "", said).strip()
    for way in (_alone, _stated, _leading, _last):
        if (found := way(plain, reader)) is not None:
            return found
    whole = reader.named(plain, running=True)
    declined = _declines(plain)
    if declined and not any(_declines(each) and each in fold(plain) for _, each in reader.options):
        return Choice("", 0.9, "abstained")
    if len(whole) == 1:
        return Choice(whole[0], 0.6, "text")
    return Choice("", 0.0, "conflicting" if len(whole) > 1 else "unparsed")


@dataclass(frozen=True, slots=True)
class _Reader:
    """The options as they are looked for: letters in capitals, texts folded."""

    options: Pairs

    @property
    def letters(self) -> frozenset[str]:
        return frozenset(letter for letter, _ in self.options)

    def of(self, letters: Iterable[str], confidence: float, how: str) -> Choice:
        """The choice of these letters, sorted and each once; `outside` where one is no option."""
        chosen = sorted(set(letters))
        if not self.letters.issuperset(chosen):
            return Choice("", 0.0, "outside")
        return Choice("".join(chosen), confidence, how)

    def begins(self, rest: str) -> str:
        """The letter of the option with whose text this stretch begins; the longest text counts."""
        stretch = fold(rest).lstrip(" .:)]-、。")
        fitting = [(len(each), letter) for letter, each in self.options if each and _bounded(stretch, each, 0)]
        return max(fitting)[1] if fitting else ""

    def named(self, said: str, *, running: bool = False) -> list[str]:
        """The letters of the options whose texts stand there and are not denied, sorted; of running text no "no"."""
        left, found = fold(said), set[str]()
        for letter, each in sorted(self.options, key=lambda option: (-len(option[1]), option)):
            at = left.find(each) if each and not (running and each in _EVERYDAY) else -1
            while at >= 0:
                if _bounded(left, each, at):
                    if not _DENIED.search(left[max(0, at - 40) : at]):
                        found.add(letter)
                    left = left[:at] + "\x00" * len(each) + left[at + len(each) :]
                at = left.find(each, at + 1)
        return sorted(found)


_EVERYDAY = frozenset("yes no maybe true false both none neither 是 否 对 错 有 无".split())
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_JOIN = r"(?:\s*(?:,\s*and\b|,|、|/|&|;|\+|\band\b|和|与|及)\s*|\s*)"
_RUN = rf"(?<![A-Za-z0-9])(?P<letters>[A-Z](?:{_JOIN}\(?[A-Z]\)?(?![A-Za-z0-9]))*|[A-Z]{{2,10}})(?![A-Za-z0-9])"
_WORDS_BEFORE = (
    r"[\s\"'“‘(（【\[<:]*"
    r"(?:(?:most\s+likely|probably|both|either|option|choice|options|letter|选项|选择)[\s:]*)?"
    r"[\"'“‘(（【\[<]*"
)
_TOLD = re.compile(
    rf"""
    (?: (?i:\b(?:answers?|choices?|options?)\b(?:\ here)?\s*(?:(?:would|should|must)\ be|is|are|:|=|-)+)
      | (?i:\bI(?:\ would|\ will|'d|’d|'ll|’ll)?\ (?:choose|select|pick|go\ with)\b)
      | (?i:\banswer\b)(?=\s*[\n(（]) | (?i:<answer>)
      | (?i:\bit(?:'s|\ must\ be|\ should\ be)\b|\b(?:therefore|thus|hence|so)\s*:)
      | (?:应该?|可能)是 | (?:答案|选项)(?:应该?|可能)?(?:是|为|:|选|应为|】)+ | (?<=,)\s*而?是
      | (?<!不)(?<!不能)(?<!不应)选择?
      | 的(?:选项|一项|说法)?(?:是|为|有|包括):?
    ){_WORDS_BEFORE}{_RUN}
    """,
    re.VERBOSE,
)
_RIGHT = re.compile(
    rf"{_RUN}\)?[\"”]?\s*(?:(?i:(?:is|are)\s+(?:the\s+)?(?:most\s+likely\s+)?(?:correct|right|best)\b(?:\s+(?:answer|option|choice)s?)?)"
    r"|(?:项|选项)?(?:都|均)?(?:是|为)?(?:正确|对的|最佳|对(?=\s*(?:[。,，;；]|$)))(?:的)?(?:答案|选项)?)"
)
_BOXED = re.compile(r"\\boxed\s*\{\s*(?:\\(?:text|mathrm|textbf|mathbf)\s*\{)?\s*\(?(?P<inner>[^{}]*?)\)?\s*\}")
_TOLD_TEXT = re.compile(
    r"(?:(?i:\b(?:answer|diagnosis|choice)\s+(?:would\ be|should\ be|is|:)+|\banswer\s*:)"
    r"|(?:答案|诊断)(?:应该?)?(?:是|为|:)+)\s*(?P<rest>[^\n。]+)"
)
_SUPPOSED = re.compile(
    r"(?i:\b(?:if|whether|suppose|assuming|unless|were|not)\b[^.,;。，；]{0,25}|(?:如果|若|假如|是否|假设|并非|不)[^。，；,;]{0,8})$"
)
_EITHER = re.compile(r"\s*\)?\s*(?:,\s*)?(?:\bor\b|或者?|还是)\s*\(?[A-Z](?![A-Za-z0-9])")
# What may stand behind a letter that is an option's; any other word makes it part of a name: E coli, B cells, A fever.
_GOES_ON = frozenset(
    "because since as and or for which with but due given based in is are the this that so not rather explanation "
    "reason rationale therefore hence while other option i it by from according answer".split()
)
_PART_OF_NAME = "型族类超细群组链抗原淋"
_LOOSE = re.compile(r"[A-Za-z0-9]+")
_ITEM = re.compile(r"^\s*\(?([A-Z])(?:[.):、]|\s-)", re.MULTILINE)
_VERB = re.compile(r"\s*(?:\b(?:is|are|was|does|can|has|would|may)\b|项|选项|错|不|为|是)")
_DENIED = re.compile(
    r"(?:\b(?:not|isn't|neither|nor|no|unlike|rather than|instead of|exclud\w+|rules? out|ruled out|against|unlikely)\b"
    r"(?:\s+[\w'-]+){0,2}\s*|(?:不是|并非|不考虑|排除|不支持|除外|而非|不选|非)\s*)$"
)
_DECLINES = re.compile(
    r"\b(?:(?:i|we)\s+(?:do not|don't|cannot|can't|can not|am unable to|are unable to|could not)\s+"
    r"(?:know|answer|determine|say|tell|decide|provide|choose|be sure)"
    r"|(?:cannot|can't|can not|could not) be (?:determined|answered|decided|known)"
    r"|not enough (?:information|evidence)|insufficient (?:information|evidence|data)|unable to (?:answer|determine)"
    r"|no (?:correct |right )?answer\b|none of the (?:above|options))|^unknown\.?$"
    r"|无法(?:确定|回答|判断|得出|作答|选择)|不能(?:确定|回答|判断)|不知道|不清楚|不确定|信息不足|证据不足|资料不足"
    r"|没有正确答案|难以(?:确定|判断)|以上(?:都|均)不"
)
_KEYS = ("answer", "choice", "option", "letter", "final_answer", "answer_choice", "choices", "答案", "选项", "最终答案")


def _structured(said: str, reader: _Reader) -> Choice | None:
    """What a JSON object, fenced or bare, gives under a usual key; None where there is no such object."""
    at = said.find("{")
    while at >= 0:
        try:
            read, _ = json.JSONDecoder().raw_decode(said, at)
        except ValueError:
            at = said.find("{", at + 1)
            continue
        given = {str(key).lower(): value for key, value in read.items()}
        key = next((key for key in _KEYS if key in given), "")
        return _value(given[key], reader) if key else None
    return None


def _value(value: Any, reader: _Reader) -> Choice:
    if value is None or value in ("", []):
        return Choice("", 0.95, "abstained")
    parts = value if isinstance(value, list) else [value]
    letters: list[str] = []
    for part in parts:
        read = choice(str(part), reader.options) if "{" not in str(part) else Choice()
        if not read.letter:
            return read
        letters += read.letter
    return reader.of(letters, 1.0, "structured")


def _alone(plain: str, reader: _Reader) -> Choice | None:
    """Letters and nothing else: "B", "(b).", "ACD", "A、C"."""
    bare = re.sub(r"^(?:option|选项)\s*|[\s.。,，、;()\[\]<>\"'“”&/+]|\band\b|和", "", plain, flags=re.IGNORECASE)
    if len(bare) == 1 or (bare.isupper() and bare.isascii() and bare.isalpha() and len(bare) <= len(reader.options)):
        if set(bare.upper()) <= reader.letters and len(set(bare)) == len(bare):
            return reader.of(bare.upper(), 0.98, "alone")
        return Choice("", 0.0, "outside") if len(bare) == 1 and bare.isalnum() else None
    exact = [letter for letter, each in reader.options if each and each == fold(plain).rstrip(".。!")]
    return reader.of(exact, 0.95, "text") if len(exact) == 1 else None


def _stated(plain: str, reader: _Reader) -> Choice | None:
    """The last statement as "the answer is B", "B is correct", "\\boxed{B}", "the answer is Gaucher disease"."""
    found: list[tuple[int, Choice]] = []
    for pattern, confidence in ((_TOLD, 0.95), (_RIGHT, 0.9)):
        for match in pattern.finditer(plain):
            if not _SUPPOSED.search(plain[max(0, match.start() - 40) : match.start()]):
                read = _letters(match, plain, reader, confidence)
                found += [(match.start("letters"), read)] if read else []
    for match in _BOXED.finditer(plain):
        inner = match["inner"].strip()
        read = _alone(inner, reader) or _leading(inner, reader)
        if read is not None:
            found.append(
                (match.start(), Choice(read.letter, 0.95 if read.letter else 0.0, "boxed" if read.letter else read.how))
            )
    for match in _TOLD_TEXT.finditer(plain):
        if not any(match.start() <= at < match.end() for at, _ in found):
            named = reader.named(match["rest"])
            supposed = _SUPPOSED.search(plain[max(0, match.start() - 40) : match.start()])
            if len(named) == 1 and not supposed:
                found.append((match.start(), Choice(named[0], 0.85, "text")))
    return max(found, key=lambda each: each[0])[1] if found else None


def _letters(match: re.Match[str], plain: str, reader: _Reader, confidence: float) -> Choice | None:
    """The letters of a statement; None where they are part of a name, or the beginning of the next thing said."""
    run, end = match["letters"], match.end("letters")
    letters = re.findall(r"[A-Z]", run)
    solid = run.isascii() and run.isalpha()  # "ACD", without anything between
    if solid and len(run) > 1 and not set(run) <= reader.letters:
        return None  # a word in capitals: DNA, CT
    rest = plain[end:]
    if match.re is _TOLD:
        if len(letters) > 1 and _VERB.match(rest) and not solid:
            letters = letters[:-1]  # "the answer is C, A is wrong"
        elif len(letters) == 1 and _names_something(rest, letters[0], reader):
            return None
    if _EITHER.match(rest):
        return Choice("", 0.0, "conflicting")
    if len(letters) == 1 and (other := reader.begins(rest)) and other != letters[0]:
        return Choice("", 0.0, "conflicting")
    return reader.of(letters, confidence, "told")


def _names_something(rest: str, letter: str, reader: _Reader) -> bool:
    """Whether the letter is the beginning of a name (E coli, B-cells, B族维生素) or an article."""
    if rest[:1] in {"-", "'", "’"} and rest[1:2].isalnum():
        return True
    if rest[:1] and rest[0] in _PART_OF_NAME:
        return reader.begins(letter + rest) == ""
    following = re.match(r"\.?[ \t]+([A-Za-z][\w-]*)", rest)
    if following is None or following[1].lower() in _GOES_ON or reader.begins(rest):
        return False
    return rest[:1] != "." or following[1][0].islower()


def _leading(plain: str, reader: _Reader) -> Choice | None:
    """A letter, or several, at the beginning: "B. Gaucher disease", "(B)", "A、C、D。"; a list of options is none."""
    match = re.match(rf"[(\[<\"'“]*{_RUN}[)\]>\"'”]*(?P<close>[.,:;、。]|\s-\s|\s*\n|$|(?=\s|[^A-Za-z0-9]))", plain)
    if match is None:
        return _leading_text(plain, reader)
    letters, rest = re.findall(r"[A-Z]", match["letters"]), plain[match.end() :]
    own = reader.begins(rest)
    if len(letters) == 1 and own and own != letters[0]:
        return Choice("", 0.0, "conflicting")
    if len(set(_ITEM.findall(plain))) > 1 or not set(letters) <= reader.letters:
        return None
    if _EITHER.match(plain[match.end("letters") :]):
        return Choice("", 0.0, "conflicting")
    closed = bool(match["close"].strip() or "\n" in match["close"] or plain[: match.start("letters")].strip())
    behind = plain[match.end("letters") :]
    if own or (closed and not _names_something(behind, letters[0], reader)) or not behind.strip(" .。)"):
        return reader.of(letters, 0.9, "leading")
    return None


def _leading_text(plain: str, reader: _Reader) -> Choice | None:
    """The text of an option at the beginning, closed by a stop: "Yes, since ...", "Gaucher disease. It is ..."."""
    opening = re.match(r"[^.,;:!?\n。，；：！？]+(?=[.,;:!\n。，；：！]|$)", plain)
    if opening is None:
        return None
    own = [letter for letter, each in reader.options if each and each == fold(opening[0])]
    return reader.of(own, 0.85, "text") if len(own) == 1 else None


def _last(plain: str, reader: _Reader) -> Choice | None:
    """A last line that is a letter and nothing else, or an option as it was listed."""
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    if len(lines) < 2:
        return None
    read = _alone(lines[-1], reader)
    if read is None and len(set(_ITEM.findall(plain))) == 1:
        read = _leading(lines[-1], reader)
    return Choice(read.letter, 0.8, "last") if read is not None and read.letter else None


def _declines(text: str) -> bool:
    return _DECLINES.search(fold(text)) is not None


def _bounded(text: str, part: str, at: int) -> bool:
    """Whether `part` stands at `at` as words of its own; Han characters need no bounds."""
    if not text.startswith(part, at):
        return False
    before, after = text[at - 1 : at] if at else "", text[at + len(part) : at + len(part) + 1]
    return not (_joins(before, part[0]) or _joins(part[-1], after))


def _joins(left: str, right: str) -> bool:
    return bool(left and right) and left.isalnum() and right.isalnum() and not (is_han(left) or is_han(right))
