"""A store of thirty concepts of our own writing for the annotator's tests, in three languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Release

# id -> English label; English synonyms; Chinese; Spanish. "abbreviation:" marks abbreviations.
PHENOTYPES: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "HP:0001433": ("Hepatosplenomegaly", (), "肝脾肿大", "Hepatoesplenomegalia"),
    "HP:0002240": ("Hepatomegaly", ("Enlarged liver",), "肝脏肿大", "Hepatomegalia"),
    "HP:0001744": ("Splenomegaly", (), "脾肿大", "Esplenomegalia"),
    "HP:0001250": ("Seizure", ("Seizures", "Epileptic seizure"), "癫痫发作", "Convulsión"),
    "HP:0004322": ("Short stature", (), "身材矮小", "Talla baja"),
    "HP:0009381": ("Short finger", (), "短指", "Dedo corto"),
    "HP:0001831": ("Short toe", (), "短趾", ""),
    "HP:0009601": ("Aplasia/Hypoplasia of the thumb", (), "", ""),
    "HP:0009778": ("Short thumb", ("Hypoplasia of the thumb",), "", ""),
    "HP:0009777": ("Absent thumb", ("Aplasia of the thumb",), "", ""),
    "HP:0001945": ("Fever", (), "发热", "Fiebre"),
    "HP:0012735": ("Cough", (), "咳嗽", "Tos"),
    "HP:0002315": ("Headache", (), "头痛", "Cefalea"),
    "HP:0002027": ("Abdominal pain", (), "腹痛", "Dolor abdominal"),
    "HP:0000369": ("Low-set ears", (), "低位耳", ""),
    "HP:0001324": ("Muscle weakness", (), "肌无力", "Debilidad muscular"),
    "HP:0001903": ("Anemia", (), "贫血", "Anemia"),
    "HP:0001631": ("Atrial septal defect", ("abbreviation:ASD",), "房间隔缺损", ""),
    "HP:0000729": ("Autistic behavior", ("abbreviation:ASD",), "", ""),
    "HP:0000365": ("Hearing impairment", ("Hearing loss",), "听力受损", ""),
    "HP:0000572": ("Visual loss", ("Vision loss",), "", ""),
    "HP:0000175": ("Cleft palate", (), "腭裂", ""),
    "HP:0000204": ("Cleft upper lip", ("Cleft lip",), "唇裂", ""),
    "HP:0000648": ("Optic atrophy", ("Atrophy of the optic nerve",), "", ""),
    "HP:0003593": ("Infantile onset", (), "", ""),
    "HP:0002829": ("Arthralgia", ("Joint pain",), "关节疼痛", ""),
    "HP:0001249": ("Intellectual disability", ("abbreviation:ID",), "智力障碍", ""),
    "HP:0000819": ("Diabetes mellitus", (), "糖尿病", ""),
}
DISEASES = {
    "OMIM:230800": ("Gaucher disease, type I", ()),
    "ORPHA:77259": ("Gaucher disease type 1", ()),
    "OMIM:219700": ("Cystic fibrosis", ("abbreviation:CF",)),
    "OMIM:100001": ("Fever and short stature syndrome", ("Short stature",)),
    "OMIM:126200": ("Multiple sclerosis", ("abbreviation:MS",)),
    "OMIM:613065": ("Leukemia, acute lymphoblastic", ("abbreviation:ALL",)),
}


def facts() -> Iterator[Fact]:
    """The release and the concepts."""
    yield Release("own", "1", "CC0-1.0", "0" * 64)
    for id, (label, synonyms, chinese, spanish) in PHENOTYPES.items():
        other = [Name(chinese, "zh")] if chinese else []
        other += [Name(spanish, "es")] if spanish else []
        kind = "OntologyClass" if id == "HP:0003593" else "PhenotypicFeature"
        yield Concept(id, label, kind, Origin("own", "1", id), (*map(_synonym, synonyms), *other))
    for id, (label, synonyms) in DISEASES.items():
        yield Concept(id, label, "Disease", Origin("own", "1", id), tuple(map(_synonym, synonyms)))
    yield Concept("NCBIGene:847", "CAT", "Gene", Origin("own", "1", "NCBIGene:847"))


def _synonym(written: str) -> Name:
    kind, colon, text = written.partition(":")
    return Name(text, "en", "exact", kind) if colon else Name(written, "en", "exact")


def names_store(folder: Path) -> Store:
    """The store, written into a folder and opened."""
    write(folder, facts())
    return Store(folder)
