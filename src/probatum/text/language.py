"""Which language a text is written in: English, Chinese or Spanish."""

from __future__ import annotations

import re

from probatum.text.chinese import HAN

_HAN = re.compile(f"[{HAN}]")
_WORD = re.compile(r"[^\W\d_]+")
_SPANISH = frozenset(
    "el la los las un una unos unas de del al y o en con sin por para que qué como cómo es son está están fue tiene "
    "tienen presenta su sus se no hay cuál cuáles cuándo dónde más muy paciente pacientes síntomas niño niña desde "
    "hace años meses padre madre hermano hermana enfermedad dolor fiebre".split()
)
_ENGLISH = frozenset(
    "the a an of and or in on with without by for to that what which how is are was were has have had his her their "
    "its no not there when where more very patient patients symptoms he she it they since years months at from be been "
    "this do does can i my who disease pain fever".split()
)
_SPANISH_LETTERS = re.compile("[ñ¿¡áéíóú]")


def recognise(text: str) -> str:
    """'zh', 'es' or 'en' (also where nothing can be told): by script, then by the commonest words and letters."""
    start = text[:4000].lower()
    words = _WORD.findall(start)
    han = len(_HAN.findall(start)) if not start.isascii() else 0
    # A Chinese sentence may hold many Latin abbreviations; one Han character carries about as much as half a word.
    if han and han >= 0.5 * sum(1 for word in words if word.isascii()):
        return "zh"
    spanish = sum(word in _SPANISH for word in words) + 0.5 * len(_SPANISH_LETTERS.findall(start))
    english = sum(word in _ENGLISH for word in words)
    return "es" if spanish > english else "en"
