"""The nouns of clinical knowledge: what is known, who is asked about, what is asked, answered and tried.

All are frozen: knowledge refers by id, never by live object. Gold and given are both an `Answer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Pairs = tuple[tuple[str, str], ...]


# --- the thread that every fact hangs on ---


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one fact comes from. It has no default anywhere: code that forgets it does not type-check."""

    source: str  # name of the source in the wing `sources`
    release: str  # version of that source, or the sha256 of its files where it has no version
    at: str  # record id, character span or URL within the release; stable under reordering of the file
    evidence: str = ""  # the source's own evidence code or grade, never translated into another scale
    references: tuple[str, ...] = ()  # publications on which the record rests, as CURIEs (PMID:..., OMIM:...)
    retrieved: str = ""  # ISO date on which the file was fetched, where known
    reliability: str = "curated"  # curated (by people), extracted (read by a machine), generated (by a model)


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one source; the first thing that a source yields."""

    source: str
    version: str
    licence: str
    sha256: str  # over the bytes of all files read, in the order of `files`
    files: tuple[str, ...] = ()
    published: str = ""  # ISO date, where the release states one that is not in its version
    # what becomes of the source's earlier releases: it replaces them, updates them record by record, or joins them
    manner: str = "replaces"


@dataclass(frozen=True, slots=True)
class Resumable(Release):
    """The release of a source, a generator, that takes an answer to it (`send`): where a broken call is to go on.

    The answer is the text of a `Mark`, empty for the beginning; the source then yields `Mark`s on its way, and, if it
    goes on at one, that one first. Who sends nothing gets all facts and no marks.
    """


# --- what is known ---


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a concept, in one language."""

    text: str
    language: str = "en"  # BCP 47
    scope: str = "label"  # label, exact, broad, narrow, related
    kind: str = ""  # the source's own type: layperson, abbreviation, plural_form, uk_spelling ...


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing that clinical knowledge speaks of: a phenotype, a disease, a gene, a drug."""

    id: str  # CURIE
    name: str
    kind: str  # Biolink category without prefix: Disease, PhenotypicFeature, Gene, Drug, OntologyClass ...
    origin: Origin
    names: tuple[Name, ...] = ()  # synonyms and translations; the label itself is `name`
    alternatives: tuple[str, ...] = ()  # ids that were merged into this one (alt_id)
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    xrefs: tuple[str, ...] = ()
    obsolete: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """One claim of an assertion. Its identity is (subject, predicate, object, negated); the rest is who says so."""

    subject: str
    predicate: str  # Biolink, as biolink:has_phenotype
    object: str
    origin: Origin
    negated: bool = False
    qualifiers: Pairs = ()  # sorted (name, value) as the source wrote them: frequency, onset, sex, modifier, aspect ...

    def qualifier(self, name: str) -> str:
        """The value of one qualifier, or an empty string."""
        return next((value for key, value in self.qualifiers if key == name), "")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that can be quoted."""

    id: str
    text: str
    title: str
    language: str
    origin: Origin
    kind: str = "document"  # document (found by its words) or definition (found through the concept it defines)
    about: tuple[str, ...] = ()  # ids of the concepts it is about
    qualifiers: Pairs = ()  # sorted (name, value): reviewed, review_due, section, status, year ...


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record that could not be read: kept in quarantine with its place and the reason, never dropped in silence."""

    path: str
    line: int
    reason: str
    text: str = ""  # at most 200 characters of what stood there


@dataclass(frozen=True, slots=True)
class Gone:
    """A record of an earlier release that this one takes back; only in a release that updates."""

    record: str  # what `Origin.at` of its facts begins with, up to the first blank or #
    origin: Origin


@dataclass(frozen=True, slots=True)
class Mark:
    """A place among the facts of a `Resumable` source from which it can go on without what came before."""

    text: str  # what the source needs for that, in its own words


Fact = Release | Concept | Relation | Passage | Malformed | Gone | Mark


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found in a text; offsets are in code points."""

    start: int
    end: int
    text: str
    concept: str
    negated: bool = False
    certainty: str = "certain"  # certain, uncertain
    who: str = "patient"  # patient, family, other
    when: str = "now"  # now, history
    kind: str = ""  # Biolink category of what is named, where the annotator says it: ChemicalEntity, Disease ...


# --- the person asked about ---


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing observed of a patient, present or excluded."""

    kind: str  # phenotype, condition, medication, allergy, laboratory ...
    concept: str  # CURIE, or empty where only `text` is known
    present: bool = True
    text: str = ""  # as written
    value: str = ""
    unit: str = ""  # UCUM
    dose: str = ""
    onset: str = ""  # ISO 8601 duration of age, or an HP onset term


@dataclass(frozen=True, slots=True)
class Media:
    """An image or another attachment, by the hash of its bytes."""

    kind: str  # media type
    sha256: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """A person as the question needs them; nothing that identifies them."""

    id: str = ""
    age: str = ""  # ISO 8601 duration, P34Y2M
    sex: str = ""  # female, male, other, or empty
    observations: tuple[Observation, ...] = ()
    notes: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


# --- question and answer ---


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; of whom, where it is about a patient."""

    text: str = ""
    options: Pairs = ()  # (letter, text)
    context: tuple[str, ...] = ()
    turns: Pairs = ()  # (role, text), earlier turns first
    media: tuple[Media, ...] = ()
    patient: Patient | None = None
    language: str = ""  # BCP 47; empty: to be recognised


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that was found for a question."""

    fact: Relation | Passage
    text: str  # the sentence that is quoted, or the relation in words
    score: float
    found_by: str  # name in the wing `retrievers`
    start: int = 0  # span of `text` in a passage, in code points; start == end where the fact is a relation
    end: int = 0

    @property
    def origin(self) -> Origin:
        """The origin of the fact."""
        return self.fact.origin


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a candidate stands where it stands."""

    kind: str  # for, against, ask, inheritance, gene
    concept: str
    name: str
    weight: float = 0.0  # natural-log likelihood ratio for `for` and `against`; expected information in bits for `ask`
    text: str = ""  # the claim in words: "3 of 7 patients"
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ranked possibility: a diagnosis, a document, an option."""

    id: str
    name: str
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an answer's trace: what was done and what came of it."""

    what: str
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One sentence of an answer's text, held against what it cites."""

    start: int  # span in `Answer.text`, in code points, its marks included
    end: int
    support: str  # supported, partial, contradicted, unsupported
    why: str = ""  # a code, then a sentence: "number: 5 mg stands in none of the cited pieces"; empty where supported
    marks: tuple[int, ...] = ()  # the evidence that it cites, from 1
    grade: str = ""  # of the weakest evidence it needs: high, moderate, low, very low (GRADE); empty where none is told


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, with the evidence that the marks [n] of its text point at (the n-th entry, from 1)."""

    text: str = ""
    choice: str = ""
    fields: Pairs = ()
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    abstained: str | None = None  # a reason code, followed by a sentence
    trace: tuple[Step, ...] = ()
    found: tuple[Mention | Relation, ...] = ()  # what was read out of a text, where that was the task
    verdicts: tuple[Verdict, ...] = ()  # how each sentence of `text` stands on what it cites, in order
    knowledge: str = ""  # hash of the content of the store that it was answered from


# --- what a language model is told and says ---


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked to write: messages for one that reads, question and evidence for one that copies."""

    messages: Pairs = ()  # (role, text); roles: system, user, assistant
    question: Question = field(default_factory=Question)
    evidence: tuple[Evidence, ...] = ()  # the n-th is what a mark [n] points at
    schema: str = ""  # JSON Schema as text: the reply must be JSON that fits
    choices: tuple[str, ...] = ()  # continuations whose log-likelihood is wanted, as A, B, C
    temperature: float = 0.0
    seed: int = 0
    longest: int = 1024  # tokens of the reply
    stop: tuple[str, ...] = ()
    tools: str = ""  # JSON list of the functions that may be called: name, description, parameters (JSON Schema)
    seconds: float = 0.0  # the longest that the reply may take; 0: as long as the model is usually given


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, and what it took."""

    text: str
    chances: tuple[float, ...] = ()  # natural-log likelihood of each of the request's choices; -inf: it was not told
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    ended: str = "stop"  # stop, or length where the reply was cut off
    calls: Pairs = ()  # (name, arguments as JSON text) of the functions that the model wants called
    cost: float = 0.0  # in the currency of the prices that the model was given


# --- what is tried ---


@dataclass(frozen=True, slots=True)
class Example:
    """A question with its gold answer; `groups` name what it shares with others (publications).

    A document to train on is an answer to no question; a dialogue keeps its earlier turns in the question.
    """

    id: str
    question: Question
    answer: Answer
    groups: tuple[str, ...] = ()
    rejected: tuple[Answer, ...] = ()  # answers that were liked less, the better first: preference data
    labels: Pairs = ()  # what the data set says of the item: subject, difficulty, open or closed, split ...
    origin: Origin | None = None  # the data set, its release, the place in its file, and how reliable it is


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one rater said of one item: of a system's answer, or of two of them beside each other."""

    item: str
    rater: str
    systems: tuple[str, ...]  # one that was rated, or two that were compared
    criterion: str
    value: float  # a rating on the criterion's scale; of two: 1 the first is better, 0 the second, .5 neither


@dataclass(frozen=True, slots=True)
class Score:
    """A number that a metric gives, with a 95% interval and the signature that makes it comparable."""

    value: float
    n: int
    signature: str  # name, variant, tokeniser, case, smoothing, version: all that another number must share
    low: float | None = None
    high: float | None = None
    unparsed: int = 0  # items of which no answer could be read; they count as wrong
    empty: int = 0  # items with an empty output; they count as zero
    none: str = ""  # why there is no value at all: what stands under `value` then says nothing


@dataclass(frozen=True, slots=True)
class Run:
    """The record of one verb's work, enough to do it again."""

    verb: str
    plan: str
    settings: Pairs
    seed: int
    data: Pairs  # (path as given, sha256)
    versions: Pairs
    scores: Mapping[str, Score] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)  # items, and what of them could not be used
