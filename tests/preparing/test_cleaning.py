"""Each fault of a set is found, named and dropped; what is sound is kept as it was, in its order."""

from __future__ import annotations

from probatum.preparing.cleaning import cleaned, hash_of, mapped
from probatum.types import Answer, Example, Patient, Question

AB = (("A", "yes"), ("B", "no"))
LONG = "Metformin lowers the glucose that the liver makes and is taken with meals, most often twice a day, by mouth."


def one(name: str, text: str, answer: str = "Because it is.", **more: str) -> Example:
    return Example(name, Question(text), Answer(answer, **more))


def test_what_is_sound_is_kept_as_it_was() -> None:
    sound = [
        one("a", "What is metformin for?", LONG),
        Example("b", Question("Is it so?", AB), Answer(choice="B")),
        Example("c", Question("Which apply?", (("A", "x < y"), ("B", "z"), ("C", "w"))), Answer(choice="AC")),
        Example("d", Question(patient=Patient("p", notes=("Cough.",))), Answer(fields=(("diagnosis", "asthma"),))),
        one("e", "患者咳嗽三天怎么办？", "建议多饮水，如持续发热请就医。"),
    ]
    kept, report = cleaned(sound)
    assert kept == sound and (report.read, report.kept) == (5, 5) and not report.changed and not report.dropped
    assert report.sha256 == hash_of(sound) != hash_of(sound[:4])


def test_texts_are_made_one_way_and_the_report_says_how_often() -> None:
    kept, report = cleaned(
        [
            one("a", "Is\u200b  it <b>safe</b> &amp; cheap?", "Yes\r\n\r\n\r\n\r\nit   is."),
            one("b", "Was ist Ã¤hnlich?", "cafe\u0301 \x07"),
        ]
    )
    assert kept[0].question.text == "Is it safe & cheap?" and kept[0].answer.text == "Yes\n\nit is."
    assert kept[1].question.text == "Was ist ähnlich?" and kept[1].answer.text == "café"
    assert report.changed == {
        "blanks": 2, "composed": 1, "control characters": 2, "entities and mark-up": 1, "misread encoding": 1,
    }  # fmt: skip


def test_every_fault_is_dropped_with_its_reason() -> None:
    broken = {
        "no gold": Example("a", Question("Why?"), Answer()),
        "no text": Example("b", Question(), Answer(choice="A")),
        "under 12 characters": one("c", "Why?", "So."),
        "over 400 characters": one("d", "Why?", " ".join(f"w{n}" for n in range(200))),
        "unreadable characters": one("e", "Why is this \ufffd\ufffd so?"),
        "gold is no option": Example("f", Question("Which is right?", AB), Answer(choice="C")),
        "options alike": Example("g", Question("Which is it?", (("A", "Yes"), ("B", "yes "))), Answer(choice="A")),
        "answer repeats the question": one("h", "Why is this so?", "why is this so?"),
        "one run over and over": one("i", "Why?", "it is as it is " * 20),
        "id stands twice": one("k", "What is a second one of that id?"),
        "equal to an earlier one": one("l", "What is metformin for?", LONG),
        "near-duplicate": one("m", "What is metformin for?", LONG + " Really."),
    }
    first = [one("k", "What is the first of the id?"), one("z", "What is metformin for?", LONG)]
    kept, report = cleaned([*first, *broken.values()], shortest=12, longest=400)
    assert [each.id for each in kept] == ["k", "z"] and report.read == 14
    assert {reason: told.ids for reason, told in report.dropped.items()} == {
        reason: (each.id,) for reason, each in broken.items()
    }


def test_questions_whose_gold_disagrees_are_dropped_all() -> None:
    said = [Example(str(n), Question("Is it so?", AB), Answer(choice=c)) for n, c in enumerate("ABA")]
    kept, report = cleaned([*said, Example("other", Question("Is that so?", AB), Answer(choice="A"))])
    assert [each.id for each in kept] == ["other"] and report.dropped["gold disagrees"].ids == ("0", "1", "2")


def test_persons_are_taken_out_everywhere() -> None:
    example = Example(
        "a",
        Question("Mrs. Holloway asks", context=("DOB: 12/03/1957",), turns=(("patient", "Call (555) 010-0199."),)),
        Answer("Holloway may rest."),
        rejected=(Answer("Write to a@clinic.example"),),
    )
    (made,), report = cleaned([example], scrub=True)
    assert made.question.text == "Mrs. [name] asks" and made.question.context == ("DOB: [date]",)
    assert made.question.turns == (("patient", "Call [number]."),) and made.rejected[0].text == "Write to [contact]"
    assert report.removed == {"contact": 1, "date": 1, "name": 1, "number": 1}
    assert report.changed == {"persons taken out": 1}
    assert mapped(example, str.upper).answer.text == "HOLLOWAY MAY REST."
