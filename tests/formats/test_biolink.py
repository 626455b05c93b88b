"""The vocabulary of relations."""

import re
import tomllib
from importlib import resources

import pytest

from probatum.formats.biolink import between, between_backwards, predicate, predicates


def test_the_table_is_whole_and_sorted() -> None:
    table = predicates()
    assert list(table) == sorted(table) and len(table) > 50
    said = tomllib.loads(resources.files("probatum.formats").joinpath("biolink.toml").read_text(encoding="utf-8"))
    keys = {key for each in said.values() for key in each}
    assert keys == {"words", "inverse", "opposite", "symmetric", "aspects"}
    for id, each in table.items():
        assert re.fullmatch("biolink:[a-z_]+|skos:(exact|close|broad|narrow|related)Match", id)
        for way in (each.words, each.inverse, *each.aspects.values()):
            assert set(way) == {"en", "zh"}
            assert all(words.denied.strip() and words.said != words.denied for words in way.values()), id
            assert re.fullmatch("[A-Za-z,: ]*", way["en"].said) and not re.search("[A-Za-z]", way["zh"].said), id


def test_an_opposite_is_meant_both_ways_or_stands_in_the_table() -> None:
    table = predicates()
    for id, each in table.items():
        assert set(each.opposite) <= set(table) and id not in each.opposite
    for one, other in (
        ("biolink:treats", "biolink:contraindicated_in"),
        ("biolink:causes", "biolink:preventative_for_condition"),
        ("biolink:ameliorates_condition", "biolink:exacerbates_condition"),
    ):
        assert other in table[one].opposite and one in table[other].opposite


def test_a_symmetric_one_reads_the_same_both_ways() -> None:
    for each in predicates().values():
        if each.symmetric and each.id != "biolink:directly_physically_interacts_with":
            assert each.words == each.inverse, each.id


@pytest.mark.parametrize(
    ("id", "aspect", "language", "said", "denied"),
    [
        ("biolink:has_phenotype", "", "en", "", "not "),
        ("biolink:has_phenotype", "P", "zh", "", "无"),
        ("biolink:has_attribute", "C", "en", "clinical course ", "clinical course not "),
        ("biolink:has_attribute", "dose_form", "zh", "剂型 ", "剂型不是 "),
        ("biolink:treats", "", "zh", "治疗 ", "不能治疗 "),
        ("biolink:treats", "", "es", "treats ", "does not treat "),
        ("own:goes_with", "", "en", "goes with ", "not goes with "),
        ("own:goes_with", "", "zh", "goes with ", "不是 goes with "),
    ],
)
def test_words_between(id: str, aspect: str, language: str, said: str, denied: str) -> None:
    words = between(id, aspect, language)
    assert (words.said, words.denied) == (said, denied)


def test_words_backwards() -> None:
    assert between_backwards("biolink:treats").said == "treated by "
    assert between_backwards("biolink:treats", "zh").denied == "不是治疗手段 "
    assert between_backwards("own:goes_with").said == "goes with of "
    assert predicate("biolink:has_phenotype").name == "has phenotype"
    assert predicate("own:goes_with").opposite == ()
