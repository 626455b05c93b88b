"""LiveQA: the questions of the test and of training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from probatum.naming import find
from probatum.types import Example


def read(name: str, path: Path, *given: Any, **settings: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given, **settings))


def test_liveqa_of_the_test_and_of_training(tiny: Path) -> None:
    found = read("liveqa", tiny / "datasets/liveqa.xml")
    assert [each.id for each in found] == ["TQ1", "Q1-S1", "Q1-S2"]
    assert [(each.id, each.name) for each in found[0].answer.candidates] == [
        ("TQ1_A1", "Sample ankles hum when wound up."),
        ("TQ1_A2", "They may be springs."),
    ]
    assert dict(found[0].labels)["paraphrase"] == "Why would an ankle hum?"
    assert found[1].groups == found[2].groups == ("Q1",) and dict(found[2].labels)["type"] == "SUSCEPTIBILITY"
    assert [each.id for each in found[2].answer.candidates] == ["Q1-S2-A1"]


def test_the_two_files_of_the_test_name_their_elements_in_two_ways(tmp_path: Path) -> None:
    plain = """<LiveQA2017-Medical-Test-Set-Full><NLM-QUESTION qid="TQ9"><Original-Question qfile="s.txt">
      <Subject>sample knee</Subject><Message>Own knee clicks?</Message></Original-Question>
      <Paraphrase>Why does a knee click?</Paraphrase><Annotations><Q-Focus fid="F1">clicking knee</Q-Focus>
      <Q-Type tid="T1" hasFocus="F1">CAUSE</Q-Type><Q-Keyword kid="K1">knee</Q-Keyword></Annotations>
      <ReferenceAnswers><ReferenceAnswer aid="TQ9A1"><Answer>It is wound up.</Answer><AnswerURL>https://example.org
      </AnswerURL><Comment/></ReferenceAnswer></ReferenceAnswers></NLM-QUESTION></LiveQA2017-Medical-Test-Set-Full>"""
    (tmp_path / "Medical-Test.xml").write_text(plain)
    (one,) = read("liveqa", tmp_path)
    assert dict(one.labels) == {
        "focus": "clicking knee", "keyword": "knee", "paraphrase": "Why does a knee click?", "subject": "sample knee",
        "type": "CAUSE",
    }  # fmt: skip
    assert [(each.id, each.name) for each in one.answer.candidates] == [("TQ9A1", "It is wound up.")]
    told = plain.replace("<Annotations>", "<NLM-Summary>Why do knees click?</NLM-Summary><Annotations>")
    (tmp_path / "Medical-Test-Questions-w-summaries.xml").write_text(told)
    (one,) = read("liveqa", tmp_path)
    assert dict(one.labels)["summary"] == "Why do knees click?"
