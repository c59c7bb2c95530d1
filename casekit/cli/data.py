"""The commands under ``casekit data``: datasets of any size."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from casekit.errors import UnknownName, UsageError

__all__ = ["app"]

app = typer.Typer(help="Build and look at the cases' datasets.", no_args_is_help=True)


class FileFormat(StrEnum):
    """What a large world is written as."""

    PARQUET = "parquet"
    DUCKDB = "duckdb"


@app.command()
def build(  # noqa: PLR0913, PLR0917  each is one option
    case: Annotated[str, typer.Argument(help="The case, for example checkout-drop.")],
    users: Annotated[
        str, typer.Option(metavar="N", help="How many people; 10_000_000 reads as it is meant. Needs --out.")
    ] = "",
    size: Annotated[str, typer.Option(help="Or one of the case's own sizes.")] = "",
    seed: Annotated[int, typer.Option(help="Which people; the story is the same for every seed.")] = 7,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A folder for this world and no other.")
    ] = None,
    format: Annotated[  # noqa: A002  the word a person types
        FileFormat, typer.Option(help="Parquet files, or one DuckDB file.")
    ] = FileFormat.PARQUET,
    part: Annotated[
        str, typer.Option(metavar="I/N", help="Build only part I of N, here; others build the rest.")
    ] = "",
    dask: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Let the workers of a Dask cluster build.")
    ] = "",
) -> None:
    """
    Build a case's dataset, or a world of any size in a folder of its own.

    Without --out this is the dataset that the case's notebook opens.

    A build that was stopped goes on where it was when you type the same command again.
    """
    from casekit.cli.large import build_dataset, build_in_folder, read_part, read_people
    from casekit.library.folders import world_folder

    console = Console(highlight=False, markup=False, soft_wrap=True)
    if users and size:
        raise UsageError("--users and --size both say how many people. Type one of them")
    if out is None and (users or part or dask):
        raise UsageError("a world of any size needs a folder of its own. Type --out DIR as well")
    folder = world_folder(case)
    if out is None:
        build_dataset(console, folder, case, seed=seed, size=size or "default")
        return
    build_in_folder(
        console,
        folder,
        case,
        people=read_people(users, folder, case, size or "default"),
        out=out,
        seed=seed,
        format="duckdb" if format is FileFormat.DUCKDB else "parquet",
        part=read_part(part),
        dask=dask,
    )


PIPED_WIDTH = 160
CASE = Annotated[str, typer.Argument(help="The case, for example checkout-drop.")]
SEED = Annotated[int, typer.Option(help="Which people; the story is the same for every seed.")]
SIZE = Annotated[str, typer.Option(help="One of the world's own sizes.")]
JSON = Annotated[bool, typer.Option("--json", help="As JSON, for programs.")]
PEOPLE = Annotated[int, typer.Option(min=0, metavar="N", help="How many people; the default size when 0.")]


@app.command()
def describe(case: CASE, seed: SEED = 7, size: SIZE = "default", as_json: JSON = False) -> None:
    """Print the data dictionary: tables, grain, columns, types, units, and the share of NULLs."""
    from casekit.cli.world_views import dictionary_view, pages_data, world_at
    from casekit.library.folders import world_folder
    from casekit.world.describe import describe_world

    console = _console()
    world = world_at(world_folder(case), case)
    _check_size(world.sizes, size)
    pages = describe_world(world, case, seed, size)
    if as_json:
        console.print_json(data=pages_data(pages))
        return
    for part in dictionary_view(pages):
        console.print(part)


@app.command()
def truth(case: CASE, seed: SEED = 7, size: SIZE = "default", as_json: JSON = False) -> None:
    """Print what is planted: the ledger of twists and the facts. For the author; it spoils the case."""
    from dataclasses import asdict

    from casekit.cli.world_views import facts_view, ledger_view, world_at
    from casekit.library.folders import world_folder
    from casekit.world.truth import truth_of

    console = _console()
    world = world_at(world_folder(case), case)
    _check_size(world.sizes, size)
    found = truth_of(world, case, seed, size)
    if as_json:
        facts = [{"fact": one.fact.name, "value": one.value, "holds": one.holds} for one in found.facts]
        console.print_json(data={"ledger": [asdict(one) for one in found.ledger], "facts": facts})
        return
    console.print(ledger_view(found.ledger))
    console.print()
    console.print(facts_view(found.facts))


@app.command()
def lint(case: CASE, users: PEOPLE = 0) -> None:
    """Say which twists are too small to be seen; exit code 1 when there is one."""
    from casekit.cli.world_views import sights_view, world_at
    from casekit.library.folders import world_folder
    from casekit.world.lint import lint_world, sights_of

    console = _console()
    world = world_at(world_folder(case), case)
    console.print(sights_view(sights_of(world, case, users)))
    problems = lint_world(world, case, users)
    for problem in problems:
        console.print(str(problem))
    if problems:
        raise typer.Exit(1)


def _console() -> Console:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console


def _check_size(sizes: Mapping[str, int], size: str) -> None:
    if size not in sizes:
        raise UnknownName("dataset size", size, sizes)
