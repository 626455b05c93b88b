"""A store of a few drugs and diseases, and a model that learned from the tiny sample of BC5CDR."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from probatum.annotators import _learning
from probatum.datasets.bc5cdr import bc5cdr
from probatum.store.reader import Store
from probatum.store.writer import write
from probatum.types import Concept, Fact, Name, Origin, Passage, Release

DRUGS = {
    "MESH:D000638": "amiodarone", "MESH:D002945": "cisplatin", "MESH:D008094": "lithium", "MESH:D005839": "gentamicin",
    "MESH:D009543": "nifedipine",
}  # fmt: skip
DISEASES = {
    "DOID:1": ("thyroiditis", "MSH:D013966"), "DOID:2": ("hearing loss", "MESH:D034381"),
    "DOID:3": ("tremor", "MESH:D014202"), "DOID:4": ("headache", "MESH:D006261"),
    "DOID:5": ("nephrotoxicity", "MESH:D007674"),
}  # fmt: skip


def knowledge() -> Iterator[Fact]:
    yield Release("own", "1", "CC0-1.0", "0" * 64)
    for id_, name in DRUGS.items():
        yield Concept(id_, name, "ChemicalEntity", Origin("own", "1", id_), (Name(name.title(), scope="exact"),))
    for id_, (name, xref) in DISEASES.items():
        yield Concept(id_, name, "Disease", Origin("own", "1", id_), xrefs=(xref,))
    for number, about in enumerate(
        (("MESH:D002945", "DOID:2"), ("MESH:D002945", "DOID:2"), ("MESH:D008094",), ("DOID:3",))
    ):
        yield Passage(f"P{number}", "Text.", "", "en", Origin("own", "1", f"P{number}"), about=about)


@pytest.fixture(scope="session")
def drugs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("store")
    write(folder, knowledge())
    with Store(folder) as opened:
        yield opened


@pytest.fixture(scope="session")
def taught(drugs: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    examples = list(bc5cdr(Path(__file__).parents[1] / "tiny/datasets/bc5cdr.BioC.xml"))
    told = _learning.learn(drugs, examples, folder, rounds=40)
    assert told["texts"] == 6 and 0 < told["threshold"] < 1
    return folder
