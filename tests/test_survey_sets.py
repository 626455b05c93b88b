"""One test for each row of further data sets of the survey that is said to work: it asserts what working means."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner
from walked import laid, walked
from walked import told as told_of

from probatum import plans, verbs
from probatum.cli.data import app
from probatum.cli.given import Place
from probatum.errors import ProbatumError
from probatum.models.scripted import scripted
from probatum.naming import card_of, find, names
from probatum.preparing import synthetic
from probatum.store import consent
from probatum.store.reader import Store
from probatum.types import Answer, Example, Mention, Request

CLOSED = {  # a closed source, and its parts
    "uf_ehrs": ("",),
    "mtb": ("",),
    "pulse_sft": ("",),
    "sunsimiao_data": ("",),
    "pangu_drug_molecules": ("",),
    "hospital_dx_gao": ("",),
    "gatortron_5tasks": ("concepts", "relations", "similarity", "inference", "answers"),
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Place, "folder", tmp_path / "kb")


def said(*words: str | Path) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    if isinstance(done.exception, ProbatumError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def read(folder: Path, name: str, part: str = "") -> list[Example]:
    loader = find("datasets", name)
    return list(loader(folder, part) if part else loader(folder))


def told(example: Example) -> str:
    """All that an example says, with its id and what it comes from."""
    return repr(example).lower()


@pytest.mark.parametrize("name", CLOSED)
def test_closed_sources(name: str, tmp_path: Path) -> None:
    """A documented layout and a generator of it; the same loader reads both; never counted as real or obtainable."""
    loader = find("datasets", name)
    card = card_of(loader)
    if card.gated:
        consent.accept(Place.folder, name, card, "a test")
    said("synthetic", name, tmp_path / "first", "--count", "12", "--seed", "4")
    synthetic.synthetic(name, tmp_path / "again", count=12, seed=4)
    assert "`path` is" in " ".join((loader.__doc__ or "").split())
    for made in sorted(each for each in (tmp_path / "first").rglob("*") if each.is_file()):
        again = tmp_path / "again" / made.relative_to(tmp_path / "first")
        assert made.name.startswith("synthetic") and made.read_bytes() == again.read_bytes()
    for part in CLOSED[name]:
        examples = read(tmp_path / "first", name, part)
        assert len(examples) == 12 == len({each.id for each in examples})
        assert all(each.origin and each.origin.release == "synthetic" for each in examples)
        assert all(each.origin and each.origin.reliability == "generated" for each in examples)
        assert all(
            "synthetic" in f"{each.id}{each.question.text}{each.answer.text}".lower() or "合成" in told(each)
            for each in examples
        )
        counted = json.loads(said("check", name, tmp_path / "first", *(("--part", part) if part else ()), "--json"))
        assert counted["examples"] == counted["synthetic"] == 12
    assert "not obtainable" in card.title and card.terms.startswith("Not obtainable")
    (entry,) = (each for each in plans.catalog("datasets") if each.name == name)
    assert "not obtainable" in entry.title and plans.data_cards()[name].access == "closed"
    shown = json.loads(said("show", name, "--json"))
    assert shown["access"] == "closed" and "not obtainable" in shown["title"] and "examples" not in shown
    if len(CLOSED[name]) == 1:
        page = said("export", name, tmp_path / "first", "--to", "card")
        assert "12 examples, 12 of them synthetic." in page
        croissant = json.loads(said("export", name, tmp_path / "first", "--to", "croissant"))
        assert "not obtainable" in croissant["description"]


def test_48_clinical_calculations(tmp_path: Path) -> None:
    """A layout, a generator and one loader for both; what was published later is said to be open, with no count."""
    synthetic.synthetic("clinical_calc_48", tmp_path, count=9)
    examples = read(tmp_path, "clinical_calc_48")
    assert len(examples) == 9 and all(each.origin and each.origin.release == "synthetic" for each in examples)
    assert [bool(each.rejected) for each in examples] == [False, False, True] * 3
    assert all(bool(each.answer.text) != bool(each.rejected) for each in examples)
    shown = json.loads(said("show", "clinical_calc_48", "--json"))
    assert shown["access"] == "open" and shown["where"].startswith("https://github.com/") and "examples" not in shown


def test_chinese_question_sets(tiny: Path, tmp_path: Path) -> None:
    """Candidates are ranked, answers keep the evidence they rest on; RJUA-QA's score is the one of its README."""
    folder = tiny / "datasets"
    ranking = read(folder / "cmedqa2", "cmedqa2")
    best = [replace(each.answer, candidates=each.answer.candidates[::-1]) for each in ranking]  # order says nothing
    first = find("metrics", "retrieval")(
        [(each.answer, told) for each, told in zip(ranking, best, strict=True)], cutoffs=(1,)
    )
    assert first["success@1"].value == 1.0 and first["success@1"].n == 3
    worst = [
        replace(told, candidates=tuple(replace(each, score=-each.score) for each in told.candidates)) for told in best
    ]
    last = find("metrics", "retrieval")(
        [(each.answer, told) for each, told in zip(ranking, worst, strict=True)], cutoffs=(1,)
    )
    assert last["success@1"].value == pytest.approx(1 / 3)  # the question of one candidate

    grounded = read(folder / "rjua_qa.jsonl", "rjua_qa")
    assert all(each.question.context for each in grounded) and len(grounded) >= 3
    given = [
        replace(each.answer, fields=tuple(pair for pair in each.answer.fields if pair[0] == "disease"))
        for each in grounded
    ]
    scores = find("metrics", "rjua")([(each.answer, told) for each, told in zip(grounded, given, strict=True)])
    wanted = [2 / 3 if any(name == "advice" for name, _ in each.answer.fields) else 1.0 for each in grounded]
    assert scores["rjua_f1"].value == pytest.approx(sum(wanted) / len(wanted)) and scores["rjua_f1"].value < 1
    assert scores["rjua_f1:disease"].value == 1.0 and scores["rjua_rouge-L"].value == pytest.approx(1.0)
    assert plans.benchmark("rjua_qa").metrics[0] == "rjua"

    known = read(folder / "cmedknowqa", "cmedknowqa")
    assert [bool(each.question.context) for each in known] == [True, True, False]
    consent.accept(Place.folder, "md_ehr", card_of(find("datasets", "md_ehr")), "a test")
    for name in ("cmedqa_kg", "md_ehr"):
        synthetic.synthetic(name, tmp_path / name, count=5)
        counted = json.loads(said("check", name, tmp_path / name, "--json"))
        assert counted["examples"] == counted["answered"] == counted["synthetic"] == 5
        assert plans.data_cards()[name].access == "closed" and "not obtainable" in said("show", name)
    assert all(each.question.context for each in read(tmp_path / "md_ehr", "md_ehr"))


DISEASE = "Which disease goes with the gene that Ardenol affects?"


def test_questions_over_graphs(tiny: Path, tmp_path: Path) -> None:
    """Official files of ADQA and of ToG's sets load; DALK and ToG answer such files offline, and are scored."""
    assert {dict(each.labels)["exam"] for each in read(tiny / "datasets/adqa", "adqa")} == {
        "medqa", "medmcqa", "mmlu", "qa4mre",
    }  # fmt: skip
    assert {dict(each.labels)["set"] for each in read(tiny / "datasets/kbqa_tog", "kbqa_tog")} == {
        "webqsp", "cwq", "grailqa", "creak",
    }  # fmt: skip
    both = ["Boreal syndrome", "Arden disease"]
    exam = [
        {"question": DISEASE, "choices": both, "answer": ["Arden disease"]},
        {"question": DISEASE.replace("Ardenol", "Borealine"), "choices": both, "answer": ["Boreal syndrome"]},
        {"question": "Which disease goes with Zzz?", "choices": ["Yyy", "Xxx"], "answer": ["Yyy"]},
    ]
    linked = [
        {"question": "What does Borealine treat?", "answer": "Boreal syndrome", "topic_entity": {"m.1": "Borealine"}},
        {"question": "Which gene does Ardenol affect?", "answer": "ARDA1", "topic_entity": {"m.2": "Ardenol"}},
        {"question": "What does Zzz treat?", "answer": "Yyy", "topic_entity": {"m.3": "Zzz"}},
    ]
    (tmp_path / "medqa_filter.json").write_text(json.dumps(exam), encoding="utf-8")
    (tmp_path / "cwq.json").write_text(json.dumps(linked), encoding="utf-8")
    with walked(tmp_path) as store:
        chosen = [(each.answer, find("methods", "dalk")(each.question, laid(store))) for each in read(tmp_path, "adqa")]
        said_ = [
            (each.answer, find("methods", "think_on_graph")(each.question, laid(store)))
            for each in read(tmp_path, "kbqa_tog")
        ]
    right = find("metrics", "accuracy")(chosen)
    assert right["accuracy"].value == pytest.approx(2 / 3) and right["accuracy_answered"].value == 1.0
    assert chosen[2][1].abstained and all(given.evidence for _, given in chosen[:2])
    named = find("metrics", "rouge")(said_)["rouge-1:recall"]  # whether the answer's name is said
    assert named.value == pytest.approx(2 / 3) and named.n == 3
    assert said_[2][1].abstained and all(given.evidence for _, given in said_[:2])


def spoken(answers: list[tuple[str, str]], request: Request) -> str:
    """The answer of whatever the request asks."""
    asked = told_of(request)
    return next((answer for needle, answer in answers if needle in asked), "Nothing.")


FOUND = ("Seizure and splenomegaly", "Hepatomegaly", "Thrombocytopenia with a seizure")


@pytest.mark.parametrize("whole", [True, False])
def test_runs_on_visits_and_on_explanations(whole: bool, tiny: Path, tmp_path: Path) -> None:
    """A run on ACI-Bench gets MEDCON over the store's own concepts, a run on TCM-ED gets TCMScore."""
    verbs.ingest(tmp_path / "kb", "hpo", tiny / "sources" / "hpo")
    told = {"segment": lambda said: [(letter, letter in "头药汤证") for letter in said], "entail": lambda a, b: a == b}
    visits = tmp_path / "train.csv"
    rows = (
        f'own,V{number},"[doctor] Hello.\n[patient] I am visit {number}.","CHIEF COMPLAINT\n\n{said}."'
        for number, said in enumerate(FOUND)
    )
    visits.write_text("\n".join(("dataset,encounter_id,dialogue,note", *rows)) + "\n", encoding="utf-8")
    with Store(tmp_path / "kb") as store:
        for name, measure in (("aci_bench", "medcon"), ("tcm_ed", "tcmscore")):
            data = tiny / "datasets" / name if name == "tcm_ed" else visits
            gold = read(data, name)
            said_ = [
                (each.question.turns[-1][1] if each.question.turns else each.question.text, each.answer.text)
                for each in gold
            ]
            writer = scripted(says=partial(spoken, said_ if whole else []))
            out = tmp_path / f"{name}.jsonl"
            run = verbs.evaluate(store, name, data, out=out, model=writer)
            assert run.counts["items"] == len(gold)
            if measure == "medcon":
                made = verbs.score(out, name, data, further=[measure], store=store)
            else:
                made = verbs.score(out, name, data, further=[measure], told=told)
            (score,) = (each for key, each in made.scores.items() if key.startswith(measure))
            assert score.n == len(gold) and (score.value > 0) == whole and score.signature.startswith(measure)


def test_evaluation_sets(tiny: Path, tmp_path: Path) -> None:
    """Layouts load; notes of visits are scored by MEDCON's rule, explanations of TCM-ED by TCMScore."""
    visits = read(tiny / "datasets/aci_bench", "aci_bench")
    words = {"cough", "fever", "pain", "complaint", "plan", "assessment"}

    def annotate(text: str) -> list[Mention]:
        found = [word.strip(".,:;").lower() for word in text.split()]
        return [Mention(0, len(word), word, f"UMLS:{word}") for word in found if word in words]

    medcon = find("metrics", "medcon")
    same = medcon([(each.answer, each.answer) for each in visits], annotate=annotate)["medcon"]
    turns = [Answer("\n".join(text for _, text in each.question.turns)) for each in visits]
    copied = medcon([(each.answer, told) for each, told in zip(visits, turns, strict=True)], annotate=annotate)[
        "medcon"
    ]
    assert same.value == 1.0 and same.n == len(visits) >= 3 and copied.value < 1.0

    exam = [each for each in read(tiny / "datasets/tcm_ed", "tcm_ed") if each.answer.text]
    given = {
        "segment": lambda sentence: [(letter, letter in "头药汤证") for letter in sentence],
        "entail": lambda first, second: float(first == second),
    }
    tcmscore = find("metrics", "tcmscore")
    whole = tcmscore([(each.answer, each.answer) for each in exam], **given)["tcmscore"]
    other = tcmscore([(each.answer, Answer("别的话。")) for each in exam], **given)["tcmscore"]
    assert whole.n == len(exam) >= 1 and whole.value > other.value == 0.0

    synthetic.synthetic("dialogsumm", tmp_path / "dialogsumm", count=4)
    records = read(tmp_path / "dialogsumm", "dialogsumm")
    assert len(records) == 4 and all("主诉" in dict(each.answer.fields) for each in records)
    assert plans.data_cards()["dialogsumm"].access == "closed" and "not obtainable" in said("show", "dialogsumm")
    schemas = {dict(each.labels)["schema"] for each in read(tiny / "datasets/bigbio", "bigbio")}
    assert schemas == {"kb", "qa", "te", "pairs", "t2t", "text"}


def test_every_data_set_of_the_survey_has_a_sample(tiny: Path) -> None:
    """Each data set that the survey names has files in its official layout, which its loader reads."""
    samples = {each.name.partition(".")[0] for wing in ("datasets", "sources") for each in (tiny / wing).iterdir()}
    wings = {card_of(find("datasets", name)).survey or name: name for name in names("datasets")}
    wings["chimed_vl_instruction"] = "chimed_vl"
    assert all(
        each.question.media for each in find("datasets", "chimed_vl")(tiny / "datasets/chimed_vl", "instruction")
    )
    systems = [each for each in plans.survey() if each.group == "datasets"]
    bare = set()
    for system in systems:
        name = system.answer.partition("/")[2] if system.works else wings.get(system.id, "")
        if name not in samples:
            bare.add(system.id)
    assert len(systems) == 105 and not bare
    for name in names("datasets"):
        own = sorted((each for each in (tiny / "datasets").iterdir() if each.name.partition(".")[0] == name), key=str)
        assert own, name
        examples = read(own[0], name)
        assert len(examples) >= 3 and all(each.id for each in examples), name
