"""The verbs in a terminal: standard output is data, standard error is talk, errors say what, where and how to mend."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from probatum import knowledge
from probatum.cli import asking, demo, graph, kb, review, working
from probatum.cli.given import Place
from probatum.cli.say import talk
from probatum.errors import ProbatumError

app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(asking.app)
app.add_typer(working.app)
app.add_typer(demo.app)
kb.app.add_typer(graph.app)
kb.app.add_typer(review.app, name="review")
app.add_typer(kb.app, name="kb")


@app.callback()
def begin(
    kb: Annotated[str, typer.Option(help="Folder of the knowledge store (also PROBATUM_KB, probatum.toml).")] = "",
) -> None:
    """Clinical knowledge, put to the proof: cited answers and ranked diagnoses, without a language model."""
    Place.folder = Path(kb or knowledge.configured()["kb"])


def main() -> None:
    """The command `probatum`."""
    try:
        app()
    except ProbatumError as error:
        talk(f"error [{error.code}]: {error.where + ': ' if error.where else ''}{error.what}")
        if error.mend:
            talk(f"  to mend: {error.mend}")
        raise SystemExit(2) from None
    except BrokenPipeError:
        raise SystemExit(1) from None
