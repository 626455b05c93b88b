"""Every reason for which the program abstains is in the one table, and in the documents."""

import re
from pathlib import Path

from probatum.proof.refusals import CODES, code_of

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "probatum"
_CODE = re.compile(r'abstained=f?"([a-z-]+):|(?:abstaining|gave_up)\(\s*"([a-z-]+)"')
_WHY = re.compile(r"^\[why\.([a-z-]+)\]", re.MULTILINE)


def used() -> set[str]:
    found = {next(filter(None, each)) for path in SRC.rglob("*.py") for each in _CODE.findall(path.read_text("utf-8"))}
    return found | {code for path in SRC.rglob("*.toml") for code in _WHY.findall(path.read_text("utf-8"))}


def test_every_code_is_in_the_table_and_in_the_documents() -> None:
    assert used() - CODES.keys() == set()
    page = (ROOT / "docs" / "ask.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"`{code}`" not in page] == []


def test_the_code_of_a_refusal() -> None:
    assert code_of("no-path: no way leads there") == "no-path"
    assert code_of("Sorry: no") == code_of(None) == ""
