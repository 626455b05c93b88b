"""phenotype.hpoa and genes_to_phenotype.txt: every row checked, cells kept as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from probatum.errors import BadFormat
from probatum.formats.hpoa import Annotation, GeneRow, disease_rows, gene_rows, release
from probatum.types import Malformed

HEAD = (
    "#version: 2025-01-16\ndatabase_id\tdisease_name\tqualifier\thpo_id\treference\tevidence\tonset\tfrequency\tsex\t"
    "modifier\taspect\tbiocuration\n"
)
GOOD = ["OMIM:1", "A", "", "HP:0000001", "PMID:1;PMID:2", "PCS", "HP:0003577", "1/2", "MALE", "HP:0012825;HP:0012828",
        "P", "HPO:x"]  # fmt: skip


def rows(tmp_path: Path, *changed: tuple[int, str], head: str = HEAD) -> list[Annotation | Malformed]:
    cells = list(GOOD)
    for place, cell in changed:
        cells[place] = cell
    file = tmp_path / "phenotype.hpoa"
    file.write_text(head + "\t".join(cells) + "\n", encoding="utf-8")
    return list(disease_rows(file))


def test_the_tiny_rows(tiny: Path) -> None:
    file = tiny / "sources/hpo/phenotype.hpoa"
    found = list(disease_rows(file))
    assert release(file) == "2025-01-16"
    assert len(found) == 11
    assert found[2] == Annotation(
        "OMIM:230800", "Gaucher disease, type I", "", "HP:0001873", "PMID:1000001;PMID:1000002", "PCS", "HP:0003593",
        "45%", "FEMALE", "HP:0012825", "P", "HPO:curator[2025-01-01]",
    )  # fmt: skip
    assert found[4] == Annotation(
        "OMIM:230800", "Gaucher disease, type I", "NOT", "HP:0000707", "OMIM:230800", "TAS", "", "", "", "", "P",
        "HPO:curator[2025-01-01]",
    )  # fmt: skip
    assert isinstance(found[-1], Annotation) and found[-1].disease == "ORPHA:355"


@pytest.mark.parametrize("frequency", ["", "0/20", "3/7", "45%", "45.5%", "HP:0040281"])
def test_frequencies_in_every_form(tmp_path: Path, frequency: str) -> None:
    assert rows(tmp_path, (7, frequency)) == [Annotation(*GOOD[:7], frequency, *GOOD[8:])]


@pytest.mark.parametrize(
    ("place", "cell", "said"),
    [
        (0, "OMIM 1", "a disease needs an id"),
        (1, "", "a disease needs an id"),
        (2, "not", "a qualifier NOT or none"),
        (3, "HP:1", "no term's id"),
        (5, "", "an evidence code"),
        (6, "infancy", "onset and modifier"),
        (7, "often", "no frequency"),
        (7, "1/2/3", "no frequency"),
        (7, "3/2", "no frequency"),
        (7, "0/0", "no frequency"),
        (7, "101%", "no frequency"),
        (9, "HP:0012825;", "onset and modifier"),
        (10, "X", "an aspect of P"),
        (11, "a\tb", "13 columns"),
    ],
)
def test_a_cell_that_breaks_the_format(tmp_path: Path, place: int, cell: str, said: str) -> None:
    (found,) = rows(tmp_path, (place, cell))
    assert isinstance(found, Malformed)
    assert found.line == 3 and said in found.reason


def test_the_header_of_older_releases(tmp_path: Path) -> None:
    old = (
        "#date: 2021-08-02\n#DatabaseID\tDiseaseName\tQualifier\tHPO_ID\tReference\tEvidence\tOnset\tFrequency\tSex\t"
        "Modifier\tAspect\tBiocuration\n"
    )
    assert rows(tmp_path, head=old) == [Annotation(*GOOD)]
    assert release(tmp_path / "phenotype.hpoa") == "2021-08-02"


@pytest.mark.parametrize("head", ["", "#only a comment\n", "a\tb\n", "\x00\n", "database_id\tdisease_name\n"])
def test_a_file_without_its_header_is_refused(tmp_path: Path, head: str) -> None:
    with pytest.raises(BadFormat, match="expected"):
        rows(tmp_path, head=head)


def test_the_tiny_genes(tiny: Path) -> None:
    found = list(gene_rows(tiny / "sources/hpo/genes_to_phenotype.txt"))
    assert len(found) == 6
    assert found[0] == GeneRow("NCBIGene:2629", "GBA1", "HP:0000007", "", "OMIM:230800", 2)
    assert found[-1] == GeneRow("NCBIGene:6609", "SMPD1", "HP:0001433", "", "OMIM:257200", 7)


@pytest.mark.parametrize(
    "row", ["x\tG\tHP:0000001\tn\t-\tOMIM:1", "1\t\tHP:0000001\tn\t-\tOMIM:1", "1\tG\tHP:1\tn\t-\tOMIM:1",
            "1\tG\tHP:0000001\tn\t-\tOMIM", "1\tG\tHP:0000001\tn\tmany\tOMIM:1", "\u0661\tG\tHP:0000001\tn\t-\tOMIM:1",
            "1\tG"]
)  # fmt: skip
def test_a_gene_row_that_breaks_the_format(tmp_path: Path, row: str) -> None:
    file = tmp_path / "genes_to_phenotype.txt"
    file.write_text(f"ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id\n{row}\n", encoding="utf-8")
    (found,) = gene_rows(file)
    assert isinstance(found, Malformed) and found.line == 2


@pytest.mark.shared
def test_the_whole_release(shared: Path) -> None:
    found = [row for row in disease_rows(shared / "hpo/2025-01-16/phenotype.hpoa.gz") if isinstance(row, Annotation)]
    assert len(found) == 271_702
    assert len({(row.disease, row.term, row.aspect, row.qualifier) for row in found}) == 271_111
    assert len({row.disease for row in found if row.aspect == "P"}) == 12_680
    assert sum(row.frequency.startswith("0/") and not row.qualifier for row in found) == 2_000


@pytest.mark.shared
def test_rows_of_a_sample_that_lacks_its_header(shared: Path, tmp_path: Path) -> None:
    sample = shared / "hpo/hpoa-sample/test.hpoa.tsv"
    with pytest.raises(BadFormat, match="were expected"):
        list(disease_rows(sample))
    file = tmp_path / "phenotype.hpoa"
    file.write_bytes(HEAD.encode() + sample.read_bytes())
    found = list(disease_rows(file))
    assert sum(isinstance(row, Annotation) for row in found) == 1_585
