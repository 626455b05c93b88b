"""Dialogues and instructions: pinned records of every layout, what is broken, the real consultations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from probatum.errors import BadFormat, NeedsFile
from probatum.naming import find
from probatum.types import Example

DIALOGUES = (
    *("meddialog", "meddialog_cn", "medical_dialogue_system", "cmd", "healthcaremagic_100k", "icliniq_10k"),
    *("genmedgpt_5k", "hybrid_sft", "bianque_corpus", "disc_med_sft", "huatuo_dialogue_220k"),
)
INSTRUCTIONS = (
    "self_instruct",
    "alpaca_instructions",
    "huatuo_instructions",
    "chatmed_consult_dataset",
    "medc_i",
    "shibing624_medical",
)


def read(name: str, path: Path, *given: Any) -> list[Example]:
    return list(find("datasets", name)(path, *given))


@pytest.mark.parametrize("name", (*DIALOGUES, *INSTRUCTIONS))
def test_every_set_has_one_shape_and_says_what_is_broken(name: str, tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "datasets" / name
    found = read(name, folder)
    assert len({each.id for each in found}) == len(found) == 3 + (name in {"meddialog", "self_instruct"})
    for each in found:
        assert each.question.text and each.answer.text and each.origin and each.origin.source == name
        assert each.labels == tuple(sorted(each.labels)) and all(value for _, value in each.labels)
    with pytest.raises(NeedsFile):
        read(name, tmp_path)
    for place, sample in enumerate(sorted(each for each in folder.rglob("*.*") if each.is_file())):
        whole = sample.read_bytes()
        if name == "shibing624_medical" and sample.parent.name != "finetune":
            continue
        kinds = {"cut": whole[: len(whole) * 2 // 5], "zero": b"\0" + whole, "other": b"[[[[\n"}
        if "json" not in sample.suffix:  # a text or a table that ends between two lines is whole
            kinds["cut"] = whole[:20]
        for kind, broken in kinds.items():
            file = tmp_path / f"{place}{kind}" / sample.name
            file.parent.mkdir()
            file.write_bytes(broken)
            with pytest.raises(BadFormat, match=sample.stem):
                list(read(name, file)) or pytest.fail("nothing was read")


def test_blocks_of_meddialog(tiny: Path) -> None:
    folder = tiny / "datasets/meddialog"
    chinese, first, second, made = read("meddialog", folder)
    assert (chinese.id, chinese.question.language, chinese.answer.text) == ("chinese-own:7", "zh", "少数一些豆子。")
    assert chinese.question.turns == (("patient", "我数了一天豆子，拇指酸。"), ("doctor", "休息的时候还酸吗？"))
    assert dict(chinese.labels)["department"] == "虚构医院 手指科" and dict(chinese.labels)["advice"] == "少数豆子。"
    assert chinese.question.context == ("疾病：\n虚构的拇指酸\n内容：\n数豆子以后拇指酸。",)
    assert first.answer.text == "Then count fewer beans.\nCome back in a week."
    assert first.question.text == "No, only when I count." and len(first.question.turns) == 2
    assert (second.question.text, second.answer.text) == ("Are two pairs of socks too warm?", "One pair will do.")
    assert made.question.context == ("Invented: a hat.",) and dict(made.labels) == {"split": "train"}
    assert [each.id for each in read("meddialog", folder, "zh")] == ["chinese-own:7"]
    with pytest.raises(BadFormat, match="one of: all, en, zh"):
        read("meddialog", folder, "fr")


def test_departments_of_cmd_in_its_own_encoding(tiny: Path) -> None:
    first, second, third = read("cmd", tiny / "datasets/cmd")
    assert first.question.text == "手指酸怎么办\n数豆子以后手指酸，怎么办？" and first.answer.text == "少数豆子。"
    assert dict(first.labels) == {"department": "虚构科", "specialty": "内科", "title": "手指酸怎么办"}
    assert second.question.text == "能戴帽子吗" and second.answer.text == "能，\r\n但别太紧。"
    assert (third.id, dict(third.labels)["department"]) == ("own:5", "另一科")


def test_whose_answer_of_icliniq_is_gold(tiny: Path) -> None:
    folder = tiny / "datasets/icliniq_10k"
    assert read("icliniq_10k", folder)[0].answer.text == "Take it off, I would say."
    models = read("icliniq_10k", folder, "chatdoctor")
    assert [each.id for each in models] == ["iCliniq:2", "iCliniq:13"]
    assert {each.origin.reliability for each in models if each.origin} == {"generated"}


def test_turns_of_the_others(tiny: Path) -> None:
    asked, told, other = read("bianque_corpus", tiny / "datasets/bianque_corpus")
    assert [dict(each.labels)["asks"] for each in (asked, told, other)] == ["yes", "no", "no"]
    assert told.groups == asked.groups != other.groups and told.question.text == "不酸"
    assert len(told.question.turns) == 2
    assert read("hybrid_sft", tiny / "datasets/hybrid_sft")[1].labels == (("corpus", "real dialogue"),)
    _, second, _ = read("huatuo_dialogue_220k", tiny / "datasets/huatuo_dialogue_220k")
    assert second.question.turns == (("patient", "帽子太紧。"), ("doctor", "多紧？"))
    assert second.answer.text == "摘下来。"
    first, *_ = read("healthcaremagic_100k", tiny / "datasets/healthcaremagic_100k")
    assert first.question.text == "My invented thumb is sore." and first.question.context[0].startswith("If you are")
    first, *_ = read("disc_med_sft", tiny / "datasets/disc_med_sft")
    assert first.id == "DISC-Med-SFT_own:0" and len(first.question.turns) == 2 and first.answer.text == "少数豆子。"


def test_instructions_documents_and_preferences(tiny: Path, tmp_path: Path) -> None:
    folder = tiny / "datasets/shibing624_medical"
    told = read("shibing624_medical", folder, "reward")
    assert [(each.answer.text, each.rejected[0].text) for each in told][1] == ("休息。", "数更多豆子。")
    assert dict(told[0].labels) == {"split": "test"}
    documents = read("shibing624_medical", folder, "pretrain")
    assert documents[0].question.text == "" and documents[0].answer.text == "虚构的拇指有两节。"
    _, second, _ = read("alpaca_instructions", tiny / "datasets/alpaca_instructions")
    assert second.question.context == ("three beans",) and second.answer.text == "Three."
    pair = read("self_instruct", tiny / "datasets/self_instruct")[:2]
    assert [each.answer.text for each in pair] == ["Glue.", "Brellow."] and pair[0].groups == pair[1].groups
    (tmp_path / "books.jsonl").write_text('{"text": "An invented chapter.", "source": "book"}\n')
    (book,) = read("medc_i", tmp_path, "knowledge")
    assert book.answer.text == "An invented chapter." and dict(book.labels) == {"source": "book"}


@pytest.mark.shared
def test_the_real_consultations(shared: Path) -> None:
    rows = read("cmd", shared / "cmd-sample")
    assert len(rows) == 7_644 and all(each.answer.text and dict(each.labels)["department"] for each in rows)
    dialogues = read("disc_med_sft", shared / "disc-medllm-dialogues")
    assert len(dialogues) == 242 and {dict(each.labels)["model"] for each in dialogues} == {"bianque-v2", "gpt-4"}
    assert all(dict(each.labels)["department"] for each in dialogues)
