"""What a person sees while a dataset is built: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from casekit.errors import UnknownName, UsageError
from casekit.world import ensure_dataset
from casekit.world.large import LargeBuild, Standing, build_large
from casekit.world.loading import load_world, read_source

__all__ = ["build_dataset", "build_in_folder", "read_part", "read_people"]

PART = re.compile(r"(\d{1,9})/(\d{1,9})")
LINES = 10  # where there is no terminal


class Tracker:
    """Follows a build and says how far it is: rows, rows a second, time left."""

    def __init__(self, console: Console, bars: Progress | None) -> None:
        self.console, self.bars = console, bars
        self.began = time.monotonic()
        self.told = -1
        self.rows = 0
        self.task: Any = None

    def follow(self, standing: Standing) -> None:
        """Shows where the build stands now."""
        self.rows = max(self.rows, standing.rows)
        rate = self.rows / max(time.monotonic() - self.began, 0.001)
        rows = f"{self.rows:,} rows, {rate:,.0f} a second" if self.rows else ""
        if self.bars is None:
            self._print(standing, rows)
        elif self.task is None:  # what was there before counts as done, and not as speed
            self.task = self.bars.add_task(
                standing.doing, total=standing.all_people, completed=standing.people, rows=rows
            )
        else:
            self.bars.update(self.task, description=standing.doing, completed=standing.people, rows=rows)

    def _print(self, standing: Standing, rows: str) -> None:
        step = LINES * standing.people // max(standing.all_people, 1)
        if step > self.told and rows:
            self.told = step
            self.console.print(f"{standing.people:,} of {standing.all_people:,} people, {rows}")


def build_dataset(console: Console, folder: Path, slug: str, *, seed: int, size: str) -> None:
    """Build or verify the dataset that a case's notebook opens."""
    with console.status(f"{slug}: building or checking"):
        dataset = ensure_dataset(folder, slug, seed=seed, size=size)
    rows = sum(table.rows for table in dataset.tables)
    console.print(f"{slug}: {rows:,} rows {'built' if dataset.rebuilt else 'ready'} in {dataset.path}")


def build_in_folder(console: Console, folder: Path, slug: str, *, out: Path, **asked: Any) -> None:
    """Build a world of any size into its folder, or find that it is there already."""
    with _tracker(console) as tracker:
        done = build_large(folder, slug, out=out, on_progress=tracker.follow, **asked)
    console.print(_outcome(slug, done))


def read_people(typed: str, folder: Path, slug: str, size: str) -> int:
    """
    How many people: the number that was typed, or what the case's size says.

    Raises:
        UsageError: That is no number, or the case has no such size.
    """
    if not typed:
        sizes = load_world(read_source(folder, slug), slug).sizes
        if size not in sizes:
            raise UnknownName("dataset size", size, sizes)
        return sizes[size]
    try:
        return int(typed.replace(",", ""))
    except ValueError:
        raise UsageError(
            f"--users takes a whole number, for example --users 10_000_000; you gave {typed[:60]!r}"
        ) from None


def read_part(typed: str) -> tuple[int, int] | None:
    """
    The part that was typed as I/N; None when none was.

    Raises:
        UsageError: It is written another way.
    """
    found = PART.fullmatch(typed)
    if typed and found is None:
        raise UsageError(f"a part is written I/N, for example --part 2/5; you gave {typed[:60]!r}")
    return (int(found[1]), int(found[2])) if found else None


@contextmanager
def _tracker(console: Console) -> Iterator[Tracker]:
    if not console.is_terminal:
        yield Tracker(console, None)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:
        yield Tracker(console, bars)


def _outcome(slug: str, done: LargeBuild) -> str:
    if done.missing:
        rest = f"{done.missing:,} chunks of other parts are still missing"
        return f"{slug}: this part is built in {done.path}; {rest}. The last part makes the world whole."
    rows = sum(table.rows for table in done.tables)
    said = "built" if done.built else "there already, and sound"
    return f"{slug}: {rows:,} rows {said} in {done.path}, digest {done.digest[:16]}"
