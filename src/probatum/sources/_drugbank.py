"""How DrugBank's partners, pathways, classes and products become facts: predicates, directions, ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from probatum.formats.curies import curie
from probatum.formats.drugbank_xml import Drug, Interaction, Partner, Polypeptide
from probatum.sources._pages import said, slug
from probatum.types import Concept, Fact, Name, Origin, Relation

Make = Callable[..., Origin]
INTERACTS = "biolink:physically_interacts_with"
AFFECTS = "biolink:affects"
MEMBER = "biolink:member_of"
HAS = "biolink:has_attribute"
# resources whose name is not a prefix already; others keep their name without blanks
_RESOURCES = {
    "Drugs Product Database (DPD)": "DPD",
    "PubChem Compound": "PUBCHEM",
    "PubChem Substance": "PUBCHEM.SUBSTANCE",
    "KEGG Compound": "KEGG",
    "KEGG Drug": "KEGG",
    "Guide to Pharmacology": "GTOPDB",
    "IUPHAR": "GTOPDB",
    "National Drug Code Directory": "NDC",
    "Therapeutic Targets Database": "TTD",
    "UniProt Accession": "UniProtKB.ENTRY",
    "HUGO Gene Nomenclature Committee (HGNC)": "HGNC",
    "Human Protein Reference Database (HPRD)": "HPRD",
    "GenBank Gene Database": "GenBank",
    "GenBank Protein Database": "GenBank.PROTEIN",
}
# what is done to the partner's activity, by the first word of the action that says so
_DIRECTIONS = (
    (("inhibit", "antagonist", "block", "suppress", "inactivat", "downregul"), "decreased"),
    (("induc", "agonist", "activat", "stimulat", "potentiat", "upregul"), "increased"),
)
_PROCESS = {"enzyme": "metabolism", "transporter": "transport", "carrier": "transport"}
_CLAIM = re.compile(
    r"The (?P<aspect>.+?)(?: of (?P<whose>[^.]+?))? can be (?P<direction>increased|decreased|reduced) when .+"
)
_MAY = re.compile(r".+? may (?P<direction>increase|decrease) the (?P<aspect>.+? activities) of (?P<whose>.+?)\.?")


def xref(resource: str, identifier: str) -> str:
    """A foreign identifier as a CURIE."""
    return curie(f"{_RESOURCES.get(resource) or slug(resource).replace('-', '')}:{identifier.replace(' ', '')}")


def interaction(drug: Drug, other: Interaction, at: Origin) -> Iterator[Relation]:
    """That two drugs interact, and where the sentence says so in DrugBank's fixed words, which affects the other how.

    "The metabolism of Warfarin can be decreased when combined with Amiodarone" makes amiodarone affect warfarin (aspect
    metabolism, direction decreased); a risk that rises with both ("risk or severity of bleeding") belongs to the pair.
    """
    here, there = f"DRUGBANK:{drug.id}", f"DRUGBANK:{other.drug}"
    aspect, direction, whose = mechanism(other.description)
    told = [("comment", other.description)]
    effect = [("aspect", aspect), ("direction", direction)]
    ends = {drug.name.casefold(): (there, here), other.name.casefold(): (here, there)}
    whole, of, last = whose.rpartition(" of ")  # the active metabolites of Losartan
    agent, affected = ends.get(whose.casefold()) or ends.get(last.casefold() if of else "") or ("", "")
    if affected and whose.casefold() not in ends:
        effect = [("aspect", f"{aspect} of {whole}"), ("direction", direction)]
    yield Relation(here, "biolink:interacts_with", there, at, qualifiers=said(told if affected else told + effect))
    if affected:
        claim = [*told, *effect, ("original_predicate", "drug interaction")]
        yield Relation(agent, AFFECTS, affected, at, qualifiers=said(claim))


def mechanism(description: str) -> tuple[str, str, str]:
    """What an interaction's sentence says in its fixed words: the aspect, its direction, and whose it is.

    All are empty for other sentences; whose is empty for what belongs to both: a risk, an effect.
    """
    found = _CLAIM.match(description) or _MAY.fullmatch(description)
    if found is None:
        return "", "", ""
    aspect, whose = found["aspect"], found["whose"] or ""
    direction = "increased" if found["direction"].startswith("increase") else "decreased"
    if aspect == "risk or severity":
        return f"risk or severity of {whose or 'effects'}", direction, ""
    return aspect, direction, whose


def partner_facts(drug: str, partner: Partner, origin: Make) -> Iterator[Fact]:
    """The partner as a concept and what it and the drug do to each other, with actions and references.

    A single chain goes by its UniProt id, anything else by the id that DrugBank gave it, of which its chains are parts.
    """
    if not partner.id and not partner.polypeptides:
        return
    chains = [chain for chain in partner.polypeptides if chain.id]
    for chain in chains:
        yield _protein(chain, origin)
    if len(chains) == 1:
        there = f"UniProtKB:{chains[0].id}"
    else:
        there = f"DRUGBANK:{partner.id or chains[0].id}"
        yield Concept(there, partner.name or there, "Protein" if chains else "ChemicalEntity", origin(there))
        for chain in chains:
            yield Relation(there, "biolink:has_part", f"UniProtKB:{chain.id}", origin(f"{there} {chain.id}"))
    at = origin(f"{drug} {partner.id or there}", references=partner.references)
    base = [("original_predicate", partner.role), ("species", partner.organism)]
    base += [("comment", f"known action: {partner.known_action}")] if partner.known_action else []
    base += [("comment", f"{what} strength: {strength}") for what, strength in partner.strengths]
    yield from _acts(f"DRUGBANK:{drug}", there, partner, at, base)


def _acts(drug: str, there: str, partner: Partner, at: Origin, base: list[tuple[str, str]]) -> Iterator[Relation]:
    """Claims between a drug and its partner: that they meet, what the drug does to it, what it does to the drug."""
    meets = "biolink:directly_physically_interacts_with" if partner.role == "target" else INTERACTS
    actions = [("action", action) for action in partner.actions]
    yield Relation(drug, meets, there, at, qualifiers=said([*base, *actions]))
    for action in partner.actions:
        claim = [*base, ("action", action)]
        if action == "substrate" and partner.role in _PROCESS:
            yield Relation(there, AFFECTS, drug, at, qualifiers=said([*claim, ("aspect", _PROCESS[partner.role])]))
        elif direction := next((to for words, to in _DIRECTIONS if any(word in action for word in words)), ""):
            # "antagonist" holds "agonist": the list asks for what lessens first
            claim += [("aspect", "activity"), ("direction", direction)]
            yield Relation(drug, AFFECTS, there, at, qualifiers=said(claim))


def _protein(chain: Polypeptide, origin: Make) -> Concept:
    id_ = f"UniProtKB:{chain.id}"
    synonyms = (*((chain.gene, "gene") for _ in range(bool(chain.gene))), *((text, "") for text in chain.synonyms))
    return Concept(
        id_,
        chain.name or chain.gene or id_,
        "Protein",
        origin(id_),
        names=tuple(Name(text, "en", "exact", kind) for text, kind in dict.fromkeys(synonyms)),
        xrefs=tuple(xref(*each) for each in chain.xrefs if each[1] and each[0] != "UniProtKB"),
    )


def classes(drug: Drug, origin: Make) -> Iterator[Fact]:
    """Groups, type, categories, ATC codes with the levels above them, dose forms."""
    here = f"DRUGBANK:{drug.id}"
    for aspect, word in (*(("group", group) for group in drug.groups), ("type", drug.type)):
        if word:
            yield from _held((here, HAS, f"drugbank.{aspect}:{slug(word)}"), word, origin, [("aspect", aspect)])
    for category, mesh in drug.categories:
        there = f"MESH:{mesh}" if mesh else f"drugbank.category:{slug(category)}"
        yield from _held((here, MEMBER, there), category, origin, [("original_predicate", "category")])
    for path in drug.atc:
        above = [(f"ATC:{code}", name) for code, name in path if code]
        for number, (code, name) in enumerate(above):
            yield Concept(code, name or code, "OntologyClass", origin(code))
            if number:
                yield Relation(above[number - 1][0], "biolink:subclass_of", code, origin(above[number - 1][0]))
        if above:
            yield Relation(here, MEMBER, above[0][0], origin(f"{here} {above[0][0]}"))
    for form, route, strength in drug.dosages:
        if form:
            claim = [("aspect", "dose_form"), ("route", route), ("dose", strength)]
            yield from _held((here, HAS, f"drugbank.form:{slug(form)}"), form, origin, claim)


def _held(identity: tuple[str, str, str], name: str, origin: Make, claim: list[tuple[str, str]]) -> Iterator[Fact]:
    """The class as a concept, and the relation of this identity with the claim."""
    here, predicate, there = identity
    yield Concept(there, name, "OntologyClass", origin(there))
    yield Relation(here, predicate, there, origin(f"{here} {there}"), qualifiers=said(claim))


def products(drug: Drug, origin: Make) -> Iterator[Fact]:
    """Salts and mixtures, which hold the drug as their active ingredient."""
    here, holds = f"DRUGBANK:{drug.id}", "biolink:has_active_ingredient"
    for id_, name, unii in drug.salts:
        if id_:
            salt = f"DRUGBANK:{id_}"
            yield Concept(salt, name or salt, "Drug", origin(salt), xrefs=(f"UNII:{unii}",) if unii else ())
            yield Relation(salt, holds, here, origin(salt), qualifiers=(("original_predicate", "salt"),))
    for name, ingredients in drug.mixtures:
        mixture = f"drugbank.mixture:{slug(name)}"
        claim = said([("original_predicate", "mixture"), ("comment", ingredients)])
        yield Concept(mixture, name, "MolecularMixture", origin(mixture))
        yield Relation(mixture, holds, here, origin(f"{mixture} {here}"), qualifiers=claim)


def processes(drug: Drug, origin: Make) -> Iterator[Fact]:
    """Pathways with the drugs and enzymes in them, and the steps of metabolism."""
    part = "biolink:participates_in"
    for pathway in drug.pathways:
        if not pathway.id:
            continue
        there = f"SMPDB:{pathway.id}"
        yield Concept(there, pathway.name or there, "Pathway", origin(there))
        inside = (*(f"DRUGBANK:{id_}" for id_ in pathway.drugs), *(f"UniProtKB:{id_}" for id_ in pathway.enzymes))
        for one in dict.fromkeys((f"DRUGBANK:{drug.id}", *inside)):
            yield Relation(one, part, there, origin(f"{one} {there}"), qualifiers=said([("comment", pathway.category)]))
    for reaction in drug.reactions:
        if not reaction.left[0] or not reaction.right[0]:
            continue
        for id_, name in (reaction.left, reaction.right):
            if id_.startswith("DBMET"):
                yield Concept(f"DRUGBANK:{id_}", name or id_, "ChemicalEntity", origin(f"DRUGBANK:{id_}"))
        left, right = (f"DRUGBANK:{side[0]}" for side in (reaction.left, reaction.right))
        claim = said(("comment", f"enzyme UniProtKB:{enzyme}") for enzyme in reaction.enzymes)
        yield Relation(left, "biolink:has_metabolite", right, origin(f"{left} {right}"), qualifiers=claim)
