"""The knowledge graph in a terminal: patterns, ways between concepts, what is one thing, what leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from probatum.cli import given
from probatum.cli.given import AsJson, AsOf, Place
from probatum.cli.say import data, table
from probatum.errors import BadPlan, StoreRefused
from probatum.formats import sssom as sssom_tables
from probatum.store import exchange, kgx, proposing, rdf
from probatum.store import query as asked
from probatum.store.broken import broken
from probatum.store.joining import clusters_of
from probatum.store.query import Pattern, Route, Row
from probatum.store.reader import Store
from probatum.store.wording import in_words

app = typer.Typer()


@app.command("query")
def query(
    subject: Annotated[str, typer.Argument(help="An id, a kind (Drug), a variable (?x, ?x:Drug) or ?.")] = "?",
    predicate: Annotated[str, typer.Argument(help="treats, biolink:treats, several between commas, or ?.")] = "?",
    object_: Annotated[str, typer.Argument(metavar="OBJECT", help="As the subject.")] = "?",
    qualifier: Annotated[list[str], typer.Option(help="name=value that the claim must have; repeatable.")] = [],  # noqa: B006
    negated: Annotated[
        bool | None, typer.Option("--negated/--asserted", help="Only what is denied, or asserted.")
    ] = None,
    source: Annotated[str, typer.Option(help="Only claims of this source.")] = "",
    hops: Annotated[int, typer.Option(help="Steps from subject to object, 1 to 3.")] = 1,
    limit: Annotated[int, typer.Option(help="At most so many rows; 0 for all.")] = 100,
    as_of: AsOf = "",
    json_: AsJson = False,
) -> None:
    """Ask the graph by pattern: a row a claim (or a chain of them), as a table or as JSON lines."""
    qualifiers = tuple(given.pairs(qualifier).items())
    pattern = Pattern(subject, predicate, object_, qualifiers, negated, source, hops)
    with Store(Place.folder, as_of=as_of) as store:
        rows = asked.matching(store, pattern)
        for number, row in enumerate(islice(rows, limit or None)):
            if json_:
                data({"bindings": dict(row.bindings), "claims": [asdict(claim) for claim in row.claims]})
                continue
            if not number:
                data("\t".join(COLUMNS))
            for line in _lines(row):
                data("\t".join(line))


COLUMNS = ("subject", "predicate", "object", "negated", "qualifiers", "source", "release", "at", "evidence",
           "reliability", "references")  # fmt: skip


def _lines(row: Row) -> Iterator[list[str]]:
    for claim in row.claims:
        at = claim.origin
        said = "; ".join(f"{name}={value}" for name, value in claim.qualifiers)
        cells = [claim.subject, claim.predicate, claim.object, "not" if claim.negated else "", said, at.source,
                 at.release, at.at, at.evidence, at.reliability, " ".join(at.references)]  # fmt: skip
        yield [" ".join(cell.split()) for cell in cells]


@app.command("path")
def path(
    start: Annotated[str, typer.Argument(help="An id or a name.")],
    end: Annotated[str, typer.Argument(help="An id or a name.")],
    by: Annotated[str, typer.Option(help="evidence: what is borne out best; length: the shortest ones.")] = "evidence",
    predicates: Annotated[str, typer.Option(help="Only over these, between commas.")] = "?",
    hops: Annotated[int, typer.Option(help="At most so many steps.")] = 5,
    most: Annotated[int, typer.Option(help="At most so many shortest ones.")] = 3,
    as_of: AsOf = "",
    json_: AsJson = False,
) -> None:
    """Show how two concepts hang together, each step with who says so and who speaks against it."""
    with Store(Place.folder, as_of=as_of) as store:
        ends = [asked.named(store, each) for each in (start, end)]
        found = asked.routes(store, *ends, by=by, hops=hops, most=most, predicates=predicates)
        if json_:
            return data([asdict(route) for route in found])
        for route in found:
            for line in _told(store, route):
                data(line)
        if not found:
            data(f"no way of at most {hops} steps between {ends[0]} and {ends[1]}")


def _told(store: Store, route: Route) -> Iterator[str]:
    yield f"{len(route.steps)} steps" + (f", cost {route.cost}" if route.cost else "")
    for step in route.steps:
        yield f"  {in_words(store, step.claims[0])}  (trust {step.trust})"
        for claim in (*step.claims, *step.against):
            said = [
                f"{claim.origin.source}@{claim.origin.release}",
                claim.origin.evidence,
                *claim.origin.references[:3],
            ]
            yield f"    {'against' if claim.negated else 'for'}: {' '.join(filter(None, said))}"


@app.command("cluster")
def cluster(
    id: Annotated[str, typer.Argument(help="An id or a name.")], as_of: AsOf = "", json_: AsJson = False
) -> None:
    """Show all ids of one thing, each link between them with who states it, and links left out with the reason."""
    with Store(Place.folder, as_of=as_of) as store:
        found = clusters_of(store).cluster(asked.named(store, id))
        if json_:
            return data(asdict(found))
        for member in (*found.members, *found.former):
            note = "  (former id)" if member in found.former else ""
            data(f"{member}  {store.name_of(member)}{note}")
        for link in found.links:
            who = ", ".join(f"{each.source}@{each.release} {each.what}" for each in link.witnesses)
            state = "left out" if link.why else "joined"
            data(f"{state}  {link.a} {link.b}  {link.weight:.2f}  {who}  {link.why}".rstrip())


@app.command("broken")
def broken_links(as_of: AsOf = "", json_: AsJson = False) -> None:
    """List links that lead nowhere: unknown ids of known vocabularies, obsolete ids in use, lost replacements."""
    with Store(Place.folder, as_of=as_of) as store:
        for each in broken(store):
            said: Any = asdict(each)
            data(said if json_ else f"{each.kind}  {each.id}  used {each.uses} times: {each.said}")


@app.command("export")
def export(
    kgx_: Annotated[
        Path | None, typer.Option("--kgx", help="Folder for the KGX files nodes.tsv and edges.tsv.")
    ] = None,
    nquads: Annotated[Path | None, typer.Option(help="File for N-Quads, each claim a graph of its own.")] = None,
    sssom: Annotated[Path | None, typer.Option(help="File for the mappings as an SSSOM table.")] = None,
    obographs: Annotated[Path | None, typer.Option(help="File for concepts and hierarchy as an OBO graph.")] = None,
    as_of: AsOf = "",
    json_: AsJson = False,
) -> None:
    """Write the knowledge for other tools: KGX tables, N-Quads, mappings, an OBO graph."""
    if not (kgx_ or nquads or sssom or obographs):
        raise BadPlan("nothing is asked for", mend="give --kgx, --nquads, --sssom or --obographs with a place")
    done: dict[str, Any] = {}
    with Store(Place.folder, as_of=as_of) as store:
        if kgx_:
            done |= asdict(kgx.export(store, kgx_))
        if nquads:
            done["statements"] = rdf.export(store, nquads)
        if sssom:
            done["mappings"] = exchange.mappings(store, sssom)
        if obographs:
            done["graph_nodes"] = exchange.obographs(store, obographs)
    table(done, json_)


@app.command("match")
def match(
    of: Annotated[str, typer.Argument(help="Prefix of the ids of one vocabulary: MEDQUAD.")],
    to: Annotated[str, typer.Argument(help="Prefix of the ids of the other: DRUGBANK.")],
    out: Annotated[Path, typer.Option(help="The SSSOM table to write.")],
    kind: Annotated[str, typer.Option(help="Concepts of this kind alone: Drug, Disease ...")] = "",
    json_: AsJson = False,
) -> None:
    """Propose which concepts of two vocabularies are one, because they bear the same name, for people to judge."""
    with Store(Place.folder) as store:
        found = proposing.proposed(store, of, to, kind=kind)
        said = sssom_tables.Head((("mapping_set_id", (f"urn:probatum:proposed:{store.content}",)),))
    try:
        sssom_tables.write(out, said, found.mappings, proposing.SLOTS)
    except OSError as error:
        raise StoreRefused(str(error), where=str(out), mend="give a file that you may write to") from error
    counts = {"proposed": len(found.mappings), "ambiguous": found.ambiguous, "joined": found.joined}
    table(counts | {"alone": found.alone}, json_)


@app.command("sparql")
def sparql(
    text: Annotated[str, typer.Argument(help="A SPARQL 1.1 query over the statements of: kb export --nquads.")],
    as_of: AsOf = "",
    json_: AsJson = False,
) -> None:
    """Ask in SPARQL (extra rdf): rows as a table or as JSON lines."""
    with Store(Place.folder, as_of=as_of) as store:
        for number, row in enumerate(rdf.sparql(store, text)):
            if json_:
                data(row)
                continue
            if not number:
                data("\t".join(row))
            data("\t".join(" ".join(value.split()) for value in row.values()))
