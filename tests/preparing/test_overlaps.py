"""What was planted of one set in another is found, and nothing else; indexes are kept and read back."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.preparing.overlaps import Index, contaminated, duplicates, index
from probatum.trials.perturbing import mistyped, noisy
from probatum.types import Answer, Example, Question

DRAW = random.Random(7)
WORDS = [f"{one}{two}" for one in ("ka", "lo", "mi", "ser", "tun", "vel") for two in ("ra", "ne", "dol", "pix", "sum")]
HAN = "患者发热咳嗽三天伴有头痛乏力恶心腹部疼痛建议进行血常规检查服用药物观察心率呼吸皮肤红肿"


def made(name: str, draw: random.Random, han: bool = False) -> Example:
    length = draw.randint(25, 60)
    text = "".join(draw.choices(HAN, k=2 * length)) if han else " ".join(draw.choices(WORDS, k=length))
    half = len(text) // 2
    return Example(name, Question(f"Which of the following is right? {text[:half]}"), Answer(text[half:]))


def planted(share: float, seed: int, han: bool) -> tuple[list[Example], list[Example], set[str]]:
    """(what is trained on, what is tested, the tested that stand there): copied, mistyped, or inside a long text."""
    draw = random.Random(seed)
    train = [made(f"a{number}", draw, han) for number in range(200)]
    test = [made(f"b{number}", draw, han) for number in range(200)]
    chosen = draw.sample(range(len(test)), round(share * len(test)))
    for turn, place in enumerate(chosen):
        text = f"{test[place].question.text} {test[place].answer.text}"
        if turn % 3 == 1 and not han:
            text = noisy(mistyped(text, draw), draw)
        if turn % 3 == 2:
            text = f"{train[0].answer.text} {text} {train[1].answer.text}"
        train.append(Example(f"leak{place}", Question(), Answer(text)))
    return train, test, {f"b{place}" for place in chosen}


@pytest.mark.parametrize("han", [False, True])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_planted_overlaps_are_found(share: float, han: bool) -> None:
    train, test, wanted = planted(share, seed=round(share * 100), han=han)
    told = contaminated(index(train), test)
    found = {each.id for each in told.overlaps}
    precision = len(found & wanted) / max(len(found), 1)
    recall = len(found & wanted) / len(wanted)
    assert precision == 1.0 and recall >= 0.95 and told.share == pytest.approx(share, rel=0.06)
    assert {each.id: each.other for each in told.overlaps} == {f"b{name[1:]}": f"leak{name[1:]}" for name in found}


def test_a_question_alone_in_a_long_document_and_what_is_only_a_form() -> None:
    draw = random.Random(1)
    test = [made(f"b{number}", draw) for number in range(50)]
    beside = [(" ".join(draw.choices(WORDS, k=150)),) for _ in test]
    test = [replace(e, question=replace(e.question, context=text)) for e, text in zip(test, beside, strict=True)]
    leaked = " ".join([*draw.choices(WORDS, k=300), test[3].question.text, *draw.choices(WORDS, k=300)])
    form = Example("form", Question(), Answer("Which of the following is right? " * 9))
    told = contaminated(index([form, Example("book", Question(), Answer(leaked))]), test)
    assert [(each.id, each.other) for each in told.overlaps] == [("b3", "book")]
    assert contaminated(index([]), test).overlaps == () and contaminated(index(test), []).share == 0.0
    short = contaminated(index(test), [Example("s", Question("Why is it so?"), Answer("No."))])
    assert (short.items, short.judged, short.overlaps) == (1, 1, ())
    assert contaminated(index(test), [Example("s", Question("Why?"), Answer("No."))]).judged == 0


def test_an_index_is_kept_and_read_back(tmp_path: Path) -> None:
    train, test, _ = planted(0.05, seed=3, han=False)
    kept = index(train)
    kept.save(tmp_path / "data.npz")
    back = Index.load(tmp_path / "data.npz")
    assert contaminated(back, test) == contaminated(kept, test)
    assert b"kara" not in (tmp_path / "data.npz").read_bytes()  # no text is kept
    with pytest.raises(NeedsFile):
        Index.load(tmp_path / "absent.npz")
    (tmp_path / "broken.npz").write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(BadFormat):
        Index.load(tmp_path / "broken.npz")
    np.savez(tmp_path / "odd.npz", ids=np.array(["a"]), runs=kept.runs, owners=kept.owners, signatures=kept.signatures)
    with pytest.raises(BadFormat, match="do not fit"):
        Index.load(tmp_path / "odd.npz")


def test_near_duplicates_within_a_set() -> None:
    draw = random.Random(5)
    texts = [made(str(number), draw) for number in range(60)]
    again = [Example(f"d{number}", texts[number].question, texts[number].answer) for number in (4, 9)]
    assert duplicates([*texts, *again]) == {60: 4, 61: 9}
    assert duplicates(texts) == {} and duplicates([]) == {}
