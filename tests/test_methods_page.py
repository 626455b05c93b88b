"""The page of methods names what is there: files, functions, tests, rows of the survey and defaults."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "methods.md").read_text(encoding="utf-8")
CODE = ROOT / "src" / "probatum"
_NAMED = re.compile(r"`([\w/]+\.py)::([\w.]+)`")
_DEFAULT = re.compile(r"`(\w+) = ([^`]+)`")


def _names(file: Path) -> set[str]:
    """Functions and classes of a file, methods as Class.method."""
    found: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{each.name}" for each in node.body if isinstance(each, ast.FunctionDef)}
    return found


def test_every_function_and_test_that_is_named_exists() -> None:
    named = sorted(set(_NAMED.findall(PAGE)))
    assert len(named) > 60
    known = {file: _names((ROOT if file.startswith("tests/") else CODE) / file) for file, _ in named}
    assert [f"{file}::{name}" for file, name in named if name not in known[file]] == []


def test_every_row_of_the_survey_stands_on_the_page() -> None:
    rows = tomllib.loads((CODE / "survey.toml").read_text(encoding="utf-8"))["row"]
    ids = [id.removeprefix("method:") for row in rows if row["group"] == "methods" for id in row["systems"]]
    assert ids and [id for id in ids if f"`{id}`" not in PAGE] == []


def test_defaults_are_those_of_the_signature() -> None:
    checked, wrong = 0, list[str]()
    for section in PAGE.split("\n## ")[1:]:
        wanted = _DEFAULT.findall(section)
        functions = [(file, name) for file, name in _NAMED.findall(section) if Path(file).stem == name]
        if not wanted:
            continue
        file, name = functions[0]
        module = importlib.import_module("probatum." + file.removesuffix(".py").replace("/", "."))
        given = inspect.signature(getattr(module, name)).parameters
        for setting, value in wanted:
            checked += 1
            if setting not in given or given[setting].default != ast.literal_eval(value):
                wrong.append(f"{name}: {setting} = {value}")
    assert checked >= 15 and wrong == []
