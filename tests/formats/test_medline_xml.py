"""MEDLINE XML: every part of a citation, in both generations of the format; hostile files are refused."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from lxml import etree

from probatum.errors import BadFormat, NeedsFile
from probatum.formats import nbib, xml_blocks, xml_stream
from probatum.formats.citations import Author, Citation, Correction, Heading, Section, Subheading, Substance, date
from probatum.formats.medline_xml import Deleted, citations
from probatum.types import Malformed

SET = "<PubmedArticleSet>{}</PubmedArticleSet>"
ONE = "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>{}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"  # noqa: E501


def read(tmp_path: Path, text: str | bytes, name: str = "x.xml") -> list[Citation | Deleted | Malformed]:
    (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(citations(tmp_path / name))


def test_every_part_of_a_citation(tiny: Path) -> None:
    found, *_ = citations(tiny / "sources/medline/baseline/pubmed26n0001.xml")
    assert found == Citation(
        pmid=2000001,
        version=1,
        status="MEDLINE",
        kind="article",
        title="Two doses of agalsidase in Fabry disease: a trial with Gb3 as its end point.",
        vernacular="",
        abstract=(
            Section("BACKGROUND", "BACKGROUND", "The right dose of enzyme is not known."),
            Section("METHODS", "METHODS", "We gave 0.2 or 1.0 mg/kg to 40 men with GLA variants."),
            Section("RESULTS", "RESULTS", "Plasma Gb3 fell by 30% & 52%."),
        ),
        other_abstracts=(),
        copyright="Copyright 2020 The Society.",
        languages=("eng",),
        journal="Journal of storage disorders",
        journal_short="J Storage Disord",
        journal_id="9900001",
        issn="1111-2222",
        volume="12",
        issue="3",
        pages="101-109",
        published="2020-01-09",
        published_text="",
        revised="2020-03-05",
        authors=(
            Author("Ito", "Akira", "A", "", "0000-0001-0000-0001", ("Clinic of Metabolism, Kobe.",)),
            Author("", "", "", "Fabry Dose Group", "", ()),
        ),
        types=(("D016428", "Journal Article"), ("D016449", "Randomized Controlled Trial")),
        headings=(
            Heading(
                "D000795",
                "Fabry Disease",
                False,
                (Subheading("Q000188", "drug therapy", True), Subheading("Q000097", "blood", False)),
            ),
            Heading("D006801", "Humans", False, ()),
        ),
        substances=(Substance("D000519", "alpha-Galactosidase", "EC 3.2.1.22", "Chemical"),),
        keywords=("lysosome",),
        corrections=(),
        grants=(("R01 00001", "NIDDK NIH HHS", "United States"),),
        accessions=(("ClinicalTrials.gov", "NCT00000101"),),
        references=(1000009,),
        doi="10.5555/JSD.2020.101",
        pmc="PMC700001",
    )
    assert found.year == "2020"


def test_other_languages_books_corrections_and_deletions(tiny: Path) -> None:
    _, chinese, _, letter = citations(tiny / "sources/medline/baseline/pubmed26n0001.xml")
    assert isinstance(chinese, Citation) and isinstance(letter, Citation)
    assert (chinese.vernacular, chinese.languages) == ("以手痛为首发表现的法布里病", ("chi",))
    assert chinese.other_abstracts == (("chi", "九岁男孩双手灼痛，最终确诊。"),)
    assert (chinese.published, chinese.published_text) == ("2019", "2019 Mar-Apr")
    assert chinese.substances == (Substance("C000001", "Burning hands of childhood", "", "Disease"),)
    assert letter.corrections == (
        Correction("ErratumIn", 0, "Lett Enzymes. 2018 Jan;1(1):9"),
        Correction("CommentOn", 1000008, "Lett Enzymes. 2017 Jan;1(1):1"),
    )
    *_, book, first, second = citations(tiny / "sources/medline/updatefiles/pubmed26n0002.xml")
    assert isinstance(book, Citation) and book.kind == "book" and book.journal == "Genes and storage"
    assert [author.last for author in book.authors] == ["Writer"] and book.types == (("D016454", "Review"),)
    assert (first, second) == (Deleted(2000003, 1), Deleted(1999999, 1))


def test_white_space_between_inline_markup(tmp_path: Path) -> None:
    (found,) = read(tmp_path, SET.format(ONE.format(7, "a β\n\t<sub>2</sub>-agonist <i>in</i> <b>vitro</b>")))
    assert isinstance(found, Citation) and found.title == "a β 2-agonist in vitro"


def test_a_record_without_a_number_is_set_aside(tmp_path: Path) -> None:
    found = read(tmp_path, SET.format(ONE.format("x", "t") + ONE.format("123456789", "t") + ONE.format(5, "t")))
    assert [type(each) for each in found] == [Malformed, Malformed, Citation]
    assert found[0] == Malformed("x.xml", 1, "a PMID of one to eight digits was expected")
    other = "<CommentsCorrections RefType='CommentOn'><PMID>8</PMID></CommentsCorrections>"
    (nameless,) = read(
        tmp_path, SET.format(f"<PubmedArticle><MedlineCitation>{other}</MedlineCitation></PubmedArticle>")
    )
    assert isinstance(nameless, Malformed)  # what it comments on is not it


LAUGHS = '<!DOCTYPE PubmedArticleSet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no root element"),
        ("<html/>", "<html>; one of PubmedArticleSet"),
        (LAUGHS + SET.format(ONE.format(1, "&b;")), "declares entities"),
        (LAUGHS.encode("utf-16") + SET.encode("utf-16"), "no root element"),
        (SET.format(ONE.format(1, "t"))[:-20], "not XML"),
        (SET.format("<a>" * 400 + "</a>" * 400), "not XML"),
        (SET.format(ONE.format(1, "a" * 11_000_000)), "not XML"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + SET.format(ONE.format(1, "é")).encode("latin-1"), "not XML"),
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str | bytes, why: str) -> None:
    with pytest.raises(BadFormat, match=why):
        read(tmp_path, text)


def test_an_entity_of_another_file_stays_as_it_is_written(tmp_path: Path) -> None:
    declared = '<!DOCTYPE PubmedArticleSet SYSTEM "file:///etc/passwd">'
    (found,) = read(tmp_path, declared + SET.format(ONE.format(1, "a &b; c")))
    assert isinstance(found, Citation) and "root" not in found.title


def test_packed_files_and_what_breaks_them(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (tiny / "sources/medline/baseline/pubmed26n0001.xml").read_bytes()
    packed = gzip.compress(data, mtime=0)
    assert len(read(tmp_path, packed, "x.xml.gz")) == 4
    with pytest.raises(BadFormat, match="packed file is broken"):
        read(tmp_path, packed[:-30], "x.xml.gz")
    monkeypatch.setattr(xml_stream, "RECORD", 1_000_000)
    with pytest.raises(BadFormat, match="no record in them"):
        read(tmp_path, SET.format("<a>b</a>" * 200_000))
    with pytest.raises(NeedsFile):
        list(citations(tmp_path / "nowhere.xml"))


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2018 May 17", ("2018-05-17", True)),
        ("2018 05", ("2018-05", True)),
        ("2018", ("2018", True)),
        ("2007 Mar-Apr", ("2007", False)),
        ("Winter 1998-1999", ("1998", False)),
        ("2018 13 45", ("2018", False)),
        ("no date", ("", False)),
    ],
)
def test_dates(written: str, wanted: tuple[str, bool]) -> None:
    assert date(written) == wanted


def test_tagged_text_gives_the_same_kind_of_citation(tiny: Path) -> None:
    first, second = nbib.citations(tiny / "formats/search.nbib")
    assert isinstance(first, Citation) and isinstance(second, Citation)
    assert first.title == "Stroke in young adults: how often is Fabry disease the cause?"
    assert first.abstract[1] == Section("METHODS", "", "We measured the enzyme in 300 men.")
    assert first.headings[0].subheadings == (Subheading("", "complications", False), Subheading("", "diagnosis", True))
    assert first.headings[0].major and first.headings[0].name == "Fabry Disease"
    assert first.authors[0] == Author("Ito", "Akira", "A", "", "0000-0001-0000-0001", ("Clinic of Metabolism, Kobe.",))
    assert first.authors[1].collective == "Stroke Group"
    assert first.substances == (Substance("", "alpha-Galactosidase", "EC 3.2.1.22", "Chemical"),)
    assert (first.corrections[0].kind, first.corrections[0].pmid) == ("ErratumIn", 2000011)
    assert (first.doi, first.pmc, first.published, first.revised) == (
        "10.5555/jsd.2021.11",
        "PMC700010",
        "2021-02-03",
        "2021-01-11",
    )
    assert first.grants == (("R01 00001", "NIDDK NIH HHS", "United States"),)
    assert (second.vernacular, second.published, second.published_text) == ("Eine kurze Notiz.", "2021", "2021 Winter")


def test_tagged_text_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.nbib").write_bytes(b"PMID- 12\nTI  - a\n\nTI  - no number\n\nnothing\n\xff\xfe\nPMID- 0\n")
    found = list(nbib.citations(tmp_path / "x.nbib"))
    assert [type(each) for each in found] == [Citation, Malformed, Malformed, Malformed, Malformed]


@pytest.mark.shared
def test_the_real_citations(shared: Path) -> None:
    found = list(citations(shared / "pubmed-medline/medline16n0902.xml.gz"))
    papers = [each for each in found if isinstance(each, Citation)]
    assert (len(papers), len(found)) == (604, 605) and isinstance(found[-1], Deleted)
    assert sum(len(each.headings) for each in papers) == 1_404
    assert sum(len(heading.subheadings) for each in papers for heading in each.headings) == 742
    assert sum(len(each.references) for each in papers) + sum(len(each.corrections) for each in papers) == 3_620
    assert sum(len(each.authors) for each in papers) == 3_590
    assert sum(bool(each.abstract) for each in papers) == 526 and all(each.year for each in papers)
    (trial,) = citations(shared / "pubmed-medline/pubmed-29768149.xml")
    assert isinstance(trial, Citation) and trial.doi == "10.1056/NEJMoa1715274"
    assert trial.accessions == (("ClinicalTrials.gov", "NCT02149199"),) and len(trial.headings) == 23


@pytest.mark.parametrize("block", [64, 700, 1 << 16])
def test_stretches_of_any_length_give_the_same(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    file = tiny / "sources/medline/baseline/pubmed26n0001.xml"
    whole = list(citations(file))
    monkeypatch.setattr(xml_blocks, "BLOCK", block)
    assert list(citations(file)) == whole
    # an end tag where none ends: in a comment, in a CDATA section
    odd = ONE.format(1, "a <!-- </PubmedArticle> --> b") + "\n" + ONE.format(2, "<![CDATA[</PubmedArticle>]]>")
    lacking = "<PubmedArticle>\n<MedlineCitation/></PubmedArticle>"
    text = SET.format(f"{odd}{odd}\n\n{lacking}{ONE.format(3, 'c')}")
    *four, none, last = read(tmp_path, text)
    assert [each.title for each in four if isinstance(each, Citation)] == ["a b", "</PubmedArticle>"] * 2
    assert isinstance(none, Malformed) and text.splitlines()[none.line - 1].endswith("<PubmedArticle>")
    assert isinstance(last, Citation) and last.pmid == 3


def test_the_older_layout_keeps_its_status(tmp_path: Path) -> None:
    one = '<MedlineCitation Owner="NLM" Status="In-Process"><PMID Version="2">7</PMID></MedlineCitation>'
    (found,) = read(tmp_path, f"<MedlineCitationSet>{one}</MedlineCitationSet>")
    assert isinstance(found, Citation) and (found.pmid, found.version, found.status) == (7, 2, "In-Process")


def test_parts_belong_where_they_stand(tmp_path: Path) -> None:
    # investigators and the people a paper is about are no authors; a part that stands alone is nobody's;
    # a book's own numbers follow its works cited and are no works cited
    text = SET.format(
        "<PubmedBookArticle><BookDocument><PMID>7</PMID><Book><BookTitle>A book</BookTitle>"
        "<AuthorList Type='editors'><Author><LastName>Ed</LastName></Author></AuthorList></Book>"
        "<LastName>Stray</LastName><QualifierName UI='Q1'>stray</QualifierName>"
        "<AuthorList Type='authors'><Author><LastName>Roe</LastName><AffiliationInfo><Affiliation>Here</Affiliation>"
        "<Identifier Source='ORCID'>0000-0009</Identifier></AffiliationInfo></Author></AuthorList>"
        "<InvestigatorList><Investigator><LastName>Sub</LastName><AffiliationInfo><Affiliation>There</Affiliation>"
        "</AffiliationInfo></Investigator></InvestigatorList>"
        "<PersonalNameSubjectList><PersonalNameSubject><LastName>Osler</LastName></PersonalNameSubject>"
        "</PersonalNameSubjectList>"
        "<ReferenceList><Reference><ArticleIdList><ArticleId IdType='pubmed'>5</ArticleId><ArticleId IdType='doi'>"
        "10.1/cited</ArticleId></ArticleIdList></Reference></ReferenceList></BookDocument>"
        "<PubmedBookData><ArticleIdList><ArticleId IdType='pubmed'>7</ArticleId><ArticleId IdType='doi'>10.1/own"
        "</ArticleId></ArticleIdList></PubmedBookData></PubmedBookArticle>"
        "<PubmedArticle><MedlineCitation><CommentsCorrectionsList><CommentsCorrections RefType='Cites'>"
        "<RefSource>x</RefSource><PMID>3</PMID></CommentsCorrections></CommentsCorrectionsList></MedlineCitation>"
        "</PubmedArticle>"
    )
    book, unnumbered = read(tmp_path, text)
    assert isinstance(book, Citation)
    assert book.authors == (Author("Roe", "", "", "", "", ("Here",)),)
    assert (book.headings, book.references, book.doi, book.kind) == ((), (5,), "10.1/own", "book")
    assert isinstance(unnumbered, Malformed)


@pytest.mark.parametrize(
    ("written", "wanted"),
    [("a\r\n\tb", "a b"), ("  a   b  ", "a b"), ("a\u2009 b\u00a0", "a\u2009 b\u00a0"), ("\n \t", ""), ("a\n", "a")],
)
def test_runs_of_white_space_are_one_space(written: str, wanted: str) -> None:
    element = etree.Element("T")
    element.text = written
    assert xml_stream.text_of(element) == wanted
