"""How often a feature is seen in a disease: read as the annotation files write it, and said in words."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frequency:
    """A frequency as a range of proportions (0 to 1); n of m where patients were counted."""

    n: int | None
    m: int | None
    low: float
    high: float
    term: str = ""  # the HPO frequency class, where it was written as one


# The ranges are those of the terms' definitions in the Human Phenotype Ontology (children of HP:0040279).
CLASSES: dict[str, tuple[float, float, str, str, str]] = {
    "HP:0040280": (1.0, 1.0, "always (100%)", "必然出现（100%）", "siempre (100%)"),
    "HP:0040281": (0.80, 0.99, "very frequent (80-99%)", "非常常见（80-99%）", "muy frecuente (80-99%)"),
    "HP:0040282": (0.30, 0.79, "frequent (30-79%)", "常见（30-79%）", "frecuente (30-79%)"),
    "HP:0040283": (0.05, 0.29, "occasional (5-29%)", "偶见（5-29%）", "ocasional (5-29%)"),
    "HP:0040284": (0.01, 0.04, "very rare (1-4%)", "非常罕见（1-4%）", "muy raro (1-4%)"),
    "HP:0040285": (0.0, 0.0, "excluded (0%)", "已排除（0%）", "excluido (0%)"),
}
_LANGUAGES = {"en": 2, "zh": 3, "es": 4}
_COUNTED = re.compile(r"(\d+)\s*/\s*(\d+)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def read(written: str) -> Frequency:
    """The frequency that an annotation states: '3/7', '45%' or an HPO frequency class; '' is unknown, 0 to 1.

    Raises ValueError for anything else, for n above m, for m = 0 and for more than 100 per cent.
    """
    written = written.strip()
    if not written:
        return Frequency(None, None, 0.0, 1.0)
    if written in CLASSES:
        low, high = CLASSES[written][:2]
        return Frequency(None, None, low, high, written)
    if counted := _COUNTED.fullmatch(written):
        n, m = int(counted[1]), int(counted[2])
        if m and n <= m:
            return Frequency(n, m, n / m, n / m)
    elif percent := _PERCENT.fullmatch(written):
        share = float(percent[1]) / 100
        if share <= 1:
            return Frequency(None, None, share, share)
    raise ValueError(f"not a frequency: {written[:80]!r}; expected n/m with n at most m, a percentage or HP:0040280-5")


def in_words(written: str, language: str = "en") -> str:
    """A written frequency in words of 'en', 'zh' or 'es' (others: English); '' for ''; ValueError as `read`."""
    frequency = read(written)
    if frequency.term:
        return str(CLASSES[frequency.term][_LANGUAGES.get(language, 2)])
    if frequency.m is not None:
        return _counted(frequency.n or 0, frequency.m, language)
    percent = written.strip().replace(" ", "")
    if not percent:
        return ""
    return {"zh": f"{percent}的患者", "es": f"{percent} de los pacientes"}.get(language, f"{percent} of patients")


def _counted(n: int, m: int, language: str) -> str:
    if language == "zh":
        return f"{m}例患者中{n}例"
    if language == "es":
        return f"{n} de {m} pacientes" if m > 1 else f"{n} de 1 paciente"
    return f"{n} of {m} patients" if m > 1 else f"{n} of 1 patient"
