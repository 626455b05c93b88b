"""What the databases of the NCBI say: E-utilities and BLAST, by typed calls to two hosts and no others."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from probatum.errors import BadFormat
from probatum.naming import card
from probatum.shapes import Given, Result, ToolInput, takes
from probatum.tools._lookup import address, heard, told

EUTILS = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
BLAST = "https://blast.ncbi.nlm.nih.gov/blast/Blast.cgi"
HOSTS = frozenset({"eutils.ncbi.nlm.nih.gov", "blast.ncbi.nlm.nih.gov"})
CALLS = {  # what each call needs and may take
    "esearch": (("db", "term"), ("retmax", "sort")),
    "esummary": (("db", "id"), ("retmax",)),
    "efetch": (("db", "id"), ("retmax", "rettype")),
    "blast_put": (("database", "query"), ("program", "megablast")),
    "blast_get": (("rid",), ("format_type",)),
}
SLOW, FAST = 3.0, 10.0  # calls a second without and with a key
_ID = re.compile(r"[\w.:-]+(?:,[\w.:-]+){0,199}")
_SEQUENCE = re.compile(r"[A-Za-z*-]{10,8000}")
_NAMES = {"database": "DATABASE", "query": "QUERY", "program": "PROGRAM", "megablast": "MEGABLAST", "rid": "RID",
          "format_type": "FORMAT_TYPE"}  # fmt: skip


@card("NCBI E-utilities and BLAST", survey="3.1.3", reference="https://www.ncbi.nlm.nih.gov/books/NBK25497/")
@takes(
    ToolInput("call", "choice", choices=tuple(CALLS)),
    ToolInput("db", "choice", choices=("gene", "snp", "omim", "pubmed", "nucleotide", "protein"), required=False),
    ToolInput("term", "text", required=False),
    ToolInput("id", "text", required=False),
    ToolInput("retmax", "text", required=False),
    ToolInput("sort", "choice", choices=("relevance",), required=False),
    ToolInput("rettype", "choice", choices=("xml", "fasta", "gb", "abstract"), required=False),
    ToolInput("database", "choice", choices=("nt", "nr", "refseq_rna"), required=False),
    ToolInput("query", "text", required=False),
    ToolInput("program", "choice", choices=("blastn",), required=False),
    ToolInput("megablast", "choice", choices=("on",), required=False),
    ToolInput("rid", "text", required=False),
    ToolInput("format_type", "choice", choices=("Text", "XML"), required=False),
)
def ncbi(
    given: Mapping[str, Given], *, answers: str = "", record: str = "", line: str = "recorded", key: str = ""
) -> Result:
    """The answer to one call (`CALLS`), at most 10,000 characters, with its address.

    Recorded answers (`answers`) come first; only `line = "live"` asks the NCBI, at most 3 times a second, 10 with a
    key. A BLAST search is put first (the answer holds its RID) and got after. Raises `BadFormat` for a call that does
    not fit, `NeedsFile` where there is no answer.
    """
    values = told(given, ncbi.inputs, "ncbi")  # type: ignore[attr-defined]
    url = _address(values)
    secret = f"&api_key={key}" if key.isalnum() else ""
    rate = FAST if secret else SLOW
    got = heard(url, hosts=HOSTS, answers=answers, record=record, line=line, per_second=rate, secret=secret)
    return Result("ncbi", got.short, "", (got.url,), version=got.retrieved, reference=got.url)


def call_of(url: str) -> dict[str, str]:
    """The typed call that an address stands for; raises `BadFormat` for every address that is no such call.

    A program may say its calls as addresses; nothing of them but the parameters of `CALLS` reaches the network.
    """
    parts = urlsplit(url.strip())
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    if parts.scheme != "https" or parts.netloc not in HOSTS or parts.fragment:
        raise BadFormat(f"{url[:80]!r} is no address of the NCBI's tools", mend=f"https and {', '.join(sorted(HOSTS))}")
    base = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if base == BLAST:
        name = {"put": "blast_put", "get": "blast_get"}.get(query.pop("cmd", "").lower(), "")
    else:
        found = re.fullmatch(rf"{re.escape(EUTILS)}/(esearch|esummary|efetch)\.fcgi", base)
        name = found[1] if found else ""
    if not name:
        raise BadFormat(f"{url[:80]!r} is none of: {', '.join(CALLS)}")
    needed, allowed = CALLS[name]
    kept = {key: value for key, value in query.items() if key in {*needed, *allowed}}
    said = {"call": name, **kept}
    _address(said)
    return said


def _address(values: Mapping[str, str]) -> str:
    name = values["call"]
    needed, allowed = CALLS[name]
    rest = {key: value for key, value in values.items() if key != "call"}
    if lacking := [each for each in needed if each not in rest]:
        raise BadFormat(f"missing: {', '.join(lacking)}", mend=f"{name} takes {', '.join((*needed, *allowed))}")
    if strange := sorted(set(rest) - {*needed, *allowed}):
        raise BadFormat(f"{', '.join(strange)}: not taken by {name}")
    for key in ("id", "rid"):
        if key in rest and not _ID.fullmatch(rest[key]):
            raise BadFormat(f"{key} = {rest[key][:40]!r}: ids parted by commas were expected")
    if "query" in rest and not _SEQUENCE.fullmatch(rest["query"]):
        raise BadFormat("query: a sequence of 10 to 8,000 letters was expected")
    if "retmax" in rest and not re.fullmatch(r"[1-9]\d{0,2}", rest["retmax"]):
        raise BadFormat(f"retmax = {rest['retmax'][:40]!r}: a number from 1 to 999 was expected")
    if name.startswith("blast"):
        filled = {"program": "blastn", "format_type": "XML"} | rest if name == "blast_put" else {"format_type": "Text"}
        query = {_NAMES[key]: value for key, value in (filled | rest).items()}
        return address(BLAST, query | {"CMD": "Put" if name == "blast_put" else "Get"})
    return address(f"{EUTILS}/{name}.fcgi", {"retmode": "xml" if name == "efetch" else "json", **rest})
