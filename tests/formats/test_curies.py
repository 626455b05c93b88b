"""One spelling of an id."""

import pytest

from probatum.formats.curies import curie


@pytest.mark.parametrize(
    ("written", "ours"),
    [
        ("Orphanet:355", "ORPHA:355"),
        ("ORDO:355", "ORPHA:355"),
        ("http://www.orpha.net/ORDO/Orphanet_355", "ORPHA:355"),
        ("ORPHA:ORPHA355", "ORPHA:355"),
        ("MSH:D005776", "MESH:D005776"),
        ("MeSH:D005776", "MESH:D005776"),
        ("mesh:D005776", "MESH:D005776"),
        ("http://id.nlm.nih.gov/mesh/D005776", "MESH:D005776"),
        ("https://identifiers.org/mesh/D005776", "MESH:D005776"),
        ("https://identifiers.org/mesh:D005776", "MESH:D005776"),
        ("UMLS_CUI:C0017205", "UMLS:C0017205"),
        ("SNOMEDCT_US_2018_03_01:190794006", "SNOMEDCT:190794006"),
        ("SCTID:190794006", "SNOMEDCT:190794006"),
        ("http://snomed.info/id/190794006", "SNOMEDCT:190794006"),
        ("ICD-10-CM:E75.22", "ICD10CM:E75.22"),
        ("ICD10CM:E75.22", "ICD10CM:E75.22"),
        ("ICD-10:E75.2", "ICD10:E75.2"),
        ("ICD10WHO:E75.2", "ICD10:E75.2"),
        ("icd11.foundation:1563440232", "ICD11:1563440232"),
        ("NCBI_Gene:2629", "NCBIGene:2629"),
        ("ncbigene:2629", "NCBIGene:2629"),
        ("HGNC:HGNC:4177", "HGNC:4177"),
        ("http://identifiers.org/hgnc/4177", "HGNC:4177"),
        ("MIM:230800", "OMIM:230800"),
        ("https://omim.org/entry/230800", "OMIM:230800"),
        ("OMIM:PS230800", "OMIMPS:230800"),
        ("OMIMPS:230800", "OMIMPS:230800"),
        ("OMIMPS:PS230800", "OMIMPS:230800"),
        ("https://omim.org/phenotypicSeries/PS230800", "OMIMPS:230800"),
        ("http://purl.obolibrary.org/obo/HP_0001744", "HP:0001744"),
        ("http://purl.obolibrary.org/obo/MONDO_0018150", "MONDO:0018150"),
        ("HP_0001744", "HP:0001744"),
        ("GARD:8233", "GARD:0008233"),
        ("GARD:0008233", "GARD:0008233"),
        ("Drugbank:DB00001", "DRUGBANK:DB00001"),
        ("CHEMBL.COMPOUND:CHEMBL25", "CHEMBL:CHEMBL25"),
        ("CHEMBL:25", "CHEMBL:CHEMBL25"),
        ("PUBCHEM.COMPOUND:2244", "PUBCHEM:2244"),
        ("RxNorm:161", "RXCUI:161"),
        ("LOINC:718-7", "LNC:718-7"),
        ("MedDRA:10017888", "MDR:10017888"),
        ("NCI:C61268", "NCIT:C61268"),
        ("NCI2004_11_17:C61268", "NCIT:C61268"),
        (" UMLS_CUI:C0017205", "UMLS:C0017205"),
        ("UniProt:P04062", "UniProtKB:P04062"),
        ("Reactome:R-HSA-1", "REACT:R-HSA-1"),
        ("pmid:123", "PMID:123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "PMID:123"),
        ("PMCID:PMC6329583", "PMC:PMC6329583"),
        ("PMC6329583", "PMC:PMC6329583"),
        ("https://doi.org/10.1093/NAR/gkad1005", "doi:10.1093/nar/gkad1005"),
        ("10.1093/nar/gkad1005", "doi:10.1093/nar/gkad1005"),
        ("NCT02576665", "clinicaltrials:NCT02576665"),
        ("  <http://purl.obolibrary.org/obo/DOID_1926> ", "DOID:1926"),
    ],
)
def test_an_id_has_one_spelling(written: str, ours: str) -> None:
    assert curie(written) == ours
    assert curie(ours) == ours


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "aspirin", "foo:1", "url:http://example.org/a", "https://example.org/x", "MESH:", "nhs_health:x",
        "http://purl.obolibrary.org/obo/hp.obo", "http://purl.obolibrary.org/obo/hp/release#x_1", "a_b", "MESH:D1:2",
        "https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/?term=x",
    ],
)  # fmt: skip
def test_what_is_not_known_stays(text: str) -> None:
    assert curie(text) == text
