"""The commands. Each imports the rooms it needs when it runs, so that ``casekit --help`` answers at once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from casekit.cli.data import app as data_app
from casekit.cli.judge import judge_app
from casekit.cli.parts import Part
from casekit.errors import CasekitError, DataError

__all__ = ["app", "main"]

FAILED = 1
CASEKIT_ERROR = 2

app = typer.Typer(
    name="casekit",
    help="Practise product-operations case interviews in Jupyter.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(data_app, name="data")
app.add_typer(judge_app, name="judge")
# No markup: a folder may be called [old].
console = Console(highlight=False, markup=False, soft_wrap=True)


def main() -> None:
    """Run the command line; casekit's own errors become one clear message and exit code 2."""
    try:
        app()
    except CasekitError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(Text(str(error), style="red"))
        raise SystemExit(CASEKIT_ERROR) from None


@app.command()
def lab(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="First port to try; the next free one is taken.")
    ] = 8888,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    folder: Annotated[Path | None, typer.Option("--dir", help="Your workbook's folder.")] = None,
) -> None:
    """Open the workbook in JupyterLab; an empty folder gets its own copy first."""
    from casekit.cli.datasets import prepare_datasets
    from casekit.cli.launcher import can_open_browser, run_lab
    from casekit.cli.workbook import place_workbook

    home = _enter(folder or Path.cwd())
    for note in place_workbook(home):
        console.print(note)
    prepare_datasets(console)
    console.print("Starting JupyterLab ...")
    opens = can_open_browser() and not no_browser
    run_lab(home, port=port, open_browser=opens, announce=lambda address: _announce(address, opens))


@app.command()
def validate(
    slug: Annotated[str | None, typer.Argument(help="One case, or all of them.")] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Read the files; run nothing on the data.")
    ] = False,
) -> None:
    """Check cases by reading and running them; list every problem at once, with file, exercise and field."""
    from casekit.cli.checking import check_case
    from casekit.library import list_slugs

    progress_console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    broken = 0
    for name in (slug,) if slug else list_slugs():
        try:
            check_case(name, run=not read_only, tell=progress_console.print)
        except CasekitError as error:
            broken += 1
            console.print(Text(str(error), style="red"))
        else:
            console.print(f"{name}: {'reads well, not run' if read_only else 'good'}")
    if broken:
        raise typer.Exit(CASEKIT_ERROR)


@app.command()
def build(
    part: Annotated[Part, typer.Argument(help="What to build.")] = Part.ALL,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail if stale.")] = False,
) -> None:
    """Write what is generated from the cases: notebooks, docs with schemas, the data manifest."""
    from casekit.cli.building import build_parts

    stale = build_parts(part, check=check)
    for path in stale:
        console.print(f"{'stale' if check else 'written'}: {path}")
    if not stale:
        console.print("Everything is up to date.")
    elif check:
        console.print("Run `make notebooks` and look at the difference.")
        raise typer.Exit(FAILED)


@app.command("new-case")
def new_case(
    slug: Annotated[str, typer.Argument(help="The case's name in kebab-case, for example late-deliveries.")],
    into: Annotated[Path | None, typer.Option(help="The folder that holds cases.")] = None,
) -> None:
    """Write the skeleton of a case: a tiny dataset and two exercises that already pass."""
    from casekit.build import new_case as write_case
    from casekit.cli.workbook import find_checkout

    checkout = find_checkout(Path.cwd())
    own_cases = checkout / "casekit" / "cases" if checkout else Path.cwd()
    console.print(f"written: {write_case(slug, into or own_cases)}")
    console.print(f"Next: read CONTRIBUTING.md, edit the files, then run `casekit validate {slug}`.")


@app.command()
def progress() -> None:
    """Show what you have tried and solved."""
    from casekit.cli.standing import progress_view

    console.print(progress_view())


@app.command()
def where() -> None:
    """Show where the datasets and your progress are kept."""
    from casekit.progress.opening import default_path
    from casekit.world import data_directory

    console.print(f"datasets  {data_directory()}")
    console.print(f"progress  {default_path()}")


def _enter(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
    except OSError as error:
        raise DataError(
            f"{folder} cannot be opened or made: {error.strerror}. Name another: --dir FOLDER"
        ) from error
    return Path.cwd()


def _announce(address: str, opens: bool) -> None:
    console.print("Your browser opens the workbook at:" if opens else "Open this address in your browser:")
    console.print(f"\n    {address}\n")
    console.print("Press Ctrl-C here to stop. Your progress is kept.")
