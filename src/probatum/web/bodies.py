"""The JSON that the interface takes and gives, as OpenAPI describes it; answers are as `--json` prints them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Language = Annotated[str, Field(max_length=16, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?$")]


class Taken(BaseModel):
    """What a request holds: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid")


class AskBody(Taken):
    """A question."""

    question: Annotated[str, Field(min_length=1, max_length=4000)]
    method: Annotated[str, Field(max_length=64, description="as `quoted`; usually `rag` where a model is in use")] = ""
    model: Annotated[str, Field(max_length=200, description="usually the one in use; `none`: copies alone")] = ""
    language: Language = ""


class AnnotateBody(Taken):
    """A text, read for the concepts that it mentions; it is not kept."""

    text: Annotated[str, Field(max_length=200_000)]


class ObservationBody(Taken):
    """One thing observed of a patient: an id, or words that are read for it."""

    concept: Annotated[str, Field(max_length=200, description="a CURIE, as HP:0001250, or `text`")] = ""
    present: bool = True
    text: Annotated[str, Field(max_length=500)] = ""


class PatientBody(Taken):
    """A person as the ranking needs them."""

    age: Annotated[str, Field(max_length=32, description="ISO 8601 duration, as P34Y2M")] = ""
    sex: Literal["", "female", "male", "other"] = ""
    observations: Annotated[list[ObservationBody], Field(max_length=500)] = []
    notes: Annotated[list[Annotated[str, Field(max_length=200_000)]], Field(max_length=20)] = []


class RankBody(Taken):
    """A case: a patient, or a GA4GH Phenopacket v2, of which only subject and phenotypicFeatures are read."""

    patient: PatientBody | None = None
    phenopacket: Annotated[dict[str, Any] | None, Field(description="GA4GH Phenopacket v2 in JSON")] = None
    keep: Annotated[int, Field(ge=1, le=1000, description="candidates given back")] = 30
    explained: Annotated[int, Field(ge=0, le=100, description="how many of them with reasons")] = 10


class OriginBody(BaseModel):
    """Where a fact comes from."""

    source: str
    release: str
    at: str
    evidence: str
    references: list[str]
    retrieved: str


class RelationBody(BaseModel):
    """A claim: who says what of whom."""

    subject: str
    predicate: str
    object: str
    negated: bool
    qualifiers: list[tuple[str, str]]
    origin: OriginBody


class StoredBody(BaseModel):
    """A stored text, as it was read; spans count its code points."""

    id: str
    title: str
    text: str
    language: str
    kind: str
    about: list[str]
    origin: OriginBody


class EvidenceBody(BaseModel):
    """One fact that the answer rests on; the n-th is what the mark [n] points at."""

    fact: RelationBody | StoredBody
    text: str
    score: float
    found_by: str
    start: int
    end: int
    origin: OriginBody


class ReasonBody(BaseModel):
    """Why a candidate stands where it stands."""

    kind: str
    concept: str
    name: str
    weight: float
    text: str
    references: list[str]


class CandidateBody(BaseModel):
    """One ranked possibility."""

    id: str
    name: str
    score: float
    reasons: list[ReasonBody]


class StepBody(BaseModel):
    """One step of the search."""

    what: str
    said: str


class VerdictBody(BaseModel):
    """How one sentence of the text stands on the evidence that it cites; offsets in code points."""

    start: int
    end: int
    support: str
    why: str
    marks: list[int]
    grade: str


class AnswerBody(BaseModel):
    """An answer with its evidence; `abstained` bears the reason where there is none."""

    text: str
    choice: str
    fields: list[tuple[str, str]]
    abstained: str | None
    evidence: list[EvidenceBody]
    candidates: list[CandidateBody]
    trace: list[StepBody]
    verdicts: list[VerdictBody]
    knowledge: str
    disclaimer: str


class FoundBody(BaseModel):
    """What was found for a text: passages and claims, best first, each with its origin."""

    evidence: list[EvidenceBody]
    knowledge: str


class MentionBody(BaseModel):
    """A concept found in a text; offsets in code points."""

    start: int
    end: int
    text: str
    concept: str
    name: str
    negated: bool
    certainty: str
    who: str
    when: str


class MentionsBody(BaseModel):
    """What was found in a text."""

    mentions: list[MentionBody]


class SuggestionBody(BaseModel):
    """One completion: the concept, its name in the language asked for, and the name that matched."""

    id: str
    name: str
    matched: str


class SuggestionsBody(BaseModel):
    """Completions, best first."""

    suggestions: list[SuggestionBody]


class PassageBody(StoredBody):
    """A stored text with the licence under which it came."""

    licence: str


class NameBody(BaseModel):
    """One name of a concept."""

    text: str
    language: str
    scope: str
    kind: str


class ConceptBody(BaseModel):
    """A concept with all its names."""

    id: str
    name: str
    kind: str
    obsolete: bool
    replaced_by: list[str]
    names: list[NameBody]
    origin: OriginBody


class ReleaseBody(BaseModel):
    """A release of a source."""

    source: str
    version: str
    licence: str
    sha256: str


class ReleasesBody(BaseModel):
    """The releases in use, and the hash of their content."""

    content: str
    releases: list[ReleaseBody]


class NodeBody(BaseModel):
    """A node with its place in the drawing, in pixels."""

    id: str
    name: str
    kind: str
    x: int
    y: int


class EdgeBody(BaseModel):
    """A line between two nodes; `marks` are the numbers of the claims behind it."""

    subject: str
    predicate: str
    object: str
    negated: bool
    marks: list[int]


class GraphBody(BaseModel):
    """A drawing of at most 150 nodes; `left_out` is what did not fit."""

    width: int
    height: int
    nodes: list[NodeBody]
    edges: list[EdgeBody]
    left_out: int


class ProblemBody(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    mend: str = ""
