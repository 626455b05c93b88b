"""How a text falls into tokens: each way has a name, which every signature carries."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from probatum.errors import BadPlan, NeedsExtra
from probatum.text.stemming import stem

Tokenise = Callable[[str], list[str]]
_ROUGE = re.compile(r"[a-z0-9]+")
_WORD_OR_SIGN = re.compile(r"\w+|[^\w\s]")
_APART = re.compile(r"[{-~\[-`!-&(-+:-@/]")
_STOP, _COMMA = re.compile(r"(?<=[^0-9])\.|\.(?=[^0-9])"), re.compile(r"(?<=[^0-9]),|,(?=[^0-9])")
_DASH, _ADJOINING = re.compile(r"(?<=[0-9])-"), re.compile(r"[.,](?:<skipped>|-?\n)*[.,]")
_SACREBLEU = {"13a": "Tokenizer13a", "intl": "TokenizerV14International", "zh": "TokenizerZh"}


def rouge_words(text: str) -> list[str]:
    """Runs of a-z and 0-9 in small letters, as rouge_score has them; Chinese has none."""
    return _ROUGE.findall(text.lower())


@lru_cache(maxsize=1 << 17)
def _rouge_stem(word: str) -> str:
    return stem(word) if len(word) > 3 else word


def rouge_stems(text: str) -> list[str]:
    """As `rouge_words`, words of more than three letters stemmed."""
    return [_rouge_stem(word) for word in rouge_words(text)]


def characters(text: str) -> list[str]:
    """Every character but white space: the default for Chinese."""
    return list("".join(text.split()))


def words(text: str) -> list[str]:
    """Words in small letters and single signs."""
    return _WORD_OR_SIGN.findall(text.lower())


def spaced(text: str) -> list[str]:
    """What stands between white space."""
    return text.split()


def _needed(module: str) -> Any:
    try:
        return import_module(module)
    except ImportError as error:
        raise NeedsExtra(f"{module} is needed for this tokeniser", mend='pip install "probatum[metrics]"') from error


def _of_sacrebleu(name: str) -> Tokenise:
    module = _needed(f"sacrebleu.tokenizers.tokenizer_{name}")
    tokeniser = getattr(module, _SACREBLEU[name])()

    def tokenise(text: str) -> list[str]:
        cut: str = tokeniser(text.rstrip())
        return cut.split()

    return tokenise


def _thirteen() -> Tokenise:
    """sacrebleu's 13a, three times as fast where no full stops or commas adjoin, which alone make a difference."""
    whole = _of_sacrebleu("13a")

    def tokenise(text: str) -> list[str]:
        if _ADJOINING.search(text):
            return whole(text)
        text = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
        if "&" in text:
            for written, meant in (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")):
                text = text.replace(written, meant)
        text = _APART.sub(r" \g<0> ", f" {text} ")
        if "." in text:
            text = _STOP.sub(" . ", text)
        if "," in text:
            text = _COMMA.sub(" , ", text)
        return (_DASH.sub(" - ", text) if "-" in text else text).split()

    return tokenise


def _of_jieba() -> Tokenise:
    jieba = _needed("jieba")

    def tokenise(text: str) -> list[str]:
        return [word for word in jieba.cut(text) if word.strip()]

    return tokenise


@cache
def tokeniser(name: str) -> Tokenise:
    """The tokeniser of a name: 13a, intl, zh, char, none, words, rouge, rouge-stem or jieba. Raises `BadPlan`."""
    own = {
        "char": characters,
        "none": spaced,
        "words": words,
        "rouge": rouge_words,
        "rouge-stem": rouge_stems,
    }
    if name in own:
        return own[name]
    if name == "13a":
        return _thirteen()
    if name in _SACREBLEU:
        return _of_sacrebleu(name)
    if name == "jieba":
        return _of_jieba()
    raise BadPlan(f"tokens = {name!r} is not known here", mend=f"one of: {', '.join((*own, *_SACREBLEU, 'jieba'))}")


def fitting(name: str, texts: list[str], plain: str) -> str:
    """The tokeniser to take: the one named, or for 'auto' characters where Chinese prevails, else `plain`."""
    if name != "auto":
        return name
    sample = "".join(texts[:200])
    han = sum("\u4e00" <= letter <= "\u9fff" for letter in sample)
    latin = sum(letter.isascii() and letter.isalpha() for letter in sample)
    return "char" if han * 2 > latin else plain
