"""The coach: features to states to cues, patterns to gists to replies, topics that change, a summary, its limits."""

from __future__ import annotations

import json

import pytest

from probatum.desk import Desk
from probatum.errors import BadFormat
from probatum.methods.dialogue_coach import dialogue_coach
from probatum.models.copyist import copyist
from probatum.naming import find
from probatum.store.reader import Store
from probatum.types import Answer, Pairs, Question

LONG = "I really like it when we all do something together on a long afternoon"


@pytest.fixture(scope="module")
def desk(small: Store) -> Desk:
    return Desk(small, find("retrievers", "fused")(small), find("annotators", "dictionary")(small), copyist())


def talk(desk: Desk, *heard: str, features: tuple[dict[str, object], ...] = (), language: str = "en") -> list[Answer]:
    """The answers to all turns of a talk, each asked with all that was said before it."""
    turns: Pairs = ()
    answers = []
    for number, text in enumerate(heard, 1):
        seen = tuple(json.dumps(each) for each in features if int(str(each["turn"])) <= number)
        answers.append(dialogue_coach(Question(text, turns=turns, context=seen, language=language), desk))
        turns = (*turns, ("user", text), ("assistant", answers[-1].text))
    return answers


def told(answer: Answer, name: str) -> str:
    return dict(answer.fields)[name]


def test_the_first_turn_states_the_limits_and_opens_a_topic(desk: Desk) -> None:
    first, second = talk(desk, "Hello there, nice to meet you today.", "I play video games a lot at home.")
    assert first.text.startswith("I am a practice partner") and "no therapist" in first.text
    assert first.text.endswith("What do you like to do in your free time?") and told(first, "topic") == "interests"
    assert "practice partner" not in second.text
    assert second.text == "Games can be great fun. Do you play alone or with others?"
    assert told(second, "gist") == "plays games"


def test_a_gist_is_answered_once_and_the_other_may_change_the_topic(desk: Desk) -> None:
    answers = talk(
        desk, "I play chess with my brother.", "Mostly chess, and video games too.", "My homework is too hard for me."
    )
    assert [told(each, "gist") for each in answers] == ["plays games", "", "finds it hard"]
    assert answers[1].text == "I see. Tell me a little more."
    assert answers[2].text == "That sounds tiring. Who could you ask for help with it?"
    assert told(answers[2], "topic") == "school"
    assert ("topic", "school: spoken of by the other") in [(step.what, step.said) for step in answers[2].trace]


def test_a_topic_ends_after_some_turns_and_the_next_is_opened(desk: Desk) -> None:
    answers = talk(desk, "I like swimming in the lake.", "It is quiet there under water.", "The water is never warm.")
    assert answers[2].text == "Let us talk about something else. How are things at school or at work?"
    assert told(answers[2], "topic") == "school"


def test_labelled_turns_get_the_cue_that_their_state_wants(desk: Desk) -> None:
    """One short turn is no habit; a run of them is: the decoded states equal the labels of the script's author."""
    heard = ["Hello to you all out there.", "Yes.", LONG, LONG, "Yes.", "No.", "Hm.", "Yes."]
    labels = ["fit", "fit", "fit", "fit", "low", "low", "low", "low"]
    answers = talk(desk, *heard)
    states = next(step.said for step in answers[-1].trace if step.what == "states length")
    assert states.split(" (")[0].split() == labels
    cues = [told(each, "cue") for each in answers]
    assert cues[1] == "" and cues[3] == "" and cues[-2:] == ["length low", "length low"]
    assert "length low" not in cues[:5] and answers[cues.index("length low")].text.startswith(
        "Try to say a little more."
    )


def test_features_of_the_body_are_given_and_one_cue_is_told(desk: Desk) -> None:
    features = tuple({"turn": turn, "gaze": "low", "voice": "low"} for turn in (1, 2, 3))
    answer = talk(desk, LONG, LONG, LONG, features=features)[2]
    assert told(answer, "cue") == "gaze low" and answer.text.startswith("Look at your partner now and then.")
    assert "Speak up" not in answer.text
    for wrong in ("gaze", '{"gaze": "low"}', '{"turn": 2, "gaze": "low"}', '{"turn": 1, "gaze": "odd"}',
                  '{"turn": 1, "length": "low"}'):  # fmt: skip
        with pytest.raises(BadFormat):
            dialogue_coach(Question("Hello", context=(wrong,)), desk)


def test_the_summary_begins_with_what_went_well(desk: Desk) -> None:
    features = tuple({"turn": turn, "gaze": "low", "smile": "fit"} for turn in (1, 2, 3))
    last = talk(desk, "I play football in a club.", LONG, "Goodbye, and thank you for the talk.", features=features)[2]
    assert told(last, "ended") == "yes" and told(last, "cue") == ""
    assert last.text == (
        "What went well: you took part (turns: 3), you spoke about what you like to do, the length of your turns, "
        "your smile. To practise: your eye contact."
    )
    bad = talk(desk, "Ja.", "No.", "Hm.", "Bye")[-1]
    assert bad.text.startswith("What went well: you took part (turns: 4), ")
    only = talk(desk, "stop")[0]
    assert only.text.startswith("What went well: you took part (turns: 1)") and "spoke about" not in only.text
    assert bad.text.endswith("To practise: the length of your turns.")


def test_the_talk_ends_when_no_topic_is_left(desk: Desk) -> None:
    answers = talk(desk, *[f"Number {each} of my many long stories." for each in range(12)])
    ended = [told(each, "ended") for each in answers]
    assert "yes" in ended and set(ended[: ended.index("yes")]) == {""}
    assert answers[ended.index("yes")].text.startswith("What went well: ")


def test_distress_ends_the_practice_with_a_referral(desk: Desk) -> None:
    for text, language in (("I want to die.", "en"), ("我不想活了。", "zh"), ("我想死", "en")):
        answer = talk(desk, text, language=language)[0]
        assert told(answer, "ended") == "distress" and told(answer, "cue") == ""
        assert ("emergency" in answer.text) or ("急救" in answer.text)


def test_in_chinese(desk: Desk) -> None:
    first, second, third = talk(
        desk, "你好，很高兴认识你。", "我周末常常下象棋。", "我们说到这里，再见。", language="zh"
    )
    assert first.text.startswith("我是练习对话的伙伴") and first.text.endswith("你空闲时喜欢做什么？")
    assert second.text == "玩游戏很有意思。 你是一个人玩还是和别人一起玩？"
    assert third.text.startswith("做得好的地方：你参与了交谈（3 次发言），你谈到了兴趣爱好，说话的长短。")


def test_the_same_talk_gives_the_same_answer_and_needs_no_model(desk: Desk) -> None:
    assert talk(desk, "Hello", "I sing songs") == talk(desk, "Hello", "I sing songs")
    assert (dialogue_coach(Question(""), desk).abstained or "").startswith("no-question")
