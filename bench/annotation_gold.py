"""The gold standard of concept recognition: 200 sentences in which a reader marked every phenotypic abnormality.

    python bench/annotation_gold.py draw DATA     # the 200 places, drawn again from the seed
    python bench/annotation_gold.py show DATA     # each sentence with its marks, for reading
    python bench/annotation_gold.py check DATA    # fails on the first sentence or mark that does not fit

DATA is the data folder. The texts stay there: the gold file holds only where a sentence stands, its hash and its marks.
"""

import argparse
import csv
import gzip
import hashlib
import json
import random
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

GOLD = Path(__file__).with_name("annotation_gold.jsonl")
SEED = 20250116

PHENOTYPIC_ABNORMALITY = "HP:0000118"
GENERATED_LIST = "The Human Phenotype Ontology provides the following list"

MEDQUAD = "medquad/medquad-xml.tar.gz"
CMD = "cmd-sample/样例_内科5000-6000.csv"
DIALOGUES = ("disc-medllm-dialogues/bianque-v2_cmd.json", "disc-medllm-dialogues/gpt-4_cmd.json")
HPO = "hpo/2025-01-16/hp.obo.gz"
HPO_CHINESE = "hpo/hp-zh.babelon.tsv"


@dataclass(frozen=True)
class Sentence:
    """One sentence, and where it stands: the source names file and record, the index counts within that record."""

    language: str
    source: str
    index: int
    text: str

    def hash(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of the text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Mention:
    """One phenotypic abnormality as the words express it; start and end count code points of the sentence."""

    start: int
    end: int
    concept: str
    negated: bool
    certainty: str
    who: str


@dataclass(frozen=True)
class GoldSentence:
    """A sentence of the gold standard with its number, its stratum and its mentions."""

    id: int
    stratum: str
    sentence: Sentence
    mentions: tuple[Mention, ...]


class GoldMismatch(ValueError):
    """The gold file and the data folder do not belong together."""


def read_gold(data: Path, *, gold: Path = GOLD) -> list[GoldSentence]:
    """The gold standard with its texts read again from the data folder; GoldMismatch where a text has changed."""
    lines = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
    places = {(each.source, each.index): each for each in (*english_sentences(data), *chinese_sentences(data))}
    return [_gold_sentence(line, places) for line in lines]


def _gold_sentence(line: dict[str, Any], places: dict[tuple[str, int], Sentence]) -> GoldSentence:
    """One line of the gold file joined with its text."""
    sentence = places.get((line["source"], line["sentence"]))
    if sentence is None or sentence.hash() != line["sha256"]:
        place = f"{line['source']} no. {line['sentence']}"
        raise GoldMismatch(f"sentence {line['id']}: {place} is not the text that was annotated")
    mentions = tuple(Mention(**each) for each in line["mentions"])
    return GoldSentence(line["id"], line["stratum"], sentence, mentions)


def draw(data: Path, *, seed: int = SEED) -> list[GoldSentence]:
    """The 200 sentences of the gold standard, numbered from 1, without mentions yet: 100 English, then 100 Chinese.

    Per language 60 sentences hold a name of a phenotypic abnormality and 40 are any sentences, so that texts without
    an abnormality, and abnormalities in words that the HPO does not hold, keep their share. The Chinese ones are split
    further between patients' questions with answers (65) and dialogues (35).
    """
    dice = random.Random(seed)
    english = _distinct(each for each in english_sentences(data) if 6 <= len(each.text.split()) <= 60)
    chinese = _distinct(each for each in chinese_sentences(data) if 6 <= len(each.text) <= 120)
    consultations = [each for each in chinese if each.source.startswith("cmd-sample/")]
    dialogues = [each for each in chinese if each.source.startswith("disc-medllm-dialogues/")]
    named, named_chinese = _holds_any(english_names(data)), _holds_any(chinese_names(data))
    drawn = [
        *_stratum(english, "en-named", 60, named, dice),
        *_stratum(consultations, "zh-consultation-named", 40, named_chinese, dice),
        *_stratum(dialogues, "zh-dialogue-named", 20, named_chinese, dice),
    ]
    taken = {sentence for _, sentence in drawn}
    drawn += _stratum([each for each in english if each not in taken], "en-any", 40, _any, dice)
    drawn += _stratum([each for each in consultations if each not in taken], "zh-consultation-any", 25, _any, dice)
    drawn += _stratum([each for each in dialogues if each not in taken], "zh-dialogue-any", 15, _any, dice)
    drawn.sort(key=lambda pair: (pair[1].language, pair[0], pair[1].source, pair[1].index))
    return [GoldSentence(number, stratum, sentence, ()) for number, (stratum, sentence) in enumerate(drawn, start=1)]


def _stratum(
    pool: list[Sentence], stratum: str, count: int, wanted: Callable[[str], bool], dice: random.Random
) -> list[tuple[str, Sentence]]:
    """The first `count` wanted sentences of the shuffled pool, which is a uniform draw among all wanted ones."""
    order = dice.sample(pool, len(pool))
    wanted_ones = (each for each in order if wanted(each.text))
    return [(stratum, sentence) for sentence in islice(wanted_ones, count)]


def _any(text: str) -> bool:
    """True: every text is wanted."""
    return True


def _distinct(sentences: Iterator[Sentence]) -> list[Sentence]:
    """The sentences sorted by place, each text once (the two dialogue files open with the same questions)."""
    first: dict[str, Sentence] = {}
    for sentence in sorted(sentences, key=lambda each: (each.source, each.index)):
        first.setdefault(sentence.text, sentence)
    return list(first.values())


def _holds_any(names: frozenset[str]) -> Callable[[str], bool]:
    """A test of whether a text contains one of the names, without regard to case or word boundaries."""
    return lambda text: any(name in text.lower() for name in names)


def english_sentences(data: Path) -> Iterator[Sentence]:
    """The sentences of all MedQuAD answers, before the generated HPO lists; a source is `member#question id`."""
    with tarfile.open(data / MEDQUAD) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.name.endswith(".xml") else None
            if content is None:
                continue
            for pair in ElementTree.fromstring(content.read()).iter("QAPair"):  # noqa: S314 - the NLM's own archive
                question = pair.find("Question")
                number = None if question is None else question.get("qid")
                answer = (pair.findtext("Answer") or "").split(GENERATED_LIST)[0]
                yield from _numbered("en", f"{member.name}#{number}", split_english(answer))


def chinese_sentences(data: Path) -> Iterator[Sentence]:
    """The sentences of the consultations (`file#row/ask` or `/answer`) and of the dialogues (`file#id/turn`)."""
    with (data / CMD).open(encoding="gb18030", newline="") as table:
        for row, record in enumerate(csv.DictReader(table), start=1):
            for field in ("ask", "answer"):
                yield from _numbered("zh", f"{CMD}#{row}/{field}", split_chinese(record[field] or ""))
    for name in DIALOGUES:
        for record in json.loads((data / name).read_text(encoding="utf-8")):
            for turn, said in enumerate(record["conversation"], start=1):
                yield from _numbered("zh", f"{name}#{record['id']}/{turn}", split_chinese(said["content"]))


def _numbered(language: str, source: str, texts: list[str]) -> Iterator[Sentence]:
    """The texts of one record as sentences numbered from 0."""
    return (Sentence(language, source, index, text) for index, text in enumerate(texts))


def split_english(text: str) -> list[str]:
    """The sentences of an English text, with single white space.

    Cut at line ends followed by a blank line or a bullet, and after . ! or ? where white space and then a capital, a
    digit, a quote or a bracket follow.
    """
    blocks = re.split(r"\n\s*\n|\n\s*[-*•]+\s", text)
    pieces = (piece for block in blocks for piece in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(\[])", block))
    return [" ".join(piece.split()) for piece in pieces if piece.strip()]


def split_chinese(text: str) -> list[str]:
    """The sentences of a Chinese text without outer white space: cut at line ends and after runs of 。！？；!?;"""
    pieces = re.findall(r"[^。！？；!?;\n]+[。！？；!?;]*|[。！？；!?;]+", text)
    return [piece.strip() for piece in pieces if piece.strip()]


def english_names(data: Path, *, shortest: int = 5) -> frozenset[str]:
    """The labels and synonyms, in lower case, of all phenotypic abnormalities, from `shortest` characters on."""
    terms = _terms(data)
    pattern = re.compile(r'^(?:name: (.+)|synonym: "(.+?)" )', re.M)
    pairs = [pair for each in phenotypic_abnormalities(data) for pair in pattern.findall(terms[each])]
    found = {(label or synonym).lower() for label, synonym in pairs}
    return frozenset(name for name in found if len(name) >= shortest)


def chinese_names(data: Path, *, shortest: int = 2) -> frozenset[str]:
    """The Chinese labels of all phenotypic abnormalities, from `shortest` characters on."""
    abnormal = phenotypic_abnormalities(data)
    with (data / HPO_CHINESE).open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE)
        named = [row for row in rows if row["subject_id"] in abnormal and row["predicate_id"] == "rdfs:label"]
    labels = {row["translation_value"].lower() for row in named}
    return frozenset(label for label in labels if len(label) >= shortest)


def phenotypic_abnormalities(data: Path) -> frozenset[str]:
    """The ids of all terms under Phenotypic abnormality (HP:0000118), which itself is not among them."""
    children: dict[str, list[str]] = {}
    for concept, term in _terms(data).items():
        for parent in re.findall(r"^is_a: (\S+)", term, re.M):
            children.setdefault(parent, []).append(concept)
    found: set[str] = set()
    waiting = [PHENOTYPIC_ABNORMALITY]
    while waiting:
        new = set(children.get(waiting.pop(), ())) - found
        found |= new
        waiting += new
    return frozenset(found)


@cache
def _terms(data: Path) -> dict[str, str]:
    """The text of every HPO term by its id."""
    with gzip.open(data / HPO, "rt", encoding="utf-8") as lines:
        terms = lines.read().split("\n[Term]\n")[1:]
    return {term.removeprefix("id: ").split("\n", 1)[0]: term for term in terms}


def check(data: Path, *, gold: Path = GOLD) -> None:
    """Nothing, when the gold is the draw of its seed and every mention fits; else GoldMismatch at the first."""
    abnormal = phenotypic_abnormalities(data)
    sentences = read_gold(data, gold=gold)
    if [replace(each, mentions=()) for each in sentences] != draw(data):
        raise GoldMismatch(f"{gold.name} does not hold the sentences that seed {SEED} draws")
    for each in sentences:
        for mention in each.mentions:
            if not _fits(mention, each.sentence.text) or mention.concept not in abnormal:
                raise GoldMismatch(f"sentence {each.id}: {mention} does not fit")


def _fits(mention: Mention, text: str) -> bool:
    """Whether the span covers words of the text without white space at its ends, and the other fields are allowed."""
    span = text[mention.start : mention.end]
    fields = mention.certainty in ("certain", "uncertain") and mention.who in ("patient", "family", "other")
    return fields and 0 <= mention.start < mention.end <= len(text) and span == span.strip() != ""


def _as_line(each: GoldSentence) -> str:
    """The line of the gold file for a sentence: all but its text."""
    line = {
        "id": each.id,
        "language": each.sentence.language,
        "stratum": each.stratum,
        "source": each.sentence.source,
        "sentence": each.sentence.index,
        "sha256": each.sentence.hash(),
        "mentions": [asdict(mention) for mention in each.mentions],
    }
    return json.dumps(line, ensure_ascii=False)


def _as_reading(each: GoldSentence) -> str:
    """A sentence with its mentions below it, for the eye."""
    text = each.sentence.text
    marks = [
        f"    {text[mark.start : mark.end]!r} {mark.concept} negated={mark.negated} {mark.certainty} {mark.who}"
        for mark in each.mentions
    ]
    return "\n".join([f"{each.id} [{each.stratum}] {text}", *marks])


def main() -> None:
    """Draw, show or check, as the first argument says."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("draw", "show", "check"))
    parser.add_argument("data", type=Path)
    wish = parser.parse_args()
    if wish.what == "check":
        check(wish.data)
    elif wish.what == "draw":
        print("\n".join(_as_line(each) for each in draw(wish.data)))
    else:
        print("\n".join(_as_reading(each) for each in read_gold(wish.data)))


if __name__ == "__main__":
    main()
