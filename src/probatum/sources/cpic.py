"""CPIC: which genes matter for which drugs, and what its guidelines recommend for a patient's genotype."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from probatum.formats.curies import curie
from probatum.formats.json_stream import objects
from probatum.formats.reading import QUOTED
from probatum.naming import card, card_of
from probatum.sources._graph import Telling, release
from probatum.sources._pages import files_of, said
from probatum.sources._relations import Reading
from probatum.types import Fact, Malformed, Passage

_RESPONSE = Reading("biolink:affects", qualifiers=(("aspect", "response"),))
_DOSING = Reading("biolink:affects", qualifiers=(("aspect", "dosing"),))
_FREQUENCY = Reading("biolink:has_attribute", qualifiers=(("aspect", "allele_frequency"),))
_ABOUT = Reading("biolink:associated_with", qualifiers=(("aspect", "guideline"),))
_NOTHING = {"", "n/a", "null"}

Row = dict[str, Any]
Drugs = dict[str, str]  # name of a drug, its id


@card(
    "Clinical Pharmacogenetics Implementation Consortium",
    reference="https://doi.org/10.1002/cpt.1907; https://api.cpicpgx.org/v1 (views pair, recommendation, guideline)",
    licence="CC0 1.0",
    languages=("en",),
    where="https://api.cpicpgx.org/v1 (pair_view, recommendation_view, population_frequency_view ...)",
    terms="Free to use; CPIC asks to be cited and its trademark not to be used for endorsement.",
)
def cpic(path: Path | None = None) -> Iterator[Fact]:
    """The facts of the API's JSON answers (arrays of rows): gene-drug pairs, recommendations, guidelines, frequencies.

    A pair's CPIC level is its evidence code. A recommendation is a passage with its strength as CPIC writes it (Strong,
    Moderate, Optional, No Recommendation), and a claim of each phenotype about the drug. Pairs are read first, for the
    drugs' RxNorm ids. The release is the sha256 of the files. Raises `NeedsFile`, `BadFormat`.
    """
    files = files_of("cpic", path, (".json", ".jsonl"), card_of(cpic))
    begun = release("cpic", card_of(cpic), files, manner="updates")
    yield begun
    telling, drugs = Telling(begun), Drugs()
    for file in sorted(files, key=lambda each: "pair" not in each.name):
        for found in objects(file):
            if isinstance(found, Malformed):
                yield found
                continue
            number, row = found
            reader = next((reader for key, reader in _READERS.items() if row.get(key)), None)
            facts = list(reader(telling, row, drugs)) if reader else []
            yield from facts or [Malformed(file.name, number, "a row of CPIC was expected", str(row)[:QUOTED])]


def _gene(telling: Telling, symbol: str) -> str:
    return telling.own(f"gene/{symbol}")


def _drug(telling: Telling, name: str, drugs: Drugs) -> str:
    return drugs.get(name, "") or telling.own(f"drug/{name}")


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    return "" if value is None or isinstance(value, (dict, list)) or str(value) in _NOTHING else str(value).strip()


def _texts(row: Row, key: str) -> dict[str, str]:
    value = row.get(key)
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(name): str(said_) for name, said_ in sorted(pairs) if str(said_).lower() not in _NOTHING and str(name)}


def _pair(telling: Telling, row: Row, drugs: Drugs) -> Iterator[Fact]:
    id, name, symbol = curie(_text(row, "drugid")), _text(row, "drugname"), _text(row, "genesymbol")
    if ":" not in id or not name or not symbol:
        return
    drugs[name] = id
    gene = _gene(telling, symbol)
    yield from telling.first(gene, symbol, "Gene")
    yield from telling.first(id, name, "Drug")
    papers = row.get("pmids")
    qualifiers = (
        ("status", "provisional" if row.get("provisional") is True else ""),
        ("pgx_testing", _text(row, "pgxtesting")),
        ("clinpgx_level", _text(row, "clinpgxlevel") or _text(row, "pharmgkblevel")),
        ("guideline", _text(row, "guidelinename")),
    )
    yield telling.claim(
        gene,
        "pair",
        id,
        _RESPONSE,
        f"pair/{_text(row, 'pairid')}",
        evidence=_text(row, "cpiclevel"),
        references=tuple(f"PMID:{paper}" for paper in papers if str(paper).isdecimal())
        if isinstance(papers, list)
        else (),
        qualifiers=qualifiers,
    )


def _recommendation(telling: Telling, row: Row, drugs: Drugs) -> Iterator[Fact]:
    name, advice = _text(row, "drugname"), _text(row, "drugrecommendation")
    number, strength = _text(row, "recommendationid"), _text(row, "classification")
    genes = _texts(row, "lookupkey") or _texts(row, "phenotypes")
    if not name or not advice or not genes:
        return
    drug = _drug(telling, name, drugs)
    yield from telling.first(drug, name, "Drug")
    at = f"recommendation/{number}"
    references = tuple(filter(None, [_text(row, "guidelineurl")]))
    common = (("strength", strength), ("population", _text(row, "population")))
    phenotypes = _texts(row, "phenotypes")
    for symbol, value in genes.items():
        gene, phenotype = _gene(telling, symbol), phenotypes.get(symbol, value)
        yield from telling.first(gene, symbol, "Gene")
        of = telling.own(f"phenotype/{symbol} {phenotype}")
        yield from telling.first(of, f"{symbol} {phenotype}", "PhenotypicFeature")
        others = "; ".join(f"{key} {phenotypes.get(key, each)}" for key, each in genes.items() if key != symbol)
        more = (*common, ("comment", advice), ("together_with", others), ("lookup", f"{symbol} {value}"))
        yield telling.claim(
            of, "recommendation", drug, _DOSING, at, evidence=strength, references=references, qualifiers=more
        )
    implications = [f"{symbol}: {text}" for symbol, text in _texts(row, "implications").items()]
    body = "\n".join(filter(None, [advice, *implications, _text(row, "comments")]))
    who = ", ".join(f"{symbol} {phenotypes.get(symbol, value)}" for symbol, value in genes.items())
    origin = telling.origin(at, strength, references)
    about = (drug, *(_gene(telling, symbol) for symbol in genes))
    qualifiers = said((*common, ("section", "recommendation")))
    id = telling.own(at)
    yield Passage(id, body, f"{name}: {who}", "en", origin, "document", about, qualifiers)


def _guideline(telling: Telling, row: Row, drugs: Drugs) -> Iterator[Fact]:
    name, address = _text(row, "guideline_name"), _text(row, "guideline_url")
    id = curie(f"PHARMGKB:{address.rpartition('/')[2]}") if "/guideline/PA" in address else telling.own(name)
    yield from telling.first(id, name, "Publication")
    genes, medicines = row.get("genes"), row.get("drugs")
    for each in genes if isinstance(genes, list) else ():
        symbol = each.get("symbol") if isinstance(each, dict) else each
        if isinstance(symbol, str) and symbol.strip():
            gene = _gene(telling, symbol.strip())
            yield from telling.first(gene, symbol.strip(), "Gene")
            yield telling.claim(id, "gene", gene, _ABOUT, f"{id} {gene}", references=tuple(filter(None, [address])))
    for each in medicines if isinstance(medicines, list) else ():
        if isinstance(each, str) and each.strip():
            drug = _drug(telling, each.strip(), drugs)
            yield from telling.first(drug, each.strip(), "Drug")
            yield telling.claim(id, "drug", drug, _ABOUT, f"{id} {drug}", references=tuple(filter(None, [address])))


def _frequency(telling: Telling, row: Row, _: Drugs) -> Iterator[Fact]:
    symbol, name, group = _text(row, "genesymbol"), _text(row, "name"), _text(row, "population_group")
    if not symbol or not name:
        return
    allele, gene, people = telling.own(f"allele/{symbol}{name}"), _gene(telling, symbol), telling.own(f"people/{group}")
    yield from telling.first(gene, symbol, "Gene")
    yield from telling.first(allele, f"{symbol}{name}", "SequenceVariant")
    yield telling.claim(allele, "part of", gene, Reading("biolink:part_of"), f"{allele} {gene}")
    yield from telling.first(people, group, "InformationContentEntity")
    qualifiers = (
        ("frequency", _text(row, "freq_weighted_avg")),
        ("population", group),
        ("subjects", _text(row, "subjectcount")),
        ("lowest", _text(row, "freq_min")),
        ("highest", _text(row, "freq_max")),
    )
    yield telling.claim(allele, "frequency", people, _FREQUENCY, f"{allele} {people}", qualifiers=qualifiers)


_READERS: dict[str, Callable[[Telling, Row, Drugs], Iterator[Fact]]] = {
    "pairid": _pair,
    "recommendationid": _recommendation,
    "guideline_name": _guideline,
    "population_group": _frequency,
}
