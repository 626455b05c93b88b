"""Classics of Chinese medicine in GB18030."""

from pathlib import Path

import pytest
from graph_facts import Facts, concepts, passages, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Fact, Passage

F = Facts("tcm_classics", "zh")
BOOK = "tcm_classics:小书"
HEAD = (("author", "某人"), ("period", "清"))


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    def chapter(name: str, text: str, title: str, *more: tuple[str, str]) -> Passage:
        at = F.origin(f"{BOOK}/{name}")
        qualifiers = (*HEAD, *more, ("years", "公元1644-1911年"))
        return Passage(at.at, text, f"小书·{title}", "zh", at, "document", (BOOK,), qualifiers)

    pinned: list[Fact] = [
        F.concept(BOOK, "小书", "Publication"),
        chapter("序", "此书甚短，\n仅供试用。", "序"),
        chapter("卷一/第一", "脉浮者，病在表。", "第一", ("section", "卷一")),
    ]
    check_contract("tcm_classics", tiny / "sources/tcm_classics", pinned, tmp_path)


def test_chapters_of_one_name_are_told_apart(tiny: Path) -> None:
    facts = read("tcm_classics", tiny / "sources/tcm_classics")
    assert passages(facts)[f"{BOOK}/卷一/第一#2"].text == "又一篇。"
    assert refused(facts) == [("001-小书.txt", 23)]


def test_a_book_may_be_utf_8(tiny: Path, tmp_path: Path) -> None:
    text = (tiny / "sources/tcm_classics/001-小书.txt").read_bytes().decode("gb18030", "ignore")
    (tmp_path / "001-小书.txt").write_text(text, encoding="utf-8")
    assert len(passages(read("tcm_classics", tmp_path))) == 3


def test_a_text_without_chapters_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("只是文字\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="a book with chapters"):
        read("tcm_classics", tmp_path)


@pytest.mark.shared
def test_the_real_books(shared: Path) -> None:
    facts = read("tcm_classics", shared / "tcm-classics")
    told = passages(facts)
    assert len(concepts(facts)) == 15 and len(told) == 3_467 and not refused(facts)
    (greater_yang,) = (each for each in told.values() if each.title == "伤寒论·辨太阳病脉证并治上")
    assert greater_yang.text.startswith("1．太阳之为病") and dict(greater_yang.qualifiers)["author"] == "张仲景"
