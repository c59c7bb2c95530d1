"""Every case's dataset, built or verified with something to look at meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from casekit.errors import AuthorError
from casekit.library import case_folder, list_slugs
from casekit.world import ensure_dataset

__all__ = ["prepare_datasets"]


def prepare_datasets(console: Console) -> None:
    """
    Build what is missing, damaged or outdated; verify the rest.

    A terminal gets progress bars; anything else gets one plain line a case. A case its author has not
    finished is named and left out: the others can be worked meanwhile.

    Raises:
        DataError: the data folder cannot hold a dataset.
    """
    if console.is_terminal:
        _prepare_with_bars(console)
        return
    for slug in list_slugs():
        console.print(f"{slug}: {_prepare(slug)}")


def _prepare_with_bars(console: Console) -> None:
    name, doing = TextColumn("{task.description}"), TextColumn("{task.fields[doing]}")
    with Progress(name, BarColumn(), doing, TimeElapsedColumn(), console=console) as bars:
        for slug in list_slugs():
            task = bars.add_task(slug, total=1.0, doing="checking")

            def show(share: float, doing: str, task: TaskID = task) -> None:
                bars.update(task, completed=share, doing=doing)

            show(1.0, _prepare(slug, show))


def _prepare(slug: str, on_progress: Callable[[float, str], None] | None = None) -> str:
    try:
        dataset = ensure_dataset(case_folder(slug), slug, on_progress=on_progress)
    except AuthorError:
        return f"left out, it has a fault: casekit validate {slug}"
    rows = sum(table.rows for table in dataset.tables)
    return f"{rows:,} rows {'built' if dataset.rebuilt else 'ready'}"
