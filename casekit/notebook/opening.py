"""Opening a case: data built or verified, progress restored, ``%%sql`` and completion registered."""

from __future__ import annotations

from casekit.errors import CasekitError, UsageError
from casekit.library import case_folder, list_slugs, load_case
from casekit.notebook.boards import case_map, progress_board, restored
from casekit.notebook.completion import install
from casekit.notebook.desk import Desk
from casekit.notebook.door import CaseDoor
from casekit.notebook.magic import register
from casekit.notebook.record import Record, kernel_store
from casekit.notebook.screen import current_shell, kind_words, learner_words, show, typed
from casekit.show.moments import welcome_view
from casekit.world import Dataset, ensure_dataset

__all__ = ["board", "list_cases", "open_case"]


def open_case(slug: str, *, seed: int = 7, size: str = "default") -> CaseDoor:
    """
    The case *slug*, open: its data is ready, progress is restored, ``%%sql`` works.

    Args:
        slug: The case, for example ``"checkout-drop"``.
        seed: Which people the data is about; the story is the same for every seed.
        size: One of the sizes the case's world declares.

    Raises:
        UnknownName: There is no such case or size; near misses are named.
        UsageError: The name is no text, or the seed no whole number from 0 up.
        AuthorError: The case is broken.
        DataError: The data cannot be built or kept on this machine.
    """
    try:
        case = load_case(_checked(slug))
        dataset = ensure_dataset(case_folder(slug), slug, seed=seed, size=size)
    except CasekitError as error:
        raise kind_words(error) from None
    store = kernel_store()
    desk = Desk(case, dataset, Record(case, store))
    door = CaseDoor(desk)
    shell = current_shell()
    if shell is not None:
        register(shell, door)
        install(shell, desk.schema, lambda: [exercise.id for exercise in case.exercises])
    warnings = [store.warning] if store.warning else []
    show(welcome_view(case, _data_lines(dataset), restored(desk.record), warnings))
    return door


def _checked(slug: object) -> str:
    if isinstance(slug, str):
        return slug
    known = ", ".join(list_slugs())
    raise UsageError(f"{typed(slug)} names no case. Type casekit.open_case('name'). There is: {known}.")


def _data_lines(dataset: Dataset) -> list[str]:
    rows = sum(table.rows for table in dataset.tables)
    tables = "1 table" if len(dataset.tables) == 1 else f"{len(dataset.tables)} tables"
    variant = "" if dataset.size == "default" else f", size {dataset.size}"
    state = f"built just now, {dataset.why}" if dataset.rebuilt and dataset.why else "checked"
    if dataset.rebuilt and not dataset.why:
        state = "built just now"
    return [f"The data: {tables}, {rows:,} rows, seed {dataset.seed}{variant}; {state}."]


def list_cases() -> None:
    """Displays every case with its level, its length and what it is about."""
    with learner_words():
        show(case_map())


def board() -> None:
    """Displays how far you are in every case."""
    with learner_words():
        show(progress_board())
