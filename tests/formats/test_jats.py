"""JATS: sections with their titles, floats apart from the text, licences by their address; hostile ones refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.jats import Article, Float, Part, Reference, articles

SHORT = (
    "<article><front><article-meta><permissions><license {}>{}</license></permissions></article-meta></front></article>"
)


def test_every_part_of_an_article(tiny: Path) -> None:
    (found,) = articles((tiny / "sources/pmc/PMC700001.nxml").read_bytes(), "x")
    assert found == Article(
        pmc="PMC700001",
        pmid=2000001,
        doi="10.5555/JSD.2020.101",
        kind="research-article",
        title="Two doses of enzyme in Fabry disease",
        journal="Open storage disorders",
        published="2020-01-09",
        language="en",
        authors=("Akira Ito", "Fabry Dose Group"),
        licence="CC BY 4.0",
        licence_url="https://creativecommons.org/licenses/by/4.0/",
        licence_text="Free to use with credit.",
        copyright="© The Authors 2020",
        abstract=(Part("", ("Background",), "The dose is not known."), Part("", ("Results",), "Gb3 fell.")),
        sections=(
            Part("", (), "Before any section."),
            Part("s1", ("Methods",), "Forty men were treated1; the rate was 0.5 a year."),
            Part("s1a", ("Methods", "Ethics"), "All agreed.\nin writing and freely"),
            Part("", ("Results",), "See the table."),
        ),
        floats=(
            Float("figure", "f1", "Figure 1", "Flow. Who was asked and who took part.", ("flow-1",)),
            Float("table", "t1", "Table 1", "Plasma values.", (), (("Dose", "Gb3"), ("0.2", "-30%"), ("1.0", "-52%"))),
            Float("supplement", "x1", "File 1", "All values.", ("data.csv",)),
        ),
        references=(Reference("b1", "Wang L. Pain in the hands. 2019. 2000002", 2000002, ""),),
        related=(("retraction-forward", "pmid", "2000005"),),
    )


@pytest.mark.parametrize(
    ("attributes", "text", "wanted"),
    [
        (
            'xmlns:x="http://www.w3.org/1999/xlink" x:href="http://creativecommons.org/licenses/by-nc/3.0/"',
            "",
            "CC BY-NC 3.0",
        ),
        (
            'xmlns:x="http://www.w3.org/1999/xlink" x:href="https://creativecommons.org/publicdomain/zero/1.0/"',
            "",
            "CC0 1.0",
        ),
        ("", "<p>under the Creative Commons Attribution License</p>", "CC BY"),
        ("", "<p>under the Creative Commons Attribution Non-Commercial License</p>", "CC BY-NC"),
        ("", "<p>This work is in the public domain.</p>", "public domain"),
        ("", "<p>All rights reserved.</p>", ""),
    ],
)
def test_licences(attributes: str, text: str, wanted: str) -> None:
    (found,) = articles(SHORT.format(attributes, text).encode(), "x")
    assert found.licence == wanted


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no root element"),
        (b"<html/>", "<article> was expected"),
        (b"<article/>", "without <front>"),
        (b"<article><front>", "not XML"),
        (b"<!DOCTYPE article [<!ENTITY a 'b'>]><article><front/></article>", "declares entities"),
        (b"<article><front/><body>" + b"<sec>" * 400, "not XML"),
        ("<article><front/></article>".encode("utf-16"), "no root element"),
    ],
)
def test_hostile_files_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(BadFormat, match=why):
        list(articles(data, "x"))


@pytest.mark.shared
def test_the_real_articles(shared: Path) -> None:
    found = {
        file.stem: next(articles(file.read_bytes(), file.name)) for file in (shared / "pmc-oa-nxml").glob("*.nxml")
    }
    assert {name: each.licence for name, each in found.items()} == {
        "1471-2180-11-174": "CC BY 2.0",
        "1472-6831-8-11": "CC BY 2.0",
        "ehp-116-1694": "Public Domain Mark 1.0",
        "pntd.0002065": "CC BY",
        "pone.0000217": "CC BY",
        "pone.0046493": "CC BY",
    }
    assert sum(len(each.references) for each in found.values()) == 276
    assert all(each.pmc and each.pmid and each.doi and each.sections and each.abstract for each in found.values())
    (captured,) = articles((shared / "api-captures/ncbi_efetch/pmc6329583.xml").read_bytes(), "x")
    assert (captured.pmc, captured.pmid, len(captured.floats)) == ("PMC6329583", 30311380, 7)
