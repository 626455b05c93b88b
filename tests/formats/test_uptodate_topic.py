"""Topics as HTML and as JSON: grades, dates, contributors, references and links as they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.uptodate_topic import Recommendation, Reference, cited, slug_of, topic, unmarked


def test_a_saved_topic(tiny: Path) -> None:
    read = topic((tiny / "sources/uptodate/fabry-disease-treatment.html").read_bytes(), "f.html")
    assert (read.id, read.version, read.title) == ("99901", "12.0", "Fabry disease: Treatment")
    assert (read.reviewed, read.updated, read.language) == ("2024-11", "2024-10-03", "en")
    assert read.contributors == (
        ("author", "A. N. Author, MD"),
        ("author", "Another Author, MD"),
        ("section editor", "An Editor, MD"),
        ("deputy editor", "A. Deputy, MD"),
    )
    assert [(each.grade, each.strength, each.quality, each.cites) for each in read.recommendations] == [
        ("Grade 1B", "1", "B", (2, 3)),
        ("Grade 2C", "2", "C", ()),
        ("Grade 2B", "2", "B", (2, 3, 4)),
    ]
    assert read.recommendations[2] == Recommendation(
        "We give agalsidase beta to children (Grade 2B).",
        "Grade 2B",
        "2",
        "B",
        "SUMMARY AND RECOMMENDATIONS",
        "H9",
        (2, 3, 4),
        (("agalsidase-beta-drug-information", "agalsidase beta"),),
    )
    assert read.references == (
        Reference(1, "An overview in our own words. Orphanet J Rare Dis 2010", "21092187"),
        Reference(2, "A trial of the enzyme.", "11439963"),
        Reference(3, "A second trial of the enzyme.", "17179052"),
        Reference(4, "A textbook.", ""),
    )
    assert read.pmids((2, 4, 9)) == ("PMID:11439963",)
    assert ("calculator-egfr-ckd-epi-2021", "calculator 1") in read.links
    assert all(section.heading != "REFERENCES" for section in read.sections)


def test_a_topic_in_json(tiny: Path) -> None:
    read = topic((tiny / "sources/uptodate/gaucher-disease-treatment.json").read_bytes(), "g.json")
    assert (read.id, read.reviewed, read.updated) == ("99902", "2024-12", "2024-09-17")
    assert [each.grade for each in read.recommendations] == ["Grade 1A"]
    assert read.contributors == (("author", "A. N. Author, MD"), ("deputy editor", "A. Deputy, MD"))


def test_a_topic_in_chinese() -> None:
    text = """<html lang="zh-Hans"><head><link rel="canonical"
    href="https://www.uptodate.cn/contents/zh-Hans/gaucher-disease-treatment"></head><body><h1>戈谢病：治疗</h1>
    <div>作者：甲某, MD；乙某, MD</div><div>副主编：丙某, MD</div><div>文献评审有效期至：2024-11。</div>
    <div>专题最后更新日期：2024-09-17。</div><h2 id="H2">总结与推荐</h2>
    <ul><li>对于有症状的1型患者，我们推荐酶替代治疗(Grade 1B)[1]。部分成人可用依利格鲁司他(Grade 2C)。</li></ul>
    <h2>参考文献</h2><ol><li>1. 一项试验。PMID: 25688781</li></ol></body></html>"""
    read = topic(text.encode(), "z.html")
    assert (read.id, read.language, read.reviewed, read.updated) == (
        "gaucher-disease-treatment", "zh-Hans", "2024-11", "2024-09-17",
    )  # fmt: skip
    assert read.contributors == (("作者", "甲某, MD"), ("作者", "乙某, MD"), ("副主编", "丙某, MD"))
    assert [(each.text, each.grade) for each in read.recommendations] == [
        ("对于有症状的1型患者，我们推荐酶替代治疗(Grade 1B)。", "Grade 1B"),
        ("部分成人可用依利格鲁司他(Grade 2C)。", "Grade 2C"),
    ]
    assert read.pmids(read.recommendations[0].cites) == ("PMID:25688781",)


def test_marks_and_addresses() -> None:
    assert cited("a [1,4-6] b [4] c [2 - 3]") == (1, 4, 5, 6, 2, 3)
    assert len(cited("[1-999999999]")) == 101
    assert (
        unmarked("It helps [1,2]. So does that [3-5], they say (see [x]).")
        == "It helps. So does that, they say (see [x])."
    )
    assert slug_of("https://www.uptodate.com/contents/zh-Hans/fabry-disease#H3") == "fabry-disease"
    assert slug_of("https://example.org/") == ""


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{}", "topicInfo"),
        (json.dumps({"topicInfo": {"id": 1, "title": "t"}}).encode(), "without a body"),
        (b"<html><body><h1>t</h1><p>x</p></body></html>", "number"),
        (b"\x89PNG", "UTF-8"),
    ],
)
def test_other_files_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(BadFormat, match=said):
        topic(data, "x")
