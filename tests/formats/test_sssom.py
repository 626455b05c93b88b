"""Mapping sets as SSSOM writes them: head, rows, broken ones, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probatum.errors import BadFormat
from probatum.formats.sssom import Head, Mapping, head, mappings, write
from probatum.types import Malformed

HEAD = """\
# curie_map:
#   MONDO: http://purl.obolibrary.org/obo/MONDO_
#   "odd": 'http://example.org/it''s'
# mapping_set_id: https://example.org/sets/one.sssom.tsv
# mapping_set_description: Mappings that two people
#   looked at   # and this is a comment
# license: "https://creativecommons.org/publicdomain/zero/1.0/"
# creator_id:
# - orcid:0000-0000-0000-0001
# - orcid:0000-0000-0000-0002
# mapping_date: 2024-05-01
# country: no
# extension_definitions:
#   - slot_name: ext_grade
#     type_hint: xsd:string
"""
COLUMNS = "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tmapping_justification\tconfidence\n"


def lay(folder: Path, text: str) -> Path:
    path = folder / "set.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_head_is_read_as_text(tmp_path: Path) -> None:
    said = head(lay(tmp_path, HEAD + COLUMNS))
    assert said.prefixes == (("MONDO", "http://purl.obolibrary.org/obo/MONDO_"), ("odd", "http://example.org/it's"))
    assert dict(said.slots)["creator_id"] == ("orcid:0000-0000-0000-0001", "orcid:0000-0000-0000-0002")
    assert said.said("mapping_set_description").startswith("Mappings that two people looked at")
    assert said.said("license") == "https://creativecommons.org/publicdomain/zero/1.0/"
    assert said.said("country") == "no"  # a land, not a falsehood
    assert dict(said.slots)["extension_definitions"] == ("slot_name: ext_grade type_hint: xsd:string",)


def test_rows_carry_what_the_set_says_of_all_of_them(tmp_path: Path) -> None:
    rows = (
        'MONDO:1\t"a ""quoted"" name"\tskos:exactMatch\t\tOMIM:2\tsemapv:ManualMappingCuration\t0.9\n'
        'MONDO:1\t5" needle\tskos:closeMatch\tNot\tOMIM:3\tsemapv:LexicalMatching\n'  # its last, empty cell is cut off
        "MONDO:1\t\tskos:exactMatch\t\t\tsemapv:LexicalMatching\t\n"
        "MONDO:1\t\tskos:exactMatch\tPerhaps\tOMIM:2\tsemapv:LexicalMatching\t\n"
        "MONDO:1\tfew\n"
    )
    first, second, *broken = mappings(lay(tmp_path, HEAD + COLUMNS + rows))
    assert isinstance(first, Mapping) and isinstance(second, Mapping)
    assert (first.subject, first.predicate, first.object) == ("MONDO:1", "skos:exactMatch", "OMIM:2")
    assert first.justification == "semapv:ManualMappingCuration" and not first.negated
    assert first.slots == (("confidence", "0.9"), ("mapping_date", "2024-05-01"), ("subject_label", 'a "quoted" name'))
    assert second.negated and second.said("subject_label") == '5" needle' and second.said("confidence") == ""
    assert [type(each) for each in broken] == [Malformed] * 3
    assert [each.line for each in broken if isinstance(each, Malformed)] == [19, 20, 21]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "columns"),
        ("subject_id\tobject_id\n", "predicate_id"),
        ("# a: 1\n# a: 2\n" + COLUMNS, "key of its own"),
        ("# a: &anchor x\n" + COLUMNS, "anchors"),
        ("# just words\n" + COLUMNS, "key of its own"),
        ("# a:\n#   neither\n" + COLUMNS, "neither a list nor a key"),
        ('# a: "\\q"\n' + COLUMNS, "quoted"),
    ],
)
def test_what_is_no_mapping_set_is_refused(tmp_path: Path, text: str, wrong: str) -> None:
    with pytest.raises(BadFormat, match=wrong):
        list(mappings(lay(tmp_path, text)))


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20).map(lambda text: " ".join(text.split()))
WORD = st.from_regex(r"[A-Z]{1,6}:[0-9]{1,4}", fullmatch=True)
SLOT = st.sampled_from(["confidence", "mapping_tool", "subject_label", "comment", "author_id"])
MAPPING = st.builds(
    lambda ends, negated, slots: Mapping(*ends, negated, tuple(sorted((k, v) for k, v in slots.items() if v))),
    st.tuples(WORD, WORD, WORD, WORD), st.booleans(), st.dictionaries(SLOT, TEXT),
)  # fmt: skip
HEADS = st.builds(
    lambda slots, prefixes: Head(tuple(slots.items()), tuple(prefixes.items())),
    st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True).filter(lambda name: name != "curie_map"),
                    st.lists(TEXT, min_size=1, max_size=3).map(tuple), max_size=4),
    st.dictionaries(st.from_regex(r"[A-Za-z.]{1,8}", fullmatch=True), TEXT, max_size=3),
)  # fmt: skip


@given(said=HEADS, found=st.lists(MAPPING, max_size=5))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, said: Head, found: list[Mapping]
) -> None:
    path = tmp_path_factory.mktemp("sssom") / "one.sssom.tsv"
    slots = sorted({name for each in found for name, _ in each.slots})
    assert write(path, said, found, slots) == len(found)
    assert head(path) == said
    read = [each for each in mappings(path) if isinstance(each, Mapping)]
    assert [(each.subject, each.object, each.negated, each.slots) for each in read] == [
        (each.subject, each.object, each.negated, each.slots) for each in found
    ]


def test_a_slot_without_a_column_is_refused(tmp_path: Path) -> None:
    odd = Mapping("A:1", "skos:exactMatch", "B:1", "semapv:LexicalMatching", slots=(("comment", "x"),))
    with pytest.raises(BadFormat, match="comment"):
        write(tmp_path / "x.tsv", Head(), [odd])


@pytest.mark.shared
def test_the_published_maps_of_mondo_are_read_whole(shared: Path) -> None:
    path = shared / "mondo" / "mondo_exactmatch_orphanet.sssom.tsv"
    found = list(mappings(path))
    assert len(found) == 9785 and all(isinstance(each, Mapping) for each in found)
    assert head(path).said("mapping_set_version").split("/")[-3] == "2026-08-04"
