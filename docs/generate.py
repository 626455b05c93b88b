"""Writes what the documents say about the program by asking the program: help texts, examples, errors, the catalogue.

Usage: python docs/generate.py [--check]      with --check nothing is written, and it exits 1 where a page is stale

In every page, between `<!-- help: VERB -->`, `<!-- errors -->` or `<!-- files -->` and `<!-- end -->`, the text is made
here; and the lines after `$ ...` in a console block are what the command really says, on the knowledge that the starter
extra carries.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import groupby
from pathlib import Path

from probatum import errors, plans
from probatum.naming import card_of, find
from probatum.plans.recipes import recipe

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PACKAGE = ROOT / "src" / "probatum"
BLOCK = re.compile(r"(<!-- (help: ([a-z ]+)|errors|files) -->\n).*?(<!-- end -->)", re.DOTALL)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
GROUPS = {"": "requirements and tasks"}


def said(command: str, home: Path) -> str:
    """What a shell command prints on standard output, at home in a folder of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PROBATUM_", "XDG_"))}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = kept | {
        "HOME": str(home),
        "PATH": path,
        "COLUMNS": "100",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run(
        ["bash", "-c", command], check=False, capture_output=True, text=True, env=env, cwd=home, timeout=300
    )
    if done.returncode or not done.stdout:
        raise SystemExit(f"$ {command}\n{done.stdout}{done.stderr}exit code {done.returncode}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())


def told(block: re.Match[str], home: Path) -> str:
    """A console block with the output that its commands have now."""
    commands = [line for line in block[1].splitlines() if line.startswith("$ ")]
    return "```console\n" + "".join(f"{line}\n{said(line[2:], home)}" for line in commands) + "```"


def errors_table() -> str:
    """Every error with its code and what it means."""
    kinds = sorted(errors.ProbatumError.__subclasses__(), key=lambda kind: kind.code)
    rows = [f"| `{kind.code}` | `{kind.__name__}` | {kind.__doc__} |" for kind in kinds]
    return "\n".join(["| code | error | when |", "|---|---|---|", *rows, ""])


def files_list(page: str) -> str:
    """Every file of the package with the sentence that it opens with, floor by floor as the page's own table says."""
    lines = []
    for floor, rooms in re.findall(r"^\| (\d) \| ([^|]+) \|", page, re.MULTILINE)[::-1]:
        lines.append(f"\n**Floor {floor}**\n")
        for room in re.findall(r"`(\w+)`", rooms):
            lines += [f"- `{file.relative_to(PACKAGE)}`: {opening(file)}" for file in files_of(room)]
    return "\n".join([*lines, "", ""])


def files_of(room: str) -> list[Path]:
    """The files of a room: the one of its name, or those in its folder that say something."""
    inside = [file for file in (PACKAGE / room).glob("*.*") if file.suffix in {".py", ".toml"} and file.stat().st_size]
    return [file for file in (PACKAGE / f"{room}.py", *sorted(inside)) if file.is_file()]


def opening(file: Path) -> str:
    """The first sentence of a file: of its docstring, or a table's title or first comment."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return " ".join((ast.get_docstring(ast.parse(text)) or "").partition("\n\n")[0].split())
    title = re.search(r'^title = "(.+)"$', text, re.MULTILINE)
    comment = re.match(r"(?:# .+\n)+", text)
    words = title[1] if title else comment[0].replace("\n# ", " ").removeprefix("# ") if comment else "a table"
    return f"{words.partition('. ')[0].strip().removesuffix('.')}."


def filled(text: str, home: Path) -> str:
    """A page with its made parts made anew."""

    def made(block: re.Match[str]) -> str:
        if block[3]:
            inside = f"```text\n{said(f'probatum {block[3]} --help', home)}```\n"
        else:
            inside = errors_table() if block[2] == "errors" else files_list(text)
        return f"{block[1]}{inside}{block[4]}"

    return CONSOLE.sub(lambda block: told(block, home), BLOCK.sub(made, text))


def catalogue() -> dict[Path, str]:
    """The pages of the catalogue: one a wing, and the count of the whole."""
    entries = plans.catalog()
    wings = [wing for wing in (*plans.WINGS, "") if any(entry.wing == wing for entry in entries)]
    done = Counter(system.group for system in plans.survey() if system.works)
    total = Counter(system.group for system in plans.survey())
    rows = [f"| {group} | {done[group]} | {total[group] - done[group]} |" for group in total]
    links = [f"- [{_title(wing)}]({_page(wing)})" for wing in wings]
    head = "# Catalogue\n\nWhat stands, and what the survey names that nothing answers yet. Written by `make docs`.\n"
    front = [head, "| survey group | works | missing |", "|---|--:|--:|", *rows, "", *links, ""]
    pages = {DOCS / "catalog" / "index.md": "\n".join(front)}
    return pages | {DOCS / "catalog" / _page(wing): _wing_page(wing, entries) for wing in wings}


def _title(wing: str) -> str:
    return wing or GROUPS[wing]


def _page(wing: str) -> str:
    return f"{_title(wing).replace(' ', '-')}.md"


def _wing_page(wing: str, entries: list[plans.Entry]) -> str:
    here = [entry for entry in entries if entry.wing == wing]
    lines = [f"# {_title(wing).capitalize()}\n"]
    for _, same in groupby((entry for entry in here if entry.state == "works"), key=lambda entry: entry.name):
        lines += _card_lines(list(same))
    absent = [f"- {entry.title}: `{entry.survey_ids[0]}`" for entry in here if entry.state == plans.MISSING]
    if absent:
        lines += ["## Missing\n", *absent, ""]
    return "\n".join(lines)


def _card_lines(entries: list[plans.Entry]) -> list[str]:
    entry = entries[0]
    if entry.wing == "recipes":
        rows = _recipe_rows(entry.name)
    elif entry.wing in plans.TABLES:
        plan = plans.benchmark(entry.name)
        rows = [("Data", plan.dataset), ("Verb", plan.verb), ("Metrics", ", ".join(plan.metrics))]
        rows += [("Reference", plan.reference), ("Note", " ".join(plan.note.split()))]
        rows += [(f"`--set {key}=`", ", ".join(f"`{value}`" for value in plan.settings[key])) for key in plan.settings]
    else:
        card = card_of(find(entry.wing, entry.name))
        languages = ", ".join(card.languages)
        rows = [("Reference", card.reference), ("Licence", card.licence), ("Languages", languages)]
        rows += [("Files", card.where), ("Terms", card.terms)]
    rows += [
        ("Answers " + ", ".join(each.survey_ids) if each.survey_ids else "Test", f"`{each.test}`") for each in entries
    ]
    return [f"## {entry.name}\n", f"{entry.title}.\n", *(f"- {key}: {value}" for key, value in rows if value), ""]


def _recipe_rows(name: str) -> list[tuple[str, str]]:
    made = recipe(name)
    stages = [f"{number}-{stage.stage} on {', '.join(stage.data)}" for number, stage in enumerate(made.stages, 1)]
    unknown = [f"`{number}-{each.stage}.{key}`" for number, each in enumerate(made.stages, 1) for key in each.unknown]
    rows = [("Backbone", made.backbone), ("Architecture", made.family), ("Weights", made.weights)]
    rows += [("Stages", "; ".join(stages)), ("Languages", ", ".join(made.languages)), ("Reference", made.reference)]
    rows += [("Unknown", ", ".join([f"`{each}`" for each in made.unknown] + unknown))]
    return [*rows, ("Disputed", " ".join(made.disputed)), ("Note", made.note)]


def moved_in(home: Path) -> Path:
    """A home with the command `probatum` of this environment and the knowledge of the starter extra."""
    command = home / "bin" / "probatum"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nfrom probatum.cli import main\n\nmain()\n", encoding="utf-8")
    command.chmod(0o755)
    said("probatum ingest hpo", home)
    return home


def pages(home: Path) -> dict[Path, str]:
    """Every page as it should stand now."""
    written = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
    return {page: filled(page.read_text(encoding="utf-8"), home) for page in written} | catalogue()


def main() -> int:
    """Writes the pages that changed; with --check says which would."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--check", action="store_true", help="write nothing; exit 1 where a page is stale")
    check = asked.parse_args().check
    with tempfile.TemporaryDirectory() as name:
        fresh = pages(moved_in(Path(name)))
    old = {page: page.read_text(encoding="utf-8") if page.exists() else "" for page in fresh}
    gone = [page for page in sorted((DOCS / "catalog").glob("*.md")) if page not in fresh]
    for page in [*gone, *(page for page in fresh if old[page] != fresh[page])]:
        print(f"{'stale' if check else 'written'}: {page.relative_to(ROOT)}")
        if not check and page in fresh:
            page.write_text(fresh[page], encoding="utf-8")
        elif not check:
            page.unlink()
    return int(check and (bool(gone) or old != fresh))


if __name__ == "__main__":
    sys.exit(main())
