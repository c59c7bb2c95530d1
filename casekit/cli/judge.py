"""`casekit judge`: two queries held against each other, and the author's audit of a case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from casekit.errors import UsageError

if TYPE_CHECKING:
    from casekit.judge.evidence import Counterexample, Evidence, Grid

__all__ = ["judge_app"]

# 0 no difference found; the rest as in `casekit judge diff --help`.
EXITS = {
    "different": 1,
    "not deterministic": 1,
    "reference fails": 2,
    "submission fails": 3,
}

judge_app = typer.Typer(
    help="Hold queries against each other on small databases; audit what the judge would notice.",
    no_args_is_help=True,
)
console = Console(highlight=False, markup=False, soft_wrap=True)


@judge_app.command()
def diff(  # noqa: PLR0913, PLR0917 - one parameter an option
    schema: Annotated[Path, typer.Option(help="CREATE TABLE statements.")],
    reference: Annotated[Path, typer.Option(help="The right answer: one SELECT.")],
    submission: Annotated[Path, typer.Option(help="The answer to judge: one SELECT.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    ordered: Annotated[bool, typer.Option("--ordered", help="The order of the rows is asked for.")] = False,
    by_name: Annotated[bool, typer.Option("--by-name", help="Columns may stand in any order.")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for the whole comparison.")] = 2.0,
) -> None:
    """
    Look for a small database on which two queries differ.

    Ends with 0 when none was found, 1 when they differ or the submission answers by chance, 2 when the
    schema or the reference is broken, 3 when the submission does not run.
    """
    from casekit.judge import compare_queries

    texts = [_text(path) for path in (schema, reference, submission)]
    evidence = compare_queries(*texts, ordered=ordered, by_name=by_name, seconds=seconds)
    if as_json:
        console.print(json.dumps(evidence.to_dict(), indent=2))
    else:
        for part in _shown(evidence):
            console.print(part)
    raise typer.Exit(EXITS.get(evidence.outcome, 0))


@judge_app.command()
def audit(
    cases: Annotated[list[str] | None, typer.Argument(metavar="CASE", help="The cases.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case there is.")] = False,
    as_json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the whole audit there; - prints it.")
    ] = None,
    least: Annotated[
        float, typer.Option(min=0, max=100, help="Mistakes that must be noticed, in percent.")
    ] = 98.0,
) -> None:
    """
    Make typical mistakes in every reference of a case, and see which of them the judge would notice.

    Ends with 0 when all is well, 1 when a case is under the limit, holds traps that nothing tells apart or a
    reference that answers by chance, and 2 when a case or answers/equivalents.toml is broken.
    """
    from casekit.cli.auditing import audit_cases
    from casekit.library import list_slugs

    if every == bool(cases):
        raise UsageError("Name the cases to audit, or type --all.")
    failed = audit_cases(list_slugs() if every else cases or (), least=least, as_json=as_json)
    if failed:
        raise typer.Exit(1)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}). Name a text file with SQL in it.") from error


def _shown(evidence: Evidence) -> Iterator[RenderableType]:
    heads = {"different": "The queries differ.", "no difference found": "No difference found."}
    yield Text(heads.get(evidence.outcome, f"{evidence.outcome.capitalize()}."), style="bold")
    yield evidence.words
    if evidence.counterexample is not None:
        yield from _counterexample(evidence.counterexample)
    if not evidence.in_time:
        yield f"The time ran out after {evidence.n_tried} databases."


def _counterexample(shown: Counterexample) -> Iterator[RenderableType]:
    for name, grid in shown.tables.items():
        yield from _grid(f"Table {name}", grid)
    if shown.actual is not None:
        yield from _grid("Your result", shown.actual)
    yield from _grid("Expected result", shown.expected)


def _grid(title: str, grid: Grid) -> Iterator[RenderableType]:
    from casekit.judge.evidence.telling import shown

    yield Text(f"\n{title}" if grid.rows else f"\n{title}: no rows", style="bold")
    table = RichTable(show_edge=False, pad_edge=False)
    for column in grid.columns:
        table.add_column(Text(column))
    for row in grid.rows:
        table.add_row(*(Text(shown(value)) for value in row))
    if grid.rows:
        yield table
