"""Questions about genes, variants and sequences: what each kind asks for, and what an answer of the NCBI says to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from probatum.errors import BadFormat
from probatum.store.linking import concepts_in
from probatum.store.reader import Store
from probatum.store.wording import in_words_with_source
from probatum.types import Concept, Evidence, Relation

Say = Callable[[dict[str, str]], str]  # carries a call out and gives what is answered
KINDS = (  # what is asked, in English and Chinese; the first that fits
    ("gene_function", r"function of the gene.*\b(rs\d+)|(rs\d+).{0,12}相关基因的功能"),
    ("disease_location", r"chromosome locations? of the genes? related to (.+?)(?:\.|\?|$)|(.+?)相关基因的染色体位置"),
    ("sequence_alias", r"aliases of the gene that contains.*?([ACGT]{20,})|含有该序列的基因的别名.*?([ACGT]{20,})"),
    ("variant_gene", r"gene is SNP (rs\d+)|(rs\d+).{0,8}(?:与|和)?哪个基因"),
    ("variant_location", r"chromosome does SNP (rs\d+)|(rs\d+).{0,8}哪条染色体"),
    ("conversion", r"\b(ENSG\d{11})\b"),
    ("alias", r"official gene symbol of ([\w.-]+?)\??$|([\w.-]+)的官方基因符号"),
    ("coding", r"is ([\w.-]+) a protein-coding gene|([\w.-]+)是(?:不是)?蛋白(?:质)?编码基因"),
    ("location", r"chromosome is ([\w.-]+) gene|([\w.-]+)基因.{0,6}哪条染色体"),
    ("disease", r"genes? related to (.+?)\??$|(.+?)(?:的)?相关基因(?:有哪些|是什么)"),
    ("organism", r"organism does the DNA sequence come from\W*([ACGT]{20,})|哪种生物\W*([ACGT]{20,})"),
    ("alignment", r"align the DNA sequence[^:]*:\s*([ACGT]{20,})|比对\W*([ACGT]{20,})"),
)
ORGANISMS = {
    "homo sapiens": "human", "human": "human", "mus musculus": "mouse", "mouse": "mouse", "rattus norvegicus": "rat",
    "danio rerio": "zebrafish", "zebrafish": "zebrafish", "caenorhabditis elegans": "worm",
    "saccharomyces cerevisiae": "yeast", "gallus gallus": "chicken",
}  # fmt: skip
_RANGE = re.compile(r"^Sbjct\s+(\d+)\s+[A-Za-z-]+\s+(\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about genes, taken apart."""

    kind: str
    of: str


def asked(text: str) -> Asked | None:
    """What a question asks for, and of which gene, variant, disease or sequence; None for another question."""
    for kind, pattern in KINDS:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            return Asked(kind, next(each for each in found.groups() if each).strip())
    return None


# --- from answers of the NCBI ---


def looked_up(one: Asked, say: Say) -> str:
    """The answer to a question by calls of the NCBI, in the form of the GeneTuring key; empty where there is none.

    Raises `BadFormat` where an answer is not of its layout.
    """
    return _BY_KIND[one.kind](one.of, say)


def _alias(name: str, say: Say) -> str:
    return next((str(each["name"]) for each in _genes(name, say)), "")


def _location(name: str, say: Say) -> str:
    return next((f"chr{each['chromosome']}" for each in _genes(name, say) if each.get("chromosome")), "")


def _coding(name: str, say: Say) -> str:
    id = next(iter(_search("gene", name, say)), "")
    told = say({"call": "efetch", "db": "gene", "id": id, "rettype": "xml"}) if id else ""
    kind = re.search(r'Entrezgene_type value="([\w-]+)"', told)
    return "" if kind is None else "TRUE" if kind[1] == "protein-coding" else "NA"


def _disease(name: str, say: Say) -> str:
    return ", ".join(dict.fromkeys(_symbols(name, say)))


def _symbols(name: str, say: Say) -> Iterator[str]:
    """The symbols of the OMIM entries on a disease that are, or name, a gene: "GNAS COMPLEX LOCUS; GNAS"."""
    ids = _search("omim", name, say)
    told = _summary("omim", ",".join(ids), say) if ids else {}
    for id in ids:
        entry = told.get(id, {})
        if str(entry.get("oid", ""))[:1] in {"*", "+"} and "; " in str(entry.get("title", "")):
            yield str(entry["title"]).rpartition("; ")[2]


def _disease_location(name: str, say: Say) -> str:
    places = [
        str(gene.get("maplocation", ""))
        for symbol in dict.fromkeys(_symbols(name, say))
        for gene in _genes(symbol, say)[:1]
    ]
    return ", ".join(dict.fromkeys(place for place in places if place))


def _variant_gene(name: str, say: Say) -> str:
    return next((str(gene["name"]) for gene in _variant(name, say).get("genes", ())), "")


def _variant_location(name: str, say: Say) -> str:
    chromosome = str(_variant(name, say).get("chr", ""))
    return f"chr{chromosome}" if chromosome else ""


def _gene_function(name: str, say: Say) -> str:
    id = next((str(gene["gene_id"]) for gene in _variant(name, say).get("genes", ())), "")
    gene = _summary("gene", id, say).get(id, {}) if id else {}
    return str(gene.get("summary", "")).strip()


def _alignment(sequence: str, say: Say) -> str:
    told = _blast(sequence, say)
    chromosome = re.search(r"chromosome (\w+)", told)
    first = told.partition("\n>")[2].partition("\n>")[0].partition("\n Score")[2].partition("\n Score")[0] or told
    ends = [int(end) for row in _RANGE.findall(first) for end in row]
    return f"chr{chromosome[1]}:{min(ends)}-{max(ends)}" if chromosome and ends else ""


def _organism(sequence: str, say: Say) -> str:
    told = _blast(sequence, say).lower()
    places = {told.find(name): word for name, word in ORGANISMS.items() if name in told}
    return places[min(places)] if places else ""


def _sequence_alias(sequence: str, say: Say) -> str:
    symbol = re.search(r"\(([A-Z][A-Z0-9-]+)\)", _blast(sequence, say))
    gene = next(iter(_genes(symbol[1], say)), {}) if symbol else {}
    others = [each.strip() for each in str(gene.get("otheraliases", "")).split(",") if each.strip()]
    return ", ".join([str(gene["name"]), *others]) if gene else ""


def _genes(name: str, say: Say) -> list[dict[str, Any]]:
    ids = _search("gene", name, say)
    told = _summary("gene", ",".join(ids), say) if ids else {}
    return [told[id] for id in ids if id in told]


def _variant(name: str, say: Say) -> dict[str, Any]:
    id = name.lower().removeprefix("rs")
    found: dict[str, Any] = _summary("snp", id, say).get(id, {})
    return found


def _search(db: str, term: str, say: Say) -> list[str]:
    told = _json(say({"call": "esearch", "db": db, "term": term, "retmax": "5", "sort": "relevance"}))
    return [str(id) for id in told.get("esearchresult", {}).get("idlist", ())]


def _summary(db: str, ids: str, say: Say) -> dict[str, Any]:
    told = _json(say({"call": "esummary", "db": db, "id": ids})).get("result", {})
    return told if isinstance(told, dict) else {}


def _blast(sequence: str, say: Say) -> str:
    put = say({"call": "blast_put", "database": "nt", "query": sequence, "megablast": "on"})
    rid = re.search(r"RID = (\w+)", put)
    return say({"call": "blast_get", "rid": rid[1], "format_type": "Text"}) if rid else ""


def _json(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError as error:
        raise BadFormat(f"an answer of the NCBI that is no JSON: {text[:60]!r}") from error
    if not isinstance(read, dict):
        raise BadFormat(f"an answer of the NCBI of another layout: {text[:60]!r}")
    return read


_BY_KIND: dict[str, Callable[[str, Say], str]] = {
    "alias": _alias, "conversion": _alias, "location": _location, "coding": _coding, "disease": _disease,
    "variant_gene": _variant_gene, "variant_location": _variant_location, "gene_function": _gene_function,
    "disease_location": _disease_location, "alignment": _alignment, "organism": _organism,
    "sequence_alias": _sequence_alias,
}  # fmt: skip


# --- from the store ---


def stored(one: Asked, store: Store) -> tuple[str, list[Evidence]]:
    """(the answer that the store gives, the claims behind it); both empty where it has none.

    Symbols and names of genes (aliases, Ensembl ids) and which genes a disease goes with are looked for; chromosomes,
    variants and sequences are not things that the store knows.
    """
    if one.kind in {"alias", "conversion", "coding"}:
        gene = _gene(one.of, store)
        if gene is None:
            return "", []
        claims = [claim for claim in store.relations(subject=gene.id) if claim.predicate == "biolink:subclass_of"]
        if one.kind == "coding":
            told = [claim for claim in claims if "protein product" in store.name_of(claim.object)]
            return ("TRUE" if told else ""), _worded(told, store)
        return symbol_of(gene), _worded(list(store.relations(subject=gene.id))[:1], store)
    if one.kind != "disease":
        return "", []
    claims = [claim for id in _diseases(one.of, store) for claim in _gene_claims(id, store)]
    symbols = [symbol_of(gene) for claim in claims if (gene := store.concept(_gene_of(claim, store)))]
    return ", ".join(dict.fromkeys(each for each in symbols if each)), _worded(claims, store)


def symbol_of(gene: Concept) -> str:
    """The official symbol of a gene: the source's foreign id that is one, or a name in the form of one."""
    foreign = next((xref.partition(":")[2] for xref in gene.xrefs if xref.startswith("Genatlas:")), "")
    return foreign or (gene.name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{1,14}", gene.name) else "")


def _gene(name: str, store: Store) -> Concept | None:
    if name.startswith("ENSG"):
        return next((each for each in store.concepts("Gene") if f"ENSEMBL:{name}" in each.xrefs), None)
    linked = [store.concept(link.concept) for link in concepts_in(store, name) if link.weight == 1.0]
    genes = [each for each in linked if each is not None and each.kind == "Gene"]
    return genes[0] if len(genes) == 1 else None  # a name of two genes is none


def _diseases(name: str, store: Store) -> tuple[str, ...]:
    links = [link for link in concepts_in(store, name) if link.weight == 1.0 and link.end - link.start >= len(name) - 2]
    return tuple(dict.fromkeys(same for link in links for same in (link.concept, *store.same(link.concept))))


def _gene_claims(disease: str, store: Store) -> list[Relation]:
    claims = [*store.relations(object=disease), *store.relations(subject=disease)]
    return [claim for claim in claims if not claim.negated and _gene_of(claim, store)]


def _gene_of(claim: Relation, store: Store) -> str:
    return next((id for id in (claim.subject, claim.object) if store.kind_of(id) == "Gene"), "")


def _worded(claims: list[Relation], store: Store) -> list[Evidence]:
    return [Evidence(claim, in_words_with_source(store, claim), 1.0, "genes") for claim in dict.fromkeys(claims)]
