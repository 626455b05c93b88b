"""What labels of drugs share, however they are given out: the names of their sections, ingredients, dose forms."""

from __future__ import annotations

from collections.abc import Iterator

from probatum.sources._pages import said
from probatum.types import Concept, Fact, Origin, Relation

# LOINC codes of label sections, by the names that openFDA gives the same sections
SECTIONS = {
    "34066-1": "boxed_warning",
    "34067-9": "indications_and_usage",
    "34068-7": "dosage_and_administration",
    "43678-2": "dosage_forms_and_strengths",
    "34070-3": "contraindications",
    "43685-7": "warnings_and_cautions",
    "34071-1": "warnings",
    "42232-9": "precautions",
    "34084-4": "adverse_reactions",
    "34073-7": "drug_interactions",
    "43684-0": "use_in_specific_populations",
    "42228-7": "pregnancy",
    "34080-2": "nursing_mothers",
    "77290-5": "lactation",
    "77291-3": "females_and_males_of_reproductive_potential",
    "34081-0": "pediatric_use",
    "34082-8": "geriatric_use",
    "42227-9": "drug_abuse_and_dependence",
    "34088-5": "overdosage",
    "34089-3": "description",
    "34090-1": "clinical_pharmacology",
    "43679-0": "mechanism_of_action",
    "43681-6": "pharmacodynamics",
    "43682-4": "pharmacokinetics",
    "43680-8": "nonclinical_toxicology",
    "34092-7": "clinical_studies",
    "34093-5": "references",
    "34069-5": "how_supplied",
    "44425-7": "storage_and_handling",
    "34076-0": "information_for_patients",
    "42231-1": "spl_medguide",
    "55105-1": "purpose",
    "55106-9": "active_ingredient",
    "51727-6": "inactive_ingredient",
    "51945-4": "package_label_principal_display_panel",
    "50570-1": "do_not_use",
    "50569-3": "ask_doctor",
    "50568-5": "ask_doctor_or_pharmacist",
    "50566-9": "stop_use",
    "50565-1": "keep_out_of_reach_of_children",
    "53414-9": "pregnancy_or_breast_feeding",
    "59845-8": "instructions_for_use",
}
CODES = {name: code for code, name in SECTIONS.items()}


def substance(unii: str, name: str, origin: Origin) -> Concept:
    """A substance by its UNII, as its concept."""
    return Concept(f"UNII:{unii}", name or f"UNII:{unii}", "ChemicalEntity", origin)


def attribute(here: str, code: str, words: str, aspect: str, origin: Origin) -> Iterator[Fact]:
    """A dose form or a route of the NCI thesaurus, as a concept and the relation that gives it to a product."""
    there = f"NCIT:{code}"
    yield Concept(there, words or there, "OntologyClass", Origin(origin.source, origin.release, there))
    yield Relation(here, "biolink:has_attribute", there, origin, qualifiers=said([("aspect", aspect)]))
