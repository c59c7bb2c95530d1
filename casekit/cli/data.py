"""The commands under ``casekit data``: datasets of any size."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from casekit.errors import UsageError

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
    from casekit.library import case_folder

    console = Console(highlight=False, markup=False, soft_wrap=True)
    if users and size:
        raise UsageError("--users and --size both say how many people. Type one of them")
    if out is None and (users or part or dask):
        raise UsageError("a world of any size needs a folder of its own. Type --out DIR as well")
    folder = case_folder(case)
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
