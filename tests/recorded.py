"""Recorded answers of public services, written by us in their layouts: facts about three genes and two drugs."""

from __future__ import annotations

import json
from pathlib import Path

from probatum.errors import NeedsFile
from probatum.naming import find
from probatum.shapes import Given
from probatum.tools._lookup import Heard, asked_of, written

DAY = "2026-01-05T00:00:00+00:00"
LABEL = "https://api.fda.gov/drug/label.json?limit=5&search=openfda.generic_name%3A%22warfarin%22"
PAIRS = "https://rxnav.nlm.nih.gov/REST/interaction/list.json?rxcuis=11289%20703"


def url_of(tool: str, given: dict[str, Given]) -> str:
    """The address that a call asks, told by its own refusal."""
    try:
        find("tools", tool)(given)
    except NeedsFile as error:
        return error.what.removeprefix("no recorded answer for ")
    raise AssertionError("a call without a record was answered")


def write(file: Path, *pairs: tuple[str, object]) -> str:
    """A record of (address, answer) pairs."""
    lines = [
        written(Heard(asked_of(url), said if isinstance(said, str) else json.dumps(said), DAY)) for url, said in pairs
    ]
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(file)


def found(*ids: str) -> dict[str, object]:
    """What esearch answers."""
    return {"esearchresult": {"count": str(len(ids)), "idlist": list(ids)}}


def told(id: str, **said: object) -> dict[str, object]:
    """What esummary answers of one record."""
    return {"result": {"uids": [id], id: {"uid": id, **said}}}


def ncbi_url(**given: str) -> str:
    """The address of a call of the tool `ncbi`."""
    return url_of("ncbi", dict(given))


GENE = {"name": "GBA1", "chromosome": "1", "maplocation": "1q22", "otheraliases": "GCB, GLUC",
        "summary": "It splits fats of the lysosome."}  # fmt: skip


def search_url(db: str, term: str) -> str:
    """The address of a search as the method makes it."""
    return ncbi_url(call="esearch", db=db, term=term, retmax="5", sort="relevance")


def hit(organism: str, title: str, start: int) -> str:
    """A BLAST report with one hit, in its plain layout."""
    return f"""BLASTN 2.16.0+
Sequences producing significant alignments:
>{organism} {title}
Length=50000

 Score = 44.6 bits (48),  Expect = 0.001
 Strand=Plus/Plus

Query  1      ACGTACGTACGT  12
Sbjct  {start}    ACGTACGTACGT  {start + 11}

Query  13     ACGTACGTACGT  24
Sbjct  {start + 12}    ACGTACGTACGT  {start + 23}

 Score = 20.0 bits (20),  Expect = 5
Query  1      ACGTACGTACGT  12
Sbjct  9000    ACGTACGTACGT  9011

>Other thing chromosome 9
"""


def genes(file: Path) -> str:
    """A record that answers the tiny questions of GeneTuring and GeneHop, but the second one."""
    one = told("2629", **GENE)
    entries = {
        "result": {
            "uids": ["600001", "600002", "600003"],
            "600001": {"oid": "#600001", "title": "OWN SYNDROME"},
            "600002": {"oid": "*600002", "title": "ALPHA ONE; AAA1"},
            "600003": {"oid": "+600003", "title": "BETA TWO; BBB2"},
        }
    }
    variant = told("76763715", chr="1", genes=[{"name": "GBA1", "gene_id": "2629"}])
    blasts = {
        "ACGTACGTACGTACGTACGTACGT": ("R1", hit("Homo sapiens", "chromosome 7, GRCh38.p14 Primary Assembly", 100)),
        "TTTTACGTACGTACGTACGTACGT": ("R2", hit("Caenorhabditis elegans", "chromosome V", 5)),
        "GGGGACGTACGTACGTACGTACGT": ("R3", hit("Homo sapiens", "glucosylceramidase beta 1 (GBA1), mRNA", 7)),
    }
    pairs: list[tuple[str, object]] = [
        (search_url("gene", name), found("2629")) for name in ("GCB", "GBA1", "ENSG00000177628")
    ]
    pairs += [
        (search_url("gene", "ABC9"), found()),
        (search_url("gene", "GBAP1"), found("2630")),
        (search_url("gene", "AAA1"), found("11")),
        (search_url("gene", "BBB2"), found("12")),
        (search_url("omim", "Own syndrome"), found("600001", "600002", "600003")),
        (ncbi_url(call="esummary", db="gene", id="2629"), one),
        (ncbi_url(call="esummary", db="gene", id="11"), told("11", name="AAA1", maplocation="1q22")),
        (ncbi_url(call="esummary", db="gene", id="12"), told("12", name="BBB2", maplocation="2p11")),
        (
            ncbi_url(call="efetch", db="gene", id="2629", rettype="xml"),
            '<E><Entrezgene_type value="protein-coding">6</E>',
        ),
        (ncbi_url(call="efetch", db="gene", id="2630", rettype="xml"), '<E><Entrezgene_type value="pseudo">5</E>'),
        (ncbi_url(call="esummary", db="omim", id="600001,600002,600003"), entries),
        (ncbi_url(call="esummary", db="snp", id="76763715"), variant),
    ]
    for sequence, (rid, text) in blasts.items():
        put = ncbi_url(call="blast_put", database="nt", query=sequence, megablast="on")
        pairs += [
            (put, f"    RID = {rid}\n    RTOE = 20\n"),
            (ncbi_url(call="blast_get", rid=rid, format_type="Text"), text),
        ]
    return write(file, *pairs)
