"""Every verb, flag, error and name is in the documents; what they show is what the program says; no link is dead."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
import test_house
import typer

from probatum import cli, errors, plans
from probatum.naming import names

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "bench" / "README.md"]
COMMANDS = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """The script that writes the documents' made parts."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def home(generate: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the starter's knowledge in it."""
    home: Path = generate.moved_in(tmp_path_factory.mktemp("home"))
    return home


@pytest.mark.parametrize("verb", COMMANDS)
def test_every_verb_has_its_page_with_every_flag(verb: str) -> None:
    page = (DOCS / f"{verb}.md").read_text(encoding="utf-8")
    command = COMMANDS[verb]
    for each in [command, *getattr(command, "commands", {}).values()]:
        assert each.help and each.help in " ".join(page.split())
        flags = [flag for parameter in each.params for flag in parameter.opts if flag.startswith("--")]
        assert [flag for flag in flags if flag not in page] == []


def test_every_error_is_explained() -> None:
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    kinds = errors.ProbatumError.__subclasses__()
    assert [kind.code for kind in kinds if f"`{kind.code}` | `{kind.__name__}`" not in page] == []
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in kinds)


@pytest.mark.parametrize("wing", [wing for wing in plans.WINGS if names(wing)])
def test_every_name_is_in_the_catalogue(wing: str) -> None:
    page = (DOCS / "catalog" / f"{wing}.md").read_text(encoding="utf-8")
    assert [name for name in names(wing) if f"## {name}\n" not in page] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_bench_is_listed() -> None:
    page = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in (ROOT / "bench").glob("*.py") if path.name not in page] == []


def test_the_house_is_drawn_as_built() -> None:
    drawn = {
        room: int(floor)
        for floor, rooms in re.findall(r"^\| (\d) \| ([^|]+) \|", (DOCS / "house.md").read_text(encoding="utf-8"), re.M)
        for room in re.findall(r"`(\w+)`", rooms)
    }
    rooms = {path.stem for path in test_house.SRC.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert drawn == {room: test_house.FLOOR[room] for room in rooms - {"__init__"}}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [room for room in sorted(drawn) if not re.search(rf"\b{room}\b", readme)] == []


@pytest.mark.slow
def test_what_the_documents_show_is_what_the_program_says(generate: ModuleType, home: Path) -> None:
    fresh = generate.pages(home)
    stale = [str(page.relative_to(ROOT)) for page, text in fresh.items() if page.read_text(encoding="utf-8") != text]
    stale += [str(page) for page in (DOCS / "catalog").glob("*.md") if page not in fresh]
    assert stale == [], "make docs writes them anew"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/tour.md"])
def test_examples_in_python_run(generate: ModuleType, home: Path, page: str) -> None:
    blocks = re.findall(
        r"^```python\n(import probatum\n.*?)^```$", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S
    )
    for number, block in enumerate(blocks):
        (home / f"{number}.py").write_text(block, encoding="utf-8")
        assert generate.said(f"{sys.executable} {number}.py", home)
    assert blocks
