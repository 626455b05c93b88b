"""The words of the pages are whole in both languages, and every page uses only words that there are."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

from probatum.web.words import LANGUAGES, chosen, words

WEB = resources.files("probatum.web")


def test_every_word_has_both_languages() -> None:
    table = tomllib.loads(WEB.joinpath("words.toml").read_text(encoding="utf-8"))
    for key, said in table.items():
        assert set(said) == set(LANGUAGES), key
        assert all(said.values()), key
        assert not re.search("[㐀-鿿]", said["en"].replace("癫痫", "")), key


def test_pages_use_only_words_that_there_are_and_none_is_left_over() -> None:
    pages = [page.read_text(encoding="utf-8") for page in WEB.joinpath("templates").iterdir()]
    used = {word for page in pages for word in re.findall(r"words\.(\w+)", page)}
    built = {start for page in pages for start in re.findall(r"words\['(\w+_)' ~", page)} | {
        f"{start}" for page in pages for start in re.findall(r"\('(\w+_)' ~ ", page)
    }
    code = [file.read_text(encoding="utf-8") for file in WEB.iterdir() if file.name.endswith(".py")]
    used |= {word for text in code for word in re.findall(r"words\(.+?\)\[\"(\w+)\"\]", text)}
    built |= {start for text in code for start in re.findall(r"words\[f\"(\w+_)\{", text)}
    known = set(words("en"))
    assert used <= known
    predicates = {"has_phenotype", "has_mode_of_inheritance", "has_attribute", "subclass_of"}
    predicates |= {"gene_associated_with_condition"}
    left = {key for key in known - used - predicates if not key.startswith((*built, "example_"))}
    assert left == set()


def test_the_address_decides_the_language_then_the_browser() -> None:
    assert chosen("zh", ["en"]) == "zh"
    assert chosen("", ["fr-FR;q=0.9", " zh-CN;q=0.8", "en"]) == "zh"
    assert chosen("xx", [""]) == "en"
