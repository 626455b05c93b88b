"""Lists of content in three formats: what each item is, and what it stands in."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.clinicalkey import COLUMNS, TYPES, Item, items
from probatum.types import Malformed

FILES = ("books_and_guidelines.ris", "media_and_trials.json", "monographs_and_journals.csv")


def read(tiny: Path, name: str) -> list[Item | Malformed]:
    return list(items(tiny / "sources/clinicalkey" / name))


def test_every_item_has_its_type(tiny: Path) -> None:
    found = [each for name in FILES for each in read(tiny, name)]
    assert [(each.id, each.kind) for each in found if isinstance(each, Item)] == [
        ("3-s2.0-C20200000001", "book"),
        ("3-s2.0-B9780000000000000012", "chapter"),
        ("5-s2.0-100", "guideline"),
        ("6-s2.0-NCT00000001", "clinical_trial"),
        ("3-s2.0-B9780000000000000012-f01", "image"),
        ("V1", "video"),
        ("V2", "procedure_video"),
        ("5-s2.0-pe_0001", "patient_education"),  # by its address alone
        ("6-s2.0-55", "drug_monograph"),
        ("J1", "journal"),
        ("1-s2.0-S0000000000000001", "article"),
    ]
    assert {each.kind for each in found if isinstance(each, Item)} < set(TYPES)
    bad = [(each.path, each.line, each.reason) for each in found if isinstance(each, Malformed)]
    assert bad == [
        (FILES[0], 35, "an item without a known content type"),
        (FILES[1], 50, "an object was expected"),
    ]


def test_a_chapter_of_a_book_in_ris(tiny: Path) -> None:
    book, chapter, *_ = read(tiny, FILES[0])
    assert isinstance(book, Item) and isinstance(chapter, Item)
    assert (book.authors, book.isbn, book.issn) == (("Author, A. N.", "Author, Another"), "978-0-00-000000-2", "")
    assert (chapter.source, chapter.part_of, chapter.year) == (book.title, book.id, "2023")
    assert chapter.keywords == ("Gaucher disease", "enzyme replacement")


def test_a_film_in_json_and_an_article_in_csv(tiny: Path) -> None:
    film = next(each for each in read(tiny, FILES[1]) if isinstance(each, Item) and each.kind == "video")
    assert (film.media_type, film.media_url, film.duration) == ("video/mp4", "https://example.org/heart.mp4", "PT4M10S")
    article = read(tiny, FILES[2])[2]
    assert isinstance(article, Item)
    assert (article.doi, article.pmid, article.part_of) == ("10.1000/OUR.1", "12345678", "J1")
    assert article.authors == ("A. N. Author", "Another Author") and article.keywords == ("warfarin", "amiodarone")


def test_items_without_id_or_title_are_put_aside_and_other_tables_refused(tmp_path: Path) -> None:
    rows = [",Book,No id" + "," * 17, "E1,Book," + "," * 17]
    (tmp_path / "x.csv").write_text("\n".join([",".join(COLUMNS), *rows, ""]), encoding="utf-8")
    assert [each.reason for each in items(tmp_path / "x.csv") if isinstance(each, Malformed)] == [
        "an item without an id (EID, DOI, address)",
        "an item without a title",
    ]
    (tmp_path / "x.csv").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(BadFormat, match="the header"):
        list(items(tmp_path / "x.csv"))
