"""The store keeps each assertion once, each claim with its origin, and forgets a release without a trace."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from probatum.errors import NeedsFile, StoreRefused
from probatum.store import suggest
from probatum.store.reader import Store
from probatum.store.writer import withdraw, write
from probatum.types import Concept, Fact, Malformed, Name, Origin, Passage, Relation, Release
from probatum.verbs import ingest


def origin(at: str, source: str = "made", evidence: str = "", references: tuple[str, ...] = ()) -> Origin:
    return Origin(source, "1", at, evidence, references)


def facts(source: str = "made") -> list[Fact]:
    cough = Concept(
        "HP:0012735", "Cough", "PhenotypicFeature", origin("HP:0012735", source),
        names=(Name("Coughing", kind="layperson", scope="exact"), Name("咳嗽", "zh")), alternatives=("HP:0009999",),
    )  # fmt: skip
    old = Concept(
        "HP:0000001",
        "Hacking",
        "PhenotypicFeature",
        origin("HP:0000001", source),
        (),
        (),
        ("HP:0012735",),
        obsolete=True,
    )
    seen = [
        Relation(
            "OMIM:1", "biolink:has_phenotype", "HP:0012735", origin("r", source, "PCS", (paper,)),
            False, (("frequency", n),),
        )
        for paper, n in (("PMID:1", "1/2"), ("PMID:2", "3/4"), ("PMID:2", "3/4"))
    ]  # fmt: skip
    absent = Relation("OMIM:1", "biolink:has_phenotype", "HP:0012735", origin("n", source), negated=True)
    text = Passage(
        "HP:0012735#definition",
        "A sudden expulsion of air.",
        "Cough",
        "en",
        origin("d", source),
        "definition",
        ("HP:0012735",),
    )
    return [cough, old, *seen, absent, text, Malformed("made.tsv", 7, "five columns where six belong", "a\tb")]


def release(source: str = "made", version: str = "1", sha256: str = "00") -> Release:
    return Release(source, version, "CC0", sha256, ("made.tsv",))


def test_it_gives_back_what_was_written(tmp_path: Path) -> None:
    done = write(tmp_path, [release(), *facts()])
    assert (done.written, done.quarantined, done.resumed) == (7, 1, 0)
    with Store(tmp_path) as store:
        assert store.releases() == [release()]
        assert store.stats() == {
            "releases": 1,
            "concepts": 2,
            "names": 2,
            "relations": 2,
            "claims": 3,
            "passages": 1,
            "quarantine": 1,
        }
        cough = store.concept("HP:0012735")
        assert cough is not None
        assert [name.text for name in cough.names] == ["Coughing", "咳嗽"]
        assert store.name_of("HP:0012735", "zh") == "咳嗽"
        assert store.name_of("HP:404") == "HP:404"
        assert store.resolve("HP:0009999") == store.resolve("HP:0000001") == "HP:0012735"
        assert store.resolve("HP:404") is None
        claims = list(store.relations(object="HP:0012735"))
        assert sorted((c.negated, c.qualifier("frequency"), c.origin.references) for c in claims) == [
            (False, "1/2", ("PMID:1",)), (False, "3/4", ("PMID:2",)), (True, "", ()),
        ]  # fmt: skip
        assert [p.id for p in store.passages(about="HP:0012735", kind="definition")] == ["HP:0012735#definition"]
        assert [(id, name.text) for id, _, name in store.names()] == [
            ("HP:0012735", "Coughing"), ("HP:0012735", "Cough"), ("HP:0012735", "咳嗽"),
        ]  # fmt: skip
        assert [name.text for _, _, name in store.names(("zh",))] == ["咳嗽"]


def test_a_second_ingest_writes_nothing_and_other_bytes_are_refused(tmp_path: Path) -> None:
    first = write(tmp_path, [release(), *facts()])
    assert write(tmp_path, [release(), *facts()]).written == 0
    with pytest.raises(StoreRefused, match="other bytes"):
        write(tmp_path, [release(sha256="11"), *facts()])
    with Store(tmp_path) as store:
        assert store.content == first.content


def test_the_content_hash_knows_no_order_and_withdrawal_is_exact(tmp_path: Path) -> None:
    mixed = facts()
    random.Random(7).shuffle(mixed)
    assert write(tmp_path / "a", [release(), *facts()]).content == write(tmp_path / "b", [release(), *mixed]).content
    alone = write(tmp_path / "c", [release("other"), *facts("other")]).content
    write(tmp_path / "a", [release("other"), *facts("other")])
    assert withdraw(tmp_path / "a", "made") == 1
    with Store(tmp_path / "a") as store:
        assert store.content == alone
        assert store.stats()["claims"] == 3
    with pytest.raises(StoreRefused, match="made@2"):
        withdraw(tmp_path / "a", "made", "2")


def test_a_broken_ingest_is_hidden_and_then_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probatum.store.writer.BATCH", 2)

    def broken():
        yield release()
        yield from facts()[:5]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(tmp_path / "a", broken())
    with Store(tmp_path / "a") as store:
        assert store.releases() == []
        assert store.concept("HP:0012735") is None
        assert list(store.relations()) == []
    done = write(tmp_path / "a", [release(), *facts()])
    assert (done.resumed, done.written) == (4, 3)
    assert done.content == write(tmp_path / "b", [release(), *facts()]).content


def test_a_reader_keeps_the_release_that_it_opened(tmp_path: Path) -> None:
    write(tmp_path, [release(), *facts()])
    with Store(tmp_path) as store:
        before = store.stats(), store.content
        write(tmp_path, [release("other"), *facts("other")])
        assert (store.stats(), store.content) == before
        assert not store.is_current()
        with Store(tmp_path) as newer:
            assert newer.stats()["releases"] == 2


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    def greedy():
        yield release()
        with pytest.raises(StoreRefused, match="another process"):
            write(tmp_path, [release("other"), *facts("other")])
        yield from facts()

    assert write(tmp_path, greedy()).written == 7


def test_suggest_finds_beginnings_words_and_chinese(tmp_path: Path) -> None:
    write(tmp_path, [release(), *facts()])
    with Store(tmp_path) as store:
        assert store.suggest("cou") == [("HP:0012735", "Cough")]
        assert store.suggest("咳", "zh") == [("HP:0012735", "咳嗽")]
        assert store.suggest("xyz") == []


def test_no_store_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(NeedsFile, match="ingest"):
        Store(tmp_path / "nowhere")


def test_what_is_said_of_a_concept_is_found_by_an_index(tmp_path: Path) -> None:
    write(tmp_path, [release(), *facts()])
    with Store(tmp_path) as store:
        sql = "EXPLAIN QUERY PLAN SELECT id FROM relations WHERE object = ? AND predicate = ?"
        (plan,) = store.rows(sql, "HP:0012735", "biolink:has_phenotype")
    assert "relations_by_object" in plan[3]


def test_passages_read_together_are_those_read_one_by_one(tiny: Path, tmp_path: Path) -> None:
    ingest(tmp_path / "kb", "medquad", tiny / "sources" / "medquad")
    with Store(tmp_path / "kb") as store:
        ids = [passage.id for passage in store.passages()]
        assert ids and store.passages_of([*ids, "nothing"]) == {id: store.passage(id) for id in ids}
        assert store.passages_of([]) == {}


def test_suggest_puts_beginnings_before_words_and_words_before_what_stands_within(tmp_path: Path) -> None:
    said = Origin("own", "1", "row")
    named = {
        "HP:1": ("Fever", "PhenotypicFeature"),
        "HP:2": ("Fever blisters of the lip", "PhenotypicFeature"),
        "HP:3": ("Periodic fever", "PhenotypicFeature"),
        "HP:4": ("Hayfever", "PhenotypicFeature"),
        "HP:5": ('Fever "of\t^unknown"  origin*', "PhenotypicFeature"),
        "D:1": ("Fever, tick-borne (A-1)", "Disease"),
    }
    facts = [Concept(id, name, kind, said) for id, (name, kind) in named.items()]
    write(tmp_path, [Release("own", "1", "CC0-1.0", "0" * 64), *facts])
    with Store(tmp_path) as store:

        def typed(text: str, *kinds: str, limit: int = 9) -> list[str]:
            return [id for id, _ in store.suggest(text, kinds=kinds or ("PhenotypicFeature",), limit=limit)]

        assert typed("f") == ["HP:1", "HP:2", "HP:5", "HP:3", "HP:4"]
        assert typed("fev") == typed("fever") == ["HP:1", "HP:2", "HP:5", "HP:3", "HP:4"]
        assert typed("fever", limit=2) == ["HP:1", "HP:2"]
        assert typed("FEVER  bl") == ["HP:2"] and typed("lip fev") == ["HP:2"] and typed("lips") == []
        assert typed("fever p") == ["HP:3", "HP:2"]  # words in any order, then the p within another word
        assert typed("ayfe") == ["HP:4"]
        assert typed('"of') == typed("^unk") == ["HP:5"] and typed("origin*") == ["HP:5"]
        assert typed("tick-borne (a-", "Disease") == ["D:1"] and typed("(a-1)", "Disease", "Gene") == ["D:1"]
        assert typed("fever", "Disease", "PhenotypicFeature")[:2] == ["HP:1", "D:1"]
        for odd in ("\0", '"', "*", "AND", "NOT fever", "fever OR", "a" * 5_000, "^", "\ue000"):
            assert isinstance(typed(odd), list)


def test_suggest_looks_at_few_of_many_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Origin("own", "1", "row")
    facts = [Concept(f"HP:{n}", f"Common word {n}", "PhenotypicFeature", said) for n in range(2_000)]
    write(tmp_path, [Release("own", "1", "CC0-1.0", "0" * 64), *facts])
    with Store(tmp_path) as store:
        store.suggest("x")
        looked: list[int] = []
        rank = suggest._rank
        monkeypatch.setattr(suggest, "_rank", lambda *given: looked.append(1) or rank(*given))
        assert store.suggest("com", limit=5) == [(f"HP:{n}", f"Common word {n}") for n in range(5)]
        assert store.suggest("word comm", limit=5)[0] == ("HP:0", "Common word 0")
        assert len(looked) == 10


def test_suggest_finds_a_rare_word_among_many_that_begin_alike(tmp_path: Path) -> None:
    said = Origin("own", "1", "row")
    facts = [Concept(f"HP:{n}", f"Cardiac {n}", "PhenotypicFeature", said) for n in range(4_000)]
    rare = Concept("HP:9999", "Cardizopathy that stands behind all the shorter names", "PhenotypicFeature", said)
    write(tmp_path, [Release("own", "1", "CC0-1.0", "0" * 64), *facts, rare])
    with Store(tmp_path) as store:
        for typed in ("cardiz", "cardizop", "cardizopathy that", "names cardiz"):
            assert [id for id, _ in store.suggest(typed)] == ["HP:9999"]
        assert store.suggest("cardiqx") == [] and len(store.suggest("card", limit=20)) == 20
