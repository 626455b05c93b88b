"""The house stands: every import runs down, every wall holds, nothing heavy loads at the door (docs/house.md)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "probatum"
FLOORS = (
    "types errors text imaging",
    "naming shapes statistics formats networks",
    "store ledger models sources datasets recipes benchmarks apps plans preparing",
    "annotators tools",
    "retrievers proof safety",
    "desk",
    "methods makers stages metrics rounds trials probes training",
    "verbs knowledge",
    "cli web",
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
WINGS = {"sources", "datasets", "models", "recipes", "benchmarks", "apps", "annotators", "tools", "retrievers"} | {
    *("methods", "makers", "stages", "metrics")
}
BESIDE = {("knowledge", "verbs"), ("cli", "web")}  # a face over the verbs; the terminal opens the other door (ADR 0004)
BUILT_OF = {"retrievers/fused.py"}  # files made of their neighbours in the wing
KEPT = {  # where alone a library may be imported
    "torch": r"networks/|stages/|models/local\.py|metrics/bertscore\.py",
    "sqlite3": r"store/|ledger/",
    "httpx requests urllib.request http.client aiohttp": r"formats/fetch\.py|web/",
}
HEAVY = {"torch", "transformers", "fastapi", "pyarrow", "matplotlib", "onnxruntime"} | {
    *("numpy", "scipy", "lxml", "tantivy", "pydantic", "httpx", "rich", "crfsuite", "ahocorasick_rs", "pyoxigraph")
}


def broken(src: Path) -> Iterator[str]:
    """Every place in a tree of the package where the house does not stand, in words."""
    for path in sorted(path for path in src.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        place = path.relative_to(src).as_posix()
        if place.count("/") > 1 and not place.startswith(("web/templates/", "web/static/")):
            yield f"{place}: deeper than two levels"
        if path.suffix != ".py":
            continue
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > (300 if place == "verbs.py" else 400):
            yield f"{place}: {text.count(chr(10))} lines"
        if path.name == "__init__.py" and path.parent.name in WINGS and text:
            yield f"{place}: a wing's __init__ is empty"
        if place != "__init__.py" and place.partition("/")[0].removesuffix(".py") not in FLOOR:
            yield f"{place}: no such room in the house"
        for node in ast.walk(ast.parse(text)):
            yield from (f"{place}:{getattr(node, 'lineno', 1)}: {fault}" for fault in faults(place, node))


def faults(place: str, node: ast.AST) -> Iterator[str]:
    """What one node of a file's syntax does against the house."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60:
        yield f"{node.name} is longer than 60 lines"
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "print" and place != "cli/say.py":
        yield "print outside cli/say.py"
    if "TYPE_CHECKING" in {getattr(node, "id", ""), getattr(node, "attr", "")}:
        yield "a TYPE_CHECKING import: the type stands too high"
    if isinstance(node, ast.ImportFrom) and node.level:
        yield "a relative import"
    elif isinstance(node, ast.Import | ast.ImportFrom):
        from_ = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for name in (from_ + alias.name for alias in node.names):
            yield from (f"imports {name}: {why}" for why in wrong_import(place, name))


def wrong_import(place: str, name: str) -> Iterator[str]:
    """Why a file may not import a name."""
    for libraries, where in KEPT.items():
        if any(f"{name}.".startswith(f"{library}.") for library in libraries.split()) and not re.match(where, place):
            yield "not in this place"
    package, _, rest = name.partition(".")
    if package != "probatum" or place == "__init__.py":  # the face alone sees every floor
        return
    here, (there, _, file) = place.partition("/")[0].removesuffix(".py"), rest.partition(".")
    if there not in FLOOR:
        yield "the package's own face, or no such room"
    elif here == there:
        if here in WINGS and not file.startswith("_") and place not in BUILT_OF:
            yield "a neighbour in the wing"
    elif FLOOR[there] >= FLOOR.get(here, 0) and (here, there) not in BESIDE:
        yield f"floor {FLOOR[there]} from floor {FLOOR.get(here, 0)}"
    elif here in {"verbs", "knowledge"} and there in WINGS:
        yield "a wing, which the hall knows by name only"


def test_the_house_stands() -> None:
    assert list(broken(SRC)) == []


BAD = {
    "store/a.py": ("from probatum.methods import quoted", "floor 6 from floor 2"),
    "formats/a.py": ("from probatum.naming import find", "floor 1 from floor 1"),
    "sources/a.py": ("from probatum.sources.b import b", "a neighbour in the wing"),
    "desk.py": ("from probatum import ask", "the package's own face"),
    "text/a.py": ("import probatum", "the package's own face"),
    "verbs.py": ("from probatum.methods.quoted import quoted", "by name only"),
    "models/b.py": ("from .a import a", "a relative import"),
    "proof/a.py": ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os", "TYPE_CHECKING"),
    "retrievers/a.py": ("def f() -> None:\n    import torch.nn", "torch.nn: not in this place"),
    "methods/a.py": ("import sqlite3", "sqlite3: not in this place"),
    "models/a.py": ("from urllib import request", "urllib.request: not in this place"),
    "metrics/a.py": ("print('x')", "print outside cli/say.py"),
    "tools/a.py": ("\n" * 401, "401 lines"),
    "web/a.py": ("def f() -> int:\n" + "    x = 1\n" * 60, "f is longer than 60 lines"),
    "annotators/__init__.py": ("x = 1\n", "a wing's __init__ is empty"),
    "store/deep/a.py": ("", "deeper than two levels"),
    "helpers.py": ("", "no such room"),
}


@pytest.mark.parametrize("place", BAD)
def test_each_rule_can_fail(tmp_path: Path, place: str) -> None:
    text, fault = BAD[place]
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / place).write_text(text, encoding="utf-8")
    found = list(broken(tmp_path))
    assert len(found) == 1 and fault in found[0], found


HELP = "import sys; sys.argv = ['probatum', '--help']; from probatum.cli import main; main()"


@pytest.mark.parametrize("run", ["import probatum", HELP])
def test_nothing_heavy_loads_at_the_door(run: str) -> None:
    code = f"import atexit, sys; atexit.register(lambda: sys.stderr.write(' '.join(sys.modules)))\n{run}"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert done.returncode == 0 and "probatum" in loaded, done.stderr[:2000]
    assert loaded & HEAVY == set()
