"""Texts, graphs in words and their kin: pinned records of every layout, what is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import find
from probatum.types import Example

CHIMED = ("cpubmed_kg", "health39_kg", "xywy_kg", "medqa_textbooks", "huatuo_26m", "chimed_cpt", "chimed")


def read(name: str, path: Path, *given: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given))


LITERATURE = (
    "pubmed",
    "the_pile",
    "pile_pubmed_central",
    "pile_pubmed_abstracts",
    "s2orc",
    "wikipedia_bookcorpus",
    "clinical_guidelines_gap",
)


@pytest.mark.parametrize("name", (*CHIMED, *LITERATURE))
def test_every_set_has_one_shape_and_says_what_is_broken(name: str, tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "datasets" / name
    found = read(name, folder)
    assert len({each.id for each in found}) == len(found) >= 3
    for each in found:
        assert each.question.text or each.answer.text
        assert each.origin and each.origin.source == name and each.labels == tuple(sorted(each.labels))
    with pytest.raises(NeedsFile):
        read(name, tmp_path)
    sample = next(each for each in sorted(folder.rglob("*.*"), reverse=True) if each.is_file())
    for kind, broken in {"zero": b"\0" + sample.read_bytes(), "other": b"\xff\xff[[[[\n"}.items():
        file = tmp_path / kind / sample.name
        file.parent.mkdir()
        file.write_bytes(broken)
        with pytest.raises(BadFormat, match=sample.stem):
            read(name, file)


def test_graphs_in_words(tiny: Path) -> None:
    first, second, _ = read("cpubmed_kg", tiny / "datasets/cpubmed_kg")
    assert first.answer.text == "虚构病的临床表现是拇指酸。虚构病的药物治疗是虚构片。"
    assert dict(first.labels) == {"subject": "虚构病", "triples": "2"} and dict(second.labels)["triples"] == "1"
    assert [dict(each.labels)["triples"] for each in read("health39_kg", tiny / "datasets/health39_kg")] == list("121")
    told = read("xywy_kg", tiny / "datasets/xywy_kg")
    assert told[0].answer.text == "虚构的病。虚构病的症状是拇指酸。虚构病的症状是手指酸。虚构病的就诊科室是虚构科。"
    assert [dict(each.labels)["triples"] for each in told] == ["3", "2", "1"]


def test_books_questions_and_stages(tiny: Path) -> None:
    books = read("medqa_textbooks", tiny / "datasets/medqa_textbooks")
    assert [each.id for each in books] == ["en/Own_Anatomy:1", "en/Own_Socks:1", "en/Own_Socks:2", "zh_paragraph/own:1"]
    assert books[1].groups == books[2].groups == ("book:Own_Socks",) and books[3].question.language == "zh"
    assert len(read("medqa_textbooks", tiny / "datasets/medqa_textbooks", "zh")) == 1
    one, other, _, page = read("huatuo_26m", tiny / "datasets/huatuo_26m")
    assert one.groups == other.groups and one.answer == other.answer and one.id == "train_datasets:1.1"
    assert page.answer.text == "" and dict(page.labels)["url"] == "https://example.org/socks"
    folder = tiny / "datasets/chimed"
    assert [len(read("chimed", folder, part)) for part in ("cpt", "sft", "dpo")] == [4, 3, 2]
    assert read("chimed", folder)[1].question.turns and read("chimed", folder)[2].question.context == ("脚很热",)
    assert [each.rejected[0].text for each in read("chimed", folder, "dpo")] == ["数豆子。", "再戴一顶。"]


def test_papers_and_general_texts(tiny: Path, tmp_path: Path) -> None:
    first, *_, last = read("pubmed", tiny / "datasets/pubmed")
    assert first.answer.text == "On thumbs.\nMETHODS: We counted.\nRESULTS: Two joints."
    assert first.groups == ("PMID:90000011",) and last.id == "pubmed-own:PMID:90000014"
    assert dict(first.labels) == {"journal": "Journal of Invention", "year": "2020"}
    paper, hats, socks = read("s2orc", tiny / "datasets/s2orc")
    assert paper.answer.text == "On thumbs\nAbstract\nThumbs have joints.\nMethods\nWe counted them.\nThere were two."
    assert (hats.answer.text, socks.id) == ("On hats\nHats are tight.", "8")
    assert [each.id for each in read("wikipedia_bookcorpus", tiny / "datasets/wikipedia_bookcorpus", "bookcorpus")] == [
        "bookcorpus/own_book"
    ]
    (tmp_path / "00.jsonl.zst").write_bytes(b"\x28\xb5\x2f\xfd0000")
    with pytest.raises(BadFormat, match="zstd -d"):
        read("the_pile", tmp_path)


@pytest.mark.shared
def test_real_citations(shared: Path) -> None:
    found = read("pubmed", shared / "pubmed-medline")
    assert len({each.groups for each in found}) > 500 and all(len(each.answer.text) > 20 for each in found)
