"""UniProt's entries."""

from pathlib import Path

import pytest
from graph_facts import Facts, claim_of, claims, concepts, passages, read, refused
from source_contract import check_contract

from probatum.errors import BadFormat
from probatum.types import Fact, Name

F = Facts("uniprot")
PROTEIN, GENE = "UniProtKB:P04062", "HGNC:4177"


def test_it_keeps_the_contract(tiny: Path, tmp_path: Path) -> None:
    names = (
        Name("Acid beta-glucosidase", scope="exact"),
        Name("GBA1", scope="exact", kind="abbreviation"),
        Name("GBA1_HUMAN", scope="exact", kind="entry_name"),
    )
    pinned: list[Fact] = [
        F.concept(PROTEIN, "Lysosomal acid glucosylceramidase", "Protein", *names, xrefs=(GENE,)),
        F.concept(GENE, "GBA1", "Gene", Name("GBA", scope="exact")),
        F.claim(PROTEIN, "gene_product_of", GENE, f"{PROTEIN} {GENE}", original_predicate="gene"),
    ]
    check_contract("uniprot", tiny / "sources/uniprot", pinned, tmp_path)


def test_function_and_diseases(tiny: Path, tmp_path: Path) -> None:
    facts = read("uniprot", tiny / "sources/uniprot")
    disease = claim_of(facts, PROTEIN, "biolink:contributes_to", "OMIM:230800")
    assert disease.origin.references == ("PMID:77",) and disease.qualifier("comment") == "A storage disease."
    assert (PROTEIN, "biolink:in_taxon", "NCBITaxon:9606", False) in claims(facts)
    assert passages(facts)[f"{PROTEIN}#function"].text == "Cleaves a fat in lysosomes."
    assert refused(facts) == [("search.json", 9)]
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadFormat, match="an entry"):
        read("uniprot", tmp_path)


@pytest.mark.shared
def test_the_recorded_answers(shared: Path) -> None:
    facts = read("uniprot", shared / "api-captures/uniprot")  # an entry, and a search that finds it
    assert concepts(facts)["UniProtKB:P15056"].name == "Serine/threonine-protein kinase B-raf" and not refused(facts)
    assert "mitogenic" in passages(facts)["UniProtKB:P15056#function"].text
