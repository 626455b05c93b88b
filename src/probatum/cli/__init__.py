"""The verbs in a terminal: standard output is data, standard error is talk, errors say what, where and how to mend."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from probatum import knowledge
from probatum.cli import asking, demo, evaluating, training, working
from probatum.cli.given import Place
from probatum.cli.say import talk, while_building
from probatum.errors import ProbatumError
from probatum.store import derived


class _Later(TyperGroup):
    """Commands of a file of their own, loaded when the first is looked for: they bring numpy, scipy and tantivy."""

    def list_commands(self, ctx: Any) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        self._load()
        return super().get_command(ctx, cmd_name)

    def _load(self) -> None:
        if not self.commands:
            file = import_module(f"probatum.cli.{_LATER[self.name or '']}")  # half the time of `probatum --help`
            self.commands.update(get_group(file.app).commands)


_LATER = {"kb": "kb", "rate": "rating", "data": "data"}  # group and its file
app = typer.Typer(no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False, rich_markup_mode=None)
app.add_typer(asking.app)
app.add_typer(working.app)
app.add_typer(evaluating.app)
app.add_typer(training.app)
app.add_typer(demo.app)
app.add_typer(typer.Typer(no_args_is_help=True), name="kb", cls=_Later, help="Look after the knowledge store.")
app.add_typer(typer.Typer(no_args_is_help=True), name="rate", cls=_Later, help="Let people judge answers, blind.")
app.add_typer(typer.Typer(no_args_is_help=True), name="data", cls=_Later, help="Read data sets and write them.")


@app.callback()
def begin(
    kb: Annotated[str, typer.Option(help="Folder of the knowledge store (also PROBATUM_KB, probatum.toml).")] = "",
) -> None:
    """Clinical knowledge, put to the proof: cited answers and ranked diagnoses, without a language model."""
    Place.folder = Path(kb or knowledge.configured()["kb"])
    derived.watching.set(while_building)


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
