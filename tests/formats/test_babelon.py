"""Translations and lay synonyms: which term, which language, which scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.babelon import Translation, lay_synonyms, translations
from probatum.types import Malformed, Name


def test_the_tiny_translations(tiny: Path) -> None:
    found = list(translations(tiny / "sources/hpo/hp-zh.babelon.tsv"))
    assert found[0] == Translation("HP:0001250", Name("癫痫发作", "zh", "label"), 2)
    assert found[3] == Translation("HP:0002240", Name("肝肿大", "zh", "label", "candidate"), 5)
    assert found[4] == Translation("HP:0001275", Name("发作", "zh", "exact"), 7)
    assert found[-1] == Translation("HP:9999999", Name("以后的术语", "zh", "label"), 9)
    assert len(found) == 7


def test_columns_in_another_order(tiny: Path) -> None:
    found = list(translations(tiny / "sources/hpo/hp-es.babelon.tsv"))
    assert found[-1] == Translation("HP:0001744", Name("Esplenomegalia", "es", "label"), 3)


def test_the_tiny_lay_synonyms(tiny: Path) -> None:
    found = list(lay_synonyms(tiny / "sources/hpo/layperson-synonyms.tsv"))
    assert found[0] == Translation("HP:0001744", Name("Increased spleen size", "en", "exact", "layperson"), 2)
    assert found[-1] == Translation("HP:0002240", Name("Big liver", "en", "exact", "layperson"), 3)


HEAD = (
    "source_language\ttranslation_language\tsubject_id\tpredicate_id\tsource_value\ttranslation_value\t"
    "translation_status"
)


@pytest.mark.parametrize(
    "row",
    [
        "en\tzh\tHP_1\trdfs:label\ta\tb\tOFFICIAL",
        "en\tzh\tHP:1\tx:y\ta\tb\tOFFICIAL",
        "en\t\tHP:1\trdfs:label\ta\tb\tOFFICIAL",
        "en\tzh\tHP:1\trdfs:label\ta\t \tOFFICIAL",
        "en\tzh",
    ],
)
def test_a_translation_that_breaks_the_format(tmp_path: Path, row: str) -> None:
    file = tmp_path / "t.tsv"
    file.write_text(f"{HEAD}\n{row}\n", encoding="utf-8")
    (found,) = translations(file)
    assert isinstance(found, Malformed) and found.line == 2


@pytest.mark.parametrize("row", ['HP_1\t"a"\t"b"', '<http://purl.obolibrary.org/obo/HP_1>\t"a"\tb', "x"])
def test_a_lay_synonym_that_breaks_the_format(tmp_path: Path, row: str) -> None:
    file = tmp_path / "t.tsv"
    file.write_text(f"?term\t?term_label\t?layperson\n{row}\n", encoding="utf-8")
    (found,) = lay_synonyms(file)
    assert isinstance(found, Malformed) and found.line == 2


@pytest.mark.parametrize("text", ["", "a\tb\n", "\x00"])
def test_what_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "t.tsv"
    file.write_text(text, encoding="utf-8")
    for read in (translations, lay_synonyms):
        with pytest.raises(BadFormat, match=r"t\.tsv:1"):
            list(read(file))


@pytest.mark.shared
def test_the_whole_files(shared: Path) -> None:
    for name, count in (("hp-zh", 18_988), ("hp-es", 19_932)):
        found = list(translations(shared / f"hpo/{name}.babelon.tsv"))
        assert len(found) == count and all(isinstance(each, Translation) for each in found)
    assert len(list(lay_synonyms(shared / "hpo/layperson-synonyms.tsv"))) == 7_186
