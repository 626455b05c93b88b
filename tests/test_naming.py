"""The folder is the registry: a name is found, a wrong one is told the near ones."""

from __future__ import annotations

import pytest

from probatum import naming
from probatum.errors import BadPlan, UnknownName


def test_a_file_is_found_by_its_name_however_it_is_written() -> None:
    thing = naming.find("datasets", "Ten-Cases/any part")
    assert thing.__name__ == "ten_cases"
    assert naming.card_of(thing).title == "Ten synthetic cases"
    assert "_ten_cases" not in naming.names("datasets")


def test_a_wrong_name_is_told_the_near_ones() -> None:
    with pytest.raises(UnknownName, match="near: ten_cases") as caught:
        naming.find("datasets", "ten_casse")
    assert "probatum catalog datasets" in caught.value.mend
    with pytest.raises(UnknownName, match="there are: none"):
        naming.find("nowhere", "x")


def test_a_process_may_add_a_thing_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "_added", {})
    naming.into("methods", "mine", len)
    assert naming.find("methods", "mine") is len
    assert "mine" in naming.names("methods")


@pytest.mark.parametrize("name", ["../verbs", "__init__", "probatum.verbs", "", "os/system"])
def test_a_name_never_leads_out_of_its_wing(name: str) -> None:
    with pytest.raises(UnknownName):
        naming.find("datasets", name)


def test_a_wrong_setting_is_told_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    def method(question: str, *, share: float = 0.5, of: str = "x") -> str:
        return f"{question} {share} {of}"

    monkeypatch.setattr(naming, "_added", {("methods", "mine"): method})
    assert naming.call("methods", "mine", "q", share=1) == "q 1 x"
    with pytest.raises(BadPlan, match="did you mean 'share'"):
        naming.call("methods", "mine", "q", shar=1)
    with pytest.raises(BadPlan, match="must be of type float"):
        naming.call("methods", "mine", "q", share="much")
