"""Audits as they are run and shown: a progress bar meanwhile, a table a case, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable
from rich.text import Text

from casekit.errors import AuthorError, UsageError
from casekit.judge.audit import CaseAudit, ExerciseAudit, audit_case
from casekit.library import load_case

__all__ = ["audit_cases"]

COUNTS = ("mutants", "do not run", "main data", "hidden", "equivalent", "surviving")
HEADS = ("exercise", *COUNTS, "noticed", "traps")
PRINTED = Path("-")
PIPED_WIDTH = 160


def audit_cases(slugs: Sequence[str], *, least: float, as_json: Path | None) -> bool:
    """
    Audit the cases *slugs* and show what was found; True when one of them does not pass.

    Raises:
        AuthorError: A case cannot be audited, or declares mutants equivalent that are not. The others are
            shown first.
        UsageError: The JSON cannot be written.
    """
    console = _console(stderr=as_json == PRINTED)
    audits, broken = [], list[AuthorError]()
    for slug in slugs:
        try:
            with _bar(slug) as tell:
                audits.append(audit_case(load_case(slug), on_progress=tell))
        except AuthorError as error:
            broken.append(error)
            continue
        for part in _shown(audits[-1], least):
            console.print(part)
        if audits[-1].problems:
            broken.append(AuthorError(slug, audits[-1].problems))
    _write(as_json, audits, least)
    if broken:
        for fault in broken[:-1]:
            console.print(Text(str(fault), style="red"))
        raise broken[-1]
    return not all(audit.passes(least) for audit in audits)


def _console(*, stderr: bool) -> Console:
    console = Console(highlight=False, markup=False, soft_wrap=True, stderr=stderr)
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console


@contextmanager
def _bar(slug: str) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on stderr, where that is a terminal."""
    console = Console(stderr=True)
    name, doing = TextColumn("{task.description}"), TextColumn("{task.fields[doing]}")
    columns = (name, BarColumn(), doing, TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(slug, total=1.0, doing="")
        yield lambda share, doing: bars.update(task, completed=share, doing=doing)


def _shown(audit: CaseAudit, least: float) -> Iterator[RenderableType]:
    verdict = "passes" if audit.passes(least) else "does not pass"
    rate = f"{audit.kill_percent:.1f} % of the mistakes are noticed, {least:g} % must be"
    yield Text(f"{audit.case}: {verdict}; {rate}", style="bold")
    yield _table(audit)
    for one in audit.exercises:
        yield from _lines(one)
    yield ""


def _table(audit: CaseAudit) -> RichTable:
    table = RichTable(show_edge=False, pad_edge=False)
    for nth, head in enumerate(HEADS):
        table.add_column(head, justify="right" if 0 < nth < len(HEADS) - 1 else "left")
    for one in audit.exercises:
        counts = (
            one.n_mutants,
            one.n_not_running,
            one.n_killed_main,
            one.n_killed_hidden,
            len(one.equivalent),
            len(one.survivors),
        )
        table.add_row(Text(one.exercise), *map(str, counts), f"{one.kill_percent:.1f} %", _traps(one))
    return table


def _traps(one: ExerciseAudit) -> str:
    if one.alike:
        return f"{len(one.alike)} alike of {one.n_traps}"
    by_hidden = f", {len(one.coincidences)} by hidden data only" if one.coincidences else ""
    return f"{one.n_traps} told apart{by_hidden}"


def _lines(one: ExerciseAudit) -> Iterator[Text]:
    """What the author has to look at, a line each."""
    if one.by_chance:
        yield Text(f"{one.exercise}: the reference answers by chance: {one.by_chance}", style="red")
    for remark in one.refused:
        yield Text(f"{one.exercise}: the right answer of the remark {remark} is refused", style="red")
    for pair in one.alike:
        yield Text(f"{one.exercise}: the trap {pair.trap} cannot be told from {pair.other}", style="red")
    for left in one.survivors:
        yield Text(f"{one.exercise}: {left.kind} survives: {left.changed}   [{left.mutant}]")


def _write(place: Path | None, audits: Sequence[CaseAudit], least: float) -> None:
    if place is None:
        return
    cases = [{**audit.to_dict(), "passes": audit.passes(least)} for audit in audits]
    text = json.dumps({"least_percent": least, "cases": cases}, indent=2)
    if place == PRINTED:
        Console(highlight=False, markup=False, soft_wrap=True).print(text)
        return
    try:
        place.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{place} cannot be written ({error.strerror}). Name another: --json FILE"
        ) from error
